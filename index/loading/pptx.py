"""PowerPoint presentations (PPTX): each slide a page under its title, what stands on it in the order it is read in.

Text boxes, lists, tables, the numbers of charts, the words of diagrams, grouped shapes, and the notes of a slide, which
are marked as such. Left out: hidden slides, footers, dates and slide numbers, comments, pictures, and what only stands
on the layout of a slide.
"""

from __future__ import annotations

import struct
import zipfile
import zlib
from typing import Any

from index.documents import Loaded
from index.errors import UnreadableFile, UnsupportedFile
from index.loading.canonical import canonical, one_line
from index.loading.core_properties import core_properties
from index.loading.finishing import finish
from index.loading.slide_order import in_reading_order
from index.loading.slide_shapes import chart_rows, diagram_lines, is_furniture, lines_of, paragraphs_of, table_rows
from index.loading.unpacked import unpacked
from index.loading.writer import Writer
from index.loading.zipped import Package, open_package

_MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.presentationml.presentation"
# Deeper groups are made by no program; they would exhaust the stack.
_MOST_GROUPS = 20

# What python-pptx and lxml below it let out where a part of a presentation is not as it should be: they take its
# structure and its numbers on trust. (XML errors are `SyntaxError`, a missing package is `OSError` or of this list.)
_BROKEN = (
    ValueError, TypeError, AttributeError, LookupError, SyntaxError, ArithmeticError, AssertionError, OSError,
    EOFError, RuntimeError, zipfile.BadZipFile, zlib.error, struct.error,
)  # fmt: skip


def load_pptx(name: str, data: bytes) -> Loaded:
    """Read a presentation. Raises `UnreadableFile` or `UnsupportedFile`."""
    package = open_package(name, data)
    if not any(member.startswith("ppt/") for member in package.names):
        raise UnsupportedFile(f"{name} holds no presentation: give it the ending of what it is")
    writer = Writer()
    try:
        _write_slides(package, writer)
    except _BROKEN as error:
        raise _broken(package, error) from error
    return finish(name, writer.body(), core_properties(package), _MEDIA_TYPE)


def _broken(package: Package, error: BaseException) -> UnreadableFile:
    reason = (str(error).strip().splitlines() or [type(error).__name__])[0][:120]
    return UnreadableFile(f"{package.name} is broken ({reason}): open it in PowerPoint and save it again")


def _write_slides(package: Package, writer: Writer) -> None:
    from pptx import Presentation
    from pptx.exc import PythonPptxError

    try:
        slides = Presentation(unpacked(package)).slides
        for page, slide in enumerate(slides, start=1):
            hidden = slide._element.get("show") in ("0", "false")
            written = Writer() if hidden else writer
            _Slide(written, slide).write(page)
            if hidden:
                writer.hide(written.body().text)
    except PythonPptxError as error:
        raise ValueError(str(error)) from error


class _Slide:
    """Writes one slide."""

    def __init__(self, writer: Writer, slide: Any) -> None:
        self._writer = writer
        self._slide = slide

    def write(self, page: int) -> None:
        title = self._slide.shapes.title
        words = one_line(title.text_frame.text) if title is not None and title.has_text_frame else ""
        self._writer.page(page, anew=True)
        self._writer.heading(words, level=1)
        self._shapes([shape for shape in self._slide.shapes if not words or shape.shape_id != title.shape_id], 0)
        self._notes()

    def _shapes(self, shapes: list[Any], depth: int) -> None:
        if depth > _MOST_GROUPS:
            raise ValueError(f"shapes are grouped more than {_MOST_GROUPS} deep")
        for shape in in_reading_order([shape for shape in shapes if not is_furniture(shape)]):
            if hasattr(shape, "shapes"):
                self._shapes(list(shape.shapes), depth + 1)
            elif getattr(shape, "has_table", False):
                self._writer.table(table_rows(shape.table))
            elif getattr(shape, "has_chart", False):
                self._lines(chart_rows(shape.chart))
            elif shape.has_text_frame:
                self._text(shape)
            else:
                self._lines(diagram_lines(shape))

    def _lines(self, lines: list[str]) -> None:
        self._writer.block(canonical("\n".join(lines)))

    def _text(self, shape: Any) -> None:
        """The paragraphs of a text box: those with bullets or numbers as lists, by their levels."""
        open_levels: list[int] = []
        for paragraph in paragraphs_of(shape):
            level = paragraph.level if paragraph.listed else -1
            while open_levels and (open_levels[-1] > level or (paragraph.restarts and open_levels[-1] == level)):
                open_levels.pop()
                self._writer.close_list()
            if paragraph.listed and (not open_levels or open_levels[-1] < level):
                open_levels.append(level)
                self._writer.open_list(paragraph.number)
            if paragraph.listed:
                self._writer.item()
            self._writer.block(canonical(paragraph.text))
        for _ in open_levels:
            self._writer.close_list()

    def _notes(self) -> None:
        frame = self._slide.notes_slide.notes_text_frame if self._slide.has_notes_slide else None
        text = canonical(lines_of(frame)) if frame is not None else ""
        if text:
            self._writer.block(f"Notes: {text}")
