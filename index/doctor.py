"""The doctor: looks through a whole library for anything that is not as it should be, and mends what can be mended.

The catalog is the truth. What it holds is checked by itself (text, passages, vectors, kept bytes), then Chroma and the
word index are held against it. A start looks less closely: it trusts the mark of a clean stop.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from index.catalog import Catalog
from index.catalog.rows import load_overrides
from index.catalog.shelf import Indexed
from index.catalog.values import FileState, Making
from index.derived import BATCH_PASSAGES, MARK, Derived
from index.documents import Document, digest_of, file_name
from index.embedding import open_embedder
from index.errors import NotFound
from index.files import KeptFiles
from index.loading.apart import Loaders
from index.lock import DataLock
from index.making import Maker, made_by
from index.settings import IndexSettings

# An ingest beside this may have kept bytes that it has yet to acknowledge.
IN_USE_SECONDS = 600
# Vectors that differ by more than rounding are others.
SAME_VECTOR = 1e-4


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that was not as it should be, and what was done about it; `mended` is False where nothing could be."""

    problem: str
    remedy: str
    mended: bool


def examine(data_dir: Path, settings: IndexSettings) -> Iterator[Finding]:
    """Look through the library of a data directory and mend it, saying each finding as it is made.

    Raises `NotFound` where there is none, `LibraryInUse` while another process holds it, and `StoreBroken` where the
    catalog itself is damaged.
    """
    if not (data_dir / "catalog.sqlite").exists():
        raise NotFound(f"there is no library in {data_dir}: name another place with ASSISTANT_DATA_DIR")
    with ExitStack() as open_parts:
        lock = DataLock(data_dir)
        if not lock.acquire():
            raise lock.in_use()
        open_parts.callback(lock.release)
        catalog = Catalog(data_dir)
        open_parts.callback(catalog.close)
        catalog.check_embedder(settings.embedder)
        doctor = _Doctor(data_dir, settings, catalog)
        catalog.check_integrity()
        yield from doctor.documents()
        yield from doctor.files()
        (data_dir / MARK).unlink(missing_ok=True)
        derived = Derived(data_dir, catalog, doctor.kept.forget)
        open_parts.callback(derived.close)
        derived.apply()
        yield from doctor.stores(derived)


