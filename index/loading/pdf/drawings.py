"""What is drawn on a page besides its text, as far as it helps to read that: the lines around the cells of a table."""

from __future__ import annotations

import ctypes
from typing import Any

from index.loading.pdf.glyphs import Drawings, Frame, Rule

_MOST_OBJECTS = 400_000
# A rectangle has five strokes; what has more may be all lines of a table at once, or a drawing.
_FEW_STROKES, _MOST_STROKES = 5, 400


def drawings(page: Any, frame: Frame) -> Drawings:
    """Whether anything is drawn on the page, the boxes of lines and rectangles, and how much of it pictures cover."""
    from pypdfium2 import raw

    rules: list[Rule] = []
    pictured = 0.0
    count = raw.FPDFPage_CountObjects(page)
    for index in range(min(count, _MOST_OBJECTS)):
        item = raw.FPDFPage_GetObject(page, index)
        kind = raw.FPDFPageObj_GetType(item)
        if kind == raw.FPDF_PAGEOBJ_PATH:
            rules += _rules(item, frame)
        elif kind == raw.FPDF_PAGEOBJ_IMAGE:
            # Scanners cut a page into strips, too: what they cover counts together.
            pictured += sum(_shown(box, frame) for box in _bounds(item, frame))
    return Drawings(count > 0, rules, min(1.0, pictured / max(1.0, frame.width * frame.height)))


def _bounds(item: Any, frame: Frame) -> list[Rule]:
    """The box of an object; none where it has none."""
    from pypdfium2 import raw

    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    found = raw.FPDFPageObj_GetBounds(item, left, bottom, right, top)
    return [frame.box(left.value, bottom.value, right.value, top.value)] if found else []


def _shown(box: Rule, frame: Frame) -> float:
    """How large the part of a box is that lies on the page."""
    wide, high = min(box[2], frame.width) - max(box[0], 0), min(box[3], frame.height) - max(box[1], 0)
    return max(0.0, wide) * max(0.0, high)


def _rules(path: Any, frame: Frame) -> list[Rule]:
    """The box of a drawing; of one of many strokes, those that are level or upright."""
    from pypdfium2 import raw

    strokes = raw.FPDFPath_CountSegments(path)
    if strokes <= _FEW_STROKES or strokes > _MOST_STROKES:
        return _bounds(path, frame)
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
