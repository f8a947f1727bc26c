"""Ways of fusing the hits by words with those by meaning, on SQuAD: `python -m tests.benchmarks.fusion --data DIR`.

The paragraphs of the tune and the train part are documents of one index; a hit is right where it overlaps an answer of
the question in its own paragraph. Unanswerable questions are left out. What is shipped is `index.fusion.fuse`.
"""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.evaluation.metrics import mean_reciprocal_rank, ndcg, recall
from index.catalog.shelf import Indexed
from index.documents import Details, Document, Passage, digest_of
from index.embedding import Embedder, open_embedder
from index.fusion import fuse
from index.search import CANDIDATES
from index.settings import IndexSettings
from index.splitting import Splitter
from index.words import WordIndex
from tests.benchmarks.figures import Figures

PARTS = ("tune", "train")
CUTOFF = 10
PASSAGES = 8
RECIPROCAL = 60
QUICK = 20  # With --quick, one question in so many is asked.
COLLECTION = "default"

Scored = list[tuple[str, float]]
Way = Callable[[Scored, Scored], list[str]]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and where its answers stand: spans of a paragraph."""

    question: str
    document_id: str
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Corpus:
    """The index: every passage with its vector, shape (n, dimension), and the same passages by words."""

    passages: tuple[Passage, ...]
    vectors: npt.NDArray[np.float32]
    words: WordIndex

    def by_meaning(self, vector: npt.NDArray[np.float32]) -> Scored:
        """The nearest passages, compared exactly."""
        likeness = self.vectors @ vector
        best = np.argsort(-likeness, kind="stable")[:CANDIDATES]
        return [(self.passages[place].id, float(likeness[place])) for place in best]


def by_words(_meaning: Scored, words: Scored) -> list[str]:
    """Words alone."""
    return [passage_id for passage_id, _ in words]


def by_meaning(meaning: Scored, _words: Scored) -> list[str]:
    """Meaning alone."""
    return [passage_id for passage_id, _ in meaning]


def by_reciprocal_rank(meaning: Scored, words: Scored) -> list[str]:
    """The sum of 1 / (60 + rank) over both lists."""
    scores: dict[str, float] = {}
    for scored in (meaning, words):
        for rank, (passage_id, _) in enumerate(scored, start=1):
            scores[passage_id] = scores.get(passage_id, 0.0) + 1 / (RECIPROCAL + rank)
    return _best(scores)


def by_halves(meaning: Scored, words: Scored) -> list[str]:
    """Half the cosine similarity and half the BM25 score as a share of the list's highest, as txtai does."""
    highest = max((score for _, score in words), default=1.0)
    scores = {passage_id: score / 2 for passage_id, score in meaning}
    for passage_id, score in words:
        scores[passage_id] = scores.get(passage_id, 0.0) + score / highest / 2
    return _best(scores)


def as_shipped(meaning: Scored, words: Scored) -> list[str]:
    """`index.fusion.fuse`."""
    return [hit.passage_id for hit in fuse(meaning, words)]


WAYS: dict[str, Way] = {
    "words alone": by_words,
    "meaning alone": by_meaning,
    "reciprocal rank (60)": by_reciprocal_rank,
    "half and half": by_halves,
    "as shipped": as_shipped,
}


def measure(data: Path, *, quick: bool, say: Callable[[str], None]) -> list[Figures]:
    """One table for each part's questions over the index of both."""
    documents: list[Document] = []
    asked: dict[str, list[Asked]] = {}
    for part in PARTS:
        texts, asked[part] = read_squad(data / "squad" / f"{part}.json", part)
        documents += texts
    with tempfile.TemporaryDirectory() as folder:
        embedder = open_embedder(IndexSettings(), Path(folder) / "models")
        corpus = _corpus(documents, embedder, Path(folder) / "words")
        say(f"fusion: {len(corpus.passages)} passages of {len(documents)} paragraphs are indexed")
        figures = [_figures(corpus, embedder, part, asked[part][:: QUICK if quick else 1]) for part in PARTS]
        corpus.words.close()
    return figures


