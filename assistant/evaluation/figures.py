"""Figures: what each one counts, defined once, for a run and for the resamples of a comparison alike.

A figure is a function of `Columns` and of weights of shape (runs, cases) to values of shape (runs,), NaN where no case
is within its remit; see `assistant.evaluation.confidence`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, Self

import numpy as np

from assistant.evaluation.confidence import Bools, Floats, aurc, auroc, expected_calibration_error, ratio
from assistant.evaluation.saved import SavedCase


@dataclass(frozen=True, slots=True)
class Columns:
    """The cases of a run as arrays of shape (cases,); see `SavedCase`.

    `reciprocal_rank` is 0 where no hit is right; `citations` and `sound` are those of the answers that were given.
    """

    answerable: Bools
    declined: Bools
    first: Bools
    anywhere: Bools
    hit: Bools
    right: Bools
    reciprocal_rank: Floats
    confidence: Floats
    citations: Floats
    sound: Floats
    marked: Bools
    marked_right: Floats

    @classmethod
    def of(cls, cases: Sequence[SavedCase]) -> Self:
        """The columns of cases, in their order."""
        given = [0 if case.declined else 1 for case in cases]
        return cls(
            answerable=np.array([case.answerable for case in cases], dtype=bool),
            declined=np.array([case.declined for case in cases], dtype=bool),
            first=np.array([case.first_citation for case in cases], dtype=bool),
            anywhere=np.array([case.any_citation for case in cases], dtype=bool),
            hit=np.array([case.answer_hit for case in cases], dtype=bool),
            right=np.array([case.right for case in cases], dtype=bool),
            reciprocal_rank=np.array([1 / case.rank if case.rank else 0 for case in cases], dtype=float),
            confidence=np.array([case.confidence for case in cases], dtype=float),
            citations=np.array([case.citations * one for case, one in zip(cases, given, strict=True)], dtype=float),
            sound=np.array([case.citations_sound * one for case, one in zip(cases, given, strict=True)], dtype=float),
            marked=np.array([case.marked_right is not None for case in cases], dtype=bool),
            marked_right=np.array([case.marked_right or 0.0 for case in cases], dtype=float),
        )


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure: its name, what it is in words ({k}: passages given), which way is better, its value and its number."""

    name: str
    meaning: str
    better: Literal["higher", "lower"]
    value: Callable[[Columns, Floats], Floats]
    n: Callable[[Columns], int]
    share: bool = True


def _quotient(
    name: str,
    meaning: str,
    held: Callable[[Columns], Bools | Floats],
    remit: Callable[[Columns], Bools | Floats],
    better: Literal["higher", "lower"] = "higher",
) -> Figure:
    """What is held as a share of what is within the remit."""
    return Figure(
        name,
        meaning,
        better,
        value=lambda of, weights: ratio(weights @ (held(of) * remit(of)), weights @ remit(of)),
        n=lambda of: int(remit(of).sum()),
        share=name != "mrr",
    )


def _over_all(
    name: str, meaning: str, better: Literal["higher", "lower"], value: Callable[[Columns, Floats], Floats]
) -> Figure:
    """A figure that rests on every case."""
    return Figure(name, meaning, better, value, n=lambda of: len(of.confidence), share=False)


ANSWERS: tuple[Figure, ...] = (
    _quotient(
        "first_citation",
        "answerable: the first citation holds the right quote",
        lambda of: of.first,
        lambda of: of.answerable,
    ),
    _quotient(
        "any_citation",
        "answerable: some citation holds the right quote",
        lambda of: of.anywhere,
        lambda of: of.answerable,
    ),
    _quotient(
        "declined_wrongly", "answerable, but declined", lambda of: of.declined, lambda of: of.answerable, "lower"
    ),
    _quotient("declined_rightly", "unanswerable, and declined", lambda of: of.declined, lambda of: ~of.answerable),
    _quotient("precision", "of the answers given, right", lambda of: of.right, lambda of: ~of.declined),
    _quotient(
        "recall",
        "the right quote is among the first {k} hits",
        lambda of: of.reciprocal_rank > 0,
        lambda of: of.answerable,
    ),
    _quotient(
        "mrr", "mean reciprocal rank of the right quote's hit", lambda of: of.reciprocal_rank, lambda of: of.answerable
    ),
    _over_all(
        "auroc",
        "confidence tells answerable from unanswerable (AUROC)",
        "higher",
        lambda of, weights: auroc(of.confidence, of.answerable, ~of.answerable, weights),
    ),
    _quotient(
        "citations_sound",
        "citations that are the document's own words at their place",
        lambda of: ratio(of.sound, np.maximum(of.citations, 1)),
        lambda of: of.citations,
    ),
)

CONFIDENCE: tuple[Figure, ...] = (
    _quotient(
        "answer_hit",
        "answerable: the first citation holds the right quote, if it may not decline",
        lambda of: of.hit,
        lambda of: of.answerable,
    ),
    _quotient("answered", "answerable, and answered", lambda of: ~of.declined, lambda of: of.answerable),
    _quotient(
        "answered_wrongly", "unanswerable, but answered", lambda of: ~of.declined, lambda of: ~of.answerable, "lower"
    ),
    _quotient(
        "marked",
        "of the right quotes, those in which a short answer is marked",
        lambda of: of.marked,
        lambda of: of.hit,
    ),
    _quotient(
        "marked_right",
        "the marked words against the right short answer (F1)",
        lambda of: of.marked_right,
        lambda of: of.marked,
    ),
    _over_all(
        "auroc_right",
        "confidence tells right answers from wrong ones (AUROC)",
        "higher",
        lambda of, weights: auroc(of.confidence, of.hit, ~of.hit, weights),
    ),
    _over_all(
        "aurc",
        "area under the risk-coverage curve; 0 is perfect",
        "lower",
        lambda of, weights: aurc(of.confidence, of.hit, weights),
    ),
    _over_all(
        "ece",
        "expected calibration error of the confidence, 10 bins",
        "lower",
        lambda of, weights: expected_calibration_error(of.confidence, of.hit, weights),
    ),
)
