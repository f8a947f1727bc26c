"""Ways of fusing the hits by words with those by meaning: `python -m tests.benchmarks.fusion --data DIR`.

Over `seeds/`, questions that need two passages (`tests.benchmarks.two_passages`); with `--data`, SQuAD as well: the
paragraphs of the tune and the train part are documents of one index, and a hit is right where it overlaps an answer of
the question in its own paragraph. Unanswerable questions are left out. All ways have the same passages and vectors.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.evaluation.metrics import mean_reciprocal_rank, ndcg, recall
from index.catalog.shelf import Indexed
from index.documents import Details, Document, Passage, digest_of, file_name
from index.embedding import Embedder
from index.fusion import fuse
from index.library import Library
from index.search import CANDIDATES
from index.settings import IndexSettings
from index.splitting import Splitter
from index.words import WordIndex
from tests.benchmarks import txtai_pipeline
from tests.benchmarks.figures import Figures
from tests.benchmarks.two_passages import holders, read_pairs

SEEDS = Path(__file__).parents[2] / "seeds"
PARTS = ("tune", "train")
CUTOFF = 10
PASSAGES = 8
RECIPROCAL = 60
QUICK = 20  # With --quick, one question in so many is asked.
COLLECTION = "default"

Vectors = npt.NDArray[np.float32]
Scored = list[tuple[str, float]]
Way = Callable[[Scored, Scored], list[str]]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and where its answers stand: spans of a paragraph."""

    question: str
    document_id: str
    spans: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Found:
    """What one way found for a question: the ranks of the right passages, and how many right ones there are."""

    ranks: list[int]
    right: int


class Corpus:
    """The index: every passage with its vector, shape (n, dimension), and the same passages by words and in txtai."""

    def __init__(self, passages: Sequence[Passage], vectors: Vectors, words: WordIndex) -> None:
        self.passages = passages
        self._vectors = vectors
        self._words = words
        self._given = {passage.embedded_text: vector for passage, vector in zip(passages, vectors, strict=True)}
        self._asked = vectors[0]
        self._txtai = txtai_pipeline.open_given(self._vectors_of)
        txtai_pipeline.ingest(self._txtai, [passage.embedded_text for passage in passages])

    def orders(self, question: str, vector: Vectors) -> dict[str, list[str]]:
        """The ids of the passages that each way finds, best first."""
        self._asked = vector
        meaning, words = self._by_meaning(vector), self._words.matches(COLLECTION, question, CANDIDATES)
        places = txtai_pipeline.search(self._txtai, question, CANDIDATES)
        found = {name: way(meaning, words) for name, way in WAYS.items()}
        return {TXTAI: [self.passages[place].id for place in places], **found}

    def close(self) -> None:
        """Let go of txtai's database."""
        self._txtai.close()

    def _by_meaning(self, vector: Vectors) -> Scored:
        """The nearest passages, compared exactly."""
        likeness = self._vectors @ vector
        best = np.argsort(-likeness, kind="stable")[:CANDIDATES]
        return [(self.passages[place].id, float(likeness[place])) for place in best]

    def _vectors_of(self, texts: Sequence[str]) -> Vectors:
        """For txtai: what is no passage is the question that is being asked."""
        return np.stack([self._given.get(text, self._asked) for text in texts])


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


def by_share(meaning: Scored, words: Scored) -> list[str]:
    """Cosine similarity and half the BM25 score as a share of the list's highest."""
    highest = max((score for _, score in words), default=1.0)
    scores, farthest = dict(meaning), min((score for _, score in meaning), default=0.0)
    for passage_id, score in words:
        scores[passage_id] = scores.get(passage_id, farthest) + score / highest / 2
    return _best(scores)


def as_shipped(meaning: Scored, words: Scored) -> list[str]:
    """`index.fusion.fuse`."""
    return [hit.passage_id for hit in fuse(meaning, words)]


TXTAI = "txtai's hybrid"
WAYS: dict[str, Way] = {
    "words alone": by_words,
    "meaning alone": by_meaning,
    "reciprocal rank (60)": by_reciprocal_rank,
    "half and half": by_halves,
    "share of the best": by_share,
    "as shipped": as_shipped,
}


def measure(place: Path, data: Path | None, *, quick: bool, say: Callable[[str], None]) -> Iterator[Figures]:
    """The questions over `seeds/`; with the data, one table for each part's questions over the index of both too."""
    with Library(place / "fusion", IndexSettings()) as library:
        library.ingest([SEEDS])
        yield over_seeds(library)
        if data is not None:
            yield from _over_squad(data, library.embedder, place / "fusion-words", quick=quick, say=say)