def read_squad(path: Path, part: str) -> tuple[list[Document], list[Asked]]:
    """The paragraphs of a SQuAD file, and its answerable questions."""
    documents: list[Document] = []
    asked: list[Asked] = []
    for number, paragraph in enumerate(_paragraphs(path)):
        text, name = str(paragraph["context"]), f"{part}{number}"
        documents.append(
            Document(
                id=name, collection=COLLECTION, sources=(name,), title=name, text=text, digest=digest_of(text),
                file_digest="", sections=(), details=Details(language="en"),
            )
        )  # fmt: skip
        for entry in paragraph["qas"]:
            spans = {
                (answer["answer_start"], answer["answer_start"] + len(answer["text"])) for answer in entry["answers"]
            }
            if spans:
                asked.append(Asked(entry["question"].strip(), name, tuple(sorted(spans))))
    return documents, asked


def _paragraphs(path: Path) -> Iterator[dict[str, Any]]:
    for article in json.loads(path.read_text(encoding="utf-8"))["data"]:
        yield from article["paragraphs"]


def _corpus(documents: Sequence[Document], embedder: Embedder, folder: Path) -> Corpus:
    settings = IndexSettings()
    splitter = Splitter(aim=settings.passage_tokens, maximum=settings.passage_tokens_max, count=embedder.count)
    passages = tuple(passage for document in documents for passage in splitter.split(document))
    vectors = np.asarray(embedder.embed_passages([passage.embedded_text for passage in passages]), dtype=np.float32)
    words = WordIndex(folder)
    details = Details(language="en")
    rows = [
        Indexed(passage, COLLECTION, "", passage.document_id, details, vector)
        for passage, vector in zip(passages, vectors, strict=True)
    ]
    words.upsert(COLLECTION, rows)
    words.commit(COLLECTION)
    return Corpus(passages, vectors, words)


def _figures(corpus: Corpus, embedder: Embedder, part: str, asked: Sequence[Asked]) -> Figures:
    found: dict[str, list[tuple[list[int], int]]] = {name: [] for name in WAYS}
    by_document: dict[str, list[Passage]] = {}
    for passage in corpus.passages:
        by_document.setdefault(passage.document_id, []).append(passage)
    for one in asked:
        right = {passage.id for passage in by_document[one.document_id] if _overlaps(passage, one.spans)}
        meaning = corpus.by_meaning(embedder.embed_question(one.question))
        words = corpus.words.matches(COLLECTION, one.question, CANDIDATES)
        for name, way in WAYS.items():
            ranks = [rank for rank, passage_id in enumerate(way(meaning, words), start=1) if passage_id in right]
            found[name].append((ranks, len(right)))
    return Figures(
        name=f"fusion_{part}",
        title=f"Fusing words and meaning: {len(asked)} questions of {part} over {len(corpus.passages)} passages",
        columns=("way", f"nDCG@{CUTOFF}", "MRR", f"recall@{PASSAGES}"),
        rows=tuple((name, *_measured(of)) for name, of in found.items()),
    )


def _measured(found: Sequence[tuple[list[int], int]]) -> tuple[float | None, ...]:
    """nDCG, MRR and recall over questions: ranks of the right hits, and how many right passages there are."""
    first = [min(ranks, default=None) for ranks, _ in found]
    within = [rank if rank is not None and rank <= PASSAGES else None for rank in first]
    gains = [ndcg(ranks, right, CUTOFF) for ranks, right in found]
    return sum(gains) / len(gains) if gains else None, mean_reciprocal_rank(first), recall(within)


def _overlaps(passage: Passage, spans: tuple[tuple[int, int], ...]) -> bool:
    return any(start < passage.end and passage.start < end for start, end in spans)


def _best(scores: dict[str, float]) -> list[str]:
    return sorted(scores, key=lambda passage_id: (-scores[passage_id], passage_id))


if __name__ == "__main__":
    from tests.benchmarks.__main__ import main

    main(only="fusion")
