"""Metrics: from judged answers to figures, each with the number of cases it rests on; None where there is none.

Pure functions over numbers, and `measure`, which says what is counted. Nothing is asked or read here.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from assistant.evaluation.judging import Judged
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
    """Every figure of a run."""
    known = [one for one in judged if one.case.answerable]
    unknown = [one for one in judged if not one.case.answerable]
    given = [one for one in judged if not one.declined]
    cited = sum(len(one.answer.citations) for one in judged)
    ranks = [one.rank for one in known]
    confidence = auroc([one.answer.confidence for one in known], [one.answer.confidence for one in unknown])
    return (
        _share(
            "first_citation", "answerable: the first citation holds the right quote", [bool(j.first) for j in known]
        ),
        _share("any_citation", "answerable: some citation holds the right quote", [bool(j.anywhere) for j in known]),
        _share("declined_wrongly", "answerable, but declined", [one.declined for one in known]),
        _share("declined_rightly", "unanswerable, and declined", [one.declined for one in unknown]),
        _share("precision", "of the answers given, right", [one.right for one in given]),
        Metric("recall", f"the right quote is among the first {max_passages} hits", recall(ranks), len(ranks)),
        Metric("mrr", "mean reciprocal rank of the right quote's hit", mean_reciprocal_rank(ranks), len(ranks)),
        Metric("auroc", "confidence tells answerable from unanswerable (AUROC)", confidence, len(judged)),
        Metric(
            "citations_sound",
            "citations that are the document's own words at their place",
            sum(one.sound for one in judged) / cited if cited else None,
            cited,
        ),
    )


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
    counted = Counter(one.answer.verdict for one in judged)
    return {verdict: counted[verdict] for verdict in ("grounded", "partial", "declined")}


def times(judged: Sequence[Judged]) -> tuple[Times, ...]:
    """Median and 95th percentile of each step, and of the whole."""
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
    if not positives or not negatives:
        return None
    lower = np.sort(np.asarray(negatives, dtype=np.float64))
    scores = np.asarray(positives, dtype=np.float64)
    below = np.searchsorted(lower, scores, side="left") + np.searchsorted(lower, scores, side="right")
    return float(below.sum()) / (2 * len(positives) * len(negatives))


def percentile(values: Sequence[float], percent: float) -> float | None:
    """A percentile, interpolated; None of no value."""
    return float(np.percentile(np.asarray(values, dtype=np.float64), percent)) if values else None
