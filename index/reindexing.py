"""Reindexing: every document read, cut and embedded anew, for another embedder or after a change of loaders.

The old index answers until all is made: the new versions wait in the catalog and are shown in one transaction. A stop
on the way loses nothing; the next run goes on where it was.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from index.catalog import Catalog
from index.catalog.rows import load_overrides
from index.catalog.values import FileState, Making
from index.derived import MARK
from index.documents import file_name
from index.embedding import open_embedder
from index.files import KeptFiles
from index.ingest import Progress
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
    maker = Maker(settings, embedder)
    done = _make_all(KeptFiles(data_dir / "files"), settings, catalog, maker, progress)
    # Passages keep their ids, so stores that held the old vectors would pass for right: they go before the switch, and
    # are made anew from the catalog whichever embedder a next start finds in it.
    (data_dir / MARK).unlink(missing_ok=True)
    for folder in ("chroma", "words"):
        shutil.rmtree(data_dir / folder, ignore_errors=True)
    while not catalog.changes.switch_embedder(settings.embedder, embedder.dimension):
        # An ingest beside this took documents in meanwhile.
        done = _make_all(KeptFiles(data_dir / "files"), settings, catalog, maker, progress)
    return done


def _make_all(files: KeptFiles, settings: IndexSettings, catalog: Catalog, maker: Maker, progress: Progress) -> int:
    """A version by the new embedder for each document that has none; returns the number of documents."""
    ids = [
        (collection.name, document_id)
        for collection in catalog.collections.entries()
        for document_id in catalog.shelf.document_ids(collection.name)
    ]
    for number, (collection, document_id) in enumerate(ids):
        newest = catalog.changes.newest(document_id)
        if newest is None:
            continue
        file, made = newest
        making = Making(made_by(settings), settings.embedder, made.overrides)
        progress(document_id, number, len(ids))
        if made == making:
            continue
        source = catalog.shelf.entry(document_id).sources[0]
        draught = maker.draught(
            document_id, file_name(source), files.read(file.file_digest),
            load_overrides(made.overrides),
        )  # fmt: skip
        version = maker.embed([draught], catalog.changes.known_vectors)[0]
        catalog.changes.put(collection, source, FileState(file.file_digest), making, version, reindexing=True)
    return len(ids)