class _Doctor:
    def __init__(self, data_dir: Path, settings: IndexSettings, catalog: Catalog) -> None:
        self.kept = KeptFiles(data_dir / "files")
        self._data_dir = data_dir
        self._settings = settings
        self._catalog = catalog

    def documents(self) -> Iterator[Finding]:
        """Each visible document: its bytes, its text, its passages and their vectors."""
        for collection in self._catalog.collections.entries():
            for version_id, document_id in self._catalog.shelf.visible_versions(collection.name).items():
                rows = list(self._catalog.shelf.indexed([version_id]))
                document = self._catalog.shelf.document(document_id)
                bytes_are_right = self._bytes_are_right(document)
                if not bytes_are_right:
                    yield self._restored(document)
                fault = self._fault(document, rows)
                if fault is not None:
                    yield self._remade(document, fault)

    def files(self) -> Iterator[Finding]:
        """Kept bytes that nothing refers to, and what a write that was cut off left; not what is being written now."""
        before = time.time() - IN_USE_SECONDS
        for name in self.kept.sweep(before):
            yield Finding(f"an unfinished file {name} was left by a write that was cut off", "removed", mended=True)
        for file_digest in self.kept.digests(before):
            if not self._catalog.changes.uses_file(file_digest) and not self._catalog.jobs.waiting_for(file_digest):
                self.kept.forget(file_digest)
                yield Finding(f"the kept file {file_digest[:12]} belongs to no document", "removed", mended=True)

    def stores(self, derived: Derived) -> Iterator[Finding]:
        """Chroma and the word index against the catalog. What they lacked was added when they were opened."""
        for kind, name, added, removed in derived.repaired:
            problem = f"{kind} lacked {added} passages of the collection {name!r} and held {removed} too many"
            yield Finding(problem, "made equal to the catalog", mended=True)
        for collection in self._catalog.collections.entries():
            wrong = 0
            for batch in self._batches(collection.name):
                held = derived.store.vectors(collection.name, [row.passage.id for row in batch])
                others = [row for row in batch if not _same(row, held.get(row.passage.id))]
                derived.store.upsert(collection.name, others)
                wrong += len(others)
            if wrong:
                problem = f"Chroma held other vectors than the catalog for {wrong} passages of {collection.name!r}"
                yield Finding(problem, "replaced", mended=True)

    def _batches(self, collection: str) -> Iterator[list[Indexed]]:
        batch: list[Indexed] = []
        for row in self._catalog.shelf.indexed(self._catalog.shelf.visible_versions(collection)):
            batch.append(row)
            if len(batch) == BATCH_PASSAGES:
                yield batch
                batch = []
        if batch:
            yield batch

    def _bytes_are_right(self, document: Document) -> bool:
        try:
            return digest_of(self.kept.read(document.file_digest)) == document.file_digest
        except NotFound:
            return False

    def _restored(self, document: Document) -> Finding:
        """Bytes that are lost or changed: the file that they were read from may still be there."""
        problem = f"the kept bytes of {document.title!r} ({document.id}) are lost or changed"
        roots = self._catalog.collections.roots(document.collection)
        self.kept.forget(document.file_digest)
        for source in document.sources:
            name, _, rest = source.partition("/")
            path = roots[name] / rest if name in roots else None
            if path is None or not path.is_file():
                continue
            data = path.read_bytes()
            if digest_of(data) == document.file_digest:
                self.kept.keep(data)
                return Finding(problem, f"restored from {path}", mended=True)
        return Finding(problem, "it still answers, but cannot be made anew: take its source in again", mended=False)

    def _fault(self, document: Document, rows: list[Indexed]) -> str | None:
        """What is wrong with a document's text, passages or vectors; None where nothing is."""
        if digest_of(document.text) != document.digest:
            return "its text is not the one that was taken in"
        made_with = self._catalog.embedder
        for row in rows:
            passage = row.passage
            if document.text[passage.start : passage.end] != passage.text:
                return f"its passage {passage.id} is not a slice of its text"
            if made_with and (len(row.vector) != made_with[1] or not np.isfinite(row.vector).all()):
                return f"the vector of its passage {passage.id} is damaged"
        covered = sum(len("".join(row.passage.text.split())) for row in rows)
        if rows and covered != len("".join(document.text.split())):
            return "its passages do not cover its text"
        return None

    def _remade(self, document: Document, fault: str) -> Finding:
        """A damaged version is made anew from its bytes, where these are whole."""
        problem = f"{document.title!r} ({document.id}): {fault}"
        if not self._bytes_are_right(document):
            return Finding(problem, "its bytes are lost: remove it and take its source in again", mended=False)
        newest = self._catalog.changes.newest(document.id)
        assert newest is not None  # It is visible.
        making = Making(made_by(self._settings, document.sources[0]), self._settings.embedder, newest[1].overrides)
        self._catalog.changes.spoil(document.id)
        with Loaders(self._settings) as loaders:
            loaded = loaders.load(file_name(document.sources[0]), self.kept.read(document.file_digest))
        maker = Maker(self._settings, open_embedder(self._settings, self._data_dir / "models"))
        # The vectors that are kept may be the damage: none is taken over.
        draught = maker.draught(document.id, loaded, load_overrides(making.overrides))
        (version,) = maker.embed([draught], lambda _keys: {})
        file = FileState(document.file_digest)
        self._catalog.changes.put(document.collection, document.sources[0], file, making, version)
        return Finding(problem, "made anew from its bytes", mended=True)


def _same(row: Indexed, held: np.ndarray | None) -> bool:
    return held is not None and held.shape == row.vector.shape and bool(np.abs(held - row.vector).max() < SAME_VECTOR)
