"""Scans for tests: pages are drawn as a PDF, whose words and places are known, and turned into pictures."""

from __future__ import annotations

import io
from dataclasses import dataclass

import pypdfium2
from PIL import Image
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from tests.pdf_files import HEIGHT, WIDTH, Draw, drawn

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Scan:
    """A page as a picture, and the words drawn on it with their boxes in points from the top-left corner."""

    picture: Image.Image
    words: list[tuple[str, Box]]

    @property
    def text(self) -> str:
        return " ".join(word for word, _ in self.words)


def scanned(draw: Draw, dots: int = 150) -> Scan:
    """What a scanner of so many dots an inch makes of a page."""
    with pypdfium2.PdfDocument(drawn(draw)) as document:
        page = document[0]
        picture = page.render(scale=dots / 72).to_pil().convert("RGB")
        text = page.get_textpage()
        signs = [(text.get_text_range(n, 1), text.get_charbox(n)) for n in range(text.count_chars())]
    words: list[tuple[str, list[Box]]] = [("", [])]
    for sign, (left, bottom, right, top) in signs:
        if sign.strip():
            word, boxes = words[-1]
            words[-1] = (word + sign, [*boxes, (left, HEIGHT - top, right, HEIGHT - bottom)])
        elif words[-1][0]:
            words.append(("", []))
    return Scan(picture, [(word, around(boxes)) for word, boxes in words if word])


def around(boxes: list[Box]) -> Box:
    lefts, tops, rights, bottoms = zip(*boxes, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def saved(picture: Image.Image, kind: str = "PNG", **options: object) -> bytes:
    written = io.BytesIO()
    picture.save(written, kind, **options)
    return written.getvalue()


def picture_of(scan: Scan) -> Draw:
    """A page that is nothing but a scan of another."""

    def draw(canvas: Canvas) -> None:
        canvas.drawImage(ImageReader(scan.picture), 0, 0, WIDTH, HEIGHT)

    return draw
