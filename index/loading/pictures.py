"""Pictures: a page of a PDF or a scan as it is shown, with the boxes of a quote marked."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING

from index.errors import NotFound
from index.layout import MarkedBox
from index.loading.pdf.pdfium import open_page, open_pdf
from index.loading.scans import SUFFIXES, shown_sheet

if TYPE_CHECKING:
    from PIL.Image import Image

# Pixels a point: twice is what a page of A4 needs to be read on a screen. A page has at most so many pixels.
SCALE = 2.0
MOST_PIXELS = 8_000_000

_YELLOW = (255, 221, 0, 105)
# In points: the boxes of letters end where these do, a mark may reach a little further.
_BEYOND = 0.5


def page_picture(name: str, data: bytes, number: int, boxes: Sequence[MarkedBox] = (), scale: float = SCALE) -> bytes:
    """A PNG of page `number` (from 1) of a PDF or a picture, with those of the boxes marked that are on it.

    The scale is lowered where the picture would be too large. Raises `NotFound` for a page that is not there, and the
    errors of `open_pdf` and of `load_scan`.
    """
    is_scan = PurePath(name).suffix.lower() in SUFFIXES
    picture, scale = _sheet(name, data, number, scale) if is_scan else _page(name, data, number, scale)
    return _png(_marked(picture, [box for box in boxes if box.page == number], scale))


def _page(name: str, data: bytes, number: int, scale: float) -> tuple[Image, float]:
    """A page of a PDF, and how many of its pixels a point is."""
    with open_pdf(name, data) as document:
        if not 1 <= number <= len(document):
            raise NotFound(f"there is no page {number}: the document has {len(document)}")
        with open_page(document, number) as page:
            if page is None:
                raise NotFound(f"page {number} is broken and cannot be shown")
            width, height = page.get_size()
            scale = min(scale, math.sqrt(MOST_PIXELS / max(1.0, width * height)))
            bitmap = page.render(scale=scale)
            picture = bitmap.to_pil().convert("RGB")
            bitmap.close()
    return picture, scale


def _sheet(name: str, data: bytes, number: int, scale: float) -> tuple[Image, float]:
    """A picture of its file, no larger than it is, and how many of its pixels a point is."""
    sheet, points = shown_sheet(name, data, number)
    scale = min(scale, 1 / points)
    size = (max(1, round(sheet.width * points * scale)), max(1, round(sheet.height * points * scale)))
    return sheet.resize(size), scale


def _marked(picture: Image, boxes: Sequence[MarkedBox], scale: float) -> Image:
    from PIL import Image, ImageDraw

    if not boxes:
        return picture
    marks = Image.new("RGBA", picture.size, (0, 0, 0, 0))
    draw = ImageDraw.Draw(marks)
    for box in boxes:
        left, top = (box.left - _BEYOND) * scale, (box.top - _BEYOND) * scale
        right, bottom = (box.right + _BEYOND) * scale, (box.bottom + _BEYOND) * scale
        draw.rectangle((left, top, max(left, right), max(top, bottom)), fill=_YELLOW)
    return Image.alpha_composite(picture.convert("RGBA"), marks).convert("RGB")


def _png(picture: Image) -> bytes:
    written = io.BytesIO()
    picture.save(written, "PNG", compress_level=3)
    return written.getvalue()
