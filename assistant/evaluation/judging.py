"""Judging: one answer held against what is known of its question. Counts nothing; see `assistant.evaluation.metrics`.

A right quote is looked for in the documents, where it is one place or several; from there on only places are compared.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from assistant.anchors import context
from assistant.answers import Answer, Citation, Span, Verdict
from assistant.evaluation.cases import Case, Evidence
from assistant.reading import Texts
from index.documents import Document, Hit
from index.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class Place:
    """Where a right quote stands: `span` of a document; `answer` is what stands there, where only that is right."""

    document_id: str
    span: Span
    answer: str | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """An answer and what it is worth. What is outside of a case's remit is None.

    The answer was asked for with declining turned off, so that what it would have said is known too: `declined` says
    that it is not given. `first` and `anywhere`: the first, or any, citation overlaps a right quote's place and holds a
    right answer, and the answer is given. `hit` is `first`, given or not. `rank`: the first hit that overlaps a right
    quote's place, None where none does. `places` is empty where the documents do not say. `sound`: citations whose
    quote is the document's own words at its place, given or not. `marked` is the short answer that is marked in the
    first citation, None where none is.
    """

    case: Case
    answer: Answer
    places: tuple[Place, ...]
    declined: bool
    first: bool | None
    anywhere: bool | None
    hit: bool | None
    rank: int | None
    sound: int
    marked: str | None = None

    @property
    def verdict(self) -> Verdict:
        """The verdict of the answer as it is given."""
        return "declined" if self.declined else self.answer.verdict

    @property
    def right(self) -> bool:
        """Answered with the right quote first, or rightly declined."""
        return bool(self.first) if self.case.answerable else self.declined

    @property
    def fault(self) -> str | None:
        """What is wrong, in words; None where nothing is."""
        if self.right:
            return None
        if not self.case.answerable:
            return "answered, although the documents do not say"
        if self.declined:
            return "declined, although the documents say it"
        return "the right quote is not the first" if self.anywhere else "cites another quote"


def find_places(case: Case, documents: Iterable[Document], collection: str) -> tuple[Place, ...]:
    """Where the quotes of a case stand. Raises `InvalidInput` where one stands nowhere."""
    known = tuple(documents)
    places: list[Place] = []
    for evidence in case.evidence:
        found = [
            Place(document.id, _narrowed(document.text, span, evidence), evidence.answer)
            for document in known
            if comes_from(document.sources, evidence.source)
            for span in _spans(evidence.quote, document.text)
        ]
        if not found:
            raise InvalidInput(_nowhere(case, evidence, known, collection))
        places += found
    return tuple(places)


def comes_from(sources: Sequence[str], name: str | None) -> bool:
    """True where one of a document's sources ends with a file's name, or where any will do."""
    return name is None or any(re.search(rf"(^|[/:]){re.escape(name)}$", source) for source in sources)


def judge(
    case: Case,
    answer: Answer,
    hits: Sequence[Hit],
    places: tuple[Place, ...],
    texts: Texts,
    decline_below: float = 0.0,
) -> Judged:
    """Hold an answer, and the hits that it was read from, against a case.

    `answer` was asked for with `must_answer`. The assistant declines where a measured confidence is below the
    threshold, or no statement stands (`assistant.answering`); nothing else depends on `must_answer`, and so both are
    known from it.
    """
    declined = answer.verdict == "declined" or (answer.trace.measured and answer.confidence < decline_below)
    right = [_holds(citation, case, places) for citation in answer.citations]
    ranks = [hit.rank for hit in hits if _overlaps(hit.passage.document_id, hit.passage.start, hit.passage.end, places)]
    first = bool(right and right[0])
    return Judged(
        case=case,
        answer=answer,
        places=places,
        declined=declined,
        first=first and not declined if case.answerable else None,
        anywhere=any(right) and not declined if case.answerable else None,
        hit=first if case.answerable else None,
        rank=min(ranks, default=None),
        sound=sum(is_sound(citation, texts.document(citation.document_id)) for citation in answer.citations),
        marked=_marked(answer.citations[0]) if answer.citations else None,
    )


def _marked(citation: Citation) -> str | None:
    """The short answer that is marked in a quote."""
    place = citation.highlight
    return citation.quote[place.start - citation.start : place.end - citation.start] if place else None


def is_sound(citation: Citation, document: Document) -> bool:
    """True where a citation's quote, surroundings and digest are those of the document at its place."""
    return (
        document.text[citation.start : citation.end] == citation.quote
        and context(document.text, citation.start, citation.end) == (citation.prefix, citation.suffix)
        and citation.digest == f"sha256:{document.digest}"
    )


