"""Which rows of a table hold its headers: told by what stands below them, numbers and dates below words.

Knows no format and writes nothing. Where nothing tells, the first row holds the headers.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

Rows = Sequence[Sequence[str]]

# As many rows as are looked at below the first.
_SAMPLE = 50
_MOST = 0.6
_LONGEST_HEADER = 120

_NUMBER = re.compile(r"[-+−(]?\s?(?:[$€£¥]|[A-Z]{3}\s)?\s?\d[\d.,'\u00a0\u202f ]*(?:[eE][-+]?\d+)?\s?(?:%|[$€£¥])?\)?")
_DATE = re.compile(
    r"\d{4}-\d{2}(?:-\d{2})?(?:[T ]\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[-+]\d{2}:?\d{2})?)?"
    r"|\d{1,2}[./-]\d{1,2}[./-](?:\d{4}|\d{2})(?: \d{1,2}:\d{2}(?::\d{2})?)?|\d{1,2}:\d{2}(?::\d{2})?"
)
_ADDRESS = re.compile(r"\S+@\S+\.\w+|https?://\S+|www\.\S+")
_WHOLE = re.compile(r"\d{1,4}")


def header_rows(rows: Rows) -> int:
    """How many rows at the start of a table hold its headers: none, one or two."""
    if len(rows) < 2:
        return 0
    if _is_data(rows):
        return 0
    return 2 if _in_two_rows(rows) else 1


def headers_of(rows: Rows) -> list[str]:
    """One header for each column, of the rows that hold them; what is said twice in a column is said once."""
    if len(rows) < 2:
        return [_header(cell) for row in rows for cell in row]
    upper = _spread(rows[0], rows[1])
    pairs = itertools.zip_longest(upper, rows[1], fillvalue="")
    return [" ".join(dict.fromkeys(filter(None, map(_header, pair)))) for pair in pairs]


def _header(cell: str) -> str:
    return cell.strip().rstrip(":").rstrip()


def tells_headers(rows: Rows) -> bool:
    """True where the first row is words in a column that holds numbers, dates or addresses below it."""
    return any(first and not is_typed(first) and typed for first, typed in _columns(rows))


def _is_data(rows: Rows) -> bool:
    """True where the first row is like those below it: it has what a header has not."""
    first = rows[0]
    if any(len(cell) > _LONGEST_HEADER for cell in first) or list(first) in [list(row) for row in rows[1:_SAMPLE]]:
        return True
    if tells_headers(rows) or _are_labels([cell for cell in first if is_typed(cell)]):
        return False
    return any(is_typed(cell) and typed for cell, typed in _columns(rows))


def _columns(rows: Rows) -> Iterator[tuple[str, bool]]:
    """Each column's first cell, and whether most of those below are numbers, dates or addresses."""
    return zip(rows[0], typed_columns(rows[1:], len(rows[0])), strict=True)


def typed_columns(rows: Rows, width: int | None = None) -> list[bool]:
    """For each column, whether most of its cells are numbers, dates or addresses; of the first rows."""
    rows = rows[:_SAMPLE]
    columns = range(max(map(len, rows), default=0) if width is None else width)
    cells = [[row[place] for row in rows if place < len(row) and row[place]] for place in columns]
    return [bool(below) and sum(map(is_typed, below)) >= _MOST * len(below) for below in cells]


def is_typed(cell: str) -> bool:
    """True for a number, a date or an address, by how it is written."""
    cell = cell.strip()
    return any(pattern.fullmatch(cell) for pattern in (_NUMBER, _DATE, _ADDRESS))


def _are_labels(cells: Sequence[str]) -> bool:
    """True for years, or for whole numbers or dates that go evenly up or down: they name columns."""
    if not cells:
        return False
    if all(_DATE.fullmatch(cell.strip()) for cell in cells):
        return len(cells) > 1 and sorted(set(cells)) in (list(cells), list(reversed(cells)))
    if not all(_WHOLE.fullmatch(cell.strip()) for cell in cells):
        return False
    numbers = [int(cell) for cell in cells]
    steps = {later - earlier for earlier, later in itertools.pairwise(numbers)}
    if all(1800 <= number <= 2100 for number in numbers):
        return all(step > 0 for step in steps) or all(step < 0 for step in steps)
    return len(numbers) > 2 and steps in ({1}, {-1})


def _in_two_rows(rows: Rows) -> bool:
    """True where the first row groups what the second names: `2021` over `dead` and `injured`."""
    if len(rows) < 3:
        return False
    lower = rows[1]
    if any(is_typed(cell) and not _are_labels([cell]) for cell in lower):
        return False
    upper = _spread(rows[0], lower)
    pairs = list(itertools.zip_longest(upper, lower, fillvalue=""))
    grouped = [
        below
        for (before, _), (above, below), (after, _) in zip(
            [("", ""), *pairs], pairs, [*pairs[1:], ("", "")], strict=False
        )
        if above and above in (before, after)
    ]
    if not grouped or not all(grouped):
        return False
    merged = any(above == below for above, below in pairs if above)
    return merged or tells_headers(rows[1:]) or len(set(grouped)) < len(grouped)


def _spread(upper: Sequence[str], lower: Sequence[str]) -> list[str]:
    """The upper row with each of its cells spread over the empty ones to its right that have one below."""
    spread: list[str] = []
    for above, below in itertools.zip_longest(upper, lower, fillvalue=""):
        fill = spread[-1] if spread and not above and below else ""
        spread.append(above or fill)
    return spread
