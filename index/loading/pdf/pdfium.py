"""The fence around pdfium: documents, pages and their characters, as plain values.

pdfium is not safe for threads: one lock is held while a document is open. Text that nobody can see is left out: what
is fully transparent here, the rest by `index.loading.pdf.unseen`.
"""

from __future__ import annotations

import contextlib
import ctypes
import math
import threading
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from index.errors import UnreadableFile, UnsupportedFile
from index.loading.pdf.drawings import bounds, drawings
from index.loading.pdf.glyphs import UNKNOWN, Drawings, Frame, Glyph, PageGlyphs, Style, frame_of
from index.loading.pdf.unseen import Doubts, without_unseen

if TYPE_CHECKING:
    from PIL.Image import Image

_LOCK = threading.RLock()

# What a reader of PDF looks through for the signature; more pages or characters than these are no document.
_SIGNATURE_WITHIN = 1024
MOST_PAGES = 20_000
MOST_CHARACTERS_ON_PAGE = 400_000

_BOLD_NAMES = ("bold", "black", "heavy", "demi", "cmbx", "sfbx")
_INVISIBLE_MODE = 3
# Letters as faint as this leave no trace, of 255.
_FAINT = 4


@contextlib.contextmanager
def open_pdf(name: str, data: bytes) -> Iterator[Any]:
    """A document of pdfium, closed afterwards; whoever comes meanwhile waits.

    Raises `UnsupportedFile` for what is no PDF, and `UnreadableFile` for a broken one or one with a password.
    """
    import pypdfium2
    from pypdfium2 import raw

    if b"%PDF-" not in data[:_SIGNATURE_WITHIN]:
        raise UnsupportedFile(f"{name} is not a PDF document: give it the ending of what it is")
    with _LOCK:
        try:
            document = pypdfium2.PdfDocument(data)
        except pypdfium2.PdfiumError as error:
            if error.err_code in (raw.FPDF_ERR_PASSWORD, raw.FPDF_ERR_SECURITY):
                raise UnreadableFile(f"{name} is protected by a password: save it without one and try again") from error
            raise UnreadableFile(
                f"{name} is broken and cannot be read as PDF: open it in a PDF reader, save it anew and try again"
            ) from error
        with document:
            yield document


@contextlib.contextmanager
def open_page(document: Any, number: int) -> Iterator[Any]:
    """Page `number` (from 1); None where it is broken."""
    import pypdfium2

    try:
        page = document[number - 1]
    except pypdfium2.PdfiumError:
        yield None
        return
    try:
        yield page
    finally:
        page.close()


def metadata(document: Any) -> dict[str, str]:
    """What the file says of itself: Title, Author, CreationDate and such; what cannot be decoded is left out."""
    values = {}
    for key in ("Title", "Author", "CreationDate"):
        with contextlib.suppress(UnicodeDecodeError):
            values[key] = document.get_metadata_value(key)
    return values


def outline(document: Any, most: int = 5_000) -> Iterator[tuple[int, int, str]]:
    """The bookmarks, as level (from 1), page and title."""
    for count, mark in enumerate(document.get_toc(max_depth=10)):
        if count >= most:
            return
        target = mark.get_dest()
        page = target.get_index() if target is not None else None
        with contextlib.suppress(UnicodeDecodeError):
            if page is not None:
                yield mark.level + 1, page + 1, mark.get_title()


def read_page(name: str, document: Any, number: int) -> PageGlyphs | None:
    """The characters of a page in the order in which pdfium gives them; None where the page is broken."""
    import pypdfium2

    with open_page(document, number) as page:
        try:
            return None if page is None else _glyphs(name, page, number)
        except pypdfium2.PdfiumError:
            return None


def _glyphs(name: str, page: Any, number: int) -> PageGlyphs:
    frame = _frame(page)
    drawn = drawings(page, frame)
    with contextlib.closing(page.get_textpage()) as text_page:
        count = text_page.count_chars()
        if count > MOST_CHARACTERS_ON_PAGE:
            raise UnreadableFile(
                f"{name} has {count} characters on page {number}, which no page has: print it to a new PDF"
            )
        reading = _Reading(frame, text_page, drawn)
        runs = list(reading.runs(count))
    runs, hidden = without_unseen(runs, page, frame)
    hidden = f"{''.join(reading.hidden)} {hidden}".strip()
    return PageGlyphs(number, frame.width, frame.height, runs, drawn, reading.unmapped, hidden)


def rendered(document: Any, number: int, longest: int) -> Image | None:
    """The picture of a page, so large that its longer side has this many pixels; None where it is broken."""
    import pypdfium2

    with open_page(document, number) as page:
        if page is None:
            return None
        scale = longest / max(1.0, *page.get_size())
        try:
            with contextlib.closing(page.render(scale=scale)) as bitmap:
                return bitmap.to_pil().convert("RGB")  # type: ignore[no-any-return]
        except pypdfium2.PdfiumError:
            return None


