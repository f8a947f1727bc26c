"""What OCR read in the picture of a page as lines of that page, such as those that a PDF's own text gives.

The height of what was read depends on which letters are in a line; sizes that are nearly alike are made one, so that
paragraphs hold together and only what is clearly larger is a heading.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from index.layout import place
from index.loading.ocr import Box, ReadLine, ReadPicture
from index.loading.pdf.glyphs import turned
from index.loading.pdf.lines import Line
from index.loading.pdf.spelling import direction

# The size of the font in heights of what is read as a line, and how far that reaches beyond the letters.
_SIZE, _BEYOND = 0.8, 0.15
# Half the height of a line in sizes of the font, as it is in text that was not scanned.
_HALF = 0.46
# What is smaller or larger than the most common size by less than these is of that size.
_SMALLER, _LARGER = 0.78, 1.25


def lines_of_scan(read: ReadPicture, number: int, width: float) -> list[Line]:
    """The lines of page `number`, whose picture as shown is `width` points wide."""
    across = read.height if read.turn in (90, 270) else read.width
    scale = width / max(1, across)
    return [_line(line, read, number, scale) for line in read.lines]


def _line(line: ReadLine, read: ReadPicture, number: int, scale: float) -> Line:
    left, top, right, bottom = _scaled(line.box, scale)
    size, middle = _SIZE * (bottom - top), (top + bottom) / 2
    inset = min(_BEYOND * (bottom - top), (right - left) / 4)
    frame = read.width * scale, read.height * scale
    boxes = (turned(_scaled(box, scale), (360 - read.turn) % 360, *frame) for box in line.boxes)
    places = (place(number, box) for box in boxes)
    return Line(
        number,
        line.text,
        b"".join(places),
        left + inset,
        middle - _HALF * size,
        right - inset,
        middle + _HALF * size,
        size=size,
        bold=False,
        italic=False,
        turn=read.turn,
        rtl=sum(map(direction, line.text)) < 0,
    )


def _scaled(box: Box, scale: float) -> Box:
    left, top, right, bottom = box
    return left * scale, top * scale, right * scale, bottom * scale


def even_out(lines: Sequence[Line]) -> None:
    """Give lines of nearly one size that size: the most common first, then that of what is left."""
    left = list(lines)
    while left:
        sizes: Counter[float] = Counter()
        for line in left:
            sizes[round(line.size * 2) / 2] += len(line.text)
        common = max(sizes, key=lambda size: (sizes[size], size))
        # In a document of few lines the most common may be an odd one: the middle of those around it is not.
        usual = _middle([line for line in left if _SMALLER * common <= line.size <= _LARGER * common])
        near = [line for line in left if usual is not None and _SMALLER * usual <= line.size <= _LARGER * usual]
        for line in near:
            middle, line.size = line.middle, usual or line.size
            line.top, line.bottom = middle - _HALF * line.size, middle + _HALF * line.size
        if not near:
            return
        left = [line for line in left if line not in near]


def _middle(lines: Sequence[Line]) -> float | None:
    """The size of the middle letter."""
    ordered = sorted(lines, key=lambda line: line.size)
    half, count = sum(len(line.text) for line in ordered) / 2, 0
    for line in ordered:
        count += len(line.text)
        if count >= half:
            return line.size
    return None
