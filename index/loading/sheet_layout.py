"""Rows of cells as people lay them out on a sheet: titles above a table, header rows, tables below each other, notes.

Knows no format: a loader gives rows of text and gets them written, each row of a table readable by itself. What is
ambiguous is read as the convention has it: the first row of a table holds its headers.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet

from index.loading.canonical import one_line
from index.loading.header_rows import Rows, header_rows, headers_of, is_typed, tells_headers, typed_columns
from index.loading.writer import Writer

_LONGEST_TITLE = 120
_LONGEST_SINGLE_HEADER = 40
_LONGEST_SINGLE_CELL = 100
_MOST_LINES_ABOVE = 10
_SENTENCE_END = re.compile(r"[.!?:,;]\s*\Z")
_NOTE = re.compile(r"(?i)\W*(?:sources?|notes?|fuentes?|notas?|quelle|izvor)\b|[*†¹²³]|.{60}|.*[.!?]\s*$")


def write_grid(writer: Writer, rows: Iterable[Sequence[str]], level: int, bold: AbstractSet[int] = frozenset()) -> None:
    """Write rows of cells; a row without words parts blocks, and titles become headings of `level`.

    Each cell is text without line breaks at its ends; `bold` holds the places of the rows that are all set in bold.
    """
    _Grid(writer, level, bold).write(rows)


class _Grid:
    def __init__(self, writer: Writer, level: int, bold: AbstractSet[int]) -> None:
        self._writer = writer
        self._level = level
        self._bold = bold
        # The headers of the last table, and its columns of numbers: rows below a blank one may go on with it.
        self._headers: list[str] = []
        self._typed: list[bool] = []
        # True where text has been written since then.
        self._titled = False

    def write(self, rows: Iterable[Sequence[str]]) -> None:
        placed = ((place, row) for place, row in enumerate(rows))
        grouped = itertools.groupby(placed, key=lambda one: any(one[1]))
        blocks = [list(group) for filled, group in grouped if filled]
        for number, block in enumerate(blocks):
            start, cells = block[0][0], [row for _, row in block]
            if all(_filled(row) == 1 for row in cells):
                self._column(cells, alone=len(blocks) == 1, above=number + 1 < len(blocks))
            else:
                self._block(start, cells)

    def _column(self, rows: Rows, alone: bool, above: bool) -> None:
        """Rows of one cell each: a table of one column where the grid is nothing else, or else lines of text."""
        lines = [next(filter(None, row)) for row in rows]
        if alone and len({_first(row) for row in rows}) == 1:
            self._writer.table([[lines[0]], *([line] for line in lines[1:])] if _headed(lines) else _bare(lines))
        elif above and len(lines) <= _MOST_LINES_ABOVE:
            self._titles(lines)
        else:
            self._text(lines)
        self._titled = True

    def _block(self, start: int, rows: Rows) -> None:
        """Rows of which some hold several cells: lines above, the table, and notes below it."""
        first = next(place for place, row in enumerate(rows) if _filled(row) > 1)
        if first > _MOST_LINES_ABOVE:
            first = 0
        last = len(rows)
        while last > first + 1 and _filled(rows[last - 1]) == 1 and _NOTE.match("".join(rows[last - 1])):
            last -= 1
        self._titles(["".join(row) for row in rows[:first]])
        self._titled = self._titled or first > 0
        self._table(start + first, rows[first:last])
        self._titled = False
        self._text(["".join(row) for row in rows[last:]])

    def _table(self, start: int, rows: Rows) -> None:
        if _is_form(rows):
            self._text([" ".join(filter(None, row)) for row in rows])
            return
        stands_out = start in self._bold and start + 1 not in self._bold
        if self._goes_on(rows) and not stands_out:
            count = 0
        else:
            count = max(header_rows(rows), int(stands_out and len(rows) > 1))
            self._headers = headers_of(rows[:count])
            self._typed = typed_columns(rows[count:])
        self._writer.table([self._headers or [""], *rows[count:]])

    def _goes_on(self, rows: Rows) -> bool:
        """True where the rows go on with the last table: they lie below its headers and bring none of their own."""
        if not self._headers or tells_headers(rows) or headers_of(rows[:1]) == self._headers:
            return False
        alike = [is_typed(cell) for typed, cell in zip(self._typed, rows[0], strict=False) if typed and cell]
        # Below a title of its own it is a part of the last table only where its first row is clearly no header.
        if not all(alike) or (self._titled and not alike):
            return False
        return all(bool(header) or not cell for row in rows for header, cell in _beside(self._headers, row))

    def _titles(self, lines: Sequence[str]) -> None:
        """Lines above a table: the first one its heading where it is short, the others text."""
        if lines and len(one_line(lines[0])) <= _LONGEST_TITLE:
            self._writer.heading(lines[0], self._level)
            lines = lines[1:]
        self._text(lines)

    def _text(self, lines: Sequence[str]) -> None:
        self._writer.table(_bare(lines))


def _beside(headers: Sequence[str], row: Sequence[str]) -> Iterable[tuple[str, str]]:
    return itertools.zip_longest(headers, row, fillvalue="")


def _bare(lines: Sequence[str]) -> list[list[str]]:
    """A table without headers, one cell a row."""
    return [[""], *([line] for line in lines)] if lines else []


def _filled(row: Sequence[str]) -> int:
    return sum(map(bool, row))


def _first(row: Sequence[str]) -> int:
    return next(place for place, cell in enumerate(row) if cell)


def _headed(lines: Sequence[str]) -> bool:
    """True where the first line can be the header of those below: it is short and they are no running text."""
    first, below = one_line(lines[0]), [line for line in lines[1:50] if len(line) <= _LONGEST_SINGLE_CELL]
    if len(lines) < 3 or len(first) > _LONGEST_SINGLE_HEADER or _NOTE.match(first):
        return False
    if sum(bool(_SENTENCE_END.search(line)) for line in below) * 3 > len(below):
        return False
    return len(below) * 2 > len(lines[1:50]) and header_rows([[line] for line in lines[:50]]) > 0


def _is_form(rows: Rows) -> bool:
    """True where each row is a label that ends with a colon, and what is filled in."""
    labelled = [row for row in rows if _filled(row) == 2 and next(filter(None, row)).rstrip().endswith(":")]
    return len(rows) > 0 and len(labelled) * 2 > len(rows)
