"""Chroma: vectors by meaning, one Chroma collection for each collection, derived from the catalog.

`VectorStore` is the seam. Chroma serves one process at a time (the holder of the data directory's lock) and a folder
left by a killed process may kill whoever opens it: `index.derived` looks at it from a child process first.
Filters are not sent to Chroma, whose own are slow: `index.search` narrows by the catalog.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol, cast

import numpy as np
import numpy.typing as npt

from index.catalog.shelf import Indexed
from index.errors import StoreBroken

# Chroma takes at most 5,461 rows a call; smaller batches keep memory flat.
BATCH = 1000
# Measured on 30,000 vectors: recall@10 0.9985 with these, 0.989 with Chroma's defaults.
GRAPH = {"space": "cosine", "max_neighbors": 32, "ef_construction": 200, "ef_search": 200}


class VectorStore(Protocol):
    """Keeps vectors with their passages and finds the nearest. Raises `StoreBroken` where it cannot."""

    def upsert(self, collection: str, rows: Sequence[Indexed]) -> None:
        """Take passages in; one that is there already is replaced, details and all."""
        ...

    def delete(self, collection: str, ids: Sequence[str]) -> None:
        """Forget passages; ids that are not there are ignored."""
        ...

    def nearest(self, collection: str, vector: npt.NDArray[np.float32], limit: int) -> list[tuple[str, float]]:
        """The ids nearest to a vector of shape (dimension,), best first, with their cosine similarity (-1 to 1)."""
        ...

    def ids(self, collection: str) -> set[str]:
        """Every id that the collection holds."""
        ...

    def drop(self, collection: str) -> None:
        """Forget a whole collection."""
        ...

    def close(self) -> None:
        """Let go of the folder."""
        ...


class ChromaStore:
    """`VectorStore` over an embedded Chroma in `folder`."""

    def __init__(self, folder: Path) -> None:
        import chromadb  # 1.5 seconds: paid by whoever opens the store, not by `--help`.
        from chromadb.config import Settings

        with _translated(folder):
            # Typed as its interface, which does not know `close`.
            self._client: Any = chromadb.PersistentClient(
                path=str(folder), settings=Settings(anonymized_telemetry=False)
            )
        self._folder = folder
        self._opened: dict[str, Any] = {}

    def upsert(self, collection: str, rows: Sequence[Indexed]) -> None:
        """See `VectorStore`."""
        with _translated(self._folder):
            kept = self._open(collection)
            for start in range(0, len(rows), BATCH):
                batch = rows[start : start + BATCH]
                kept.upsert(
                    ids=[row.passage.id for row in batch],
                    embeddings=np.stack([row.vector for row in batch]),
                    documents=[row.passage.text for row in batch],
                    metadatas=[_metadata(row) for row in batch],
                )

    def delete(self, collection: str, ids: Sequence[str]) -> None:
        """See `VectorStore`."""
        with _translated(self._folder):
            kept = self._open(collection)
            for start in range(0, len(ids), BATCH):
                kept.delete(ids=list(ids[start : start + BATCH]))

    def nearest(self, collection: str, vector: npt.NDArray[np.float32], limit: int) -> list[tuple[str, float]]:
        """See `VectorStore`."""
        with _translated(self._folder):
            found = self._open(collection).query(
                query_embeddings=vector[np.newaxis, :], n_results=limit, include=["distances"]
            )
        distances = cast("list[list[float]]", found["distances"])
        return [
            (passage_id, 1.0 - distance) for passage_id, distance in zip(found["ids"][0], distances[0], strict=True)
        ]

    def ids(self, collection: str) -> set[str]:
        """See `VectorStore`."""
        with _translated(self._folder):
            return set(self._open(collection).get(include=[])["ids"])

    def vectors(self, collection: str, ids: Sequence[str]) -> dict[str, npt.NDArray[np.float32]]:
        """The vectors that are held for some ids; those that are not held are left out."""
        with _translated(self._folder):
            found = self._open(collection).get(ids=list(ids), include=["embeddings"])
        held = zip(found["ids"], found["embeddings"], strict=True)
        return {passage_id: np.asarray(vector, dtype=np.float32) for passage_id, vector in held}

    def probe(self, collection: str) -> None:
        """Search for a vector of the collection by itself: some damage shows only when the graph is loaded."""
        with _translated(self._folder):
            kept = self._open(collection).get(limit=1, include=["embeddings"])["embeddings"]
        if len(kept) and not self.nearest(collection, np.asarray(kept[0], dtype=np.float32), 1):
            raise StoreBroken(f"the vector store {self._folder} holds vectors that its graph does not find")

    def drop(self, collection: str) -> None:
        """See `VectorStore`."""
        self._opened.pop(collection, None)
        with _translated(self._folder):
            if any(known.name == collection for known in self._client.list_collections()):
                self._client.delete_collection(collection)

    def close(self) -> None:
        """See `VectorStore`."""
        self._client.close()

    def _open(self, collection: str) -> Any:
        # Asking Chroma each time takes a third as long as the search itself.
        if collection not in self._opened:
            self._opened[collection] = self._client.get_or_create_collection(
                collection, configuration=cast("Any", {"hnsw": GRAPH}), embedding_function=None
            )
        return self._opened[collection]


def _metadata(row: Indexed) -> dict[str, str | int]:
    """What is kept beside a vector; Chroma knows no None, so what is unknown is left out."""
    passage, details = row.passage, row.details
    known: dict[str, str | int | None] = {
        "document_id": passage.document_id,
        "title": row.title,
        "source": row.source,
        "heading": passage.heading,
        "page": passage.page,
        "start": passage.start,
        "end": passage.end,
        "published": details.published.isoformat() if details.published else None,
        "language": details.language,
        "reliability": details.reliability,
        "credibility": details.credibility,
    }
    return {key: value for key, value in known.items() if value is not None}


@contextmanager
def _translated(folder: Path) -> Iterator[None]:
    """Chroma's errors, named once."""
    from chromadb.errors import ChromaError

    try:
        yield
    # Its Rust core raises its own ChromaErrors and, for broken folders, plain RuntimeError and ValueError.
    except (ChromaError, RuntimeError, ValueError, OSError) as error:
        raise StoreBroken(
            f"the vector store {folder} failed ({error}); restart: it is rebuilt from the catalog"
        ) from error
