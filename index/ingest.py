"""Ingest: makes the catalog equal to files and folders, and says of each file what became of it.

A file is acknowledged by one transaction; what fails is a row with its reason, and the others go in. The derived
stores are not touched here (`index.library` has them follow).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from index.catalog import Catalog
from index.catalog.rows import dump_overrides
from index.catalog.values import FileState, Making, Plan
from index.documents import digest_of
from index.errors import DossierError, NotFound, UnreadableFile
from index.files import KeptFiles
from index.loading import supported_suffixes
from index.making import Draught, Maker, made_by
from index.settings import IndexSettings

Outcome = Literal["added", "changed", "unchanged", "moved", "removed", "skipped", "failed"]
Progress = Callable[[str, int, int], None]

# Documents are embedded together up to so many passages or bytes.
BATCH_PASSAGES = 512
BATCH_BYTES = 16_000_000
# A file changed less than this before it was last read may have changed again within its time stamp's grain.
DOUBT_NS = 2_000_000_000


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one file. `reason` says why it failed or was skipped."""

    source: str
    outcome: Outcome
    document_id: str | None = None
    passages: int = 0
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """What an ingest did, file by file, and what it took: tokens embedded, seconds.

    `searchable` is False where the process that holds the library has yet to take the changes in; they are kept.
    """

    rows: tuple[Row, ...]
    tokens: int
    seconds: float
    searchable: bool

    @property
    def passages(self) -> int:
        """Passages of the documents that were added or changed."""
        return sum(row.passages for row in self.rows)

    def count(self, outcome: Outcome) -> int:
        """How many files came to this outcome."""
        return sum(row.outcome == outcome for row in self.rows)


@dataclass(frozen=True, slots=True)
class _Ready:
    """A file that was read and is to be made into a version."""

    source: str
    data: bytes
    file: FileState
    plan: Plan
    draught: Draught


