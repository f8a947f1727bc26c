"""What is drawn on a page besides its text, as far as it helps to read that: the lines around the cells of a table,
and the areas that may hide words.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Any, NamedTuple

from index.loading.pdf.glyphs import Box, Frame, Rule
from index.loading.pdf.unseen import Fill

_MOST_OBJECTS = 400_000
# What is thinner is a line, and hides no letter, in points.
_THICK = 4.0
# A rectangle has five strokes; what has more may be all lines of a table at once, or a drawing.
_FEW_STROKES, _MOST_STROKES = 5, 400


class Drawings(NamedTuple):
    """What is drawn on a page: the place of each object in the order of drawing, lines and rectangles, and areas."""

    objects: dict[int | None, int]
    rules: list[Rule]
    fills: list[Fill]


def drawings(page: Any, frame: Frame) -> Drawings:
    """What is drawn on a page."""
    from pypdfium2 import raw

    found = Drawings({}, [], [])
    for place in range(min(raw.FPDFPage_CountObjects(page), _MOST_OBJECTS)):
        item = raw.FPDFPage_GetObject(page, place)
        found.objects[ctypes.cast(item, ctypes.c_void_p).value] = place
        kind = raw.FPDFPageObj_GetType(item)
        if kind == raw.FPDF_PAGEOBJ_PATH:
            found.rules.extend(_rules(item, frame))
        if kind in (raw.FPDF_PAGEOBJ_PATH, raw.FPDF_PAGEOBJ_IMAGE):
            found.fills.extend(_fill(item, frame, place, picture=kind == raw.FPDF_PAGEOBJ_IMAGE))
    return found


def bounds(item: Any, frame: Frame) -> Box | None:
    """The box of an object on the page as shown."""
    from pypdfium2 import raw

    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    found = raw.FPDFPageObj_GetBounds(item, left, bottom, right, top)
    return frame.box(left.value, bottom.value, right.value, top.value) if found else None


def _fill(item: Any, frame: Frame, place: int, *, picture: bool) -> Iterator[Fill]:
    """The area that an object covers, where that is more than a line."""
    from pypdfium2 import raw

    box = bounds(item, frame)
    if box is None or min(box[2] - box[0], box[3] - box[1]) < _THICK:
        return
    if picture:
        yield Fill(box, None, place)
        return
    mode, stroked = ctypes.c_int(), ctypes.c_int()
    red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
    raw.FPDFPath_GetDrawMode(item, mode, stroked)
    if mode.value != raw.FPDF_FILLMODE_NONE and raw.FPDFPageObj_GetFillColor(item, red, green, blue, alpha):
        yield Fill(box, (red.value, green.value, blue.value), place)


def _rules(path: Any, frame: Frame) -> list[Rule]:
    """The box of a drawing; of one of many strokes, those that are level or upright."""
    from pypdfium2 import raw

    strokes = raw.FPDFPath_CountSegments(path)
    if strokes <= _FEW_STROKES or strokes > _MOST_STROKES:
        box = bounds(path, frame)
        return [] if box is None else [box]
    matrix = raw.FS_MATRIX()
    raw.FPDFPageObj_GetMatrix(path, matrix)
    rules = []
    last = (0.0, 0.0)
    for index in range(strokes):
        stroke = raw.FPDFPath_GetPathSegment(path, index)
        x, y = ctypes.c_float(), ctypes.c_float()
        raw.FPDFPathSegment_GetPoint(stroke, x, y)
        point = (
            matrix.a * x.value + matrix.c * y.value + matrix.e,
            matrix.b * x.value + matrix.d * y.value + matrix.f,
        )
        is_line = raw.FPDFPathSegment_GetType(stroke) == raw.FPDF_SEGMENT_LINETO
        if is_line and min(abs(point[0] - last[0]), abs(point[1] - last[1])) < 1:
            rules.append(frame.box(*last, *point))
        last = point
    return rules
