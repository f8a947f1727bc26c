"""Tables: by the lines that are drawn around their cells, or by gaps that several rows have in common.

A row is a line of text. Where the first row is clearly one of headers, each cell stands after its header, as in the
tables of other formats; else the cells are parted by semicolons.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from index.loading.pdf.glyphs import Rule
from index.loading.pdf.lines import Line

Cell = list[Line]

# In points: how thick a line is at most, how long at least, and how near to each other lines are taken to touch.
_THICK, _LEAST_LENGTH, _TOUCH = 3.0, 8.0, 2.5
_MOST_RULES = 1_500
_LEAST_FILLED = 0.4
_LEAST_ROWS = 3
_LABEL = re.compile(r"\W{1,2}|\(?(?:\d{1,3}(?:\.\d{1,3})*|[a-zA-Z]|[ivx]{1,5})[.):]?")
_NUMBER = re.compile(r"[\W\d]*\d[\W\d]*[%a-zA-Z]{0,3}")


@dataclass(slots=True, eq=False)
class Table:
    """The cells of a table, row by row; an empty cell is a list without lines."""

    page: int
    rows: list[list[Cell]]
    left: float
    top: float
    right: float
    bottom: float
    size: float
    turn: int
    rtl: bool

    @property
    def middle(self) -> float:
        """Half-way between top and bottom."""
        return (self.top + self.bottom) / 2

    def has_headers(self) -> bool:
        """True where the first row holds a word for each column, and the columns below hold something else."""
        first, *rest = self.rows
        words = [" ".join(line.text for line in cell) for cell in first]
        if len(rest) < 2 or any(not word or _NUMBER.fullmatch(word) for word in words[1:]) or len(set(words)) < 2:
            return False
        if any(len(row) != len(first) for row in rest) or max(map(len, words)) > 80:
            return False
        numbers = any(
            sum(bool(_NUMBER.fullmatch(_words(row[n]))) for row in rest) * 2 > len(rest) for n in range(len(first))
        )
        bold = all(line.bold for cell in first for line in cell)
        return numbers or (bold and not all(line.bold for row in rest for cell in row[1:] for line in cell))


def _words(cell: Cell) -> str:
    return " ".join(line.text for line in cell)


def table_of(rows: list[list[Cell]], rtl: bool) -> Table:
    """A table of these cells, around which its box is drawn."""
    lines = [line for row in rows for cell in row for line in cell]
    return Table(
        lines[0].page,
        rows,
        min(line.left for line in lines),
        min(line.top for line in lines),
        max(line.right for line in lines),
        max(line.bottom for line in lines),
        max(line.size for line in lines),
        lines[0].turn,
        rtl,
    )


def ruled_tables(lines: Sequence[Line], rules: Sequence[Rule], rtl: bool) -> tuple[list[Table], list[Line]]:
    """The tables with lines around their cells, and the lines of text that are in none."""
    tables = []
    rest = list(lines)
    for ys, xs in _grids(rules):
        inside = [line for line in rest if ys[0] < line.middle < ys[-1] and xs[0] < _center(line) < xs[-1]]
        cells: dict[tuple[int, int], Cell] = {}
        for line in inside:
            place = sum(y < line.middle for y in ys) - 1, sum(x < _center(line) for x in xs) - 1
            cells.setdefault(place, []).append(line)
        for cell in cells.values():
            cell.sort(key=lambda line: (round(line.middle / (0.5 * line.size)), -line.right if rtl else line.left))
        rows = _without_empty([[cells.get((n, m), []) for m in range(len(xs) - 1)] for n in range(len(ys) - 1)])
        if len(rows) < 2 or len(rows[0]) < 2 or len(cells) < _LEAST_FILLED * len(rows) * len(rows[0]):
            continue
        rows = [part for row in rows for part in _levels_of(row)]
        tables.append(table_of([row[::-1] for row in rows] if rtl else rows, rtl))
        rest = [line for line in rest if line not in inside]
    return tables, rest


def _levels_of(row: list[Cell]) -> list[list[Cell]]:
    """A row as it is, or several where most cells hold as many figures, one under the other, without a line between."""
    counts = [len(cell) for cell in row if len(cell) > 1]
    figures = [line for cell in row for line in cell if _NUMBER.fullmatch(line.text)]
    many = max(set(counts), key=counts.count) if counts else 1
    if counts.count(many) < 3 or 2 * len(figures) < sum(map(len, row)):
        return [row]
    levels = sorted(line.middle for cell in row if len(cell) == many for line in cell)
    starts = [levels[n * counts.count(many)] for n in range(many)]
    parts: list[list[Cell]] = [[[] for _ in row] for _ in range(many)]
    for column, cell in enumerate(row):
        for line in cell:
            nearest = min(range(many), key=lambda n: abs(starts[n] - line.middle))
            parts[nearest if len(cell) == many else 0][column].append(line)
    return parts


def _center(line: Line) -> float:
    return (line.left + line.right) / 2


def _without_empty(rows: list[list[Cell]]) -> list[list[Cell]]:
    """The cells without rows and columns that hold nothing."""
    rows = [row for row in rows if any(row)]
    full = [n for n in range(len(rows[0])) if any(row[n] for row in rows)] if rows else []
    return [[row[n] for n in full] for row in rows]


def _grids(rules: Sequence[Rule]) -> list[tuple[list[float], list[float]]]:
    """The heights and the places from the left of lines that hang together as those of a table do."""
    edges = [edge for rule in rules for edge in _edges(rule)]
    if not edges or len(edges) > _MOST_RULES:
        # A map or a drawing: no table has so many lines, and each is compared with all.
        return []
    grids = [_grid(group) for group in _touching(edges)]
    return [grid for grid in grids if min(map(len, grid)) >= 3]


def _grid(group: Sequence[Rule]) -> tuple[list[float], list[float]]:
    thin = [edge for edge in group if edge[2] - edge[0] > 0 and edge[3] - edge[1] > 0]
    # Cells may be coloured line by line; where thin lines are drawn around them, these count alone.
    best = _heights_and_places(thin)
    return best if min(map(len, best)) >= 3 else _heights_and_places(group)


def _heights_and_places(group: Sequence[Rule]) -> tuple[list[float], list[float]]:
    level = [edge for edge in group if edge[2] - edge[0] >= edge[3] - edge[1]]
    upright = [edge for edge in group if edge[2] - edge[0] < edge[3] - edge[1]]
    if not level or not upright:
        return [], []
    ys, xs = _distinct(edge[1] for edge in level), _distinct(edge[0] for edge in upright)
    # A table may have no lines at its sides.
    left, right = min(edge[0] for edge in level), max(edge[2] for edge in level)
    return ys, [left] * (xs[0] - left > _LEAST_LENGTH) + xs + [right] * (right - xs[-1] > _LEAST_LENGTH)


def _edges(rule: Rule) -> Iterable[Rule]:
    """A line as it is, a rectangle as its four sides; other drawings are too short or too thick."""
    left, top, right, bottom = rule
    wide, high = right - left, bottom - top
    if wide < _LEAST_LENGTH and high < _LEAST_LENGTH:
        return ()
    if high <= _THICK or wide <= _THICK:
        return (rule,)
    return (
        (left, top, right, top),
        (left, bottom, right, bottom),
        (left, top, left, bottom),
        (right, top, right, bottom),
    )


def _touching(edges: Sequence[Rule]) -> list[list[Rule]]:
    """The lines in groups of those that touch, directly or over others."""
    import numpy as np
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import connected_components

    left, top, right, bottom = np.asarray(edges, dtype=np.float32).T
    near = (left[:, None] - _TOUCH <= right) & (top[:, None] - _TOUCH <= bottom)
    _, group = connected_components(csr_matrix(near & near.T), directed=False)
    groups: dict[int, list[Rule]] = {}
    for number, edge in zip(group.tolist(), edges, strict=True):
        groups.setdefault(number, []).append(edge)
    return list(groups.values())


def _distinct(values: Iterable[float]) -> list[float]:
    """The values, those that lie closer than lines can be apart counted once."""
    found: list[float] = []
    for value in sorted(values):
        if not found or value - found[-1] > 2 * _TOUCH:
            found.append(value)
    return found


def gapped_tables(rows: Sequence[Sequence[Line]], rtl: bool) -> list[list[Line] | Table]:
    """The rows, where several that follow each other have a gap in common as a table."""
    found: list[list[Line] | Table] = []
    at = 0
    while at < len(rows):
        end = _table_end(rows, at)
        cells_of_row = len(rows[at])
        if end - at >= (_LEAST_ROWS if cells_of_row < 3 else _LEAST_ROWS - 1):
            cells = [[[line] for line in (row[::-1] if rtl else row)] for row in rows[at:end]]
            found.append(table_of(_with_continued(cells), rtl))
            at = end
        else:
            found.append(list(rows[at]))
            at += 1
    return found


def _with_continued(rows: list[list[Cell]]) -> list[list[Cell]]:
    """A row of one cell that does not begin at the left is the second line of the cell over it."""
    done: list[list[Cell]] = []
    for row in rows:
        over = [cell for cell in done[-1] if _share(cell[-1], row[0][0])] if done and len(row) == 1 else []
        if len(over) == 1 and over[0] is not done[-1][0]:
            over[0] += row[0]
        else:
            done.append(row)
    return done


def _share(one: Line, other: Line) -> bool:
    return min(one.right, other.right) > max(one.left, other.left)


def _table_end(rows: Sequence[Sequence[Line]], start: int) -> int:
    """Where the rows end that have at least one gap in common, counted from `start`."""
    gaps: list[tuple[float, float]] | None = None
    full = end = start
    while end < len(rows):
        row = rows[end]
        if len(row) > 1 and not _is_labelled(row):
            here = [(one.right, other.left) for one, other in itertools.pairwise(row)]
            both = here if gaps is None else [_meet(one, other) for one in gaps for other in here]
            gaps = [(low, high) for low, high in both if high - low > 0.5 * row[0].size]
            if not gaps:
                break
            full = end + 1
        elif gaps is None or not _continues(rows[end - 1], row):
            break
        end += 1
    return full


def _meet(one: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    return max(one[0], other[0]), min(one[1], other[1])


def _continues(over: Sequence[Line], row: Sequence[Line]) -> bool:
    """True where a single line goes on in a cell of the row over it, but not in its first."""
    return (
        len(row) == 1
        and len(over) > 1
        and not _share(over[0], row[0])
        and row[0].top - over[0].bottom < 0.8 * row[0].size
    )


def _is_labelled(row: Sequence[Line]) -> bool:
    """True where the first of two cells is only the mark or number of a list's item or a heading."""
    return len(row) == 2 and _LABEL.fullmatch(row[0].text) is not None