def _holds(citation: Citation, case: Case, places: tuple[Place, ...]) -> bool:
    """True where a citation overlaps a place and holds the answer that is right there."""
    return any(
        _overlaps(citation.document_id, citation.start, citation.end, (place,)) and _says(citation, place, case)
        for place in places
    )


def _says(citation: Citation, place: Place, case: Case) -> bool:
    if place.answer is None:
        return any(holds_answer(citation.quote, answer) for answer in case.answers)
    # An answer may be part of a word ("1990" of "1990s"): the citation that runs over its whole place has it.
    over = citation.start <= place.span.start and place.span.end <= citation.end
    return over or holds_answer(citation.quote, place.answer)


def holds_answer(text: str, answer: str) -> bool:
    """True where an answer's words stand in a text, as whole words, whatever their case and spacing."""
    return re.search(rf"(?<!\w){_spaced(answer)}(?!\w)", text, re.IGNORECASE) is not None


def shared_words(given: str, answers: Sequence[str]) -> float:
    """How well a short answer's words are those of the best of the right ones: F1 as SQuAD counts it, 0 to 1.

    Source: Rajpurkar et al. 2016. Case, punctuation and articles do not count.
    """
    return max((_f1(_plain_words(given), _plain_words(answer)) for answer in answers), default=0.0)


def _f1(given: Sequence[str], answer: Sequence[str]) -> float:
    same = sum((Counter(given) & Counter(answer)).values())
    return 2 * same / (len(given) + len(answer)) if same else 0.0


def _plain_words(text: str) -> list[str]:
    return [word for word in re.findall(r"\w+", text.lower()) if word not in ("a", "an", "the")]


def _overlaps(document_id: str, start: int, end: int, places: tuple[Place, ...]) -> bool:
    return any(
        place.document_id == document_id and start < place.span.end and place.span.start < end for place in places
    )


def _spans(quote: str, text: str) -> list[Span]:
    """Every place where a quote stands in a text, whatever the spacing between its words."""
    return [Span(found.start(), found.end()) for found in re.finditer(_spaced(quote), text)]


def _narrowed(text: str, span: Span, evidence: Evidence) -> Span:
    """The answer's place within the place of its quote, where it is known: spacing may differ, so signs are counted."""
    if evidence.within is None:
        return span
    signs = [place for place in range(span.start, span.end) if not text[place].isspace()]
    before, inside = (len("".join(part.split())) for part in _parts(evidence.quote, evidence.within))
    return Span(signs[before], signs[before + inside - 1] + 1)


def _parts(quote: str, within: tuple[int, int]) -> tuple[str, str]:
    return quote[: within[0]], quote[within[0] : within[1]]


def _spaced(words: str) -> str:
    return r"\s+".join(re.escape(word) for word in words.split())


def _nowhere(case: Case, evidence: Evidence, known: tuple[Document, ...], collection: str) -> str:
    named = any(comes_from(document.sources, evidence.source) for document in known)
    if evidence.source and not named:
        return (
            f"case {case.id}: no document of the collection {collection!r} has the source {evidence.source}: ingest "
            "the library first (`assistant ingest PATH`)"
        )
    place = evidence.source or f"any document of the collection {collection!r}"
    start = evidence.quote if len(evidence.quote) <= 60 else f"{evidence.quote[:60]}..."
    return (
        f"case {case.id}: its quote is not in {place} ({start!r}): ingest the library first (`assistant ingest PATH`), "
        "or mend the case"
    )
