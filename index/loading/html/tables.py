"""Tables of HTML as lines: one a row, each cell after its header; and telling them from tables that only lay out."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from index.loading.canonical import one_line
from index.loading.html.tree import HEADINGS, Node

_MOST_COLUMNS, _MOST_ROWS = 100, 10_000
# Cells over many rows are said again in each, up to so many characters in all: a file may ask for billions.
_MOST_REPEATED = 1_000_000
_LONGEST_CELL = 800
# A header is said in every row: what is longer, or stands over more columns, is none.
_LONGEST_HEADER = 120
_MOST_HEADERS = 3
_PARTS = frozenset({"thead", "tbody", "tfoot", "form", "div", "center", "body", "section"})

WordsOf = Callable[[Node], str]


@dataclass(frozen=True, slots=True)
class Cell:
    """The words of a cell, how many columns it is wide, and what its tags say of it.

    `rows` is how many it is high; `again` is True in the second of them and those after.
    """

    text: str
    width: int
    rows: int
    header: bool
    bold: bool
    again: bool = False


Row = list[Cell]


def lays_out(table: Node) -> bool:
    """True where a table puts blocks side by side and holds no rows to be read as such."""
    if table.attributes.get("role", "").lower() in ("presentation", "none"):
        return True
    rows = list(_rows(table))
    cells = [cell for row in rows for cell in row.blocks]
    if any(cell.tag == "th" for cell in cells) or any(part.tag in ("caption", "thead") for part in table.blocks):
        return False
    if max((len(row.blocks) for row in rows), default=0) < 2:
        return True
    return any(cell.letters > _LONGEST_CELL or _holds_layout(cell) for cell in cells)


def _holds_layout(cell: Node) -> bool:
    return any(block.tag == "table" or (block.tag in HEADINGS and len(cell.blocks) > 2) for block in cell.blocks)


def cells_in(table: Node) -> Iterator[str | Node]:
    """What a table that lays out holds, in order: its cells and what stands between them."""
    for part in table.parts:
        if isinstance(part, Node) and (part.tag in _PARTS or part.tag == "tr"):
            yield from cells_in(part)
        else:
            yield part


def outside_cells(table: Node) -> Iterator[str | Node]:
    """What stands in a table and in no cell of it: its caption, and what does not belong there."""
    for part in table.parts:
        if isinstance(part, Node) and part.tag in _PARTS:
            yield from outside_cells(part)
        elif isinstance(part, Node) and part.tag == "tr":
            yield from (words for words in part.parts if isinstance(words, str))
        else:
            yield part


def lines_of(table: Node, words_of: WordsOf) -> list[str]:
    """The rows of a table of data as lines."""
    rows = _grid(table, words_of)
    heads = _places_of_headers(rows)
    lines: list[str] = []
    headers: list[str] = []
    for place, row in enumerate(rows):
        following = rows[place + 1] if place + 1 < len(rows) else []
        if place in heads:
            # What is no header for its length is said once, as a row.
            lines += [] if all(map(_short, row)) else [_line([], row)]
            headers = _columns(row, headers if place - 1 in heads else [])
            if not following:
                lines.append("; ".join(dict.fromkeys(filter(None, headers))))
        elif not _said_below(row, following):
            lines.append(_line(headers, row))
    return [line for line in lines if line]


def _places_of_headers(rows: Sequence[Row]) -> set[int]:
    """The rows that name the columns of those after them: by their tags, or where no row has any by how they read."""
    width = max((_width(row) for row in rows), default=0)
    first = next((place for place, row in enumerate(rows) if len(row) > 1), len(rows))
    named = {place for place, row in enumerate(rows) if _is_header(row) and (place == first or _width(row) == width)}
    if not named and first < len(rows) and _reads_as_header(rows[first:]):
        return {first}
    return named


def _short(cell: Cell) -> bool:
    return len(cell.text) <= _LONGEST_HEADER


def _rows(table: Node) -> Iterator[Node]:
    for block in table.blocks:
        if block.tag == "tr":
            yield block
        elif block.tag in _PARTS:
            yield from _rows(block)


def _span(cell: Node, key: str, most: int) -> int:
    value = cell.attributes.get(key, "1").strip()
    return min(max(int(value), 1), most) if value.isascii() and value.isdigit() and len(value) < 9 else 1


def _grid(table: Node, words_of: WordsOf) -> list[Row]:
    """The rows with every cell that reaches down from a row above put in its place."""
    grid: list[Row] = []
    # By column: what reaches down into the next row.
    above: dict[int, Cell] = {}
    repeated = 0
    for node in _rows(table):
        cells: dict[int, Cell] = {}
        column = 0
        for block in node.blocks:
            while column in above:
                cells[column] = above.pop(column)
                column += cells[column].width
            header = block.tag == "th"
            columns, rows = _span(block, "colspan", _MOST_COLUMNS), _span(block, "rowspan", _MOST_ROWS)
            cells[column] = Cell(one_line(words_of(block)), columns, rows, header, header or block.bold)
            column += cells[column].width
        cells |= above
        repeated += sum(len(cell.text) for cell in cells.values() if cell.again)
        above = {
            place: replace(cell, rows=cell.rows - 1, again=True)
            for place, cell in cells.items()
            if cell.rows > 1 and repeated < _MOST_REPEATED
        }
        grid.append([cells[place] for place in sorted(cells)])
    return grid


def _width(row: Row) -> int:
    return sum(cell.width for cell in row)


def _is_header(row: Row) -> bool:
    """True for a row of header cells; a single one is a heading, or belongs to a row below."""
    return len(row) > 1 and all(cell.header or not cell.text for cell in row) and any(cell.text for cell in row)


def _said_below(row: Row, following: Row) -> bool:
    """True where each cell was said above, or is said again in the row that follows."""
    if all(cell.again or not cell.text for cell in row):
        return any(cell.again for cell in row) and any(not cell.again for cell in following)
    return all(cell.rows > 1 for cell in row) and any(cell.text and not cell.again for cell in following)


def _columns(row: Row, above: Sequence[str]) -> list[str]:
    """The header of each column, with what one more row of headers adds to it."""
    columns = list(above)
    place = 0
    for cell in row:
        columns.extend("" for _ in range(place + cell.width - len(columns)))
        for column in range(place, place + cell.width):
            longer = f"{columns[column]} {cell.text}".strip()
            if cell.text not in columns[column] and len(longer) <= _LONGEST_HEADER:
                columns[column] = longer
        place += cell.width
    return columns


def _reads_as_header(rows: Sequence[Row]) -> bool:
    """True where the first row of a table without header cells names the columns: bold, or words above numbers."""
    first, rest = rows[0], rows[1:]
    if len(first) < 2 or not rest or not all(cell.text and len(cell.text) <= _LONGEST_HEADER for cell in first):
        return False
    if all(cell.bold for cell in first):
        return not all(cell.bold for cell in rest[0])
    if any(char.isdigit() for cell in first for char in cell.text) or any(cell.header for row in rows for cell in row):
        return False
    columns = [[row[place].text for row in rest if place < len(row)] for place in range(1, len(first))]
    return len(first) > 2 or all(any(char.isdigit() for char in text) for column in columns for text in column)


def _line(headers: Sequence[str], row: Row) -> str:
    """One row; a cell over several columns is said once, under the headers of all."""
    if len(row) == 1:
        return f"{headers[0]}: {row[0].text}" if headers and headers[0] and row[0].width == 1 else row[0].text
    pairs: list[tuple[str, str]] = []
    place = 0
    for cell in row:
        over = dict.fromkeys(header for header in headers[place : place + cell.width] if header)
        if cell.text:
            pairs.append((" / ".join(over) if len(over) <= _MOST_HEADERS else "", cell.text))
        place += cell.width
    filled = [cell for cell in row if cell.text]
    if len(filled) == 2 and not pairs[0][0] and _labels(filled[0], filled[1]):
        return f"{filled[0].text.removesuffix(':')}: {filled[1].text}"
    return "; ".join(f"{header}: {text}" if header and header != text else text for header, text in pairs)


def _labels(first: Cell, second: Cell) -> bool:
    """True where the first cell of two says what the second is."""
    return first.text.endswith(":") or (first.bold and not second.bold)