def over_seeds(library: Library) -> Figures:
    """Questions that need two passages of a library of `seeds/`: both are right."""
    assert library._derived is not None
    shelf = library._catalog.shelf
    rows = list(shelf.indexed(shelf.visible_versions(COLLECTION)))
    passages = [row.passage for row in rows]
    documents = {document_id: library.document(document_id) for document_id in {one.document_id for one in passages}}
    by_name = {file_name(source): one for one in documents.values() for source in one.sources}
    corpus = Corpus(passages, np.stack([row.vector for row in rows]), library._derived.words)
    pairs, found = read_pairs(), _nothing_found()
    for pair in pairs:
        right = frozenset[str]().union(*(holders(quote, by_name, passages) for quote in pair.quotes))
        _note(found, corpus.orders(pair.question, library.embedder.embed_question(pair.question)), right)
    corpus.close()
    return Figures(
        name="fusion_two_passages",
        title=f"{len(pairs)} questions that need two passages, over {len(passages)} passages of seeds/",
        columns=("way", f"nDCG@{CUTOFF}", "MRR", f"recall@{PASSAGES}", f"both in {PASSAGES}"),
        rows=tuple((name, *gains(of), *of_both(of)) for name, of in found.items()),
    )


def _over_squad(
    data: Path, embedder: Embedder, folder: Path, *, quick: bool, say: Callable[[str], None]
) -> Iterator[Figures]:
    documents: list[Document] = []
    asked: dict[str, list[Asked]] = {}
    for part in PARTS:
        texts, asked[part] = read_squad(data / "squad" / f"{part}.json", part)
        documents += texts
    words = WordIndex(folder)
    corpus = _corpus(documents, embedder, words)
    say(f"fusion: {len(corpus.passages)} passages of {len(documents)} paragraphs are indexed")
    for part in PARTS:
        yield _figures(corpus, embedder, part, asked[part][:: QUICK if quick else 1])
    corpus.close()
    words.close()


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


def _corpus(documents: Sequence[Document], embedder: Embedder, words: WordIndex) -> Corpus:
    settings = IndexSettings()
    splitter = Splitter(aim=settings.passage_tokens, maximum=settings.passage_tokens_max, count=embedder.count)
    passages = tuple(passage for document in documents for passage in splitter.split(document))
    vectors = np.asarray(embedder.embed_passages([passage.embedded_text for passage in passages]), dtype=np.float32)
    details = Details(language="en")
    rows = [
        Indexed(passage, COLLECTION, "", passage.document_id, details, vector)
        for passage, vector in zip(passages, vectors, strict=True)
    ]
    words.upsert(COLLECTION, rows)
    words.commit(COLLECTION)
    return Corpus(passages, vectors, words)


def _figures(corpus: Corpus, embedder: Embedder, part: str, asked: Sequence[Asked]) -> Figures:
    found = _nothing_found()
    by_document: dict[str, list[Passage]] = {}
    for passage in corpus.passages:
        by_document.setdefault(passage.document_id, []).append(passage)
    for one in asked:
        right = frozenset(passage.id for passage in by_document[one.document_id] if _overlaps(passage, one.spans))
        _note(found, corpus.orders(one.question, embedder.embed_question(one.question)), right)
    return Figures(
        name=f"fusion_{part}",
        title=f"Fusing words and meaning: {len(asked)} questions of {part} over {len(corpus.passages)} passages",
        columns=("way", f"nDCG@{CUTOFF}", "MRR", f"recall@{PASSAGES}"),
        rows=tuple((name, *gains(of), recall([_within(one) for one in of])) for name, of in found.items()),
    )


def _nothing_found() -> dict[str, list[Found]]:
    *others, shipped = WAYS
    return {name: [] for name in (*others, TXTAI, shipped)}


def _note(found: dict[str, list[Found]], orders: dict[str, list[str]], right: frozenset[str]) -> None:
    for name, order in orders.items():
        ranks = [rank for rank, passage_id in enumerate(order, start=1) if passage_id in right]
        found[name].append(Found(ranks, len(right)))


def gains(found: Sequence[Found]) -> tuple[float | None, float | None]:
    """nDCG, and the mean reciprocal rank of the first right passage."""
    each = [ndcg(one.ranks, one.right, CUTOFF) for one in found]
    first = mean_reciprocal_rank([min(one.ranks, default=None) for one in found])
    return sum(each) / len(each) if each else None, first


def of_both(found: Sequence[Found]) -> tuple[float | None, float | None]:
    """The mean share of a question's right passages that are within reach, and of how many questions all are."""
    shares = [sum(rank <= PASSAGES for rank in one.ranks) / one.right for one in found]
    if not shares:
        return None, None
    return sum(shares) / len(shares), sum(share == 1 for share in shares) / len(shares)


def _within(found: Found) -> int | None:
    """The rank of the first right passage, if the reader would see it."""
    return min((rank for rank in found.ranks if rank <= PASSAGES), default=None)


def _overlaps(passage: Passage, spans: tuple[tuple[int, int], ...]) -> bool:
    return any(start < passage.end and passage.start < end for start, end in spans)


def _best(scores: dict[str, float]) -> list[str]:
    return sorted(scores, key=lambda passage_id: (-scores[passage_id], passage_id))


if __name__ == "__main__":
    from tests.benchmarks.__main__ import main

    main(only="fusion")
