"""What is drawn on a page besides its text, as far as it helps to read that: the lines around the cells of a table,
and the areas that may hide words.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterator
from typing import Any

from index.loading.pdf.glyphs import Box, Drawings, Fill, Frame, Rule

_MOST_OBJECTS = 400_000
# What is thinner is a line, and hides no letter, in points.
_THICK = 4.0
# A rectangle has five strokes; what has more may be all lines of a table at once, or a drawing.
_FEW_STROKES, _MOST_STROKES = 5, 400


def drawings(page: Any, frame: Frame) -> Drawings:
    """What is drawn on a page."""
    from pypdfium2 import raw

    rules: list[Rule] = []
    fills: list[Fill] = []
    places: dict[int | None, int] = {}
    pictured = 0.0
    count = raw.FPDFPage_CountObjects(page)
    for place in range(min(count, _MOST_OBJECTS)):
        item = raw.FPDFPage_GetObject(page, place)
        places[ctypes.cast(item, ctypes.c_void_p).value] = place
        kind = raw.FPDFPageObj_GetType(item)
        picture = kind == raw.FPDF_PAGEOBJ_IMAGE
        if kind == raw.FPDF_PAGEOBJ_PATH:
            rules += _rules(item, frame)
        elif picture:
            # Scanners cut a page into strips, too: what they cover counts together.
            box = bounds(item, frame)
            pictured += _shown(box, frame) if box else 0.0
        if picture or kind == raw.FPDF_PAGEOBJ_PATH:
            fills += _fill(item, frame, place, picture=picture)
    share = min(1.0, pictured / max(1.0, frame.width * frame.height))
    return Drawings(count > 0, rules, share, fills, places)


def bounds(item: Any, frame: Frame) -> Box | None:
    """The box of an object on the page as shown; None where it has none."""
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


def _shown(box: Rule, frame: Frame) -> float:
    """How large the part of a box is that lies on the page."""
    wide, high = min(box[2], frame.width) - max(box[0], 0), min(box[3], frame.height) - max(box[1], 0)
    return max(0.0, wide) * max(0.0, high)


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
