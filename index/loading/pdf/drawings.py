"""What is drawn on a page besides its text, as far as it helps to read that: the lines around the cells of a table."""

from __future__ import annotations

import ctypes
from typing import Any

from index.loading.pdf.glyphs import Frame, Rule

_MOST_OBJECTS = 400_000
# A rectangle has five strokes; what has more may be all lines of a table at once, or a drawing.
_FEW_STROKES, _MOST_STROKES = 5, 400


def drawings(page: Any, frame: Frame) -> tuple[bool, list[Rule]]:
    """Whether anything is drawn on the page, and the boxes of the lines and rectangles that are drawn."""
    from pypdfium2 import raw

    rules: list[Rule] = []
    count = raw.FPDFPage_CountObjects(page)
    for index in range(min(count, _MOST_OBJECTS)):
        item = raw.FPDFPage_GetObject(page, index)
        if raw.FPDFPageObj_GetType(item) == raw.FPDF_PAGEOBJ_PATH:
            rules += _rules(item, frame)
    return count > 0, rules


def _rules(path: Any, frame: Frame) -> list[Rule]:
    """The box of a drawing; of one of many strokes, those that are level or upright."""
    from pypdfium2 import raw

    strokes = raw.FPDFPath_CountSegments(path)
    if strokes <= _FEW_STROKES or strokes > _MOST_STROKES:
        left, bottom, right, top = (ctypes.c_float() for _ in range(4))
        found = raw.FPDFPageObj_GetBounds(path, left, bottom, right, top)
        return [frame.box(left.value, bottom.value, right.value, top.value)] if found else []
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
