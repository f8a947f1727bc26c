"""Reindexing: every document read, cut and embedded anew, for another embedder or after a change of loaders.

The old index answers until all is made: the new versions wait in the catalog and are shown in one transaction. A stop
on the way loses nothing; the next run goes on where it was.
"""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path

from index.catalog import Catalog
from index.catalog.rows import load_overrides
from index.catalog.values import FileState, Making
from index.derived import MARK
from index.documents import file_name
from index.embedding import open_embedder
from index.files import KeptFiles
from index.ingest import Progress
from index.loading.apart import Loaders
from index.lock import DataLock
from index.making import Maker, made_by
from index.settings import IndexSettings


def reindex(data_dir: Path, settings: IndexSettings, progress: Progress = lambda _what, _done, _total: None) -> int:
    """Make the whole library anew; returns the number of documents. Raises `LibraryInUse` while another process holds
    it, and what loading and embedding raise: nothing has changed then.
    """
    data_dir.mkdir(parents=True, exist_ok=True)
    lock = DataLock(data_dir)
    if not lock.acquire():
        raise lock.in_use()
    try:
        catalog = Catalog(data_dir)
        try:
            return _reindex(data_dir, settings, catalog, progress)
        finally:
            catalog.close()
    finally:
        lock.release()


def _reindex(data_dir: Path, settings: IndexSettings, catalog: Catalog, progress: Progress) -> int:
    embedder = open_embedder(settings, data_dir / "models")
    with Loaders(settings) as loaders:
        anew = _Anew(KeptFiles(data_dir / "files"), settings, catalog, Maker(settings, embedder), loaders)
        done = anew.make_all(progress)
        # Passages keep their ids, so stores that held the old vectors would pass for right: they go before the switch,
        # and are made anew from the catalog whichever embedder a next start finds in it.
        (data_dir / MARK).unlink(missing_ok=True)
        for folder in ("chroma", "words"):
            shutil.rmtree(data_dir / folder, ignore_errors=True)
        while not catalog.changes.switch_embedder(settings.embedder, embedder.dimension):
            # An ingest beside this took documents in meanwhile.
            done = anew.make_all(progress)
    return done


@dataclass(frozen=True, slots=True)
class _Anew:
    """Makes documents anew from their kept bytes."""

    files: KeptFiles
    settings: IndexSettings
    catalog: Catalog
    maker: Maker
    loaders: Loaders

    def make_all(self, progress: Progress) -> int:
        """A version by the new embedder for each document that has none; returns the number of documents."""
        ids = [
            (collection.name, document_id)
            for collection in self.catalog.collections.entries()
            for document_id in self.catalog.shelf.document_ids(collection.name)
        ]
        for number, (collection, document_id) in enumerate(ids):
            progress(document_id, number, len(ids))
            self._make(collection, document_id)
        return len(ids)

    def _make(self, collection: str, document_id: str) -> None:
        newest = self.catalog.changes.newest(document_id)
        if newest is None:
            return
        file, made = newest
        source = self.catalog.shelf.entry(document_id).sources[0]
        making = Making(made_by(self.settings, source), self.settings.embedder, made.overrides)
        if made == making:
            return
        loaded = self.loaders.load(file_name(source), self.files.read(file.file_digest))
        draught = self.maker.draught(document_id, loaded, load_overrides(made.overrides))
        version = self.maker.embed([draught], self.catalog.changes.known_vectors)[0]
        file = FileState(file.file_digest)
        self.catalog.changes.put(collection, source, file, making, version, reindexing=True)
