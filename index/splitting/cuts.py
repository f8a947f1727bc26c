"""Cuts: where the passages of a section begin and end, chosen so that all of them together are best."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index.splitting.units import Stretch, Unit

# A section with less than this under its heading is joined to the next where both fit the aim.
_TINY = 25
# Beyond so many units in a section, neighbours are joined before the search for the best cuts.
_MANY_UNITS = 5_000
_SMALL_UNIT = 8


def merged(stretches: Sequence[Stretch], aim: int) -> Iterator[Stretch]:
    """Join a heading without text, and a section with next to none, to the section that follows on the same page."""
    waiting: Stretch | None = None
    for stretch in stretches:
        if waiting is not None and waiting.page == stretch.page and _joins(waiting, stretch, aim):
            stretch = dataclasses.replace(stretch, units=waiting.units + stretch.units)  # noqa: PLW2901
        elif waiting is not None:
            yield waiting
        waiting = stretch
    if waiting is not None:
        yield waiting


def _joins(stretch: Stretch, following: Stretch, aim: int) -> bool:
    if not stretch.heading:
        return False
    if stretch.content == 0:
        return stretch.tokens <= aim // 2
    return stretch.content < _TINY and stretch.tokens + following.tokens <= aim


@dataclass(frozen=True, slots=True)
class Cuts:
    """The best places to cut a stretch: those that make the sum of all passages' costs least.

    A passage costs the square of its distance from the aim (as a share of the aim), and what its end costs.
    """

    aim: int
    maximum: int
    special: int

    def of(self, text: str, stretch: Stretch) -> list[tuple[int, int]]:
        """The spans of the passages of a stretch, whose units each fit a passage."""
        units = _coalesced(stretch.units, self.maximum - self.special - stretch.heading_tokens)
        said = text.startswith(stretch.heading, units[0].start)
        costs, cut_before = [0.0], [0]
        for last, unit in enumerate(units):
            end_cost = unit.gap if last + 1 < len(units) else 0.0
            best, best_first, size = math.inf, last, self.special
            for first in range(last, -1, -1):
                size += units[first].tokens
                if size > self.maximum and first < last:
                    break
                length = size if first == 0 and said else size + stretch.heading_tokens
                cost = costs[first] + ((length - self.aim) / self.aim) ** 2 + end_cost
                if cost < best and (length <= self.maximum or first == last):
                    best, best_first = cost, first
            costs.append(best)
            cut_before.append(best_first)
        return _traced(units, cut_before)


def _coalesced(units: Sequence[Unit], budget: int) -> Sequence[Unit]:
    """Very many units with small neighbours joined, so that the search stays linear."""
    if len(units) <= _MANY_UNITS:
        return units
    joined = [units[0]]
    for unit in units[1:]:
        before = joined[-1]
        if before.tokens < _SMALL_UNIT and before.tokens + unit.tokens <= budget:
            joined[-1] = Unit(before.start, unit.end, before.tokens + unit.tokens, unit.gap)
        else:
            joined.append(unit)
    return joined


def _traced(units: Sequence[Unit], cut_before: Sequence[int]) -> list[tuple[int, int]]:
    spans = []
    end = len(units)
    while end > 0:
        first = cut_before[end]
        spans.append((units[first].start, units[end - 1].end))
        end = first
    return spans[::-1]
