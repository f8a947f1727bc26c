"""What an ingest did, file by file."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Outcome = Literal["added", "changed", "unchanged", "moved", "removed", "skipped", "failed"]


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
