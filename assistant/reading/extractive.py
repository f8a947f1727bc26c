"""The extractive reader: the documents' own sentences, chosen by a small model. No language model, no key, no network.

It does not write. A reader model scores the sentences of the hits (`models`), words and model together choose
(`weighing`), and the reader points at the best: with the one before it where a pronoun would hang in the air, the list
that a colon announces, and further sentences for a question that asks for several things.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from functools import partial

import numpy as np

from assistant.answers import Draft, DraftStatement, Pointer, Question, Span
from assistant.reading import Texts
from assistant.reading.candidates import candidates, fitted, likeness
from assistant.reading.cells import CELL_CONFIDENCE, Found, asked_cell
from assistant.reading.differing import Scored, differing
from assistant.reading.evidence import Asked, Candidate
from assistant.reading.expecting import Expected, short_answer
from assistant.reading.models import ReaderModel, ShortAnswer
from assistant.reading.weighing import (
    Looked,
    Matrix,
    compared,
    confiding_features,
    load_fitted,
    look,
    probability,
)
from index.documents import Document, Hit
from index.embedding import Embedder

MOST_STATEMENTS = 3
# A further sentence belongs to the answer of a list question when its score is at most so far below the best.
LIST_BEHIND = 1.0
LONGEST_LIST = 1200
# The model's short answer is marked where it is at least this sure of its words.
SURE_SPAN = 0.3

_LIST_ITEM = re.compile(r"\s*(?:[-*•]|\d+[.)])\s")


class ExtractiveReader:
    """`Reader` that points at the best one to three sentences of the hits."""

    name = "extractive"

    def __init__(self, embedder: Callable[[], Embedder], model: Callable[[], ReaderModel]) -> None:
        self._embedder = embedder
        self._model = model
        self._fitted = load_fitted()

    def read(self, question: Question, hits: tuple[Hit, ...], texts: Texts) -> Iterator[Draft]:
        """See `Reader`: one draft, whole. Raises `NotFound` where a document vanished meanwhile, `ModelUnavailable`."""
        yield self._draft(question, hits, texts)

    def _draft(self, question: Question, hits: tuple[Hit, ...], texts: Texts) -> Draft:
        documents = {hit.passage.document_id: texts.document(hit.passage.document_id) for hit in hits}
        found = candidates(hits, texts)
        if not found:
            return Draft(statements=(), confidence=0.0)
        language = documents[hits[0].passage.document_id].details.language
        asked = Asked(question.standalone, [hit.passage.text for hit in hits], language)
        model = self._model()
        looked = look(asked, found, model, self._fitted.promising)
        scores, confidence = self._weighed(asked, looked, model.calibrated)
        ordered = _ordered(looked, scores, documents)
        disagreeing = differing(asked, ordered, self._alike)
        chosen = disagreeing[:MOST_STATEMENTS] or _chosen(asked, ordered)
        cell = asked_cell(asked, found)
        if cell is not None:
            ordered = [_cell(cell, ordered, documents), *ordered]
            chosen, disagreeing, confidence = ordered[:1], [], max(confidence, CELL_CONFIDENCE)
        total = float(np.logaddexp.reduce(scores))
        statements = tuple(
            _statement(asked, item, documents[item.candidate.document_id], float(np.exp(item.score - total)))
            for item in chosen
        )
        return Draft(
            statements, round(confidence, 4), differing=bool(disagreeing), model=model.name, order=_order(ordered)
        )

    def _weighed(self, asked: Asked, looked: Looked, calibrated: bool) -> tuple[Matrix, float]:
        """Scores of the candidates, shape (n,), and how likely the best of them answers."""
        if not calibrated:
            scores = looked.column("sentence")
            return scores, probability(float(scores.max()))
        looked = compared(asked, looked, self._fitted.leading, partial(likeness, self._embedder()))
        scores = self._fitted.choosing.score(looked.rows)
        evidence = confiding_features(asked, looked, scores)
        return scores, probability(float(self._fitted.confiding.score(evidence[np.newaxis, :])[0]))

    def _alike(self, one: str, other: str) -> float:
        """The cosine of two sentences' meanings."""
        embedder = self._embedder()
        first, second = embedder.embed_passages([fitted(text, embedder) for text in (one, other)])
        return float(first @ second)


def _ordered(looked: Looked, scores: Matrix, documents: dict[str, Document]) -> list[Scored]:
    """The candidates, the best first."""
    return [
        Scored(
            looked.candidates[place], float(scores[place]), looked.spans[place],
            documents[looked.candidates[place].document_id].details.published,
        )
        for place in np.argsort(-scores, kind="stable")
    ]  # fmt: skip


def _cell(cell: Found, ordered: Sequence[Scored], documents: dict[str, Document]) -> Scored:
    """A cell as the best answer, its value the short one."""
    published = documents[cell.candidate.document_id].details.published
    return Scored(cell.candidate, ordered[0].score, ShortAnswer(cell.start, cell.end, 0.0), published)


def _order(ordered: Sequence[Scored]) -> tuple[str, ...]:
    """The passages in the order of their best sentences."""
    return tuple(dict.fromkeys(item.candidate.passage_id for item in ordered))


def _chosen(asked: Asked, ordered: Sequence[Scored]) -> list[Scored]:
    """The best sentence; for a list question also those that are nearly as good, in the order of the document."""
    best = ordered[0]
    if asked.expected is not Expected.LIST:
        return [best]
    beside = [
        item
        for item in ordered[1:]
        if item.score >= best.score - LIST_BEHIND and item.candidate.document_id == best.candidate.document_id
    ]
    return [best, *sorted(beside[: MOST_STATEMENTS - 1], key=lambda item: item.candidate.start)]


def _statement(asked: Asked, item: Scored, document: Document, score: float) -> DraftStatement:
    start, end = _whole(item.candidate, document)
    short = _short(asked, item)
    offset = item.candidate.start
    # The number of a list item is cut off with its marker, and is no answer.
    inside = short is not None and offset + short[0] >= start
    highlight = Span(offset + short[0], offset + short[1]) if short and inside else None
    pointer = Pointer(document.id, item.candidate.passage_id, start, end, highlight)
    return DraftStatement(pointers=(pointer,), score=round(score, 4))


def _short(asked: Asked, item: Scored) -> tuple[int, int] | None:
    """The words of a sentence that answer by themselves: the model's where it is sure, else by the answer's form."""
    if item.span is not None and item.span.score >= np.log(SURE_SPAN):
        return item.span.start, item.span.end
    return short_answer(item.candidate.text, asked.expected, asked.question)


def _whole(candidate: Candidate, document: Document) -> tuple[int, int]:
    """The span that can be read by itself: with the sentence that a pronoun leans on, or the list that is announced."""
    start, end, text = candidate.shown_from, candidate.end, document.text
    if candidate.text.rstrip().endswith(":"):
        end = _end_of_list(text, end)
    marker = _LIST_ITEM.match(text[start:end])
    return (start + marker.end() if marker else start), end


def _end_of_list(text: str, end: int) -> int:
    """Where the list that begins on the line after `end` is over; `end` where there is none."""
    place = end
    for line in text[end : end + LONGEST_LIST].splitlines(keepends=True):
        if line.strip() and not _LIST_ITEM.match(line):
            break
        place += len(line)
        if line.strip():
            end = place - (len(line) - len(line.rstrip()))
    return end
