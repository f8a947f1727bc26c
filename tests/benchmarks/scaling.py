"""Search in large libraries: milliseconds and recall at 10,000 and 100,000 passages, without and with filters.

Ours, txtai and the plain LangChain pipeline hold the same passages with the same vectors. Recall is that of the search
by meaning, against comparing all vectors: whether the ten nearest passages that pass the filter are found.
"""

from __future__ import annotations

import datetime
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from index.catalog.shelf import Indexed
from index.documents import NO_FILTERS, Filters
from index.embedding import open_embedder
from index.library import Library
from index.search import Search
from index.settings import IndexSettings
from tests.benchmarks import txtai_pipeline
from tests.benchmarks.clock import Clock
from tests.benchmarks.figures import Figures, middle, p95
from tests.benchmarks.stored import StoredEmbedder, day_that_keeps, write_documents

SHARES = (1.0, 0.9, 0.1, 0.001)
NEAREST = 10
PASSAGES = 8
BATCH = 5000
COLLECTION = "default"


@dataclass(frozen=True, slots=True)
class Held:
    """What all pipelines hold: ids, texts, days and vectors of shape (n, dimension)."""

    ids: list[str]
    texts: list[str]
    days: list[str]
    vectors: npt.NDArray[np.float32]

    def nearest(self, vector: npt.NDArray[np.float32], since: str | None) -> list[int]:
        """The places of the nearest passages that are not older, by comparing all."""
        scores = self.vectors @ vector
        if since is not None:
            scores = np.where(np.array(self.days) >= since, scores, -2.0)
        best = np.argsort(-scores, kind="stable")[:NEAREST]
        return [int(place) for place in best if scores[place] > -2.0]


def measure(place: Path, passages: int, questions: Sequence[str], say: Callable[[str], None]) -> Iterator[Figures]:
    """Take `passages` in, ask, and take the same folder in again."""
    folder, data_dir = place / f"scale-{passages}", place / f"scale-{passages}-data"
    folder.mkdir()
    write_documents(folder, passages)
    embedder = StoredEmbedder(open_embedder(IndexSettings(), place / "scale-models"))
    with Library(data_dir, IndexSettings()) as library:
        library.embedder  # noqa: B018 - opening it writes down what makes the vectors.
        library.__dict__["embedder"] = embedder
        first = _ingested(library, folder)
        again = _ingested(library, folder)
        say(f"scale: {passages} passages in {first[0]:.0f} s, the unchanged folder again in {again[0]:.1f} s")
        yield _taking_in(library, folder, first, again)
        held = _held(library)
        others = _others(held, embedder, place / f"scale-{passages}-others", say)
        for share in SHARES:
            yield _asked(library, held, others, questions, share)


def _ingested(library: Library, folder: Path) -> tuple[float, float | None]:
    """Seconds, and MB of memory beyond what was held before."""
    clock = Clock()
    report = library.ingest([folder])
    if report.count("failed") or not report.searchable:
        raise SystemExit(f"ingest failed: {[row.reason for row in report.rows if row.reason][:1]}")
    seconds, _, memory = clock.stop()
    return seconds, memory


def _taking_in(
    library: Library, folder: Path, first: tuple[float, float | None], again: tuple[float, float | None]
) -> Figures:
    files = sum(1 for path in folder.rglob("*.md"))
    held = library.collections()[0].passages
    return Figures(
        name=f"scale_{held}_ingest",
        title=f"{files} files of {held} passages, their vectors given",
        columns=("what", "seconds", "MB of memory", "passages/s"),
        rows=(("taken in", *first, held / first[0]), ("unchanged, again", *again, held / again[0])),
    )


def _held(library: Library) -> Held:
    shelf = library._catalog.shelf
    rows: list[Indexed] = list(shelf.indexed(shelf.visible_versions(COLLECTION)))
    return Held(
        [row.passage.id for row in rows],
        [row.passage.embedded_text for row in rows],
        [str(row.details.published) for row in rows],
        np.stack([row.vector for row in rows]),
    )


@dataclass(frozen=True, slots=True)
class Pipeline:
    """A way to search: places of the best passages for a question, of those since a day."""

    name: str
    search: Callable[[str, npt.NDArray[np.float32], str | None], list[int]]


