"""Differing: where several sources give different figures for what was asked, each is given, newest first.

Two sentences differ where they come from different documents, speak of the same thing and the same period, and give
different numbers for it. Sentences that speak of different periods do not differ, they say different things.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from assistant.reading.evidence import Asked, Candidate
from assistant.reading.expecting import Expected, short_answer
from assistant.reading.models import ShortAnswer
from index.words import stems

# How far a sentence's score may be below the best one's (log-odds among the sentences), and how like it has to be.
MOST_BEHIND = 2.5
LEAST_LIKE = 0.5
LEAST_WORDS_SHARED = 0.5

_YEAR = re.compile(r"\b(?:19|20)\d{2}\b")
_PERIOD = re.compile(
    r"\b(?:january|february|march|april|may|june|july|august|september|october|november|december|first half"
    r"|second half|first six months|quarter|week|night|day)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Scored:
    """A candidate with its score, the short answer that the model found in it, and its document's date."""

    candidate: Candidate
    score: float
    span: ShortAnswer | None
    published: datetime.date | None


def differing(asked: Asked, ordered: Sequence[Scored], alike: Callable[[str, str], float]) -> list[Scored]:
    """The best sentence and those that give another figure, newest first; empty where no source disagrees.

    `ordered` is best first, `alike` gives the cosine of two sentences. Only questions for a number are compared.
    """
    if asked.expected is not Expected.NUMBER or not ordered:
        return []
    best = ordered[0]
    found = {_figure(asked, best.candidate): best}
    documents = {best.candidate.document_id}
    for other in ordered[1:]:
        figure = _figure(asked, other.candidate)
        if figure is None or figure in found or other.candidate.document_id in documents:
            continue
        if _comparable(asked, best, other, alike):
            found[figure] = other
            documents.add(other.candidate.document_id)
    if None in found or len(found) < 2:
        return []
    return sorted(found.values(), key=lambda item: item.published or datetime.date.min, reverse=True)


def _figure(asked: Asked, candidate: Candidate) -> str | None:
    span = short_answer(candidate.text, Expected.NUMBER, asked.question)
    return candidate.text[slice(*span)].lower().replace(",", "") if span else None


def _comparable(asked: Asked, best: Scored, other: Scored, alike: Callable[[str, str], float]) -> bool:
    one, two = best.candidate.text, other.candidate.text
    asked_words = set(asked.words) - {word for word in asked.words if word.isdigit()}
    shared = asked_words & set(stems(one)) & set(stems(two))
    return (
        other.score >= best.score - MOST_BEHIND
        and len(shared) >= LEAST_WORDS_SHARED * len(asked_words & set(stems(one)))
        and bool(shared)
        and _periods(best.candidate) == _periods(other.candidate)
        and alike(one, two) >= LEAST_LIKE
    )


def _periods(candidate: Candidate) -> tuple[frozenset[str], frozenset[str]]:
    """The years and the parts of years that a sentence speaks of; the years of its surroundings where it names none."""
    years = frozenset(_YEAR.findall(candidate.text)) or frozenset(_YEAR.findall(candidate.surroundings))
    parts = frozenset(part.lower() for part in _PERIOD.findall(candidate.text))
    return years, parts
