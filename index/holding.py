"""Files that hold others while they are taken in: their time stamps tell nothing until all that is inside is kept.

Without that, an ingest that was stopped half-way would leave out the rest of an archive for good: the archive itself
would be unchanged the next time, and what is inside an unchanged file is not looked at again.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Sequence

from index.catalog.values import FileState
from index.reports import Row
from index.taking import Opened


def in_doubt(file: FileState) -> FileState:
    """The same state, as one that no time stamp is compared with."""
    return dataclasses.replace(file, checked_ns=None)


class Holding:
    """Which files that hold others are through, of those that were opened."""

    def __init__(self) -> None:
        self._through: dict[str, FileState] = {}
        self._failed: set[str] = set()

    def failed(self, opened: Row | Opened, row: Row) -> None:
        """Hear of a row that came of a file: what failed inside it is tried again next time, as it is elsewhere."""
        if row.outcome == "failed" and isinstance(opened, Opened):
            self._failed.add(opened.source)

    def kept(self, rows: Sequence[Row]) -> None:
        """Hear of the rows of files that were loaded and were then to be kept."""
        for row in rows:
            place = row.source if row.outcome == "failed" else ""
            while place:
                self._failed.add(place)
                place = place.rpartition("/")[0]

    def through(self, opened: Row | Opened) -> None:
        """Hear that everything inside a file was made ready; whether it is kept by now is another matter."""
        if isinstance(opened, Opened) and _held(opened):
            self._through[opened.source] = opened.file

    def whole(self, settled: Callable[[str], bool]) -> Iterator[tuple[str, FileState]]:
        """Once all that was made ready is kept: those that are `settled` and of which nothing failed, each once."""
        for source in [source for source in self._through if settled(source)]:
            file = self._through.pop(source)
            if source not in self._failed:
                yield source, file


def _held(opened: Opened) -> bool:
    loading = opened.loading
    return loading is not None and loading.exception() is None and bool(loading.result().attachments)
