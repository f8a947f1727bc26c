"""Ingest: makes the catalog equal to files and folders, and says of each file what became of it.

A file is acknowledged by one transaction; what fails is a row with its reason, and the others go in. Files are loaded
ahead, several at once, while those before them are embedded. The derived stores are not touched here (`index.library`
has them follow).
"""

from __future__ import annotations

import dataclasses
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from index.catalog import Catalog
from index.catalog.values import FileState
from index.documents import digest_of
from index.errors import DossierError, NotFound, Overtaken, StoreBroken
from index.files import KeptFiles
from index.finding import Found, beside, find, read_file
from index.holding import Holding
from index.loading import holds_files, supported_suffixes, why_not_read
from index.loading.apart import Loaders
from index.making import Maker
from index.reports import Row, remark
from index.settings import IndexSettings
from index.taking import Opened, Ready, Sidecars, Taking, below, readable
from index.unpacking import Unpacker

Progress = Callable[[str, int, int], None]

# Documents are embedded together up to so many passages or bytes.
BATCH_PASSAGES = 512
BATCH_BYTES = 16_000_000


class Ingest:
    """Takes files into one catalog. `maker` is called when the first text is to be embedded, and not before."""

    def __init__(
        self,
        catalog: Catalog,
        files: KeptFiles,
        settings: IndexSettings,
        loaders: Loaders,
        maker: Callable[[], Maker],
    ) -> None:
        self._catalog = catalog
        self._files = files
        self._settings = settings
        self._loaders = loaders
        self._maker = maker
        self._unpacker = Unpacker(catalog, files, loaders, maker)

    def run(
        self,
        paths: Sequence[Path],
        collection: str,
        progress: Progress = lambda _what, _done, _total: None,
        kept: Callable[[], None] = lambda: None,
    ) -> list[Row]:
        """Take in files, and make the catalog equal to folders; calls `kept` after each batch that is acknowledged.

        Raises `NotFound` before anything is done where a path or the collection does not exist.
        """
        for path in paths:
            if not path.exists():
                raise NotFound(f"{path} does not exist: give files or folders that do")
        self._catalog.collections.require(collection)
        rows: list[Row] = []
        for path in paths:
            rows += self._take(path.resolve(), collection, progress, kept)
        return rows

    def take_bytes(
        self,
        source: str,
        data: bytes,
        collection: str,
        overrides: Mapping[str, Any],
        embedding: Callable[[str | None, int], None],
    ) -> list[Row]:
        """Take in one file by its bytes, as a source of its own; `embedding` hears of document and passages before it.

        The first row is the file's, the others are of the files inside it. Raises `UnreadableFile` or
        `UnsupportedFile` where the file itself cannot be read.
        """
        taking = self._taking(collection, source, overrides)
        file = FileState(self._files.keep(data))
        making = taking.making(source)
        plan = self._catalog.changes.plan(collection, source, file, making)
        if not plan.make and not holds_files(source):
            plan = self._catalog.changes.put(collection, source, file, making, None)
            return [Row(source, plan.outcome, plan.document_id)]
        loading = self._loaders.submit(source, data)
        loading.result()  # What is wrong with the file itself is the caller's to hear.
        opened = Opened(source, data, file, plan, making, loading)
        rows: list[Row] = []
        ready: list[Ready] = []
        for made in self._unpacker.made(opened, taking):
            if isinstance(made, Row):
                rows.append(made)
                continue
            ready.append(made)
            if _full(ready):
                embedding(plan.document_id, _passages(ready))
                rows += self._keep(ready, collection)
                ready = []
        embedding(plan.document_id, _passages(ready))
        rows += self._keep(ready, collection)
        rows = self._drop(taking.gone(f"{source}/"), collection, rows)
        return sorted(rows, key=lambda row: row.source != source)

    def _taking(self, collection: str, root: str, overrides: Mapping[str, Any] | None = None) -> Taking:
        known = self._catalog.changes.known_files(collection, root)
        wordless = self._catalog.wordless.known(collection, root)
        return Taking(collection, self._settings, known, overrides, wordless)

    def _take(self, path: Path, collection: str, progress: Progress, kept: Callable[[], None]) -> list[Row]:
        folder = path if path.is_dir() else path.parent
        root, root_path = self._catalog.collections.root(collection, folder)
        found = find(path) if path.is_dir() else Found([path])
        sidecars = Sidecars(found.files if path.is_dir() else beside(path))
        files = [one for one in found.files if one == path or one not in sidecars]
        taking = self._taking(collection, root)
        rows = [Row(below(root, root_path, place), "failed", reason=reason) for place, reason in found.unlisted.items()]
        ready: list[Ready] = []
        holding = Holding()
        sources = {file: f"{root}/{file.relative_to(root_path).as_posix()}" for file in files}
        for number, opened in enumerate(self._ahead(sources, taking, sidecars, named=path)):
            progress(opened.source.rsplit("/", 1)[-1], number, len(files))
            for made in self._unpacker.made(opened, taking) if isinstance(opened, Opened) else [opened]:
                if isinstance(made, Row):
                    rows.append(made)
                    holding.failed(opened, made)
                    continue
                ready.append(made)
                if _full(ready):
                    rows += self._keep_of(ready, taking, holding)
                    ready = []
                    kept()
            holding.through(opened)
        rows += self._keep_of(ready, taking, holding)
        if path.is_dir():
            unlisted = [below(root, root_path, place) for place in found.unlisted]
            rows = self._drop(taking.gone(below(root, root_path, folder), unlisted), collection, rows)
        else:
            rows = self._drop(taking.gone(f"{sources[path]}/"), collection, rows)
        self._trust(collection, holding.whole(lambda _source: True))
        kept()
        progress("", len(files), len(files))
        return rows

    def _ahead(
        self, sources: Mapping[Path, str], taking: Taking, sidecars: Sidecars, named: Path
    ) -> Iterator[Row | Opened]:
        """Open files in order; those that come next are being loaded while one is worked on."""
        waiting: deque[Row | Opened] = deque()
        for path, source in sources.items():
            waiting.append(self._open(path, source, taking, sidecars, named=path == named))
            if len(waiting) > 2 * self._loaders.processes:
                yield waiting.popleft()
        yield from waiting

    def _open(self, path: Path, source: str, taking: Taking, sidecars: Sidecars, *, named: bool) -> Row | Opened:
        """Read one file and have it loaded, unless it is unchanged or cannot be."""
        taking.seen.add(source)
        if not readable(source):
            return Row(repr(source)[1:-1], "failed", reason="its name holds signs that cannot be shown: rename it")
        if path.suffix.lower() not in supported_suffixes() and not named:
            return Row(source, "skipped", reason=why_not_read(path.suffix))
        known = taking.known.get(source)
        try:
            given = sidecars.read(path)
            making = taking.making(source, given)
            wordless = taking.without_words(source, making)
            trusted = wordless.file if wordless else taking.trusted(source, making, self._files.has)
            state, data = read_file(path, self._settings.max_file_mb, trusted)
            file = dataclasses.replace(state, file_digest=digest_of(data) if data is not None else "")
            if wordless is not None and (data is None or wordless.file.file_digest == file.file_digest):
                if data is not None:
                    wordless = dataclasses.replace(wordless, file=file)
                    self._catalog.wordless.remember(taking.collection, source, wordless)
                return Row(source, "skipped", known[1] if known else None, reason=wordless.reason)
            if data is None:
                taking.see_below(source)
                return Row(source, "unchanged", known[1] if known else None)
            plan = self._catalog.changes.plan(taking.collection, source, file, making)
            needed = plan.make or holds_files(source)
            loading = self._loaders.submit(source, data) if needed else None
            return Opened(source, data, file, plan, making, loading)
        except StoreBroken:
            raise  # Not this file's fault: the next would fail likewise.
        except DossierError as error:
            taking.see_below(source)
            return Row(source, "failed", known[1] if known else None, reason=str(error))

    def _keep_of(self, ready: Sequence[Ready], taking: Taking, holding: Holding) -> list[Row]:
        """Keep what is ready; the files that held it are whole then, but for those from which something has gone."""
        rows = self._keep(ready, taking.collection)
        holding.kept(rows)
        self._trust(taking.collection, holding.whole(taking.seen_below))
        return rows

    def _trust(self, collection: str, whole: Iterable[tuple[str, FileState]]) -> None:
        for source, file in whole:
            self._catalog.changes.touch(collection, source, file)

    def _keep(self, ready: Sequence[Ready], collection: str) -> list[Row]:
        if not ready:
            return []
        made = self._maker().embed([item.draught for item in ready], self._catalog.changes.known_vectors)
        rows = []
        for item, version in zip(ready, made, strict=True):
            self._files.keep(item.data)
            try:
                plan = self._catalog.changes.put(collection, item.source, item.file, item.making, version)
            except Overtaken as error:
                rows.append(Row(item.source, "failed", reason=str(error)))
                continue
            # Another process may have forgotten equal bytes between the two: they are needed from here on.
            self._files.keep(item.data)
            if plan.make:
                said = remark(version.loaded.layout)
                rows.append(Row(item.source, plan.outcome, plan.document_id, len(version.passages), said))
            else:
                row = Row(item.source, plan.outcome, plan.document_id)
                rows.append(self._unpacker.joined(row, collection))
        return rows

    def _drop(self, gone: Sequence[str], collection: str, rows: list[Row]) -> list[Row]:
        """Forget sources that are no longer there; a document that stands elsewhere too is still in the library."""
        for source in gone:
            owner = self._catalog.changes.owner(collection, source)
            if owner is None:
                # It has moved, and its row says so; or there was nothing to read in it.
                self._catalog.wordless.forget(collection, source)
                continue
            removed = self._catalog.changes.drop_source(collection, source)
            reason = None if removed else "the document stays: another file holds the same"
            rows.append(Row(source, "removed", owner, reason=reason))
        return rows


def _full(ready: Sequence[Ready]) -> bool:
    return _passages(ready) >= BATCH_PASSAGES or sum(len(item.data) for item in ready) >= BATCH_BYTES


def _passages(ready: Sequence[Ready]) -> int:
    return sum(len(item.draught.passages) for item in ready)
