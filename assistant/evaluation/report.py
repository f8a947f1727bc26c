"""The report of a run: tables for a terminal, and an object for programs. Measures nothing itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict

from rich import box
from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from assistant.evaluation.judging import Judged
from assistant.evaluation.metrics import Metric, follow_ups, measure, times, verdicts
from assistant.evaluation.run import Evaluation
from assistant.printing import plain

# Figures that are no shares, and are not shown as percentages.
NO_SHARES = frozenset({"mrr", "auroc"})


def table(evaluation: Evaluation) -> RenderableType:
    """The figures of a run."""
    judged, made_with = evaluation.judged, evaluation.made_with
    figures = _figures(f"{len(judged)} questions", measure(judged, made_with.max_passages))
    parts: list[RenderableType] = [figures]
    if any(one.case.history for one in judged):
        parts.append(_figures("Follow-ups among them", follow_ups(judged)))
    counted = ", ".join(f"{name} {count}" for name, count in verdicts(judged).items())
    details = ", ".join(f"{key} {value}" for key, value in asdict(made_with).items() if value is not None)
    return Group(*parts, _times(evaluation), Text(f"Verdicts: {counted}"), Text(f"Made with: {details}", style="dim"))


def wrong_table(evaluation: Evaluation) -> RenderableType:
    """The cases that went wrong, each with what was known and what was answered."""
    faulty = [one for one in evaluation.judged if one.fault]
    if not faulty:
        return Text("No case went wrong.")
    shown = Table(title=f"{len(faulty)} cases went wrong", box=box.SIMPLE_HEAD, title_justify="left", show_lines=True)
    for heading in ("case", "question", "known", "answered"):
        shown.add_column(heading, overflow="fold")
    for one in faulty:
        cells = ([one.case.id], _question(one), _known(one), _answered(one))
        # Documents' words among them: plain lines, in which nothing is markup.
        shown.add_row(*(Text("\n".join(plain(line) for line in lines)) for lines in cells))
    return shown


def as_json(evaluation: Evaluation) -> dict[str, object]:
    """The whole run as a JSON-ready object: figures, then every case."""
    judged = evaluation.judged
    return {
        "made_with": asdict(evaluation.made_with),
        "metrics": _metrics(measure(judged, evaluation.made_with.max_passages)),
        "follow_ups": _metrics(follow_ups(judged)),
        "verdicts": verdicts(judged),
        "milliseconds": {one.step: {"median": one.median, "p95": one.p95} for one in times(judged)},
        "cases": [_case(one) for one in judged],
    }


def _figures(title: str, metrics: Iterable[Metric]) -> Table:
    shown = Table(title=title, box=box.SIMPLE_HEAD, title_justify="left")
    shown.add_column("figure", no_wrap=True)
    shown.add_column("value", justify="right", no_wrap=True)
    shown.add_column("n", justify="right", no_wrap=True)
    shown.add_column("meaning")
    for metric in metrics:
        shown.add_row(metric.name, _value(metric), str(metric.n), metric.meaning)
    return shown


def _times(evaluation: Evaluation) -> Table:
    shown = Table(title="Milliseconds", box=box.SIMPLE_HEAD, title_justify="left")
    shown.add_column("step")
    shown.add_column("median", justify="right")
    shown.add_column("p95", justify="right")
    for one in times(evaluation.judged):
        shown.add_row(one.step, _milliseconds(one.median), _milliseconds(one.p95))
    return shown


def _value(metric: Metric) -> str:
    if metric.value is None:
        return "-"
    return f"{metric.value:.3f}" if metric.name in NO_SHARES else f"{metric.value:.1%}"


def _milliseconds(value: float | None) -> str:
    return "-" if value is None else f"{value:.1f}"


def _question(one: Judged) -> list[str]:
    asked = " / ".join((*one.case.history, one.case.question))
    searched = one.answer.question.standalone
    return [asked] if searched == one.case.question else [asked, f"(searched: {searched})"]


def _known(one: Judged) -> list[str]:
    if not one.case.answerable:
        return ["the documents do not say", *([f"({one.case.why})"] if one.case.why else [])]
    found = f"hit {one.rank}" if one.rank is not None else "not among the hits"
    return [", ".join(one.case.answers), f"{one.case.evidence[0].quote} ({found})"]


def _answered(one: Judged) -> list[str]:
    said = [] if one.declined else [one.answer.text]
    return [f"{one.fault} (confidence {one.answer.confidence:.2f})", *said]


def _metrics(metrics: Iterable[Metric]) -> dict[str, object]:
    return {metric.name: {"value": metric.value, "n": metric.n, "meaning": metric.meaning} for metric in metrics}


def _case(one: Judged) -> dict[str, object]:
    return {
        "id": one.case.id,
        "question": one.case.question,
        "standalone": one.answer.question.standalone,
        "answerable": one.case.answerable,
        "right": one.right,
        "fault": one.fault,
        "verdict": one.answer.verdict,
        "confidence": one.answer.confidence,
        "text": one.answer.text,
        "first_citation": one.first,
        "any_citation": one.anywhere,
        "rank": one.rank,
        "citations": len(one.answer.citations),
        "citations_sound": one.sound,
        "milliseconds": one.answer.trace.milliseconds,
    }
