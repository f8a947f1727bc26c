"""Keeps Chroma and the word index equal to the catalog. Only the holder of the data directory's lock makes one.

It takes in what is pending and forgets what is retired, in the order of `index.catalog.changes`. At the start it looks
whether the stores are what the catalog says, unless the last holder left the mark of a clean stop, and rebuilds them
where they are broken or differ.
"""

from __future__ import annotations

import json
import logging
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from index.catalog import Catalog
from index.catalog.shelf import Indexed
from index.catalog.values import Waiting
from index.errors import StoreBroken
from index.health import Kind, examine
from index.store import ChromaStore
from index.words import FORM, WordIndex

log = logging.getLogger(__name__)

MARK = "clean.json"
BATCH_PASSAGES = 2000
SMALL_BATCH_PASSAGES = 200


class Derived:
    """The derived stores of one data directory, opened and equal to the catalog."""

    def __init__(self, data_dir: Path, catalog: Catalog, forget_file: Callable[[str], None]) -> None:
        self._data_dir = data_dir
        self._catalog = catalog
        self._forget_file = forget_file
        self._applying = threading.RLock()
        self._failed = False
        # What a start mended: kind of store, collection, passages that were added and removed.
        self.repaired: list[tuple[str, str, int, int]] = []
        repairs = {} if self._stopped_cleanly() else {kind: self._repairs(kind) for kind in ("chroma", "words")}
        (data_dir / MARK).unlink(missing_ok=True)
        self.store = ChromaStore(data_dir / "chroma")
        self.words = WordIndex(data_dir / "words")
        self._repair(repairs)

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Remember that a store failed: then the stop is no clean one, and the next start looks at the stores."""
        try:
            yield
        except StoreBroken:
            self._failed = True
            raise

    def apply(self) -> None:
        """Take in every pending version and forget every retired one."""
        with self._applying, self.watched():
            while self._apply_batch(BATCH_PASSAGES):
                pass

    def apply_some(self) -> None:
        """Take in and forget a little, where no other thread is at it: what a question may wait for."""
        if self._catalog.waiting and self._applying.acquire(blocking=False):
            try:
                with self.watched():
                    self._apply_batch(SMALL_BATCH_PASSAGES)
            finally:
                self._applying.release()

    def drop(self, collection: str) -> None:
        """Forget a whole collection."""
        with self._applying:
            self.store.drop(collection)
            self.words.drop(collection)

    def close(self) -> None:
        """Let go of the stores and, where none has failed, leave the mark of a clean stop."""
        with self._applying:
            self.store.close()
            self.words.close()
            if self._failed:
                return
            self._leave_mark()

    def _leave_mark(self) -> None:
        mark = self._data_dir / MARK
        try:
            mark.write_text(json.dumps(self._state()), encoding="utf-8")
        except OSError as error:
            # Nothing is lost without it: the next start looks at the stores.
            log.warning("the mark of a clean stop could not be written (%s)", error.strerror)
            mark.unlink(missing_ok=True)

    def _apply_batch(self, limit: int) -> bool:
        made_with = self._catalog.embedder
        pending = self._catalog.changes.pending(made_with[0], limit) if made_with else []
        if pending:
            self._take_in(pending)
        retired = self._catalog.changes.retired(limit)
        if retired:
            self._forget(retired)
        return bool(pending or retired)

    def _take_in(self, waiting: list[Waiting]) -> None:
        for collection in dict.fromkeys(version.collection for version in waiting):
            ids = [version.version_id for version in waiting if version.collection == collection]
            self._upsert(collection, list(self._catalog.shelf.indexed(ids)))
        self._catalog.changes.show([version.version_id for version in waiting])

    def _forget(self, waiting: list[Waiting]) -> None:
        version_ids = [version.version_id for version in waiting]
        for collection, ids in self._catalog.changes.forgettable(version_ids).items():
            self.store.delete(collection, ids)
            self.words.delete(collection, ids)
            self.words.commit(collection)
        for file_digest in self._catalog.changes.purge(version_ids):
            self._forget_file(file_digest)

    def _upsert(self, collection: str, rows: list[Indexed]) -> None:
        self.store.upsert(collection, rows)
        self.words.upsert(collection, rows)
        self.words.commit(collection)

    def _collections(self) -> list[str]:
        return [entry.name for entry in self._catalog.collections.entries()]

    def _state(self) -> dict[str, object]:
        return {"index_version": self._catalog.index_version, "embedder": self._catalog.embedder, "words": FORM}

    def _stopped_cleanly(self) -> bool:
        mark = self._data_dir / MARK
        if not mark.exists():
            return False
        try:
            left: object = json.loads(mark.read_text(encoding="utf-8"))
        except ValueError:
            return False  # Half a mark is no mark: the stores are looked at.
        folders = (self._data_dir / "chroma" / "chroma.sqlite3", self._data_dir / "words")
        now = json.loads(json.dumps(self._state()))
        return left == now and all(folder.exists() for folder in folders)

    def _repairs(self, kind: Kind) -> dict[str, tuple[set[str], set[str]]]:
        """By collection, the ids that a store lacks and those that it should not hold. A broken store is emptied."""
        folder = self._data_dir / kind
        collections = self._collections()
        held = examine(kind, self._data_dir, collections) if folder.exists() else {}
        if held is None:
            log.warning("the %s folder is broken and is rebuilt from the catalog", kind)
            shutil.rmtree(folder)
            held = {}
        repairs = {}
        for collection in collections:
            wanted, found = self._catalog.shelf.ids(collection), held.get(collection, set())
            if wanted != found:
                repairs[collection] = (wanted - found, found - wanted)
        return repairs

    def _repair(self, repairs: dict[str, dict[str, tuple[set[str], set[str]]]]) -> None:
        for kind, by_collection in repairs.items():
            for collection, (lacking, surplus) in by_collection.items():
                self._mend_or_rebuild(kind, collection, lacking, surplus)
        if any(repairs.values()):
            self._verify()

    def _mend_or_rebuild(self, kind: str, collection: str, lacking: set[str], surplus: set[str]) -> None:
        try:
            self._mend(kind, collection, lacking, surplus)
        except StoreBroken as error:
            if kind != "words":
                raise  # A process that has opened a broken Chroma folder must end before it is made anew.
            log.warning("%s; it is made anew", error)
            self.words.drop(collection)
            self._mend(kind, collection, self._catalog.shelf.ids(collection), set())

    def _mend(self, kind: str, collection: str, lacking: set[str], surplus: set[str]) -> None:
        log.info("%s/%s: %d passages are added, %d removed", kind, collection, len(lacking), len(surplus))
        self.repaired.append((kind, collection, len(lacking), len(surplus)))
        store = self.store if kind == "chroma" else self.words
        store.delete(collection, sorted(surplus))
        batch: list[Indexed] = []
        versions = self._catalog.shelf.visible_versions(collection) if lacking else {}
        for row in self._catalog.shelf.indexed(versions, keep=lacking):
            batch.append(row)
            if len(batch) == BATCH_PASSAGES:
                store.upsert(collection, batch)
                batch = []
        store.upsert(collection, batch)
        if kind == "words":
            self.words.commit(collection)

    def _verify(self) -> None:
        for collection in self._collections():
            wanted = self._catalog.shelf.ids(collection)
            for name, found in (("chroma", self.store.ids(collection)), ("words", self.words.ids(collection))):
                if not wanted <= found:
                    raise StoreBroken(
                        f"{name} still lacks {len(wanted - found)} passages of {collection} after mending: remove the "
                        f"folder {self._data_dir / name}, it is rebuilt at the next start"
                    )
