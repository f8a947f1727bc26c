"""Tables as people draw them, with merged cells, titles and no or several header rows, become lines that read alone."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from index.loading.canonical import one_line
from index.loading.writer import table_lines

# Word has 63 columns at most; a file can say that a cell spans a billion.
MOST_COLUMNS = 100
_MOST_HEADERS = 5
# What stands in a column's head or in a merged cell is repeated in each row, so it is short.
_LONGEST_HEADER = 120
_LONGEST_REPEATED = 120
# A list is no header.
_BULLET = re.compile(r"^- ", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell of a table as it is drawn: `columns` wide, and the lower part of the one above where it `continues`."""

    text: str
    columns: int = 1
    continues: bool = False
    bold: bool = False


def grid_lines(rows: Sequence[Sequence[Cell]], header_rows: int) -> list[str]:
    """A table as lines `header: cell; header: cell`; `header_rows` is how many rows the file calls headers.

    Without any, the first row is taken for one, unless the first column holds the headers. Rows of one cell over
    the whole width are lines of their own.
    """
    rows = [[cell for cell in row if cell.columns > 0] for row in rows if row]
    width = max((sum(cell.columns for cell in row) for row in rows), default=0)
    lines = []
    while len(rows) > 1 and _is_title(rows[0], width):
        lines.append(one_line(rows[0][0].text))
        rows, header_rows = rows[1:], max(0, header_rows - 1)
    if header_rows == 0 and _is_list_of_pairs(rows):
        return lines + [_pair(row) for row in rows if any(cell.text.strip() for cell in row)]
    heads = _heads(rows, header_rows)
    if any(len(one_line(cell.text)) > _LONGEST_HEADER for row in rows[:heads] for cell in row):
        heads = 0
    headers = _headers(rows[:heads])
    above = [""] * len(headers)
    told = []
    for row in rows[heads:]:
        above = _filled(row, above)
        told += [one_line(row[0].text)] if _is_title(row, width) else table_lines([headers, above])
    lines += [line for line in told if line] or table_lines([headers])
    return [line for line in lines if line]


def _heads(rows: Sequence[Sequence[Cell]], header_rows: int) -> int:
    """How many rows are headers: as the file says, or two where the first is divided in the second, or one or none."""
    if header_rows:
        return header_rows if header_rows <= _MOST_HEADERS else 1
    if any(_BULLET.search(cell.text) for cell in rows[0]):
        return 0
    divided = len(rows) > 2 and any(cell.columns > 1 for cell in rows[0]) and any(cell.continues for cell in rows[1])
    return 2 if divided else 1


def _is_title(row: Sequence[Cell], width: int) -> bool:
    return width > 1 and len(row) == 1 and row[0].columns == width and not row[0].continues


def _is_list_of_pairs(rows: Sequence[Sequence[Cell]]) -> bool:
    """True where each row is a name and its value, and the first row no header."""
    if any(len(row) != 2 for row in rows):
        return False
    names = [row[0] for row in rows if row[0].text.strip()]
    if not names or max(len(name.text) for name in names) > _LONGEST_HEADER:
        return False
    named = all(name.text.rstrip().endswith(":") for name in names) or all(name.bold for name in names)
    return named and not rows[0][1].bold


def _pair(row: Sequence[Cell]) -> str:
    name, value = (one_line(cell.text) for cell in row)
    return f"{name.rstrip(':').rstrip()}: {value}" if name and value else name or value


def _headers(rows: Sequence[Sequence[Cell]]) -> list[str]:
    """The header of each column: the words of all header rows above it, none twice."""
    columns: list[list[str]] = []
    for row in rows:
        spread = [one_line(cell.text) for cell in row for _ in range(min(cell.columns, MOST_COLUMNS))]
        columns += [[] for _ in range(len(spread) - len(columns))]
        for column, words in zip(columns, spread, strict=False):
            if words and words not in column:
                column.append(words)
    return [" ".join(column) for column in columns]


def _filled(row: Sequence[Cell], above: Sequence[str]) -> list[str]:
    """The cells of a row by column; one that goes on from above repeats what is there, if that is short."""
    cells: list[str] = []
    for cell in row:
        words = one_line(cell.text)
        if cell.continues and not words and len(cells) < len(above):
            words = above[len(cells)] if len(above[len(cells)]) <= _LONGEST_REPEATED else ""
        cells += [words, *([""] * (min(cell.columns, MOST_COLUMNS) - 1))]
    return cells
