"""Metrics: from judged answers to figures, each with the number of cases it rests on; None where there is none.

What is counted is said in `assistant.evaluation.figures`. Nothing is asked or read here.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assistant.evaluation import confidence
from assistant.evaluation.figures import ANSWERS, CONFIDENCE, Columns, Figure
from assistant.evaluation.judging import Judged
from assistant.evaluation.saved import saved
from assistant.tracing import STEPS


@dataclass(frozen=True, slots=True)
class Metric:
    """A figure: its name, what it is in words, its value (None where no case is within its remit) and that number."""

    name: str
    meaning: str
    value: float | None
    n: int


@dataclass(frozen=True, slots=True)
class Times:
    """Milliseconds of one step over all questions."""

    step: str
    median: float | None
    p95: float | None


def measure(judged: Sequence[Judged], max_passages: int) -> tuple[Metric, ...]:
    """Every figure of the answers as they were given, and of the search."""
    return _metrics(ANSWERS, judged, max_passages)


def measure_confidence(judged: Sequence[Judged]) -> tuple[Metric, ...]:
    """The figures of what is known if the assistant may not decline: of the confidence, and of declining by it.

    "Right" is here that the first citation holds the right quote, whether the answer was given or not; where the
    documents do not say, nothing is.
    """
    return _metrics(CONFIDENCE, judged, 0)


def _metrics(figures: Sequence[Figure], judged: Sequence[Judged], max_passages: int) -> tuple[Metric, ...]:
    columns = Columns.of([saved(one) for one in judged])
    once = np.ones((1, len(judged)))
    found = []
    for figure in figures:
        value = float(figure.value(columns, once)[0])
        meaning = figure.meaning.format(k=max_passages)
        found.append(Metric(figure.name, meaning, None if math.isnan(value) else value, figure.n(columns)))
    return tuple(found)


def follow_ups(judged: Sequence[Judged]) -> tuple[Metric, ...]:
    """What of the figures is counted apart for questions with a history."""
    later = [one for one in judged if one.case.history]
    known = [one for one in later if one.case.answerable]
    ranks = [one.rank for one in known]
    return (
        _share("first_citation", "the first citation holds the right quote", [bool(one.first) for one in known]),
        _share("declined_wrongly", "answerable, but declined", [one.declined for one in known]),
        _share("declined_rightly", "rightly declined", [one.declined for one in later if not one.case.answerable]),
        Metric("recall", "the right quote is among the hits", recall(ranks), len(ranks)),
    )


def verdicts(judged: Sequence[Judged]) -> dict[str, int]:
    """How many answers had each verdict."""
    counted = Counter(one.verdict for one in judged)
    return {verdict: counted[verdict] for verdict in ("grounded", "partial", "declined")}


def times(judged: Sequence[Judged]) -> tuple[Times, ...]:
    """Median and 95th percentile of each step, and of the whole, in milliseconds.

    Statements are checked for every case here, for those that the assistant declines too.
    """
    found = []
    for step in (*STEPS, "total"):
        taken = [one.answer.trace.milliseconds.get(step, 0.0) for one in judged]
        found.append(Times(step, percentile(taken, 50), percentile(taken, 95)))
    return tuple(found)


def _share(name: str, meaning: str, held: Sequence[bool]) -> Metric:
    return Metric(name, meaning, sum(held) / len(held) if held else None, len(held))


def recall(ranks: Sequence[int | None]) -> float | None:
    """The share of questions with a right hit at all; None of no question."""
    return sum(rank is not None for rank in ranks) / len(ranks) if ranks else None


def mean_reciprocal_rank(ranks: Sequence[int | None]) -> float | None:
    """The mean of 1/rank of the first right hit, 0 where there is none; None of no question."""
    return sum(1 / rank if rank is not None else 0.0 for rank in ranks) / len(ranks) if ranks else None


def ndcg(right_ranks: Sequence[int], right: int, cutoff: int = 10) -> float:
    """Normalised discounted cumulative gain of one question: ranks of its right hits, and how many there could be."""
    if right < 1:
        raise ValueError("a question without anything right has no nDCG")
    gain = sum(1 / math.log2(rank + 1) for rank in right_ranks if rank <= cutoff)
    return gain / sum(1 / math.log2(rank + 1) for rank in range(1, min(right, cutoff) + 1))


def auroc(positives: Sequence[float], negatives: Sequence[float]) -> float | None:
    """The probability that a positive scores above a negative, ties counted half; None where either is missing."""
    scores = np.asarray([*positives, *negatives], dtype=np.float64)
    positive = np.arange(len(scores)) < len(positives)
    value = float(confidence.auroc(scores, positive, ~positive, np.ones((1, len(scores))))[0])
    return None if math.isnan(value) else value


def percentile(values: Sequence[float], percent: float) -> float | None:
    """A percentile, interpolated; None of no value."""
    return float(np.percentile(np.asarray(values, dtype=np.float64), percent)) if values else None
