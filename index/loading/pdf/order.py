"""The order in which a page is read: columns one after the other, what stands over all columns between them.

A gutter is a strip that few lines cross, with text on both sides that is read downwards: long lines, or lines that are
not level with each other. Cells of a table are short and level, so that a table is read along its rows.
"""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

from index.loading.pdf.lines import Line
from index.loading.pdf.tables import Table

Item = Line | Table

# In sizes of the font: how wide a gutter is at least, how long a line of a column is, what parts blocks.
_GUTTER = 0.6
_LONG, _LONG_ENOUGH = 8.0, 4.0
_APART = 0.8
_LEAST_ROWS = 3
_MOST_DEPTH = 40
_MOST_TRIED = 12
_MOST_LEVEL = 0.5
_LEAST_FILLED = 0.7


def columns(items: Sequence[Item], rtl: bool, depth: int = 0) -> list[list[Item]]:
    """The stretches of a page in reading order, each to be read downwards."""
    if len(items) < 2 * _LEAST_ROWS or depth > _MOST_DEPTH:
        return [sorted(items, key=lambda item: item.top)] if items else []
    cut = _gutter(items)
    if cut is None:
        upper, lower = _parted(items)
        if not lower:
            return [sorted(items, key=lambda item: item.top)]
        if _may_have_columns(upper) or _may_have_columns(lower):
            return _together(columns(upper, rtl, depth + 1), columns(lower, rtl, depth + 1))
        return [sorted(items, key=lambda item: item.top)]
    ordered: list[list[Item]] = []
    over: list[Item] = []
    for before, after, crossing in cut.bands:
        sides = (after, before) if rtl else (before, after)
        if any(sides) and over:
            ordered += columns(over, rtl, depth + 1)
            over = []
        for side in sides:
            ordered += columns(side, rtl, depth + 1)
        over += [crossing] if crossing is not None else []
    return ordered + columns(over, rtl, depth + 1)


def _may_have_columns(items: Sequence[Item]) -> bool:
    return _gutter(items) is not None or bool(_parted(items)[1])


def _together(first: list[list[Item]], second: list[list[Item]]) -> list[list[Item]]:
    """Two stretches one under the other; where neither has columns they are one."""
    if len(first) == len(second) == 1:
        return [first[0] + second[0]]
    return first + second


Band = tuple[list[Item], list[Item], Item | None]


@dataclass(frozen=True, slots=True)
class _Cut:
    """A gutter: from the top, what is left and right of it, and what crosses it below these."""

    bands: list[Band]

    def good(self, size: float) -> bool:
        """True where both sides are columns of text."""
        shared = [band for band in self.bands if _overlap(band[0], band[1])]
        if not any(min(_rows(band[0]), _rows(band[1])) >= _LEAST_ROWS for band in shared):
            return False
        left = [item for band in shared for item in band[0]]
        right = [item for band in shared for item in band[1]]
        if min(_length(left), _length(right)) >= _LONG * size:
            return True
        sides = sorted((rows_of(left), rows_of(right)), key=len)
        if not all(_is_text(rows, size) for rows in sides):
            return False
        few, many = ([max(item.bottom for item in row) for row in rows] for rows in sides)
        level = sum(any(abs(one - other) < 0.3 * size for other in many) for one in few)
        return level < _MOST_LEVEL * len(few)


def _is_text(rows: Sequence[Sequence[Item]], size: float) -> bool:
    """True where most rows are lines and no cells: they are not short, and there is little space in them."""
    widths = [max(item.right for item in row) - min(item.left for item in row) for row in rows]
    filled = [sum(item.right - item.left for item in row) for row in rows]
    lines = sum(
        width >= _LONG_ENOUGH * size and fill >= _LEAST_FILLED * width
        for width, fill in zip(widths, filled, strict=True)
    )
    return lines * 2 > len(rows)


def _rows(items: Sequence[Item]) -> int:
    return sum(len(item.rows) if isinstance(item, Table) else 1 for item in items)


def _length(items: Sequence[Item]) -> float:
    return statistics.median(item.right - item.left for item in items)


def _overlap(one: Sequence[Item], other: Sequence[Item]) -> bool:
    if not one or not other:
        return False
    top = max(min(item.top for item in one), min(item.top for item in other))
    return top < min(max(item.bottom for item in one), max(item.bottom for item in other))


def _gutter(items: Sequence[Item]) -> _Cut | None:
    """The best gutter, if there is one."""
    if len(items) < 2 * _LEAST_ROWS:
        return None
    size = statistics.median(item.size for item in items)
    for x in _strips(items, _GUTTER * size):
        cut = _Cut(_bands(items, x))
        if cut.good(size):
            return cut
    return None


def _strips(items: Sequence[Item], least: float) -> list[float]:
    """The middles of strips that few lines cross, the least crossed first and of those the widest."""
    edges = sorted({edge for item in items for edge in (item.left, item.right)})
    steps = dict.fromkeys(edges, 0)
    for item in items:
        steps[item.left] += 1
        steps[item.right] -= 1
    crossed: list[int] = []
    for edge in edges:
        crossed.append(steps[edge] + (crossed[-1] if crossed else 0))
    found = []
    for n in range(len(edges) - 1):
        start, end = n, n
        while start and crossed[start - 1] <= crossed[n]:
            start -= 1
        while end + 2 < len(edges) and crossed[end + 1] <= crossed[n]:
            end += 1
        width = edges[end + 1] - edges[start]
        if crossed[n] * 2 <= len(items) and width >= least and start > 0 and end + 2 < len(edges):
            found.append((crossed[n], -width, (edges[start] + edges[end + 1]) / 2))
    return [x for _, _, x in sorted(set(found))[:_MOST_TRIED]]


def _bands(items: Sequence[Item], x: float) -> list[Band]:
    crossing = sorted((item for item in items if item.left < x < item.right), key=lambda item: item.middle)
    bands: list[Band] = [([], [], one) for one in (*crossing, None)]
    for item in items:
        if item.left < x < item.right:
            continue
        place = sum(one.middle < item.middle for one in crossing)
        side = bands[place][0] if item.right <= x else bands[place][1]
        side.append(item)
    return bands


def _parted(items: Sequence[Item]) -> tuple[list[Item], list[Item]]:
    """The items over and under the highest gap that goes from side to side; nothing under it where there is none."""
    ordered = sorted(items, key=lambda item: item.top)
    best, at, reached = _APART * statistics.median(item.size for item in items), 0, ordered[0].bottom
    for n, item in enumerate(ordered[1:], 1):
        if item.top - reached > best:
            best, at = item.top - reached, n
        reached = max(reached, item.bottom)
    return (ordered[:at], ordered[at:]) if at else (ordered, [])


T = TypeVar("T", bound=Item)


def rows_of(items: Sequence[T]) -> list[list[T]]:
    """What stands on one level, from left to right, row by row downwards."""
    rows: list[list[T]] = []
    for item in sorted(items, key=lambda item: item.middle):
        row = rows[-1] if rows else []
        low = min((item.bottom - item.top, *(other.bottom - other.top for other in row)))
        if row and all(min(item.bottom, other.bottom) - max(item.top, other.top) > 0.5 * low for other in row[-1:]):
            row.append(item)
        else:
            rows.append([item])
    return [sorted(row, key=lambda item: item.left) for row in rows]
