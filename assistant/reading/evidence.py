"""Evidence: how much the words of a sentence and its surroundings speak for it as the answer, as numbers.

It is what windows are chosen by, and it stands beside the reader model's own scores in choosing the answer and in
saying how likely it answers (`assistant.reading.weighing`).
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assistant.reading.expecting import Expected, answers_in, expected
from index.words import stems

EVIDENCE = (
    "words", "words_own", "words_around", "passage_words", "hit_score", "first_hit", "form",
    "form_missing", "names_missing", "names_missing_passage", "other_year", "new_words", "leans",
)  # fmt: skip

_YEAR = re.compile(r"\b(?:1[5-9]|20)\d{2}\b")
# After "how many" the first plural; what comes before it only says which ones.
_COUNTED = re.compile(
    r"\bhow many (?:[\w’'-]+ ){0,3}?((?!was\b|is\b|has\b|does\b|this\b)[\w’'-]+(?<!s)s|people|men|women|children)\b",
    re.I,
)
_NAME_OR_NUMBER = re.compile(r"\b(?:[^\W\d_a-zà-öø-ÿ][\w’'-]+|\d[\w.,%]*)")


@dataclass(frozen=True, slots=True)
class Candidate:
    """A sentence that may answer, with what it stands in. Offsets are the document's; `rank` and `score` its hit's.

    `context` is what it stands under (title and heading, in few words). `shown` is what is read by itself, from
    `shown_from`: with the sentence before, where this one opens with a pronoun.
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
    context: str = ""


class Asked:
    """A question taken apart once: its words with their weight among the hits, its names, and what it expects."""

    def __init__(self, question: str, passages: Sequence[str], language: str | None = "en") -> None:
        self.question = question
        self.expected: Expected = expected(question)
        self.words = tuple(dict.fromkeys(word for word in stems(question, language) if word not in _QUESTION_STEMS))
        first = re.match(r"\W*\w+", question)
        body = question[first.end() :] if first else question
        self.names = {word for name in _NAME_OR_NUMBER.findall(body) for word in stems(name, language)}
        self.numbers = {word for word in self.names if any(sign.isdigit() for sign in word)}
        place = counted(question)
        self.counted = frozenset(stems(question[slice(*place)], language)) if place else frozenset()
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


def counted(question: str) -> tuple[int, int] | None:
    """Where a question says what it wants counted: "guards" in "How many prison guards were hurt?". English only."""
    match = _COUNTED.search(question)
    return match.span(1) if match else None


_QUESTION_STEMS = frozenset(
    stems("what which who whom whose when where why how many much did does do was were is are has have had been")
)


def features(asked: Asked, candidate: Candidate) -> npt.NDArray[np.float64]:
    """The evidence for one sentence, in the order of `EVIDENCE`."""
    has_form = asked.expected not in (Expected.OTHER, Expected.LIST)
    forms = answers_in(candidate.text, asked.expected, asked.question) if has_form else []
    own, shown = asked.in_text(candidate.text), asked.in_text(candidate.shown)
    near = own | asked.in_text(candidate.before) | asked.in_text(candidate.after)
    whole = own | asked.in_text(candidate.surroundings)
    return np.array(
        [
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