def _others(held: Held, embedder: StoredEmbedder, folder: Path, say: Callable[[str], None]) -> list[Pipeline]:
    begun = time.perf_counter()
    given = dict(zip(held.texts, held.vectors, strict=True))
    index = txtai_pipeline.open_given(
        lambda texts: np.stack([given[text] if text in given else embedder.embed_question(text) for text in texts])
    )
    txtai_pipeline.ingest(index, held.texts, held.days)
    say(f"scale: txtai took them in in {time.perf_counter() - begun:.0f} s")
    begun = time.perf_counter()
    store = _chroma(held, folder)
    say(f"scale: LangChain's Chroma took them in in {time.perf_counter() - begun:.0f} s")

    def txtai(question: str, _vector: npt.NDArray[np.float32], since: str | None) -> list[int]:
        return txtai_pipeline.search(index, question, NEAREST, since)

    def langchain(_question: str, vector: npt.NDArray[np.float32], since: str | None) -> list[int]:
        only = {"day": {"$gte": _number(since)}} if since else None
        found = store.similarity_search_by_vector(vector.tolist(), k=NEAREST, filter=only)
        return [int(document.metadata["place"]) for document in found]

    return [Pipeline("txtai, hybrid", txtai), Pipeline("langchain", langchain)]


def _chroma(held: Held, folder: Path) -> Any:
    from langchain_chroma import Chroma

    store = Chroma("scale", persist_directory=str(folder))
    for start in range(0, len(held.ids), BATCH):
        part = slice(start, start + BATCH)
        store._collection.add(
            ids=held.ids[part],
            embeddings=held.vectors[part],
            documents=held.texts[part],
            metadatas=[{"place": start + n, "day": _number(day)} for n, day in enumerate(held.days[part])],
        )
    return store


def _number(day: str) -> int:
    return datetime.date.fromisoformat(day).toordinal()


def _asked(library: Library, held: Held, others: Sequence[Pipeline], questions: Sequence[str], share: float) -> Figures:
    since = None if share == 1.0 else day_that_keeps(share, len(held.ids))
    ours = _Ours(library, held, NO_FILTERS if since is None else Filters(published_from=since))
    told = since.isoformat() if since else None
    pipelines = [Pipeline("dossier", ours.search), *others]
    times: dict[str, list[float]] = {one.name: [] for one in pipelines}
    found: dict[str, list[float]] = {"dossier": [], "langchain": []}
    for number, question in enumerate(questions):
        vector = library.embedder.embed_question(question)
        for one in pipelines if number % 2 == 0 else reversed(pipelines):
            begun = time.perf_counter()
            one.search(question, vector, told)
            times[one.name].append(1000 * (time.perf_counter() - begun))
        exact = held.nearest(vector, told)
        found["dossier"].append(_recall(ours.nearest(question, vector), exact))
        found["langchain"].append(_recall(others[-1].search(question, vector, told), exact))
    kept = sum(1 for day in held.days if told is None or day >= told)
    recalls = {name: sum(values) / len(values) for name, values in found.items()}
    return Figures(
        name=f"scale_{len(held.ids)}_{share}",
        title=f"{len(held.ids)} passages, of which {kept} pass the filter: milliseconds a question, its vector given",
        columns=("pipeline", "p50", "p95", f"recall@{NEAREST} of meaning"),
        rows=tuple((name, middle(taken), p95(taken), recalls.get(name)) for name, taken in times.items()),
    )


class _Ours:
    """Our search with a filter, and the places that its part by meaning finds."""

    def __init__(self, library: Library, held: Held, filters: Filters) -> None:
        assert library._derived is not None
        self._searching = Search(library._catalog, library._derived, library.embedder)
        self._places = {passage_id: place for place, passage_id in enumerate(held.ids)}
        self._filters = filters

    def search(self, question: str, vector: npt.NDArray[np.float32], _since: str | None) -> list[int]:
        hits = self._searching.found(question, vector, COLLECTION, self._filters, PASSAGES)
        return [self._places[hit.passage.id] for hit in hits]

    def nearest(self, question: str, vector: npt.NDArray[np.float32]) -> list[int]:
        meaning, _ = self._searching.candidates(question, vector, COLLECTION, self._filters, PASSAGES)
        return [self._places[passage_id] for passage_id, _ in meaning[:NEAREST]]


def _recall(found: Sequence[int], exact: Sequence[int]) -> float:
    return len(set(found) & set(exact)) / len(exact) if exact else 1.0
