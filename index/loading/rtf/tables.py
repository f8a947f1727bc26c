"""Tables of RTF: rows of cells that each end with a mark, their widths given as the place of each cell's right side."""

from __future__ import annotations

import bisect
from dataclasses import dataclass, field

from index.loading.grid import MOST_COLUMNS, Cell, grid_lines

_CONTINUES = frozenset({"clvmrg"})
_MERGED = frozenset({"clmrg"})
# Right sides no farther apart than this (in twentieths of a point: a millimetre) are meant to be one.
_SAME = 57


@dataclass(slots=True)
class Definition:
    """What stands in a file before or after a row: where its cells end, which of them are merged, if it is a header."""

    left: int = 0
    header: bool = False
    rights: list[int] = field(default_factory=list)
    flags: list[frozenset[str]] = field(default_factory=list)
    waiting: set[str] = field(default_factory=set)

    def cell(self, right: int) -> None:
        """The right side of the next cell."""
        self.rights.append(right)
        self.flags.append(frozenset(self.waiting))
        self.waiting.clear()


@dataclass(slots=True)
class Row:
    """The texts of a row and whether each is bold."""

    cells: list[tuple[str, bool]]
    definition: Definition


def lines_of(rows: list[Row]) -> list[str]:
    """A table as lines, a row each."""
    edges: list[int] = []
    for right in sorted({right for row in rows for right in row.definition.rights}):
        if not edges or right - edges[-1] > _SAME:
            edges.append(right)
    if len(edges) > MOST_COLUMNS:
        # No table is drawn like that: its cells are taken to be a column each.
        edges = []
    heads = next((place for place, row in enumerate(rows) if not row.definition.header), len(rows))
    return grid_lines([_cells(row, edges) for row in rows], heads)


def _cells(row: Row, edges: list[int]) -> list[Cell]:
    cells: list[Cell] = []
    definition = row.definition
    before = bisect.bisect_right(edges, definition.left)
    if before:
        cells.append(Cell("", before))
    for place, (text, bold) in enumerate(row.cells):
        if place >= len(definition.rights):
            # More cells than were defined: they are kept, a column each.
            cells.append(Cell(text, bold=bold))
            continue
        after = bisect.bisect_right(edges, definition.rights[place])
        columns, before = max(1, after - before), max(before, after)
        flags = definition.flags[place]
        if flags & _MERGED and cells and not text.strip():
            last = cells.pop()
            cells.append(Cell(last.text, last.columns + columns, last.continues, last.bold))
        else:
            cells.append(Cell(text, columns, bool(flags & _CONTINUES), bold))
    return cells
