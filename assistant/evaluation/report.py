"""The report of a run: tables for a terminal, and an object for programs. Measures nothing itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from assistant.evaluation.comparing import Comparison
from assistant.evaluation.judging import Judged
from assistant.evaluation.metrics import Metric, follow_ups, measure, measure_confidence, times, verdicts
from assistant.evaluation.run import Evaluation
from assistant.evaluation.saved import gold, saved
from assistant.evaluation.showing import shown_difference, shown_milliseconds, shown_value
from assistant.printing import plain

STYLES = {"better": "green", "worse": "red", "no clear difference": "dim", "too few cases": "dim"}
# So many ids are listed of cases that changed.
MOST_IDS = 12


def table(evaluation: Evaluation) -> RenderableType:
    """The figures of a run."""
    judged, made_with = evaluation.judged, evaluation.made_with
    parts: list[RenderableType] = [
        _figures(f"{len(judged)} questions", measure(judged, made_with.max_passages)),
        _figures("Confidence, and answers if it may not decline", measure_confidence(judged)),
    ]
    if any(one.case.history for one in judged):
        parts.append(_figures("Follow-ups among them", follow_ups(judged)))
    counted = ", ".join(f"{name} {count}" for name, count in verdicts(judged).items())
    details = ", ".join(f"{key} {value}" for key, value in asdict(made_with).items() if value is not None)
    return Group(*parts, _times(evaluation), Text(f"Verdicts: {counted}"), Text(f"Made with: {details}", style="dim"))


def comparison_table(comparison: Comparison) -> RenderableType:
    """How a run compares with an earlier one."""
    shown = Table(
        title=f"Beside the earlier run, {comparison.n} cases in common", box=box.SIMPLE_HEAD, title_justify="left"
    )
    shown.add_column("figure", no_wrap=True)
    for heading in ("before", "now", "difference", "95% interval", "n"):
        shown.add_column(heading, justify="right", no_wrap=True)
    shown.add_column("that is", no_wrap=True)
    for one in comparison.differences:
        shown.add_row(one.name, *shown_difference(one), str(one.n), Text(one.judgement, style=STYLES[one.judgement]))
    before, now = (shown_milliseconds(value) for value in comparison.milliseconds)
    lines = [
        _ids("newly right", comparison.newly_right),
        _ids("newly wrong", comparison.newly_wrong),
        *([_ids("only in the earlier run, left out", comparison.only_before)] if comparison.only_before else []),
        *([_ids("only in this run, left out", comparison.only_now)] if comparison.only_now else []),
        f"milliseconds, median: {before} before, {now} now (not judged: it depends on what else the machine did)",
        *(f"differs: {key} {one} before, {other} now" for key, (one, other) in comparison.made_with.items()),
    ]
    return Group(shown, *(Text(plain(line)) for line in lines))


def _ids(what: str, ids: tuple[str, ...]) -> str:
    more = f" and {len(ids) - MOST_IDS} more" if len(ids) > MOST_IDS else ""
    return f"{len(ids)} {what}{': ' if ids else ''}{', '.join(ids[:MOST_IDS])}{more}"


def wrong_table(evaluation: Evaluation) -> RenderableType:
    """The cases that went wrong, each with what was known and what was answered."""
    faulty = [one for one in evaluation.judged if one.fault]
    if not faulty:
        return Text("No case went wrong.")
    title = f"{len(faulty)} case{'s' if len(faulty) > 1 else ''} went wrong"
    shown = Table(title=title, box=box.SIMPLE_HEAD, title_justify="left", show_lines=True)
    for heading in ("case", "question", "known", "answered"):
        shown.add_column(heading, overflow="fold")
    for one in faulty:
        cells = ([one.case.id], _question(one), _known(one), _answered(one))
        # Documents' words among them: plain lines, in which nothing is markup.
        shown.add_row(*(Text("\n".join(plain(line) for line in lines)) for lines in cells))
    return shown


def as_json(evaluation: Evaluation, comparison: Comparison | None = None) -> dict[str, object]:
    """The whole run as a JSON-ready object: figures, then every case; `SavedRun` reads it again."""
    judged = evaluation.judged
    return {
        "made_with": asdict(evaluation.made_with),
        "stopped": evaluation.stopped,
        "metrics": _metrics(measure(judged, evaluation.made_with.max_passages)),
        "confidence": _metrics(measure_confidence(judged)),
        "follow_ups": _metrics(follow_ups(judged)),
        "verdicts": verdicts(judged),
        "milliseconds": {one.step: {"median": one.median, "p95": one.p95} for one in times(judged)},
        "comparison": asdict(comparison) if comparison else None,
        "cases": [saved(one).model_dump(mode="json") for one in judged],
    }


def _figures(title: str, metrics: Iterable[Metric]) -> Table:
    shown = Table(title=title, box=box.SIMPLE_HEAD, title_justify="left")
    shown.add_column("figure", no_wrap=True)
    shown.add_column("value", justify="right", no_wrap=True)
    shown.add_column("n", justify="right", no_wrap=True)
    shown.add_column("meaning")
    for metric in metrics:
        shown.add_row(metric.name, shown_value(metric), str(metric.n), metric.meaning)
    return shown


def _times(evaluation: Evaluation) -> Table:
    shown = Table(title="Milliseconds", box=box.SIMPLE_HEAD, title_justify="left")
    shown.add_column("step")
    shown.add_column("median", justify="right")
    shown.add_column("p95", justify="right")
    for one in times(evaluation.judged):
        shown.add_row(one.step, shown_milliseconds(one.median), shown_milliseconds(one.p95))
    return shown


def _question(one: Judged) -> list[str]:
    asked = " / ".join((*one.case.history, one.case.question))
    searched = one.answer.question.standalone
    return [asked] if searched == one.case.question else [asked, f"(searched: {searched})"]


def _known(one: Judged) -> list[str]:
    if not one.case.answerable:
        return ["the documents do not say", *([f"({one.case.why})"] if one.case.why else [])]
    found = f"hit {one.rank}" if one.rank is not None else "not among the hits"
    return [", ".join(one.case.answers), f"{gold(one.case.evidence[0]).text} ({found})"]


def _answered(one: Judged) -> list[str]:
    said = f"(would say: {one.answer.text})" if one.declined else one.answer.text
    return [f"{one.fault} (confidence {one.answer.confidence:.2f})", *([said] if one.answer.statements else [])]


def _metrics(metrics: Iterable[Metric]) -> dict[str, object]:
    return {metric.name: {"value": metric.value, "n": metric.n, "meaning": metric.meaning} for metric in metrics}
