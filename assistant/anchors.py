"""Anchors: where the words of a citation stand now, after their document has changed, moved or gone.

A citation is found again by its own text, prefix and suffix, never by likeness: `exact` where the quote stands at its
place, `moved` where it stands elsewhere in the document, `changed` where the document no longer says it, `gone` where
there is no such document (or its quotes were blanked with it).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from assistant.answers import Citation
from assistant.reading import Texts
from index.errors import NotFound

CONTEXT = 32

Status = Literal["exact", "moved", "changed", "gone"]


@dataclass(frozen=True, slots=True)
class Resolution:
    """What became of a citation; `start` and `end` are where its quote stands now, where it still does."""

    number: int
    status: Status
    start: int | None = None
    end: int | None = None


def context(text: str, start: int, end: int) -> tuple[str, str]:
    """The prefix and the suffix of a quote: what stands around it, at most `CONTEXT` code points each."""
    return text[max(0, start - CONTEXT) : start], text[end : end + CONTEXT]


def resolve(citation: Citation, texts: Texts) -> Resolution:
    """Find a citation's quote in the document as it is now."""
    if not citation.quote:
        return Resolution(citation.number, "gone")
    try:
        document = texts.document(citation.document_id)
    except NotFound:
        return Resolution(citation.number, "gone")
    unchanged = citation.digest == f"sha256:{document.digest}"
    if unchanged or document.text[citation.start : citation.end] == citation.quote:
        return Resolution(citation.number, "exact", citation.start, citation.end)
    place = _best_place(citation, document.text)
    if place is None:
        return Resolution(citation.number, "changed")
    return Resolution(citation.number, "moved", place, place + len(citation.quote))


def _best_place(citation: Citation, text: str) -> int | None:
    """Of the places where the quote stands, the one whose surroundings are most like those it was taken from."""
    places = []
    place = text.find(citation.quote)
    while place >= 0:
        before, after = context(text, place, place + len(citation.quote))
        likeness = _shared(before[::-1], citation.prefix[::-1]) + _shared(after, citation.suffix)
        places.append((-likeness, abs(place - citation.start), place))
        place = text.find(citation.quote, place + 1)
    return min(places)[2] if places else None


def _shared(one: str, other: str) -> int:
    """How many signs two texts share from their beginning."""
    for length, (left, right) in enumerate(zip(one, other, strict=False)):
        if left != right:
            return length
    return min(len(one), len(other))
