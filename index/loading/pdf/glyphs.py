"""The characters of a page as plain values, and the frame that turns a PDF's coordinates into the page as shown."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import NamedTuple

Box = tuple[float, float, float, float]
Colour = tuple[int, int, int]

# A sign of which the font does not say what character it is.
UNKNOWN = "\ufffd"
Rule = Box

# Text that runs at a slant, such as a draft's watermark; it is kept in the order of the file.
SLANTED = -1
_SLANT = 12


@dataclass(frozen=True, slots=True)
class Style:
    """How a character is drawn. `turn` is the direction its line runs in: 0, 90, 180, 270 against the clock.

    `doubtful` says that it may leave no trace on the page.
    """

    size: float = 0.0
    bold: bool = False
    italic: bool = False
    turn: int = 0
    font: str = ""
    hidden: bool = False
    doubtful: bool = False


@dataclass(slots=True)
class Glyph:
    """A character with its box (left, top, right, bottom) and the origin that it is drawn from, on the page as shown.

    A space that pdfium put in between has an empty box.
    """

    char: str
    box: Box
    origin: tuple[float, float]
    style: Style


class Fill(NamedTuple):
    """An area that is drawn in one colour, or a picture (no colour); `place` is its number among what is drawn."""

    box: Box
    colour: Colour | None
    place: int


@dataclass(frozen=True, slots=True)
class Drawings:
    """Whether anything is drawn on a page, its lines and rectangles, and the share of it that pictures cover.

    `fills` are the areas that may hide words, and `places` tells of each object when it is drawn.
    """

    drawn: bool
    rules: list[Rule]
    pictured: float
    fills: list[Fill]
    places: dict[int | None, int]


@dataclass(frozen=True, slots=True)
class PageGlyphs:
    """A page: its characters between line breaks, what is drawn on it, and the characters that nobody can see."""

    number: int
    width: float
    height: float
    runs: list[list[Glyph]]
    drawings: Drawings
    unmapped: int
    hidden: str = ""

    @property
    def rules(self) -> list[Rule]:
        """Its lines and rectangles."""
        return self.drawings.rules


@dataclass(frozen=True, slots=True)
class Frame:
    """From a PDF's coordinates to points from the top-left corner of the page as shown.

    The six numbers are an affine map: x = a * u + c * v + e, y = b * u + d * v + f.
    """

    width: float
    height: float
    rotation: int
    matrix: tuple[float, float, float, float, float, float]

    def point(self, u: float, v: float) -> tuple[float, float]:
        """A point on the page as shown."""
        a, b, c, d, e, f = self.matrix
        return a * u + c * v + e, b * u + d * v + f

    def box(self, left: float, bottom: float, right: float, top: float) -> Box:
        """A box on the page as shown: left, top, right, bottom."""
        one, other = self.point(left, bottom), self.point(right, top)
        return min(one[0], other[0]), min(one[1], other[1]), max(one[0], other[0]), max(one[1], other[1])

    def shows(self, box: Box) -> bool:
        """True where some of a box is on the page."""
        return box[2] >= 0 and box[3] >= 0 and box[0] <= self.width and box[1] <= self.height

    def turn(self, a: float, b: float) -> int:
        """The direction in which text with this matrix runs on the page as shown, to the nearest right angle."""
        degrees = math.degrees(math.atan2(b, a)) - self.rotation
        nearest = round(degrees / 90) * 90
        return nearest % 360 if abs(degrees - nearest) <= _SLANT else SLANTED


def frame_of(bounds: Box, rotation: int) -> Frame:
    """The frame of a page with these bounds (left, bottom, right, top) that is shown turned clockwise."""
    left, bottom, right, top = bounds
    width, height = right - left, top - bottom
    if rotation == 90:
        return Frame(height, width, rotation, (0, 1, 1, 0, -bottom, -left))
    if rotation == 180:
        return Frame(width, height, rotation, (-1, 0, 0, 1, right, -bottom))
    if rotation == 270:
        return Frame(height, width, rotation, (0, -1, -1, 0, top, right))
    return Frame(width, height, rotation, (1, 0, 0, -1, -left, top))


def turned(box: Box, turn: int, width: float, height: float) -> Box:
    """A box in the frame of text that runs in this direction, so that its lines lie from left to right."""
    left, top, right, bottom = box
    if turn == 90:
        return height - bottom, left, height - top, right
    if turn == 180:
        return width - right, height - bottom, width - left, height - top
    if turn == 270:
        return top, width - right, bottom, width - left
    return box
