"""The order in which what stands on a slide is read: by columns and rows, as the gaps between the shapes part them."""

from __future__ import annotations

import itertools
import math
import operator
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

# A slide that is parted further is no layout that anyone has made.
_MOST_CUTS = 12
# Shapes that overlap by less than this share of the smaller one stand beside each other.
_OVERLAP = 0.2
# Gaps that part alike: heads stand nearer to what is below them than one row stands to the next.
_AS_WIDE = 0.75


@dataclass(frozen=True, slots=True)
class _Box:
    shape: Any
    left: int
    top: int
    right: int
    bottom: int


def in_reading_order(shapes: Sequence[Any]) -> list[Any]:
    """Shapes in the order they are read in; those without a place of their own keep theirs and come first.

    Where a gap goes from edge to edge, what lies left of it or above it is read first; of two gaps that cross, the
    wider one counts. What no gap parts is read from the top to the bottom.
    """
    boxes = [_box(shape) for shape in shapes]
    placed = [box for box in boxes if box is not None]
    unplaced = [shape for shape, box in zip(shapes, boxes, strict=True) if box is None]
    return unplaced + [box.shape for box in _ordered(placed, 0)]


def _box(shape: Any) -> _Box | None:
    left, top, width, height = shape.left, shape.top, shape.width, shape.height
    if left is None or top is None or width is None or height is None:
        return None
    return _Box(shape, left, top, left + width, top + height)


def _ordered(boxes: list[_Box], cuts: int) -> list[_Box]:
    if len(boxes) < 2:
        return boxes
    across, widest_across = _parted(boxes, "left", "right")
    down, widest_down = _parted(boxes, "top", "bottom")
    parts = across if widest_across > widest_down else down
    if len(parts) < 2 or cuts >= _MOST_CUTS:
        return sorted(boxes, key=lambda box: (box.top, box.left))
    return [box for part in parts for box in _ordered(part, cuts + 1)]


def _parted(boxes: list[_Box], start: str, end: str) -> tuple[list[list[_Box]], float]:
    """Boxes parted along one axis at its widest gaps, in order, and how wide the widest is; boxes may overlap a bit."""
    begins, ends = operator.attrgetter(start), operator.attrgetter(end)
    boxes = sorted(boxes, key=begins)
    gaps: list[tuple[int, int]] = []
    reached, smallest = ends(boxes[0]), ends(boxes[0]) - begins(boxes[0])
    for place, box in enumerate(boxes[1:], start=1):
        length = ends(box) - begins(box)
        gap = begins(box) - reached
        if gap >= -_OVERLAP * min(smallest, length):
            gaps.append((place, gap))
            smallest = length
        reached, smallest = max(reached, ends(box)), min(smallest, length)
    widest = max((gap for _, gap in gaps), default=-math.inf)
    cuts = [0, *(place for place, gap in gaps if gap >= min(widest, _AS_WIDE * widest)), len(boxes)]
    return [boxes[first:last] for first, last in itertools.pairwise(cuts)], widest
