"""Ingest: makes the catalog equal to files and folders, and says of each file what became of it.

A file is acknowledged by one transaction; what fails is a row with its reason, and the others go in. The derived
stores are not touched here (`index.library` has them follow).
"""

from __future__ import annotations

import dataclasses
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from index.catalog import Catalog
from index.catalog.rows import dump_overrides
from index.catalog.values import FileState, Making, Plan
from index.documents import digest_of, file_name
from index.errors import DossierError, NotFound, Overtaken, StoreBroken
from index.files import KeptFiles
from index.finding import Found, find, read_file
from index.loading import supported_suffixes
from index.making import Draught, Maker, made_by
from index.settings import IndexSettings

Outcome = Literal["added", "changed", "unchanged", "moved", "removed", "skipped", "failed"]
Progress = Callable[[str, int, int], None]
# A source's last state, its document's id, and what made its newest version.
Known = tuple[FileState, str, Making]

# Documents are embedded together up to so many passages or bytes.
BATCH_PASSAGES = 512
BATCH_BYTES = 16_000_000


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


@dataclass(frozen=True, slots=True)
class _Taking:
    """One path being taken in: what was known below its root, and which sources were seen."""

    collection: str
    making: Making
    known: Mapping[str, Known]
    seen: set[str] = field(default_factory=set)

    def gone(self, below: str, unlisted: Sequence[str]) -> list[str]:
        """The known sources below a place that were not seen, but for those in folders that could not be listed."""
        return [
            source
            for source in self.known
            if source.startswith(below) and source not in self.seen and not source.startswith(tuple(unlisted))
        ]


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
        draught = self._maker().draught(plan.document_id, file_name(source), data, overrides)
        embedding(draught.document_id, len(draught.passages))
        return self._keep([_Ready(source, data, file, plan, draught)], collection, making)[0]

    def _take(self, path: Path, collection: str, progress: Progress, kept: Callable[[], None]) -> list[Row]:
        folder = path if path.is_dir() else path.parent
        root, root_path = self._catalog.collections.root(collection, folder)
        known = self._catalog.changes.known_files(collection, root)
        found = find(path) if path.is_dir() else Found([path])
        taking = _Taking(collection, self._making({}), known)
        rows = [
            Row(_below(root, root_path, place), "failed", reason=reason) for place, reason in found.unlisted.items()
        ]
        ready: list[_Ready] = []
        for number, file_path in enumerate(found.files):
            progress(file_path.name, number, len(found.files))
            source = f"{root}/{file_path.relative_to(root_path).as_posix()}"
            taking.seen.add(source)
            read = self._read(file_path, source, taking, named=file_path == path)
            if isinstance(read, Row):
                rows.append(read)
                continue
            ready.append(read)
            if _full(ready):
                rows += self._keep(ready, collection, taking.making)
                ready = []
                kept()
        rows += self._keep(ready, collection, taking.making)
        if path.is_dir():
            unlisted = [_below(root, root_path, place) for place in found.unlisted]
            rows = self._drop(taking.gone(_below(root, root_path, folder), unlisted), collection, rows)
        kept()
        progress("", len(found.files), len(found.files))
        return rows

    def _read(self, path: Path, source: str, taking: _Taking, *, named: bool) -> Row | _Ready:
        """Read, load and split one file, unless it is unchanged or cannot be."""
        if not _readable(source):
            return Row(repr(source)[1:-1], "failed", reason="its name holds signs that cannot be shown: rename it")
        if path.suffix.lower() not in supported_suffixes() and not named:
            return Row(source, "skipped", reason=f"files of the kind {path.suffix or 'without suffix'} are not read")
        known = taking.known.get(source)
        try:
            state, data = read_file(path, self._settings.max_file_mb, self._trusted(known, taking.making))
            if data is None:
                return Row(source, "unchanged", known[1] if known else None)
            file = dataclasses.replace(state, file_digest=digest_of(data))
            plan = self._catalog.changes.plan(taking.collection, source, file, taking.making)
            if plan.make:
                draught = self._maker().draught(plan.document_id, path.name, data, {})
                return _Ready(source, data, file, plan, draught)
            self._files.keep(data)
            plan = self._catalog.changes.put(taking.collection, source, file, taking.making, None)
            return self._joined(Row(source, plan.outcome, plan.document_id), taking.collection)
        except StoreBroken:
            raise  # Not this file's fault: the next would fail likewise.
        except DossierError as error:
            return Row(source, "failed", known[1] if known else None, reason=str(error))

    def _trusted(self, known: Known | None, making: Making) -> FileState | None:
        """What a file's time stamp may be compared with: its last state, if that was made as now and is whole."""
        if known is None:
            return None
        state, _, made = known
        alike = (made.made_by, made.embedder) == (making.made_by, making.embedder)
        return state if alike and self._files.has(state.file_digest) else None

    def _keep(self, ready: Sequence[_Ready], collection: str, making: Making) -> list[Row]:
        if not ready:
            return []
        made = self._maker().embed([item.draught for item in ready], self._catalog.changes.known_vectors)
        rows = []
        for item, version in zip(ready, made, strict=True):
            self._files.keep(item.data)
            try:
                plan = self._catalog.changes.put(collection, item.source, item.file, making, version)
            except Overtaken as error:
                rows.append(Row(item.source, "failed", reason=str(error)))
                continue
            # Another process may have forgotten equal bytes between the two: they are needed from here on.
            self._files.keep(item.data)
            row = Row(item.source, plan.outcome, plan.document_id, len(version.passages) if plan.make else 0)
            rows.append(row if plan.make else self._joined(row, collection))
        return rows

    def _joined(self, row: Row, collection: str) -> Row:
        """A file that joined a document: where the document's other files are gone, it has moved from there."""
        if row.outcome != "added" or row.document_id is None:
            return row
        roots = self._catalog.collections.roots(collection)
        for other in self._catalog.shelf.entry(row.document_id).sources:
            name, _, rest = other.partition("/")
            if other != row.source and name in roots and not (roots[name] / rest).exists():
                self._catalog.changes.drop_source(collection, other)
                row = Row(row.source, "moved", row.document_id, reason=f"was {other}")
        return row

    def _drop(self, gone: Sequence[str], collection: str, rows: list[Row]) -> list[Row]:
        """Forget sources that are no longer there; a document that stands elsewhere too is still in the library."""
        for source in gone:
            owner = self._catalog.changes.owner(collection, source)
            if owner is None:
                continue  # It has moved, and its row says so.
            removed = self._catalog.changes.drop_source(collection, source)
            reason = None if removed else "the document stays: another file holds the same"
            rows.append(Row(source, "removed", owner, reason=reason))
        return rows

    def _making(self, overrides: Mapping[str, Any]) -> Making:
        return Making(made_by(self._settings), self._settings.embedder, dump_overrides(overrides))


def _full(ready: Sequence[_Ready]) -> bool:
    passages = sum(len(item.draught.passages) for item in ready)
    return passages >= BATCH_PASSAGES or sum(len(item.data) for item in ready) >= BATCH_BYTES


def _readable(name: str) -> bool:
    """False for a name with control characters, or that is no UTF-8 on the disk (Python shows that as surrogates)."""
    return not any(unicodedata.category(sign) in ("Cc", "Cs") for sign in name)


def _below(root: str, root_path: Path, folder: Path) -> str:
    """How the sources of the files in a folder begin."""
    return f"{root}/" if folder == root_path else f"{root}/{folder.relative_to(root_path).as_posix()}/"