def _frame(page: Any) -> Frame:
    left, bottom, right, top = page.get_bbox()
    return frame_of((left, bottom, right, top), page.get_rotation())


class _Reading:
    """Reads the characters of one page; the style of each text object is looked up once."""

    def __init__(self, frame: Frame, text_page: Any, drawn: Drawings) -> None:
        from pypdfium2 import raw

        self._raw = raw
        self._frame = frame
        self._page = text_page.raw
        self._styles: dict[int | None, Style] = {None: Style()}
        self._drawn = drawn
        self._doubts = Doubts(drawn)
        self.unmapped = 0
        # The characters that are fully transparent.
        self.hidden: list[str] = []

    def runs(self, count: int) -> Iterator[list[Glyph]]:
        """The characters between two line breaks of pdfium's."""
        run: list[Glyph] = []
        style = self._styles[None]
        high = 0
        for index in range(count):
            code = self._raw.FPDFText_GetUnicode(self._page, index)
            if code in (0x0A, 0x0D):
                if run:
                    yield run
                run = []
                continue
            if 0xD800 <= code < 0xDC00:
                high = code
                continue
            if high and 0xDC00 <= code < 0xE000:
                code = 0x10000 + ((high - 0xD800) << 10) + code - 0xDC00
            high = 0
            style = self._style(index, style)
            if style.hidden:
                self.hidden.append(self._character(index, code))
            else:
                run.append(self._glyph(index, code, style))
        if run:
            yield run

    def _glyph(self, index: int, code: int, style: Style) -> Glyph:
        raw = self._raw
        rect, x, y = raw.FS_RECTF(), ctypes.c_double(), ctypes.c_double()
        raw.FPDFText_GetLooseCharBox(self._page, index, rect)
        raw.FPDFText_GetCharOrigin(self._page, index, x, y)
        character = self._character(index, code)
        box = self._frame.box(rect.left, rect.bottom, rect.right, rect.top)
        return Glyph(character, box, self._frame.point(x.value, y.value), style)

    def _character(self, index: int, code: int) -> str:
        # pdfium takes the hyphen at a line's end out of the text and puts a control character for it.
        if code in (0x02, 0xFFFE) and self._raw.FPDFText_IsHyphen(self._page, index):
            return "-"
        if self._raw.FPDFText_HasUnicodeMapError(self._page, index) == 1:
            # The font does not say what the sign means: what pdfium gives is a number, not a letter.
            self.unmapped += 1
            return UNKNOWN
        if code in (0, 0xFFFD, 0xFFFE, 0xFFFF) or 0xD800 <= code < 0xE000 or code > 0x10FFFF:
            return UNKNOWN
        return chr(code)

    def _style(self, index: int, last: Style) -> Style:
        """The style of a character; those that pdfium put in between have that of the one before."""
        item = self._raw.FPDFText_GetTextObject(self._page, index)
        if not item:
            return last
        key = ctypes.cast(item, ctypes.c_void_p).value
        if key not in self._styles:
            self._styles[key] = self._read_style(index, item)
        return self._styles[key]

    def _read_style(self, index: int, item: Any) -> Style:
        raw = self._raw
        matrix = raw.FS_MATRIX()
        raw.FPDFPageObj_GetMatrix(item, matrix)
        on_page = raw.FS_MATRIX()
        raw.FPDFText_GetMatrix(self._page, index, on_page)
        matrix = on_page if on_page.a or on_page.b else matrix
        size = raw.FPDFText_GetFontSize(self._page, index) * math.hypot(matrix.c, matrix.d)
        red, green, blue, alpha = (ctypes.c_uint() for _ in range(4))
        raw.FPDFPageObj_GetFillColor(item, red, green, blue, alpha)
        mode = raw.FPDFTextObj_GetTextRenderMode(item)
        font = self._font_name(item)
        return Style(
            size=abs(size),
            bold=any(word in font for word in _BOLD_NAMES),
            italic="italic" in font or "oblique" in font,
            turn=self._frame.turn(matrix.a, matrix.b),
            font=font,
            hidden=mode == 0 and alpha.value < _FAINT,
            doubtful=self._is_doubtful(item, mode, (red.value, green.value, blue.value)),
        )

    def _is_doubtful(self, item: Any, mode: int, colour: tuple[int, int, int]) -> bool:
        """Whether it must be seen on the page that the text of an object leaves a trace."""
        if mode == _INVISIBLE_MODE:
            return self._doubts.invisible
        box = bounds(item, self._frame)
        if box is None:
            return True
        place = self._drawn.places.get(ctypes.cast(item, ctypes.c_void_p).value)
        return self._doubts.drawn(box, colour, place)

    def _font_name(self, item: Any) -> str:
        raw = self._raw
        font = raw.FPDFTextObj_GetFont(item)
        if not font:
            return ""
        length = raw.FPDFFont_GetBaseFontName(font, None, 0)
        buffer = ctypes.create_string_buffer(max(1, length))
        raw.FPDFFont_GetBaseFontName(font, buffer, length)
        return buffer.value.decode("utf-8", "replace").lower()
