"""Where the characters of a document stand on its pages: the page map, its packed form, and the boxes of a span.

Coordinates are points from the top-left corner of a page as it is shown; they are kept in quarters of a point. Does
not know formats and does not draw.
"""

from __future__ import annotations

import json
import math
import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from index.errors import StoreBroken

# A page is at most 14400 points wide or high (PDF), so that a quarter of a point fits 16 bits.
PER_POINT = 4
MOST = 0xFFFF

_PLACE = struct.Struct("<5H")
_LENGTH = struct.Struct("<I")
# No document has so much; a packed one that says so is broken.
_MOST_PACKED = 1_000_000_000

_BROKEN = "a page map cannot be read: take its document in again"

# text: it was read; ocr: most of it was read in its picture; blank: nothing is on the page; scanned: a picture of which
# no text was read; broken: the page cannot be read.
PageState = Literal["text", "ocr", "blank", "scanned", "broken"]

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class PageShape:
    """A page: its number (from 1), its size in points, and what of it is not in the text.

    `margins` are the boxes (left, top, right, bottom) of running heads, foot lines and page numbers.
    """

    number: int
    width: float
    height: float
    state: PageState = "text"
    margins: tuple[Box, ...] = ()


@dataclass(frozen=True, slots=True)
class MarkedBox:
    """A rectangle on a page, in points from its top-left corner."""

    page: int
    left: float
    top: float
    right: float
    bottom: float


@dataclass(frozen=True, slots=True)
class Layout:
    """The page map of a text: `places` has ten bytes a character, for its page (0: it has no box) and its box."""

    pages: tuple[PageShape, ...]
    places: bytes = field(repr=False)

    @property
    def pages_without_text(self) -> tuple[int, ...]:
        """The numbers of the pages that show something of which no text could be read."""
        return tuple(page.number for page in self.pages if page.state in ("scanned", "broken"))

    @property
    def pages_read_by_ocr(self) -> tuple[int, ...]:
        """The numbers of the pages whose text was read in their picture, and may be wrong in a letter."""
        return tuple(page.number for page in self.pages if page.state == "ocr")


def place(page: int, box: Sequence[float]) -> bytes:
    """The ten bytes of a character on a page; the box is rounded outwards."""
    left, top, right, bottom = box
    outwards = 1 - 1e-3
    right, bottom = (value + outwards / PER_POINT for value in (right, bottom))
    return _PLACE.pack(page, *map(_quarters, (left, top, right, bottom)))


NO_PLACE = _PLACE.pack(0, 0, 0, 0, 0)


def boxes(layout: Layout, start: int, end: int) -> list[MarkedBox]:
    """What to mark on the pages for the characters `[start, end)`: one box a line, or one a cell of a table."""
    found: list[list[int]] = []
    last: tuple[int, ...] = ()
    for one in _PLACE.iter_unpack(layout.places[start * _PLACE.size : end * _PLACE.size]):
        if not one[0]:
            continue
        if found and found[-1][0] == one[0] and _beside(last, one, found[-1]):
            found[-1] = [one[0], *map(min, found[-1][1:3], one[1:3]), *map(max, found[-1][3:], one[3:])]
        else:
            found.append(list(one))
        last = one
    return [MarkedBox(one[0], *(value / PER_POINT for value in one[1:])) for one in found]


def _beside(last: Sequence[int], one: Sequence[int], so_far: Sequence[int]) -> bool:
    """True where a character goes on in the line of the last one: along, or up or down where the line runs so."""
    across, down = _gap(last, one, 1), _gap(last, one, 2)
    height, width = max(last[4] - last[2], one[4] - one[2]), max(last[3] - last[1], one[3] - one[1])
    if -down * 2 >= min(last[4] - last[2], one[4] - one[2]):
        return across <= 1.5 * height
    vertical = so_far[3] - so_far[1] <= 1.5 * width and abs(last[1] - one[1]) * 2 <= width
    return vertical and -across * 2 >= width and down <= height / 2


def _gap(last: Sequence[int], one: Sequence[int], axis: int) -> int:
    """How far two boxes stand apart along an axis; below zero where they overlap."""
    return max(last[axis], one[axis]) - min(last[axis + 2], one[axis + 2])


def _quarters(value: float) -> int:
    return max(0, min(MOST, math.floor(value * PER_POINT)))


def pack(layout: Layout) -> bytes:
    """The layout as a few bytes a character, to be kept; `unpack` gives it back."""
    import numpy as np

    header = json.dumps([[p.number, p.width, p.height, p.state, p.margins] for p in layout.pages]).encode()
    # Neighbours differ little: differences of each column by itself compress to a tenth.
    columns = np.frombuffer(layout.places, dtype="<u2").reshape(-1, 5).T
    steps = np.diff(columns, axis=1, prepend=np.zeros((5, 1), dtype="<u2")).astype("<u2")
    return zlib.compress(_LENGTH.pack(len(header)) + header + steps.tobytes(), 6)


def unpack(packed: bytes) -> Layout:
    """The layout that `pack` packed; raises `StoreBroken` where the bytes are not its."""
    import numpy as np

    try:
        unpacker = zlib.decompressobj()
        data = unpacker.decompress(packed, _MOST_PACKED)
        (length,) = _LENGTH.unpack_from(data)
        pages = tuple(_pages(json.loads(data[_LENGTH.size : _LENGTH.size + length])))
        steps = np.frombuffer(data[_LENGTH.size + length :], dtype="<u2").reshape(5, -1)
    except (zlib.error, struct.error, ValueError, TypeError) as error:
        raise StoreBroken(_BROKEN) from error
    if not unpacker.eof:
        raise StoreBroken(_BROKEN)
    return Layout(pages, np.cumsum(steps, axis=1, dtype="<u2").T.tobytes())


def _pages(rows: Sequence[Sequence[object]]) -> Iterator[PageShape]:
    for number, width, height, state, margins in rows:
        boxes_of = tuple(tuple(map(float, box)) for box in margins)  # type: ignore[attr-defined]
        yield PageShape(number, width, height, state, boxes_of)  # type: ignore[arg-type]
