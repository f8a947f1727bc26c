"""What of a page's text nobody can see: what has no size, lies off the page, or leaves no trace where it stands.

Whether words leave a trace is seen in a picture of the page, which is drawn only where something speaks for it: they
are white, or of the colour of what is under them, or invisible (render mode 3), or something is drawn over them later.
The invisible text over a scan is what OCR read there, and is kept.
"""

from __future__ import annotations

import contextlib
import math
from typing import Any

from index.loading.pdf.glyphs import Box, Colour, Drawings, Frame, Glyph

_SMALLEST = 1.5
_PROBE_PIXELS = 4_000_000
_WHITE = 245
_ALIKE = 12
# A picture that takes so much of the page is a scan, and invisible text over it is what was read there.
_SCAN = 0.5
# Beyond so many it is quicker to look at every letter.
_MOST_FILLS = 500
# What differs less than this in each of red, green and blue cannot be told apart.
_TRACE = 8


class Doubts:
    """What speaks for it that a text cannot be seen."""

    def __init__(self, drawn: Drawings) -> None:
        self._fills = drawn.fills
        # Of invisible text (render mode 3): True unless the page is a scan.
        self.invisible = drawn.pictured < _SCAN

    def drawn(self, box: Box, colour: Colour, place: int | None) -> bool:
        """Of text in a colour: True where it is white, or of a colour with what it meets, or may be covered."""
        if min(colour) >= _WHITE or len(self._fills) > _MOST_FILLS:
            return True
        return any(
            _meet(fill.box, box)
            and (_alike(fill.colour, colour) or (place is not None and fill.place > place and fill.colour is not None))
            for fill in self._fills
        )


def without_unseen(runs: list[list[Glyph]], page: Any, frame: Frame) -> tuple[list[list[Glyph]], str]:
    """The runs without what cannot be seen, and the characters that were left out."""
    picture: _Picture | None = None
    kept: list[list[Glyph]] = []
    hidden: list[Glyph] = []
    for run in runs:
        left: list[Glyph] = []
        for glyph in run:
            seen = frame.shows(glyph.box) and _has_size(glyph)
            if seen and glyph.style.doubtful and not glyph.char.isspace():
                picture = picture or _picture(page, frame)
                seen = picture.differ(glyph.box)
            (left if seen else hidden).append(glyph)
            if seen and glyph.style.doubtful and glyph.char.isspace():
                hidden.append(glyph)  # Between hidden words it parts those.
        kept.append(left)
    return (
        [run for run in kept if any(not glyph.char.isspace() for glyph in run)],
        "".join(glyph.char for glyph in hidden),
    )


def _has_size(glyph: Glyph) -> bool:
    # The size of a font whose letters are drawn by the file itself (Type 3) says little, its box does.
    return max(glyph.style.size, glyph.box[3] - glyph.box[1]) >= _SMALLEST


def _meet(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def _alike(one: Colour | None, other: Colour) -> bool:
    return one is not None and all(abs(a - b) <= _ALIKE for a, b in zip(one, other, strict=True))


class _Picture:
    """A page in colours: of two colours that are told apart, the grey may be one."""

    def __init__(self, pixels: Any, scale: float) -> None:
        self._pixels, self._scale = pixels, scale

    def differ(self, box: Box) -> bool:
        """True where a box is not of one colour: something can be seen in it."""
        left, top, right, bottom = (int(value * self._scale) for value in box)
        part = self._pixels[max(0, top) : bottom + 1, max(0, left) : right + 1]
        if not part.size:
            return False
        darkest, lightest = part.min(axis=(0, 1)), part.max(axis=(0, 1))
        return any(int(most) - int(least) > _TRACE for most, least in zip(lightest, darkest, strict=True))


def _picture(page: Any, frame: Frame) -> _Picture:
    scale = min(2.0, math.sqrt(_PROBE_PIXELS / max(1.0, frame.width * frame.height)))
    with contextlib.closing(page.render(scale=scale)) as bitmap:
        pixels = bitmap.to_numpy().copy()
    return _Picture(pixels, scale)
