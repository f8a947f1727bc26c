"""The cells of one sheet of a workbook, read from its XML row by row: what a person sees of them, as rows of text.

Hidden rows and columns are left out. A merged cell stands in each row that it covers and that holds something else,
so that each row can be read by itself. How large a sheet says it is does not matter: only cells with values count.
"""

from __future__ import annotations

import io
import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from index.errors import UnreadableFile
from index.loading.number_formats import shown

MOST_CELLS = 5_000_000
# Cells of rows that are laid side by side; a sheet with more is a scatter of values and no table.
_MOST_LAID_OUT = 20_000_000
_MOST_MERGED = 1_000_000
_LONGEST_REPEATED = 120
_LAST_COLUMN, _LAST_ROW = 16_384, 1_048_576

_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
_REFERENCE = re.compile(r"\$?([A-Z]{1,3})\$?(\d{1,7})(?::\$?([A-Z]{1,3})\$?(\d{1,7}))?")
_TRUE = frozenset({"1", "true"})

Cells = dict[int, str]


@dataclass(frozen=True, slots=True)
class Look:
    """How cells of one style are shown."""

    number_format: str
    bold: bool
    # From a number to a date, a time or a duration; None for styles that show numbers.
    moment: Callable[[float], object] | None


@dataclass(slots=True)
class Sheet:
    """What was read of a sheet so far."""

    strings: Sequence[str]
    look: Callable[[int], Look]
    rows: dict[int, Cells] = field(default_factory=dict)
    bold: set[int] = field(default_factory=set)
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    count: int = 0


def read_sheet(name: str, xml: bytes, sheet: Sheet) -> None:
    """Read a sheet's XML. Raises `UnreadableFile` for too many cells, and what lxml raises for broken XML."""
    from lxml import etree

    tags = ("{*}row", "{*}col", "{*}mergeCell")
    last = 0
    for _, element in etree.iterparse(io.BytesIO(xml), tag=tags, resolve_entities=False, no_network=True):
        kind = etree.QName(element).localname
        if kind == "row":
            last = _read_row(element, last, sheet)
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]
        elif kind == "mergeCell":
            sheet.merged += _ranges(element.get("ref", ""))
        elif element.get("hidden") in _TRUE:
            first, end = int(element.get("min", "1")), int(element.get("max", "0"))
            sheet.hidden_columns.update(range(first, min(end, _LAST_COLUMN) + 1))
        if sheet.count > MOST_CELLS:
            raise UnreadableFile(f"{name} has a sheet of more than {MOST_CELLS:,} cells: split it into several files")


def laid_out(sheet: Sheet) -> tuple[list[list[str]], set[int]]:
    """The rows of a sheet that was read, blank ones as one, side by side; and the places of those all in bold."""
    rows, covered = _with_merged(sheet)
    columns = sorted({column for cells in rows.values() for column in cells})
    placed = {column: place for place, column in enumerate(columns)}
    scattered = len(rows) * len(columns) > _MOST_LAID_OUT
    laid: list[list[str]] = []
    bold: set[int] = set()
    last = 0
    for number in sorted(rows):
        if laid and any(row not in covered and row not in sheet.hidden_rows for row in range(last + 1, number)):
            laid.append([])
        if number in sheet.bold:
            bold.add(len(laid))
        laid.append(list(rows[number].values()) if scattered else _dense(rows[number], placed))
        last = number
    return laid, bold


def _dense(cells: Cells, placed: dict[int, int]) -> list[str]:
    row = [""] * len(placed)
    for column, text in cells.items():
        row[placed[column]] = text
    return row


def _read_row(element: Any, last: int, sheet: Sheet) -> int:
    """Read one row, and return its number."""
    number = int(element.get("r") or last + 1)
    if element.get("hidden") in _TRUE or float(element.get("ht") or 1) == 0:
        sheet.hidden_rows.add(number)
        return number
    cells: Cells = {}
    styles = set()
    column = 0
    for cell in element.iterchildren("{*}c"):
        reference = _REFERENCE.fullmatch(cell.get("r") or "")
        column = _column(reference[1]) if reference else column + 1
        text = "" if column in sheet.hidden_columns else _text(cell, sheet).strip()
        if text:
            cells[column] = text
            styles.add(int(cell.get("s") or 0))
    if cells:
        sheet.rows[number] = cells
        sheet.count += len(cells)
        if all(sheet.look(style).bold for style in styles):
            sheet.bold.add(number)
    return number


def _text(cell: Any, sheet: Sheet) -> str:
    """What a cell shows; of a formula, the value that was kept."""
    kind = cell.get("t", "n")
    if kind == "inlineStr":
        # Phonetic hints stand beside the words that they are for.
        texts = cell.iterfind("{*}is//{*}t")
        return _unescaped("".join(text.text or "" for text in texts if not text.getparent().tag.endswith("}rPh")))
    value = cell.findtext("{*}v")
    if not value:
        return ""
    if kind == "s":
        return _unescaped(str(sheet.strings[int(value)]))
    if kind == "b":
        return shown(value in _TRUE, "")
    if kind == "d":
        return str(value).removesuffix("Z").removesuffix("T00:00:00").replace("T", " ")
    return _number(value, sheet.look(int(cell.get("s") or 0))) if kind == "n" else _unescaped(value)


def _number(value: str, look: Look) -> str:
    # A number of so many digits is whole and exact, a longer one is none that a sheet can hold.
    number = int(value) if value.isascii() and value.isdigit() and len(value) <= 15 else float(value)
    if look.moment is None:
        return shown(number, look.number_format)
    try:
        return shown(look.moment(number), look.number_format)
    except (ValueError, OverflowError):
        return shown(number, "")


def _unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda match: chr(int(match[1], 16)), text) if "_x" in text else text


def _column(letters: str) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + ord(letter) - 64
    return number


def _ranges(reference: str) -> Iterator[tuple[int, int, int, int]]:
    """First row, last row, first column and last column of a reference such as `A1:C2`."""
    match = _REFERENCE.fullmatch(reference)
    if match and match[3]:
        yield int(match[2]), min(int(match[4]), _LAST_ROW), _column(match[1]), min(_column(match[3]), _LAST_COLUMN)


def _with_merged(sheet: Sheet) -> tuple[dict[int, Cells], set[int]]:
    """The rows with merged cells repeated where they cover a row that holds something else, and the rows so covered."""
    rows = {number: dict(cells) for number, cells in sheet.rows.items()}
    covered: set[int] = set()
    left = _MOST_MERGED
    for top, bottom, first, end in sheet.merged:
        text = sheet.rows.get(top, {}).get(first, "")
        left -= (bottom - top + 1) * (end - first + 1)
        if not text or left < 0:
            continue
        covered.update(range(top + 1, bottom + 1))
        for number in range(top, bottom + 1) if len(text) <= _LONGEST_REPEATED else ():
            if any(not first <= column <= end for column in sheet.rows.get(number, ())):
                between = (column for column in range(first, end + 1) if column not in sheet.hidden_columns)
                rows[number].update(dict.fromkeys(itertools.filterfalse(rows[number].__contains__, between), text))
    return rows, covered
