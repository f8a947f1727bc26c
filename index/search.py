"""Search: from a question to ranked hits, by meaning and by words, fused.

What the catalog does not show as visible is never a hit. The word index filters by itself. By meaning, where few
passages pass they are compared exactly, and where many do the graph is asked for so many more as do not.
"""

from __future__ import annotations

import heapq
import math
import re

import numpy as np
import numpy.typing as npt

from index.catalog import Catalog
from index.derived import Derived
from index.documents import DEFAULT_COLLECTION, NO_FILTERS, Filters, Hit, Passage
from index.embedding import Embedder
from index.errors import NotFound, NothingIndexed
from index.fusion import Fused, fuse

# How many hits of each kind are fused, at least; measured: more changes no figure.
CANDIDATES = 50
# Up to here an exact comparison is as fast as the graph.
EXACT_PASSAGES = 4000
MOST_CANDIDATES = 3200
# How many times more are asked for than would do if what passes were spread evenly over what is near.
SPREAD = 1.5
# A passage of whose runs of three words this share stands in another, and all its numbers, says nothing else.
REPRINT = 0.85

_WORD = re.compile(r"\w+")

Scored = list[tuple[str, float]]


class Search:
    """Finds passages for questions in one library. Thread-safe."""

    def __init__(self, catalog: Catalog, derived: Derived, embedder: Embedder) -> None:
        self._catalog = catalog
        self._derived = derived
        self._embedder = embedder

    def search(
        self, question: str, *, collection: str = DEFAULT_COLLECTION, filters: Filters = NO_FILTERS, limit: int = 8
    ) -> tuple[Hit, ...]:
        """The best hits for a stand-alone question, ranks 1..n, n at most `limit`.

        Raises `NotFound` for an unknown collection or filtered document, `NothingIndexed` for an empty collection.
        """
        self._catalog.collections.require(collection)
        if not self._catalog.shelf.holds_any(collection):
            raise NothingIndexed(
                f"nothing is indexed in the collection {collection!r}: take documents in with `assistant ingest PATH` "
                "or upload them"
            )
        return self.found(question, self._embedder.embed_question(question), collection, filters, limit)

    def found(
        self, question: str, vector: npt.NDArray[np.float32], collection: str, filters: Filters, limit: int
    ) -> tuple[Hit, ...]:
        """As `search`, for a question whose vector, shape (dimension,), is known."""
        meaning, words = self.candidates(question, vector, collection, filters, limit)
        return self._hits(fuse(meaning, words), limit)

    def candidates(
        self, question: str, vector: npt.NDArray[np.float32], collection: str, filters: Filters, limit: int
    ) -> tuple[Scored, Scored]:
        """The passages that pass the filters, best first by meaning and best first by words, before they are fused."""
        if filters.empty:
            count = max(CANDIDATES, 2 * limit)
            meaning = self._derived.store.nearest(collection, vector, count)
            return meaning, self._derived.words.matches(collection, question, count)
        unknown = self._catalog.shelf.unknown_documents(collection, filters.document_ids)
        if unknown:
            raise NotFound(f"no document {unknown[0]!r} is in the collection {collection!r}: list the documents")
        words = self._derived.words.matches(collection, question, CANDIDATES, filters)
        passing = self._derived.words.count(collection, filters)
        if passing <= EXACT_PASSAGES:
            meaning = self._exact(vector, collection, filters)
        else:
            meaning = self._among_many(vector, collection, filters, passing)
        # The catalog has the last word: a store may be a change behind it.
        return meaning, self._passing(words, filters)

    def _exact(self, vector: npt.NDArray[np.float32], collection: str, filters: Filters) -> Scored:
        """The nearest that pass, by comparing all of these."""
        best: Scored = []
        for ids, vectors in self._catalog.shelf.vectors(collection, filters):
            scored = zip(ids, (vectors @ vector).tolist(), strict=True)
            best = heapq.nsmallest(CANDIDATES, (*best, *scored), key=lambda one: (-one[1], one[0]))
        return best

    def _among_many(self, vector: npt.NDArray[np.float32], collection: str, filters: Filters, passing: int) -> Scored:
        """The nearest that pass, out of as many of the nearest of all as hold enough of them, if spread evenly."""
        everything = self._derived.words.count(collection)
        count = math.ceil(SPREAD * CANDIDATES * everything / passing)
        while count <= MOST_CANDIDATES:
            kept = self._passing(self._derived.store.nearest(collection, vector, count), filters)
            if len(kept) >= CANDIDATES:
                return kept[:CANDIDATES]
            count *= 4
        # What passes is far from the question, or a small part of a very large library.
        return self._exact(vector, collection, filters)

    def _passing(self, scored: Scored, filters: Filters) -> Scored:
        # Only what was found is looked up: listing all that passes would take longer the more that is.
        allowed = self._catalog.shelf.allowed({_document_of(one) for one, _ in scored}, filters)
        return [(passage_id, score) for passage_id, score in scored if _document_of(passage_id) in allowed]

    def _hits(self, fused: list[Fused], limit: int) -> tuple[Hit, ...]:
        # Twice the limit: some may have become invisible since the stores saw them.
        passages = self._catalog.shelf.passages([hit.passage_id for hit in fused[: 2 * limit]])
        visible = _distinct([hit for hit in fused if hit.passage_id in passages], passages)[:limit]
        return tuple(
            Hit(passage=passages[hit.passage_id], score=hit.score, rank=rank, found_by=hit.found_by)
            for rank, hit in enumerate(visible, start=1)
        )


def _distinct(hits: list[Fused], passages: dict[str, Passage]) -> list[Fused]:
    """Without those that say nothing but what a better one says, in the same words: reprints are one hit."""
    found: list[Fused] = []
    taken: list[frozenset[tuple[str, ...]]] = []
    for hit in hits:
        runs = _runs(passages[hit.passage_id].text)
        if any(len(runs & said) >= REPRINT * len(runs) and _numbers(runs) <= _numbers(said) for said in taken):
            continue
        taken.append(runs)
        found.append(hit)
    return found


def _runs(text: str) -> frozenset[tuple[str, ...]]:
    words = _WORD.findall(text.casefold())
    return frozenset(zip(words, words[1:], words[2:], strict=False)) or frozenset({tuple(words)})


def _numbers(runs: frozenset[tuple[str, ...]]) -> set[str]:
    return {word for run in runs for word in run if any(sign.isdigit() for sign in word)}


def _document_of(passage_id: str) -> str:
    """A passage's id begins with its document's."""
    return passage_id.split(":", 1)[0]
