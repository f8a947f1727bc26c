"""The library: one data directory behind one door, for every command and call.

Whoever gets the lock holds the derived stores and may search. Who does not get it may still take documents in and
remove them: that is written to the catalog, and the holder applies it (law 6).
"""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from index.catalog import Catalog
from index.catalog.rows import dump_overrides
from index.derived import Derived
from index.documents import (
    DEFAULT_COLLECTION,
    NO_FILTERS,
    CollectionEntry,
    Document,
    DocumentEntry,
    Filters,
    Hit,
    Job,
    Passage,
    file_name,
)
from index.embedding import Embedder, open_embedder
from index.errors import InvalidInput, NotFound, StoreBroken
from index.files import KeptFiles, disk_errors
from index.ingest import Ingest, Progress
from index.layout import Layout, MarkedBox
from index.loading.apart import Loaders
from index.lock import DataLock
from index.making import Maker
from index.removing import remove
from index.reports import Report
from index.search import Search
from index.settings import IndexSettings
from index.uploads import UploadWorker, checked_name

# How long a command beside a server waits for the server to make its changes searchable before it says so and ends.
SETTLE_SECONDS = 60.0
POLL_SECONDS = 0.1


class Library:
    """One data directory, opened. Thread-safe; close it, or use it as a context manager.

    Raises `EmbedderMismatch` where another embedder made it, `StoreBroken` where the catalog cannot be opened.
    """

    def __init__(self, data_dir: Path, settings: IndexSettings, *, wait_seconds: float = 0.0) -> None:
        with disk_errors(data_dir):
            data_dir.mkdir(parents=True, exist_ok=True)
        self._data_dir = data_dir
        self._settings = settings
        self.lock = DataLock(data_dir)
        self._files = KeptFiles(data_dir / "files")
        self._loaders = Loaders(settings)
        self._opening = threading.RLock()
        self._worker: UploadWorker | None = None
        self._derived: Derived | None = None
        holds = self.lock.acquire(wait_seconds)
        with ExitStack() as undone:
            undone.callback(self.lock.release)
            self._catalog = Catalog(data_dir)
            undone.callback(self._catalog.close)
            self._catalog.check_embedder(settings.embedder)
            if holds:
                self._hold()
            undone.pop_all()  # All went well: from here on `close` does it.

    @property
    def embedder_name(self) -> str:
        """The embedder that this library is made with."""
        return self._settings.embedder

    @property
    def index_version(self) -> int:
        """Counts the changes of what is visible."""
        return self._catalog.index_version

    @property
    def holds_lock(self) -> bool:
        """True where this process may search; else another process holds the library."""
        return self._derived is not None

    @cached_property
    def embedder(self) -> Embedder:
        """The embedder, loaded at first use."""
        with self._opening:
            embedder = open_embedder(self._settings, self._data_dir / "models")
            self._catalog.claim_embedder(self._settings.embedder, embedder.dimension)
            return embedder

    @cached_property
    def _ingest(self) -> Ingest:
        return Ingest(
            self._catalog, self._files, self._settings, self._loaders, lambda: Maker(self._settings, self.embedder)
        )

    # -- taking in ---------------------------------------------------------------------------------------------------

    def ingest(
        self, paths: Sequence[Path], *, collection: str = DEFAULT_COLLECTION, progress: Progress = lambda *_: None
    ) -> Report:
        """Take in files, and make the collection equal to folders. Failures are rows of the report.

        Raises `NotFound` where a path or the collection does not exist.
        """
        begun = time.monotonic()
        rows = self._ingest.run(paths, collection, progress, self._follow)
        settled = self.settle()
        opened = self.__dict__.get("embedder")
        tokens = opened.tokens_embedded if opened is not None else 0
        return Report(tuple(rows), tokens=tokens, seconds=time.monotonic() - begun, searchable=settled)

    def upload(
        self,
        name: str,
        data: bytes,
        *,
        collection: str = DEFAULT_COLLECTION,
        overrides: Mapping[str, Any] | None = None,
    ) -> Job:
        """Keep an uploaded file's bytes and queue it; both are durable when this returns.

        `overrides` may give title, published (a date), language, author, reliability and credibility. Raises
        `InvalidInput` for an impossible name or an empty or too large file, `NotFound` for an unknown collection.
        """
        self._catalog.collections.require(collection)
        name = checked_name(name)
        limit = self._settings.max_file_mb * 1_000_000
        if not data or len(data) > limit:
            problem = "is empty" if not data else f"is larger than {self._settings.max_file_mb} MB"
            raise InvalidInput(f"the file {name} {problem}: choose another")
        job = self._catalog.jobs.add(name, collection, self._files.keep(data), dump_overrides(overrides))
        # Equal bytes may have been forgotten between the two; from here on the job holds them.
        self._files.keep(data)
        if self._worker is not None:
            self._worker.wake()
        return job

    def job(self, job_id: str) -> Job:
        """How far an upload is; raises `NotFound`."""
        return self._catalog.jobs.get(job_id)

    def start_worker(self) -> None:
        """Start the thread that takes in uploads and applies what other processes wrote, until `close`."""
        if self._worker is None:
            self._worker = UploadWorker(self._catalog, self._files, lambda: self._ingest, self._follow)
            self._worker.start()

    def check_worker(self) -> None:
        """Raises `StoreBroken` where the thread that takes in uploads was started and has ended."""
        if self._worker is not None and not self._worker.alive:
            raise StoreBroken("uploads are no longer taken in, their thread has ended: restart the server")

    def remove(self, document_id: str) -> tuple[DocumentEntry, ...]:
        """Remove a document with its bytes, passages and vectors, and the files inside it; gives all that were removed.

        Raises `NotFound`.
        """
        removed = remove(self._catalog, document_id)
        self.settle()
        return removed

    def settle(self, wait_seconds: float = SETTLE_SECONDS) -> bool:
        """Have the derived stores follow the catalog, here or in the process that holds them; False if still not."""
        until = time.monotonic() + wait_seconds
        while True:
            self._follow()
            if not self._catalog.waiting:
                return True
            if time.monotonic() > until:
                return False
            time.sleep(POLL_SECONDS)
            if not self.holds_lock and self.lock.acquire():
                self._hold()  # The process that held it has ended.

    # -- looking up --------------------------------------------------------------------------------------------------

    def search(
        self, question: str, *, collection: str = DEFAULT_COLLECTION, filters: Filters = NO_FILTERS, limit: int = 8
    ) -> tuple[Hit, ...]:
        """The best hits for a stand-alone question.

        Raises `NotFound` for an unknown collection or filtered document, `NothingIndexed` for an empty collection,
        `LibraryInUse` where another process holds the library.
        """
        self._catalog.collections.require(collection)
        if self._derived is None:
            raise self.lock.in_use()
        searching = Search(self._catalog, self._derived, self.embedder)
        with self._derived.watched():
            self._derived.apply_some()
            return searching.search(question, collection=collection, filters=filters, limit=limit)

    def document(self, document_id: str) -> Document:
        """The visible version of a document; raises `NotFound`."""
        return self._catalog.shelf.document(document_id)

    def entry(self, document_id: str) -> DocumentEntry:
        """A document as a list shows it; raises `NotFound`."""
        return self._catalog.shelf.entry(document_id)

    def copies_of(self, document_id: str) -> tuple[str, ...]:
        """The ids of the documents that are nearly the same text as one; none for one that is not there."""
        return self._catalog.copies.of(document_id)

    def layout(self, document_id: str) -> Layout | None:
        """The page map of a document; None where its format has no pages with places. Raises `NotFound`."""
        return self._catalog.shelf.layout(document_id)

    def picture(self, document_id: str, number: int, boxes: Sequence[MarkedBox]) -> bytes:
        """A PNG of a page with boxes marked. Raises `NotFound` for a document without such a page."""
        document = self.document(document_id)
        if self.layout(document_id) is None:
            raise NotFound(f"{document.title!r} has no pages that could be shown: read its text")
        name, data = file_name(document.sources[0]), self._files.read(document.file_digest)
        return self._loaders.picture(name, data, number, boxes)

    def entries(
        self, *, collection: str | None = None, limit: int = 50, after: str | None = None
    ) -> tuple[tuple[DocumentEntry, ...], str | None]:
        """Documents in order of adding, and the cursor for the next of them. Raises `NotFound`, `InvalidInput`."""
        if collection is not None:
            self._catalog.collections.require(collection)
        return self._catalog.shelf.entries(collection, limit, after)

    def passage(self, passage_id: str) -> Passage:
        """A visible passage; raises `NotFound`."""
        return self._catalog.shelf.passage(passage_id)

    def neighbours(self, passage_id: str) -> tuple[Passage | None, Passage | None]:
        """The passages before and after one; raises `NotFound`."""
        return self._catalog.shelf.neighbours(passage_id)

    # -- collections -------------------------------------------------------------------------------------------------

    def collections(self) -> tuple[CollectionEntry, ...]:
        """All collections by name."""
        return self._catalog.collections.entries()

    def create_collection(self, name: str) -> CollectionEntry:
        """Make an empty collection; raises `InvalidInput`."""
        return self._catalog.collections.create(name)

    def delete_collection(self, name: str) -> tuple[str, ...]:
        """Remove a collection with its documents, whose ids are returned. Raises `NotFound`, `InvalidInput`."""
        self._catalog.collections.require(name)
        if name == DEFAULT_COLLECTION:
            raise InvalidInput(f"the collection {name!r} is always there: remove its documents instead")
        removed = self._catalog.shelf.document_ids(name)
        for document_id in removed:
            self._catalog.changes.remove(document_id)
        if not self.settle() or self._derived is None:
            raise self.lock.in_use()
        self._catalog.collections.delete(name)
        self._derived.drop(name)
        return removed

    def close(self) -> None:
        """Stop the worker, let go of the stores with the mark of a clean stop, and give the lock back."""
        with ExitStack() as closing:
            closing.callback(self.lock.release)
            closing.callback(self._catalog.close)
            if self._derived is not None:
                closing.callback(self._derived.close)
            closing.callback(self._loaders.close)
            if self._worker is not None:
                closing.callback(self._worker.stop)
            self._worker = self._derived = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _hold(self) -> None:
        self._derived = Derived(self._data_dir, self._catalog, self._forget_file)
        self._derived.apply()

    def _follow(self) -> None:
        if self._derived is not None:
            self._derived.apply()

    def _forget_file(self, file_digest: str) -> None:
        if not self._catalog.jobs.waiting_for(file_digest) and not self._catalog.changes.uses_file(file_digest):
            self._files.forget(file_digest)
