"""Tables as text (CSV, TSV): the delimiter is found out, and each row becomes a line that can be read by itself.

What is told apart by commas, semicolons, tabs or bars is taken from the rows themselves: the delimiter is the one with
which neighbouring rows have the same number of cells. A quote that nothing closes is a character like others.
"""

from __future__ import annotations

import csv
import io
import itertools
import re
from collections.abc import Generator, Iterable, Iterator
from typing import Literal

from index.documents import Loaded
from index.loading.canonical import plain_characters
from index.loading.decoding import decode
from index.loading.finishing import finish
from index.loading.front_matter import FrontMatter
from index.loading.sheet_layout import write_grid
from index.loading.writer import Writer

# Enough to tell the delimiter.
_SAMPLE, _SAMPLE_LINES = 1_000_000, 200
_LEAST_ALIKE = 0.5
# Quotes that nothing closes are put right one by one, at the cost of reading anew: so many times the whole at most.
_MOST_TURNS = 10
# No text holds it: plain characters have no controls.
_NO_DELIMITER = "\x1f"

_Quoting = Literal[0, 3]
_DELIMITERS = "\t|;,"
_NAMED = re.compile(r'sep=([^\w\s"]|\t)\n', re.IGNORECASE)
_BACKSLASHED = re.compile(r'\\"(?=[^\n,;|\t])')


def load_csv(name: str, data: bytes) -> Loaded:
    """Read a table whose cells are told apart by commas, semicolons, tabs or bars, or that has one column.

    Raises `UnreadableFile` or `UnsupportedFile`.
    """
    return _loaded(name, data, "text/csv")


def load_tsv(name: str, data: bytes) -> Loaded:
    """Read a table by the same rules: in files of this name, too, other delimiters than tabs are met."""
    return _loaded(name, data, "text/tab-separated-values")


def _loaded(name: str, data: bytes, media_type: str) -> Loaded:
    writer = Writer()
    rows = ([cell.strip() for cell in row] for row in rows_of(plain_characters(decode(name, data))))
    write_grid(writer, rows, level=1)
    return finish(name, writer.body(), FrontMatter(), media_type)


def rows_of(text: str) -> Iterator[list[str]]:
    """The rows of a table, its line breaks newlines: cells without their quotes, blank lines as empty rows."""
    named = _NAMED.match(text)
    # Programs write a quote in quotes twice, databases write it after a backslash.
    text = _BACKSLASHED.sub('""', text[named.end() :] if named else text)
    delimiter = named[1] if named else delimiter_of(text)
    yield from _rows(_lines(text), delimiter or _NO_DELIMITER)


def delimiter_of(text: str) -> str | None:
    """What the cells of a table are told apart by; None for a table of one column."""
    best, most = None, _LEAST_ALIKE
    lines = list(itertools.islice(_lines(text[:_SAMPLE]), _SAMPLE_LINES))
    for delimiter in _DELIMITERS:
        rows = [row for row in _rows(lines, delimiter) if any(row)]
        alike = 0.0 if _is_prose(rows, delimiter) else _alike(rows) * _whole(rows, delimiter)
        if alike > most:
            best, most = delimiter, alike
    return best


def _lines(text: str) -> Iterator[str]:
    return iter(io.StringIO(text, newline="\n"))


def _rows(lines: Iterable[str], delimiter: str) -> Iterator[list[str]]:
    """Rows, of which those with a quote that nothing closes are read without quotes."""
    # The limit is the whole process's: a cell may be as long as the largest file that is read.
    csv.field_size_limit(2**31 - 1)
    kept = list(lines)
    place = looked_at = 0
    while place < len(kept) and looked_at <= _MOST_TURNS * len(kept):
        ended, stopped = yield from _good_rows(kept, place, delimiter)
        looked_at += stopped - place
        if ended < len(kept):
            # A quote that ends too soon within one line (`"A" team`) marks no cell of several lines.
            quoting: _Quoting = csv.QUOTE_MINIMAL if stopped - ended == 1 else csv.QUOTE_NONE
            yield next(csv.reader(kept[ended : ended + 1], delimiter=delimiter, quoting=quoting))
        place = ended + 1
    yield from csv.reader(kept[place:], delimiter=delimiter, quoting=csv.QUOTE_NONE)


def _good_rows(lines: list[str], start: int, delimiter: str) -> Generator[list[str], None, tuple[int, int]]:
    """The rows from a line on, up to one whose quotes do not close as they should.

    Returns how many lines stand before that one (all where there is none), and how many were looked at.
    """
    reader = csv.reader((lines[place] for place in range(start, len(lines))), delimiter=delimiter, strict=True)
    ended = start
    try:
        for row in reader:
            yield row
            ended = start + reader.line_num
    except csv.Error:
        return ended, start + reader.line_num
    return len(lines), len(lines)


def _alike(rows: list[list[str]]) -> float:
    """How far neighbouring rows have the same number of cells, and several: from 0 to 1."""
    widths = [len(row) for row in rows]
    if len(widths) < 2:
        return float(bool(widths) and widths[0] > 1)
    beside = zip([0, *widths], widths, [*widths[1:], 0], strict=False)
    score = sum((1 if width in (before, after) else 0.5) for before, width, after in beside if width > 1)
    return score / len(widths)


def _whole(rows: list[list[str]], delimiter: str) -> float:
    """The share of cells in which nothing looks like another delimiter: `5;2` is no cell, `2,5` and `one, two` are."""
    others = _DELIMITERS.replace(delimiter, "").replace(",", "")
    comma = re.compile(r",(?![\s\d])|(?<!\d),\d" if delimiter != "," else "(?!)")
    cells = list(itertools.chain.from_iterable(rows))
    marred = sum(1 for cell in cells if any(other in cell for other in others) or comma.search(cell))
    return 1 - marred / max(1, len(cells))


def _is_prose(rows: list[list[str]], delimiter: str) -> bool:
    """True where commas are those of sentences: a blank after each, and one cell in the first row."""
    if delimiter != "," or not rows or len(rows[0]) > 1:
        return False
    later = [cell for row in rows for cell in row[1:]]
    return sum(cell.startswith(" ") for cell in later) > 0.9 * len(later)
