"""Retrieval for fitting: paragraphs searched as the library searches them, and what that brings for each question."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.reading.candidates import candidates, fitted
from assistant.reading.evidence import Asked, Candidate
from assistant.reading.train.twisting import recounted, renamed
from index.catalog.shelf import Indexed
from index.documents import Details, Document, Hit, Passage, digest_of
from index.embedding import Embedder
from index.errors import NotFound
from index.fusion import fuse
from index.sentences import sentences
from index.words import WordIndex

TOP = 8
# New details of a near miss are taken from so many paragraphs before and after.
NEARBY = 3


@dataclass(frozen=True, slots=True)
class Known:
    """A question with the places of its answers: a paragraph's number and offsets in it; no offsets: unanswerable."""

    question: str
    paragraph: int
    offsets: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A text under a title."""

    title: str
    text: str


@dataclass(frozen=True, slots=True)
class Brought:
    """What retrieval brings for a question: sentences to choose from, which of them answer, and if any text does."""

    asked: Asked
    candidates: tuple[Candidate, ...]
    right: npt.NDArray[np.bool_]
    answerable: bool


class Paragraphs:
    """Paragraphs as documents of one passage each, searched as the library searches; gives them by id (`Texts`)."""

    def __init__(self, paragraphs: Sequence[Paragraph], embedder: Embedder, folder: Path) -> None:
        self._embedder = embedder
        self._documents = {f"p{number}": _document(f"p{number}", one) for number, one in enumerate(paragraphs)}
        self._passages = {f"{document.id}:0": _passage(document) for document in self._documents.values()}
        texts = [passage.embedded_text for passage in self._passages.values()]
        self._vectors = embedder.embed_passages([fitted(text, embedder) for text in texts])
        self._words = WordIndex(folder)
        rows = [
            Indexed(passage, "fit", "", "", Details(language="en"), vector)
            for passage, vector in zip(self._passages.values(), self._vectors, strict=True)
        ]
        self._words.upsert("fit", rows)
        self._words.commit("fit")

    def document(self, document_id: str) -> Document:
        """See `Texts`."""
        if document_id not in self._documents:
            raise NotFound(document_id)
        return self._documents[document_id]

    def search(self, question: str) -> tuple[Hit, ...]:
        """The best hits, by exact comparison of meaning and by words."""
        similarities = self._vectors @ self._embedder.embed_question(question)
        ids = list(self._passages)
        nearest = [(ids[place], float(similarities[place])) for place in np.argsort(-similarities)[:50]]
        fused = fuse(nearest, self._words.matches("fit", question, 50))[:TOP]
        return tuple(
            Hit(self._passages[hit.passage_id], hit.score, rank, hit.found_by)
            for rank, hit in enumerate(fused, start=1)
        )

    def brought(self, known: Sequence[Known]) -> Iterator[Brought]:
        """What each question brings. A question that brings nothing is left out."""
        for item in known:
            hits = self.search(item.question)
            found = candidates(hits, self)
            if not found:
                continue
            right = [
                one.document_id == f"p{item.paragraph}"
                and any(one.shown_from <= offset < one.end for offset in item.offsets)
                for one in found
            ]
            asked = Asked(item.question, [hit.passage.text for hit in hits])
            yield Brought(asked, tuple(found), np.array(right), bool(item.offsets))


def read_squad(file: Path) -> list[tuple[list[Paragraph], list[Known]]]:
    """The articles of a SQuAD 2.0 file: each with its paragraphs and their questions."""
    articles = []
    for article in json.loads(file.read_text(encoding="utf-8"))["data"]:
        title = article["title"].replace("_", " ")
        paragraphs = [Paragraph(title, paragraph["context"]) for paragraph in article["paragraphs"]]
        known = [
            Known(qa["question"], number, tuple({answer["answer_start"] for answer in qa["answers"]}))
            for number, paragraph in enumerate(article["paragraphs"])
            for qa in paragraph["qas"]
        ]
        articles.append((paragraphs, known))
    return articles


def read_clapnq(folder: Path) -> tuple[list[Paragraph], list[Known]]:
    """CLAPNQ: passages, and questions that one of them answers or none does."""
    paragraphs: list[Paragraph] = []
    known: list[Known] = []
    for file in sorted(folder.glob("clapnq_dev_*.jsonl")):
        for line in file.read_text(encoding="utf-8").splitlines():
            item = json.loads(line)
            passage = item["passages"][0]
            chosen = item["output"][0]["selected_sentences"]
            offsets = tuple(passage["text"].find(sentence) for sentence in chosen)
            known.append(Known(item["input"], len(paragraphs), tuple(one for one in offsets if one >= 0)))
            paragraphs.append(Paragraph(passage["title"], passage["text"]))
    return paragraphs, known


def together(
    articles: Sequence[tuple[list[Paragraph], list[Known]]],
) -> tuple[list[Paragraph], list[Known]]:
    """Several articles as one list of paragraphs and questions."""
    everything: list[Paragraph] = []
    known: list[Known] = []
    for paragraphs, asked in articles:
        first = len(everything)
        everything += paragraphs
        known += [Known(item.question, item.paragraph + first, item.offsets) for item in asked]
    return everything, known


def near_misses(paragraphs: Sequence[Paragraph], known: Sequence[Known], chance: random.Random) -> list[Known]:
    """Answerable questions with a detail taken from nearby in them, which nothing answers any more.

    Another name or number, and where things are to be counted, others of these.
    """
    found = []
    for one in (one for one in known if one.offsets):
        here = paragraphs[one.paragraph]
        around = paragraphs[max(0, one.paragraph - NEARBY) : one.paragraph + NEARBY + 1]
        spans = sentences(here.text, "en")
        gold = next((here.text[start:end] for start, end in spans if start <= one.offsets[0] < end), "")
        others = [text.text for text in around if text.title == here.title]
        changed = (way(one.question, gold, others, chance) for way in (renamed, renamed, recounted))
        found += [Known(other, one.paragraph, ()) for other in dict.fromkeys(changed) if other is not None]
    return found


def _document(document_id: str, one: Paragraph) -> Document:
    return Document(document_id, "fit", (), one.title, one.text, digest_of(one.text), "", (), Details(language="en"))


def _passage(document: Document) -> Passage:
    return Passage(f"{document.id}:0", document.id, "", None, document.text, 0, len(document.text))
