"""The extractive reader: the documents' own sentences, chosen by evidence. No language model, no key, no network.

It does not write. It scores the sentences of the hits, takes the best (with the one before it where a pronoun would
hang in the air, and the list that a colon announces), and says how likely it answers. The scoring is a seam of its
own: `evidence` and its fitted weights.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Sequence
from threading import Lock

import numpy as np
import numpy.typing as npt

from assistant.answers import Draft, DraftStatement, Pointer, Question, Span
from assistant.reading import Texts
from assistant.reading.candidates import candidates, fitted
from assistant.reading.differing import Scored, differing
from assistant.reading.evidence import Asked, Candidate, Weights, confiding_features, features, load_weights
from assistant.reading.expecting import Expected, short_answer
from index.documents import Document, Hit
from index.embedding import Embedder

# The sentences that words speak for most; measured: comparing more of them by meaning chooses no better.
COMPARED = 12
CACHED_VECTORS = 20_000
MOST_STATEMENTS = 3
# A further sentence belongs to the answer of a list question when its score is at most so far below the best.
LIST_BEHIND = 1.0
LONGEST_LIST = 1200

_LIST_ITEM = re.compile(r"\s*(?:[-*•]|\d+[.)])\s")


class ExtractiveReader:
    """`Reader` that points at the best one to three sentences of the hits."""

    name = "extractive"

    def __init__(self, embedder: Callable[[], Embedder]) -> None:
        self._embedder = embedder
        self._choosing, self._confiding = load_weights()
        self._vectors: OrderedDict[str, npt.NDArray[np.float32]] = OrderedDict()
        self._vectors_lock = Lock()

    def read(self, question: Question, hits: tuple[Hit, ...], texts: Texts) -> Draft:
        """See `Reader`; raises `NotFound` where a document vanished since it was found."""
        documents = {hit.passage.document_id: texts.document(hit.passage.document_id) for hit in hits}
        found = candidates(hits, texts)
        if not found:
            return Draft(statements=(), confidence=0.0)
        language = documents[hits[0].passage.document_id].details.language
        asked = Asked(question.standalone, [hit.passage.text for hit in hits], language)
        compared = _most_promising(asked, found, self._choosing)
        vectors = self._embedded([candidate.shown for candidate in compared])
        similarities = vectors @ self._embedder().embed_question(question.standalone)
        rows = np.stack([features(asked, one, float(near)) for one, near in zip(compared, similarities, strict=True)])
        scores = self._choosing.score(rows)
        evidence = confiding_features(asked, rows, scores, [candidate.text for candidate in compared])
        confidence = float(1.0 / (1.0 + np.exp(-self._confiding.score(evidence[np.newaxis, :])[0])))
        ordered = [
            Scored(
                compared[place], float(scores[place]), vectors[place],
                documents[compared[place].document_id].details.published,
            )
            for place in np.argsort(-scores, kind="stable")
        ]  # fmt: skip
        disagreeing = differing(asked, ordered)
        chosen = disagreeing[:MOST_STATEMENTS] or _chosen(asked, ordered)
        total = float(np.exp(scores - scores.max()).sum())
        statements = tuple(
            _statement(
                asked, item, documents[item.candidate.document_id], float(np.exp(item.score - scores.max()) / total)
            )
            for item in chosen
        )
        return Draft(statements=statements, confidence=round(confidence, 4), differing=bool(disagreeing))

    def _embedded(self, sentences: Sequence[str]) -> npt.NDArray[np.float32]:
        """Vectors of sentences, shape (n, dimension); those seen lately are not embedded again."""
        with self._vectors_lock:
            known = {text: self._vectors[text] for text in sentences if text in self._vectors}
        new = [text for text in dict.fromkeys(sentences) if text not in known]
        if new:
            embedder = self._embedder()
            fitting = [fitted(text, embedder) for text in new]
            known.update(zip(new, embedder.embed_passages(fitting), strict=True))
        with self._vectors_lock:
            for text, vector in known.items():
                self._vectors[text] = vector
                self._vectors.move_to_end(text)
            while len(self._vectors) > CACHED_VECTORS:
                self._vectors.popitem(last=False)
        return np.stack([known[text] for text in sentences])


def _most_promising(asked: Asked, found: list[Candidate], choosing: Weights) -> list[Candidate]:
    rows = np.stack([features(asked, candidate, 0.0) for candidate in found])
    best = np.argsort(-choosing.score(rows), kind="stable")[:COMPARED]
    return [found[place] for place in best]


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
    short = short_answer(item.candidate.text, asked.expected, asked.question)
    offset = item.candidate.start
    # The number of a list item is cut off with its marker, and is no answer.
    inside = short is not None and offset + short[0] >= start
    highlight = Span(offset + short[0], offset + short[1]) if short and inside else None
    pointer = Pointer(document.id, item.candidate.passage_id, start, end, highlight)
    return DraftStatement(pointers=(pointer,), score=round(score, 4))


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
