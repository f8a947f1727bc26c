"""Weighing: from candidates to the best of them and how likely it answers, by four small fitted models.

    promising: the words' evidence alone chooses the windows that the reader model reads
    leading:   that evidence and the model's scores say which few are compared with the question by meaning
    choosing:  with that likeness they choose the sentence that answers
    confiding: the chosen sentence's evidence, its lead and the model's doubt say how likely it answers

Their weights are in `weights.json`, fitted by `python -m assistant.reading.train`.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib import resources
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.reading.evidence import EVIDENCE, Asked, Candidate, features
from assistant.reading.models import ReaderModel, ShortAnswer
from assistant.reading.windows import windows
from index.errors import ModelUnavailable

LEADING = (*EVIDENCE, "sentence", "answerable")
CHOOSING = (*LEADING, "alike")
CONFIDING = (
    *CHOOSING, "span", "none", "elsewhere", "margin", "asked_words", "number", "date", "person", "other",
    "number_absent", "number_absent_passage", "name_absent", "names_absent", "name_absent_passage",
    "counted_absent", "counted_absent_passage",
)  # fmt: skip
# So many candidates are compared by meaning: it costs a few milliseconds each.
COMPARED = 8
# A lead that is longer says no more.
LONGEST_LEAD = 8.0

Matrix = npt.NDArray[np.float64]
# The cosines of a question's meaning with those of texts, in their order.
Alike = Callable[[str, Sequence[str]], Sequence[float]]


@dataclass(frozen=True, slots=True)
class Weights:
    """A fitted logistic model: a weight for each named feature, and a bias."""

    names: tuple[str, ...]
    values: Matrix
    bias: float

    def score(self, rows: Matrix) -> Matrix:
        """Log-odds of rows of shape (n, features)."""
        scores: Matrix = rows @ self.values + self.bias
        return scores


@dataclass(frozen=True, slots=True)
class Fitted:
    """The four models."""

    promising: Weights
    leading: Weights
    choosing: Weights
    confiding: Weights


@dataclass(frozen=True, slots=True)
class Looked:
    """What reading showed of a question's candidates: those that stood in a window.

    `rows` has shape (n, features of `LEADING`), and of `CHOOSING` after `compared`; `elsewhere[k]` is the best
    answerability among the windows that do not hold candidate k; `none` the log-probability that none of them answers,
    by the sentences' scores.
    """

    candidates: tuple[Candidate, ...]
    rows: Matrix
    spans: tuple[ShortAnswer | None, ...]
    elsewhere: tuple[float, ...]
    none: float

    def column(self, name: str) -> Matrix:
        """One feature of all candidates, shape (n,)."""
        column: Matrix = self.rows[:, CHOOSING.index(name)]
        return column


def look(asked: Asked, found: Sequence[Candidate], model: ReaderModel, promising: Weights) -> Looked:
    """Let the model read the windows around the most promising candidates. Raises `ModelUnavailable`."""
    evidence = np.stack([features(asked, one) for one in found])
    ranked = [int(place) for place in np.argsort(-promising.score(evidence), kind="stable")]
    placed = windows(asked.question, found, ranked, model)
    judged = model.judge(asked.question, [one.window for one in placed])
    best: dict[int, tuple[float, float, ShortAnswer | None]] = {}
    for one, said in zip(placed, judged, strict=True):
        for number, score, span in zip(one.members, said.sentences, said.spans, strict=True):
            if number not in best or score > best[number][0]:
                best[number] = (score, said.answerable, span)
    numbers = sorted(best)
    elsewhere = tuple(
        max(
            (said.answerable for one, said in zip(placed, judged, strict=True) if number not in one.members),
            default=-9.0,
        )
        for number in numbers
    )
    scores = [best[number][0] for number in numbers]
    return Looked(
        candidates=tuple(found[number] for number in numbers),
        rows=np.stack([np.array([*evidence[number], best[number][0], best[number][1]]) for number in numbers]),
        spans=tuple(best[number][2] for number in numbers),
        elsewhere=elsewhere,
        none=-float(np.logaddexp.reduce([0.0, *scores])),
    )


def compared(asked: Asked, looked: Looked, leading: Weights, alike: Alike) -> Looked:
    """With how like the question the leading candidates are; the others count as like as the least alike of those."""
    ranked = np.argsort(-leading.score(looked.rows), kind="stable")[:COMPARED]
    leaders = [looked.candidates[place] for place in ranked]
    found = alike(asked.question, [f"{one.context}. {one.shown}" for one in leaders])
    column = np.full((len(looked.candidates), 1), min(found))
    column[ranked, 0] = found
    return replace(looked, rows=np.hstack([looked.rows, column]))


def confiding_features(asked: Asked, looked: Looked, scores: Matrix) -> Matrix:
    """The evidence that the best-scored candidate answers, in the order of `CONFIDING`; `scores` has shape (n,)."""
    best = int(np.argmax(scores))
    text = looked.candidates[best].text
    others = [float(score) for one, score in zip(looked.candidates, scores, strict=True) if one.text != text]
    margin = min(float(scores[best]) - max(others, default=-math.inf), LONGEST_LEAD)
    span = looked.spans[best]
    kinds = [float(asked.expected.value == kind) for kind in ("number", "date", "person", "other")]
    more = [span.score if span else -5.0, looked.none, looked.elsewhere[best], margin, min(len(asked.words), 12) / 12]
    return np.array([*looked.rows[best], *more, *kinds, *_absent(asked, looked.candidates[best])])


def _absent(asked: Asked, candidate: Candidate) -> list[float]:
    """Whether the question has numbers and names, or asks to count things, that the sentence has not.

    Any of these betrays one changed detail. What the sentence stands under counts as said; then once more with the
    whole passage.
    """
    own = asked.in_text(f"{candidate.shown} {candidate.context}")
    whole = own | asked.in_text(candidate.surroundings)
    numbers, names = asked.numbers, asked.names - asked.numbers
    share = len(names - own) / len(names) if names else 0.0
    return [
        float(bool(numbers - own)),
        float(bool(numbers - whole)),
        float(bool(names - own)),
        share,
        float(bool(names - whole)),
        float(bool(asked.counted - own)),
        float(bool(asked.counted - whole)),
    ]


def probability(log_odds: float) -> float:
    """The logistic function; no overflow."""
    return float(np.exp(-np.logaddexp(0.0, -log_odds)))


@cache
def load_fitted() -> Fitted:
    """The weights as shipped. Raises `ModelUnavailable` where they are for other features."""
    data = json.loads(resources.files("assistant.reading").joinpath("weights.json").read_text(encoding="utf-8"))
    return Fitted(
        _weights(data["promising"], EVIDENCE),
        _weights(data["leading"], LEADING),
        _weights(data["choosing"], CHOOSING),
        _weights(data["confiding"], CONFIDING),
    )


def _weights(data: Mapping[str, Any], names: tuple[str, ...]) -> Weights:
    by_name = data["weights"]
    if set(by_name) != set(names):
        raise ModelUnavailable(
            f"weights.json is for {sorted(by_name)}, but this reader weighs {sorted(names)}: run "
            "`python -m assistant.reading.train --data DIR`"
        )
    return Weights(names, np.array([by_name[name] for name in names]), float(data["bias"]))
