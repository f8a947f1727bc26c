"""Comparing: two runs over the same cases, figure by figure, with what chance alone could make of the difference.

The interval is that of a paired bootstrap: cases are drawn again with replacement, the same ones for both runs, and the
difference is taken each time; its middle 95% is the interval. Source: Efron and Tibshirani, "An Introduction to the
Bootstrap", 1993, the percentile interval; for pairs of systems Koehn, "Statistical Significance Tests for Machine
Translation Evaluation", EMNLP 2004. It knows the chance of which questions were asked, and no other.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from assistant.evaluation.confidence import Floats
from assistant.evaluation.figures import ANSWERS, CONFIDENCE, Columns, Figure
from assistant.evaluation.metrics import percentile
from assistant.evaluation.saved import SavedCase, SavedRun
from index.errors import InvalidInput

RESAMPLES = 2000
SEED = 4
CHUNK = 100
# A figure that rests on fewer cases is not judged: their resamples are too few kinds to say anything.
FEWEST = 10

Judgement = Literal["better", "worse", "no clear difference", "too few cases"]


@dataclass(frozen=True, slots=True)
class Difference:
    """One figure before and now, the difference (now less before), its 95% interval, and what that says.

    `n` is the smaller number of cases that the figure rests on. Where it has no value in one of the runs, the
    difference is None.
    """

    name: str
    meaning: str
    share: bool
    before: float | None
    now: float | None
    difference: float | None
    low: float | None
    high: float | None
    n: int
    judgement: Judgement


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two runs over their common cases.

    `made_with` holds what they were made with differently, as (before, now). `newly_right`, `newly_wrong`, and the
    cases in one run only are ids. `milliseconds` is the median of a question, before and now: it is not judged, since
    it depends on what else the machine did.
    """

    n: int
    differences: tuple[Difference, ...]
    newly_right: tuple[str, ...]
    newly_wrong: tuple[str, ...]
    only_before: tuple[str, ...]
    only_now: tuple[str, ...]
    made_with: dict[str, tuple[Any, Any]]
    milliseconds: tuple[float | None, float | None]


def compare(before: SavedRun, now: SavedRun) -> Comparison:
    """Compare a run with an earlier one; cases are the same where id, question, history and being answerable are.

    Raises `InvalidInput` where the two have no case in common.
    """
    old, new = ({_key(case): case for case in run.cases} for run in (before, now))
    keys = [key for key in new if key in old]
    if not keys:
        raise InvalidInput(
            "the two runs have no case in common (the same id and question): compare runs over the same file of cases"
        )
    olds, news = [old[key] for key in keys], [new[key] for key in keys]
    passages = now.made_with.get("max_passages", "")
    return Comparison(
        n=len(keys),
        differences=tuple(_differences(olds, news, passages)),
        newly_right=tuple(n.id for o, n in zip(olds, news, strict=True) if n.right and not o.right),
        newly_wrong=tuple(n.id for o, n in zip(olds, news, strict=True) if o.right and not n.right),
        only_before=tuple(case.id for key, case in old.items() if key not in new),
        only_now=tuple(case.id for key, case in new.items() if key not in old),
        made_with={
            key: (before.made_with.get(key), now.made_with.get(key))
            for key in dict.fromkeys([*before.made_with, *now.made_with])
            if before.made_with.get(key) != now.made_with.get(key)
        },
        milliseconds=(_median(olds), _median(news)),
    )


def _key(case: SavedCase) -> tuple[object, ...]:
    return case.id, case.question, case.history, case.answerable


def _median(cases: Sequence[SavedCase]) -> float | None:
    return percentile([case.milliseconds.get("total", 0.0) for case in cases], 50)


def _differences(before: Sequence[SavedCase], now: Sequence[SavedCase], passages: object) -> Iterator[Difference]:
    old, new = Columns.of(before), Columns.of(now)
    figures = (*ANSWERS, *CONFIDENCE)
    once = np.ones((1, len(before)))
    resampled = np.concatenate(
        [
            np.stack([figure.value(new, weights) - figure.value(old, weights) for figure in figures])
            for weights in _resamples(len(before))
        ],
        axis=1,
    )
    for figure, differences in zip(figures, resampled, strict=True):
        values = (float(figure.value(old, once)[0]), float(figure.value(new, once)[0]))
        n = min(figure.n(old), figure.n(new))
        yield _difference(figure, values, differences[~np.isnan(differences)], n, passages)


def _resamples(cases: int) -> Iterator[Floats]:
    """How often each case is drawn, shape (CHUNK, cases) at a time, so that many cases fit the memory."""
    random = np.random.default_rng(SEED)
    for _ in range(RESAMPLES // CHUNK):
        drawn = random.integers(cases, size=(CHUNK, cases)) + np.arange(CHUNK)[:, None] * cases
        yield np.bincount(drawn.ravel(), minlength=CHUNK * cases).reshape(CHUNK, cases).astype(np.float64)


def _difference(figure: Figure, values: tuple[float, float], resampled: Floats, n: int, passages: object) -> Difference:
    """`resampled`: the differences of the resamples in which both runs have a value."""
    meaning = figure.meaning.format(k=passages)
    before, now = (None if np.isnan(value) else value for value in values)
    if before is None or now is None or not resampled.size:
        return Difference(figure.name, meaning, figure.share, before, now, None, None, None, n, "too few cases")
    low, high = (float(bound) for bound in np.percentile(resampled, [2.5, 97.5]))
    judgement = _judgement(low, high, figure.better) if n >= FEWEST else "too few cases"
    return Difference(figure.name, meaning, figure.share, before, now, now - before, low, high, n, judgement)


def _judgement(low: float, high: float, better: Literal["higher", "lower"]) -> Judgement:
    """Better or worse only where the whole interval is on one side of 0."""
    if low <= 0 <= high:
        return "no clear difference"
    return "better" if (low > 0) == (better == "higher") else "worse"