class Ingest:
    """Takes files into one catalog. `maker` is called when the first text is to be embedded, and not before."""

    def __init__(self, catalog: Catalog, files: KeptFiles, settings: IndexSettings, maker: Callable[[], Maker]) -> None:
        self._catalog = catalog
        self._files = files
        self._settings = settings
        self._maker = maker

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
    ) -> Row:
        """Take in one file by its bytes, as a source of its own; `embedding` hears of document and passages before it.

        Raises `UnreadableFile` or `UnsupportedFile`.
        """
        file = FileState(self._files.keep(data))
        making = self._making(overrides)
        plan = self._catalog.changes.plan(collection, source, file, making)
        if not plan.make:
            plan = self._catalog.changes.put(collection, source, file, making, None)
            return Row(source, plan.outcome, plan.document_id)
        draught = self._maker().draught(plan.document_id, source.rsplit(":", 1)[-1], data, overrides)
        embedding(draught.document_id, len(draught.passages))
        return self._keep([_Ready(source, data, file, plan, draught)], collection, making)[0]

    def _take(self, path: Path, collection: str, progress: Progress, kept: Callable[[], None]) -> list[Row]:
        folder = path if path.is_dir() else path.parent
        root, root_path = self._catalog.collections.root(collection, folder)
        known = self._catalog.changes.known_files(collection, root)
        files = sorted(_files_below(path)) if path.is_dir() else [path]
        making = self._making({})
        rows: list[Row] = []
        ready: list[_Ready] = []
        seen: set[str] = set()
        for number, file_path in enumerate(files):
            progress(file_path.name, number, len(files))
            source = f"{root}/{file_path.relative_to(root_path).as_posix()}"
            seen.add(source)
            read = self._read(file_path, source, collection, making, known.get(source), named=file_path == path)
            if isinstance(read, Row):
                rows.append(read)
                continue
            ready.append(read)
            if _full(ready):
                rows += self._keep(ready, collection, making)
                ready = []
                kept()
        rows += self._keep(ready, collection, making)
        if path.is_dir():
            below = "" if folder == root_path else f"{folder.relative_to(root_path).as_posix()}/"
            gone = [source for source in known if source.startswith(f"{root}/{below}") and source not in seen]
            rows = self._drop(gone, collection, rows)
        kept()
        progress("", len(files), len(files))
        return rows

    def _read(
        self,
        path: Path,
        source: str,
        collection: str,
        making: Making,
        known: tuple[FileState, str, str] | None,
        *,
        named: bool,
    ) -> Row | _Ready:
        """Read, load and split one file, unless it is unchanged or cannot be."""
        if path.suffix.lower() not in supported_suffixes() and not named:
            return Row(source, "skipped", reason=f"files of the kind {path.suffix or 'without suffix'} are not read")
        try:
            stamps, data = self._bytes(path, known, making)
            if data is None:
                return Row(source, "unchanged", known[1] if known else None)
            file = FileState(digest_of(data), *stamps)
            plan = self._catalog.changes.plan(collection, source, file, making)
            if plan.make:
                draught = self._maker().draught(plan.document_id, path.name, data, {})
                return _Ready(source, data, file, plan, draught)
        except DossierError as error:
            return Row(source, "failed", known[1] if known else None, reason=str(error))
        plan = self._catalog.changes.put(collection, source, file, making, None)
        return Row(source, plan.outcome, plan.document_id)

    def _bytes(
        self, path: Path, known: tuple[FileState, str, str] | None, making: Making
    ) -> tuple[tuple[int, int, int], bytes | None]:
        """Size, time stamp and time of reading, with the bytes; None for them where the file needs not be read."""
        try:
            now = time.time_ns()
            stat = path.stat()
            stamps = (stat.st_size, stat.st_mtime_ns, now)
            if known is not None and known[2] == making.made_by and _surely_unchanged(known[0], stamps):
                return stamps, None
            if stat.st_size > self._settings.max_file_mb * 1_000_000:
                raise UnreadableFile(
                    f"{path} has {stat.st_size / 1e6:.0f} MB, more than the {self._settings.max_file_mb} MB that are "
                    "read: split it, or raise ASSISTANT_INDEX__MAX_FILE_MB"
                )
            return stamps, path.read_bytes()
        except OSError as error:
            raise UnreadableFile(
                f"{path} cannot be read ({error.strerror}): check that it is a file you may read"
            ) from error

    def _keep(self, ready: Sequence[_Ready], collection: str, making: Making) -> list[Row]:
        if not ready:
            return []
        made = self._maker().embed([item.draught for item in ready], self._catalog.changes.known_vectors)
        rows = []
        for item, version in zip(ready, made, strict=True):
            self._files.keep(item.data)
            try:
                plan = self._catalog.changes.put(collection, item.source, item.file, making, version)
            except LookupError as error:
                rows.append(Row(item.source, "failed", reason=str(error)))
                continue
            # Another process may have forgotten equal bytes between the two: they are needed from here on.
            self._files.keep(item.data)
            rows.append(Row(item.source, plan.outcome, plan.document_id, len(version.passages) if plan.make else 0))
        return rows

    def _drop(self, gone: Sequence[str], collection: str, rows: list[Row]) -> list[Row]:
        """Forget sources that are no longer there; what stands elsewhere now has moved, the rest is removed."""
        added = {row.document_id: place for place, row in enumerate(rows) if row.outcome == "added"}
        for source in gone:
            owner = self._catalog.changes.owner(collection, source)
            removed = self._catalog.changes.drop_source(collection, source)
            if removed is None and owner in added:
                place = added[owner]
                rows[place] = Row(rows[place].source, "moved", owner, reason=f"was {source}")
            else:
                rows.append(Row(source, "removed", owner))
        return rows

    def _making(self, overrides: Mapping[str, Any]) -> Making:
        return Making(made_by(self._settings), self._settings.embedder, dump_overrides(overrides))


def _full(ready: Sequence[_Ready]) -> bool:
    passages = sum(len(item.draught.passages) for item in ready)
    return passages >= BATCH_PASSAGES or sum(len(item.data) for item in ready) >= BATCH_BYTES


def _surely_unchanged(known: FileState, stamps: tuple[int, int, int]) -> bool:
    size, modified_ns, _ = stamps
    if (known.size, known.modified_ns) != (size, modified_ns) or known.checked_ns is None:
        return False
    return known.checked_ns - modified_ns > DOUBT_NS


def _files_below(folder: Path) -> Iterator[Path]:
    """The files below a folder, hidden ones and links to folders left out."""
    for path in folder.iterdir():
        if path.name.startswith("."):
            continue
        if path.is_dir():
            if not path.is_symlink():
                yield from _files_below(path)
        elif path.is_file():
            yield path
