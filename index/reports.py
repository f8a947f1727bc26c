"""What an ingest did, file by file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from index.layout import Layout
from index.loading.ocr import HOW_TO_INSTALL, is_installed

Outcome = Literal["added", "changed", "unchanged", "moved", "removed", "skipped", "failed"]


@dataclass(frozen=True, slots=True)
class Row:
    """What became of one file. `reason` says why it failed or was skipped, or what of it was not read as text."""

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


def remark(layout: Layout | None) -> str | None:
    """What is to be said of a document's pages: that OCR read some, or that some could not be read without it."""
    if layout is None:
        return None
    read, unread = len(layout.pages_read_by_ocr), len(layout.pages_without_text)
    if unread and not is_installed():
        return f"{unread} of {len(layout.pages)} pages are pictures and were not read: {HOW_TO_INSTALL}"
    return f"{read} of {len(layout.pages)} pages read by OCR" if read else None
