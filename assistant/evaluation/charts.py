"""Charts as inline SVG: the reliability diagram and the risk-coverage curve. Numbers and fixed words alone go in.

Colours are the page's (`report.html`), so that they follow light and dark.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from markupsafe import Markup

from assistant.evaluation.confidence import Bin, RiskPoint

# The drawing's size and the plot's edges, in SVG units.
WIDTH, HEIGHT = 460, 360
LEFT, RIGHT, TOP, BOTTOM = 56, 444, 16, 304
TICKS = (0.0, 0.2, 0.4, 0.6, 0.8, 1.0)
# A curve of more points looks the same.
MOST_POINTS = 500


def reliability_diagram(bins: Sequence[Bin], decline_below: float) -> Markup:
    """For each bin of confidence a bar as high as the share that is right, its number of cases above it.

    A calibrated confidence has its bars end at the dashed diagonal. A short line marks each bin's mean confidence.
    """
    bars: list[str] = []
    labels: list[str] = []
    for one in bins:
        if one.right is None or one.confidence is None:
            continue
        left, right, top = _x(one.low) + 2, _x(one.high) - 2, _y(one.right)
        bars.append(
            f'<rect class="bar" x="{left:.1f}" y="{top:.1f}" width="{right - left:.1f}" '
            f'height="{BOTTOM - top:.1f}"><title>{one.n} cases: mean confidence {one.confidence:.2f}, '
            f"right {one.right:.2f}</title></rect>"
        )
        labels.append(_line(one.low, one.confidence, one.high, one.confidence, "mean"))
        labels.append(
            f'<text class="count" x="{(left + right) / 2:.1f}" y="{max(top - 5, TOP + 12):.1f}">{one.n}</text>'
        )
    parts = [*bars, _line(0, 0, 1, 1, "ideal"), _threshold(decline_below), *labels]
    return _chart("Reliability diagram", "confidence", "share that is right", parts)


def risk_coverage_curve(points: Sequence[RiskPoint], decline_below: float) -> Markup:
    """The share of wrong answers against the share of questions answered, from the most confident to all.

    The dashed line is the risk of answering everything; the dot is where the threshold stands.
    """
    parts: list[str] = []
    if points:
        parts.append(_line(0, points[-1].risk, 1, points[-1].risk, "ideal"))
        drawn = _thinned(points)
        # The risk of the most confident case alone holds from no coverage up to it.
        path = [(0.0, drawn[0].risk), *((one.coverage, one.risk) for one in drawn)]
        parts.append(
            f'<polyline class="curve" points="{" ".join(f"{_x(x):.1f},{_y(y):.1f}" for x, y in path)}"></polyline>'
        )
        given = [one for one in points if one.threshold >= decline_below]
        if given:
            at = given[-1]
            parts.append(
                f'<circle class="dot" cx="{_x(at.coverage):.1f}" cy="{_y(at.risk):.1f}" r="5"><title>declining below '
                f"{decline_below:g}: {at.coverage:.0%} answered, {at.risk:.0%} of these wrong</title></circle>"
            )
    return _chart(
        "Risk-coverage curve", "coverage: share of the questions that is answered", "risk: share wrong", parts
    )


def _thinned(points: Sequence[RiskPoint]) -> Sequence[RiskPoint]:
    step = -(-len(points) // MOST_POINTS)
    return [*points[:-1:step], points[-1]]


def _threshold(value: float) -> str:
    if value <= 0:
        return ""
    # Centred over its line, but within the drawing.
    middle = min(max(_x(value), LEFT + 44), RIGHT - 44)
    label = f'<text class="count" x="{middle:.1f}" y="{TOP - 4}">declines below {value:g}</text>'
    return _line(value, 0, value, 1, "threshold") + label


def _chart(title: str, across: str, up: str, parts: Iterable[str]) -> Markup:
    ticks = "".join(
        f'{_line(0, tick, 1, tick, "grid")}<text class="tick" x="{_x(tick):.1f}" y="{BOTTOM + 18}">{tick:g}</text>'
        f'<text class="tick up" x="{LEFT - 8}" y="{_y(tick) + 4:.1f}">{tick:g}</text>'
        for tick in TICKS
    )
    middle = (TOP + BOTTOM) // 2
    return Markup(  # Numbers and the words of this module, nothing of a case or a document.
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{title}">{ticks}'
        f"{_line(0, 0, 1, 0, 'axis')}{_line(0, 0, 0, 1, 'axis')}{''.join(parts)}"
        f'<text class="label" x="{(LEFT + RIGHT) // 2}" y="{HEIGHT - 12}">{across}</text>'
        f'<text class="label" x="14" y="{middle}" transform="rotate(-90 14 {middle})">{up}</text></svg>'
    )


def _line(x1: float, y1: float, x2: float, y2: float, kind: str) -> str:
    return f'<line class="{kind}" x1="{_x(x1):.1f}" y1="{_y(y1):.1f}" x2="{_x(x2):.1f}" y2="{_y(y2):.1f}"></line>'


def _x(value: float) -> float:
    return LEFT + value * (RIGHT - LEFT)


def _y(value: float) -> float:
    return BOTTOM - value * (BOTTOM - TOP)
