"""How figures are written for people, in the terminal and on the page alike. Measures nothing."""

from __future__ import annotations

from assistant.evaluation.comparing import Difference
from assistant.evaluation.figures import ANSWERS, CONFIDENCE
from assistant.evaluation.metrics import Metric

NOTHING = "-"
_SHARES = {figure.name for figure in (*ANSWERS, *CONFIDENCE) if figure.share}


def shown_value(metric: Metric) -> str:
    """A share as a percentage, another figure with three decimals, `-` where there is none."""
    return shown_number(metric.value, share=metric.name in _SHARES)


def shown_number(value: float | None, *, share: bool) -> str:
    """A value of a figure, or `-`."""
    if value is None:
        return NOTHING
    return f"{value:.1%}" if share else f"{value:.3f}"


def shown_difference(difference: Difference) -> tuple[str, str, str, str]:
    """Before, now, the difference and its interval; those of shares in percentage points."""

    def signed(value: float) -> str:
        return f"{100 * value:+.1f}" if difference.share else f"{value:+.3f}"

    before = shown_number(difference.before, share=difference.share)
    now = shown_number(difference.now, share=difference.share)
    if difference.difference is None or difference.low is None or difference.high is None:
        return before, now, NOTHING, NOTHING
    interval = f"{signed(difference.low)} to {signed(difference.high)}"
    return before, now, signed(difference.difference), interval


def shown_milliseconds(value: float | None) -> str:
    """Milliseconds with one decimal, or `-`."""
    return NOTHING if value is None else f"{value:.1f}"
