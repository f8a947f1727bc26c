"""Cells: a question that names a row and a column of a table is answered by that cell.

A table's row reads `header: value; header: value` (`index.loading.writer`). The reader model was trained on prose; a
row says its cells so plainly that comparing words is surer. Where the question names anything that neither the row, the
column nor what they stand under says, it asks for something else, and the model decides.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.reading.evidence import Asked, Candidate

# Set, not fitted: the sets that the confidence is fitted on have no tables (see the README's decisions).
CELL_CONFIDENCE = 0.9
FEWEST_CELLS = 2


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a row: its header and value, and where the value stands in the row."""

    header: str
    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Found:
    """The row that a question asks for, and the place of the cell in its text."""

    candidate: Candidate
    start: int
    end: int


def cells_of(row: str) -> list[Cell]:
    """The cells of a row in order; none where a text is no row of at least `FEWEST_CELLS` headed cells."""
    found = list(_cells(row))
    return found if len(found) >= FEWEST_CELLS and all(cell.header and cell.value for cell in found) else []


def _cells(row: str) -> Iterator[Cell]:
    start = 0
    for part in row.split("; "):
        header, colon, value = part.partition(": ")
        end = start + len(part)
        yield Cell(header if colon else "", value.strip(), end - len(value), end)
        start = end + 2


def asked_cell(asked: Asked, candidates: Sequence[Candidate]) -> Found | None:
    """The cell whose row and column the question names, where it names one alone."""
    best: list[Found] = []
    most = 0
    for candidate in candidates:
        keys, found = _answer(asked, candidate)
        if found is None or keys < most or any(one.candidate.text == candidate.text for one in best):
            continue
        best = [*best, found] if keys == most else [found]
        most = keys
    return best[0] if len(best) == 1 else None


def _answer(asked: Asked, candidate: Candidate) -> tuple[int, Found | None]:
    """How many cells of a row the question names by their value, and the one that it asks for by its header."""
    question = frozenset(asked.words)
    cells = cells_of(candidate.text)
    keys = [cell for cell in cells if _named(asked, cell.value, question)]
    wanted = [cell for cell in cells if cell not in keys and _named(asked, cell.header, question)]
    if not keys or not wanted:
        return 0, None
    longest = max(len(asked.in_text(cell.header)) for cell in wanted)
    closest = [cell for cell in wanted if len(asked.in_text(cell.header)) == longest]
    said = asked.in_text(" ".join([candidate.context, *(f"{cell.header} {cell.value}" for cell in keys)]))
    # The "s" of a possessive is no name.
    names = {name for name in asked.names if len(name) > 1}
    if len(closest) != 1 or names - said - asked.in_text(closest[0].header):
        return 0, None
    return len(keys), Found(candidate, closest[0].start, closest[0].end)


def _named(asked: Asked, words: str, question: frozenset[str]) -> bool:
    stems = asked.in_text(words)
    return bool(stems) and stems <= question
