"""Evidence: how much speaks for a sentence as the answer to a question, as numbers that a fitted model weighs.

Two small logistic models use them: one to choose among the sentences of all hits, one to say how likely the chosen one
answers at all. Both are fitted by `python -m assistant.reading.fit`; their weights are in `weights.json`.
"""

from __future__ import annotations

import json
import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
import numpy.typing as npt

from assistant.reading.expecting import Expected, answers_in, expected
from index.errors import ModelUnavailable
from index.words import stems

CHOOSING = (
    "similarity", "words", "words_own", "words_around", "passage_words", "hit_score", "first_hit", "form",
    "form_missing", "names_missing", "names_missing_passage", "other_year", "new_words", "leans",
)  # fmt: skip
CONFIDING = (*CHOOSING, "choice", "margin", "runner_up", "asked_words")

_YEAR = re.compile(r"\b(?:1[5-9]|20)\d{2}\b")
_NAME_OR_NUMBER = re.compile(r"\b(?:[^\W\d_a-zà-öø-ÿ][\w’'-]+|\d[\w.,%]*)")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may answer, with what it stands in. Offsets are the document's; `rank` and `score` its hit's.

    `shown` is what is read by itself, from `shown_from`: with the sentence before, where this one opens with a pronoun.
    """

    document_id: str
    passage_id: str
    start: int
    end: int
    text: str
    shown_from: int
    shown: str
    before: str
    after: str
    surroundings: str
    rank: int
    score: float


class Asked:
    """A question taken apart once: its words with their weight among the hits, its names, and what it expects."""

    def __init__(self, question: str, passages: Sequence[str], language: str | None = "en") -> None:
        self.question = question
        self.expected: Expected = expected(question)
        self.words = tuple(dict.fromkeys(word for word in stems(question, language) if word not in _QUESTION_STEMS))
        first = re.match(r"\W*\w+", question)
        body = question[first.end() :] if first else question
        self.names = {word for name in _NAME_OR_NUMBER.findall(body) for word in stems(name, language)}
        frequency = Counter(word for passage in passages for word in set(stems(passage, language)))
        self._weights = {word: math.log(1 + (len(passages) + 1) / (frequency[word] + 0.5)) for word in self.words}
        self._language = language

    def in_text(self, text: str) -> frozenset[str]:
        """The words of a text, as this question's are taken apart."""
        return frozenset(stems(text, self._language))

    def share(self, held: frozenset[str]) -> float:
        """How much of the question's words are held, each by its weight (0 to 1)."""
        total = sum(self._weights.values())
        if not total:
            return 0.0
        return sum(weight for word, weight in self._weights.items() if word in held) / total

    def missing_names(self, held: frozenset[str]) -> float:
        """The share of the question's names and numbers that are not held (0 to 1; 0 where there are none)."""
        return len(self.names - held) / len(self.names) if self.names else 0.0

    def other_year(self, text: str) -> bool:
        """True where the question names years and a text names only others."""
        years = set(_YEAR.findall(self.question))
        told = set(_YEAR.findall(text))
        return bool(years and told) and not years & told

    def new_words(self, held: frozenset[str]) -> int:
        """How many words are held that the question has not."""
        return len(held.difference(self.words))


_QUESTION_STEMS = frozenset(
    stems("what which who whom whose when where why how many much did does do was were is are has have had been")
)


def features(asked: Asked, candidate: Candidate, similarity: float) -> npt.NDArray[np.float64]:
    """The evidence for one sentence, in the order of `CHOOSING`."""
    has_form = asked.expected not in (Expected.OTHER, Expected.LIST)
    forms = answers_in(candidate.text, asked.expected, asked.question) if has_form else []
    own, shown = asked.in_text(candidate.text), asked.in_text(candidate.shown)
    near = own | asked.in_text(candidate.before) | asked.in_text(candidate.after)
    whole = own | asked.in_text(candidate.surroundings)
    return np.array(
        [
            similarity,
            asked.share(shown),
            asked.share(own),
            asked.share(near),
            asked.share(whole),
            candidate.score,
            float(candidate.rank == 1),
            float(bool(forms)),
            float(has_form and not forms),
            asked.missing_names(shown),
            asked.missing_names(whole),
            float(asked.other_year(candidate.shown)),
            min(math.log1p(asked.new_words(own)) / 3.0, 1.2),
            float(candidate.shown_from < candidate.start),
        ]
    )


@dataclass(frozen=True, slots=True)
class Weights:
    """A fitted logistic model: a weight for each named feature, and a bias."""

    names: tuple[str, ...]
    values: npt.NDArray[np.float64]
    bias: float

    def score(self, rows: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """Log-odds of rows of shape (n, features)."""
        scores: npt.NDArray[np.float64] = rows @ self.values + self.bias
        return scores


@cache
def load_weights() -> tuple[Weights, Weights]:
    """The weights that choose and those that say how likely, as shipped."""
    data = json.loads(resources.files("assistant.reading").joinpath("weights.json").read_text(encoding="utf-8"))
    return _weights(data["choosing"], CHOOSING), _weights(data["confiding"], CONFIDING)


def _weights(data: dict[str, dict[str, float]], names: tuple[str, ...]) -> Weights:
    by_name = data["weights"]
    if set(by_name) != set(names):
        raise ModelUnavailable(
            f"weights.json is for {sorted(by_name)}, but this reader weighs {sorted(names)}: run "
            "`python -m assistant.reading.fit --data DIR`"
        )
    return Weights(names, np.array([by_name[name] for name in names]), float(data["bias"]))  # type: ignore[arg-type]


def confiding_features(
    asked: Asked, rows: npt.NDArray[np.float64], scores: npt.NDArray[np.float64], texts: Sequence[str]
) -> npt.NDArray[np.float64]:
    """The evidence that the best-scored of some sentences answers, in the order of `CONFIDING`."""
    best = int(np.argmax(scores))
    others = [float(score) for place, score in enumerate(scores) if texts[place] != texts[best]]
    second = max(others, default=-5.0)
    return np.concatenate(
        [rows[best], [scores[best], min(scores[best] - second, 5.0), second, min(len(asked.words), 12) / 12.0]]
    )
