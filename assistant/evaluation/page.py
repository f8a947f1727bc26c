"""The report of a run as one HTML page that needs nothing else: no network, no script.

Words of documents and cases are escaped by the template engine, every one of them; charts are made of numbers alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.resources import files

import numpy as np
from jinja2 import Environment, StrictUndefined, Template

from assistant.evaluation.charts import reliability_diagram, risk_coverage_curve
from assistant.evaluation.comparing import Comparison
from assistant.evaluation.confidence import calibration, risk_coverage
from assistant.evaluation.metrics import follow_ups, measure, measure_confidence, times, verdicts
from assistant.evaluation.run import Evaluation
from assistant.evaluation.saved import SavedCase, saved
from assistant.evaluation.showing import shown_difference, shown_milliseconds, shown_value

WORST = 20
# Each kind of fault gets so many places, where it has so many cases: one that is frequent would hide the others.
EACH = 5


@dataclass(frozen=True, slots=True)
class Worst:
    """A case to read, and what makes it so bad."""

    kind: str
    case: SavedCase


def page(evaluation: Evaluation, comparison: Comparison | None) -> str:
    """The whole page."""
    judged, made_with = evaluation.judged, evaluation.made_with
    cases = [saved(one) for one in judged]
    confidence = np.array([case.confidence for case in cases], dtype=float)
    right = np.array([case.answer_hit for case in cases], dtype=bool)
    return _template().render(
        groups=[
            ("Answers and search", measure(judged, made_with.max_passages)),
            ("Confidence, and answers if it may not decline", measure_confidence(judged)),
            *([("Follow-ups among them", follow_ups(judged))] if any(case.history for case in cases) else []),
        ],
        answerable=sum(case.answerable for case in cases),
        cases=cases,
        comparison=comparison,
        made_with={key: value for key, value in asdict(made_with).items() if value is not None},
        reliability=reliability_diagram(calibration(confidence, right), made_with.decline_below),
        risk=risk_coverage_curve(risk_coverage(confidence, right), made_with.decline_below),
        stopped=evaluation.stopped,
        times=times(judged),
        verdicts=verdicts(judged),
        worst=worst(cases),
    )


def worst(cases: Sequence[SavedCase], most: int = WORST) -> list[Worst]:
    """The cases to read first: confident and wrong, confident where nothing is said, right but declined.

    In this order, each kind from its worst. Where there are more than `most`, the first kinds have the most places.
    """
    given = sorted((case for case in cases if not case.declined and not case.right), key=lambda one: -one.confidence)
    declined = sorted((case for case in cases if case.declined and case.answer_hit), key=lambda one: one.confidence)
    kinds = {
        "confident and wrong": [case for case in given if case.answerable],
        "answered, although the documents do not say": [case for case in given if not case.answerable],
        "right, but declined": declined,
    }
    places = {kind: min(EACH, len(found)) for kind, found in kinds.items()}
    for kind, found in kinds.items():
        places[kind] += min(len(found) - places[kind], max(0, most - sum(places.values())))
    return [Worst(kind, case) for kind, found in kinds.items() for case in found[: places[kind]]][:most]


def _template() -> Template:
    engine = Environment(autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
    engine.filters.update(value=shown_value, milliseconds=shown_milliseconds, difference=shown_difference)
    text = files("assistant.evaluation").joinpath("report.html").read_text(encoding="utf-8")
    return engine.from_string(text)
