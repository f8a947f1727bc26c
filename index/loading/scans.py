"""Pictures as documents: a scan, a photo of a page, a screenshot; a TIFF file has a page for each of its pictures.

Their text is read by OCR. What resolution a picture claims is often made up: the longer side of a page is taken to be
that of A4, which is also how it is shown.
"""

from __future__ import annotations

import contextlib
import io
import itertools
import struct
import warnings
import zlib
from collections.abc import Iterator
from typing import TYPE_CHECKING

from index.documents import Loaded
from index.errors import NotFound, NoWords, UnreadableFile, UnsupportedFile
from index.layout import PageShape
from index.loading.front_matter import FrontMatter
from index.loading.ocr import HOW_TO_INSTALL, is_installed, read_picture
from index.loading.pace import got_on
from index.loading.pdf.composing import Known, PageRead, composed
from index.loading.pdf.lines import Line
from index.loading.pdf.scanned import even_out, lines_of_scan

if TYPE_CHECKING:
    from PIL.Image import Image

SUFFIXES = (".bmp", ".jpeg", ".jpg", ".png", ".tif", ".tiff", ".webp")
_FORMATS = ("BMP", "JPEG", "PNG", "TIFF", "WEBP")
_MANY_PAGES = "TIFF"
# A sheet of A3 at 600 dots an inch has 70 million pixels.
MOST_PIXELS = 89_000_000
MOST_SHEETS = 2_000
_LONGEST_POINTS = 842.0
# What Pillow raises on files that are broken, one kind for each way to read them.
_BROKEN = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    EOFError,
    LookupError,
    ArithmeticError,
    struct.error,
    zlib.error,
)


def load_scan(name: str, data: bytes) -> Loaded:
    """Read a picture; raises `UnsupportedFile` for what is none, `NoWords` where no text is found in it, and
    `UnreadableFile`.
    """
    if not is_installed():
        raise UnsupportedFile(f"{name} is a picture: {HOW_TO_INSTALL}")
    pages: list[PageRead] = []
    found: list[Line] = []
    media_type = "image/*"
    for number, (sheet, kind) in enumerate(_sheets(name, data), 1):
        media_type = kind
        width, height = _points(sheet)
        lines = lines_of_scan(read_picture(sheet), number, width)
        got_on()
        found += lines
        pages.append(PageRead(PageShape(number, width, height, "ocr" if lines else "scanned"), lines, []))
    if not found:
        raise NoWords(f"{name} is a picture in which no text could be read: leave it out, or scan it anew")
    even_out(found)
    return composed(name, pages, Known(FrontMatter(), media_type))


def shown_sheet(name: str, data: bytes, number: int) -> tuple[Image, float]:
    """Picture `number` (from 1) of a file, and how many points of its page one of its pixels is.

    Raises `NotFound` where there is no such picture, and the errors of `load_scan`.
    """
    with _opened(name, data) as picture:
        sheet = _sheet(name, picture, number - 1) if number > 0 else None
    if sheet is None:
        raise NotFound(f"there is no page {number}: the document has {_count(name, data)}")
    return sheet, _points(sheet)[0] / sheet.width


def _points(sheet: Image) -> tuple[float, float]:
    scale = min(1.0, _LONGEST_POINTS / max(sheet.size))
    return sheet.width * scale, sheet.height * scale


def _sheets(name: str, data: bytes) -> Iterator[tuple[Image, str]]:
    """The pictures of a file one after the other, upright, in red, green and blue on white; and the kind of file."""
    from PIL import Image

    with _opened(name, data) as picture:
        media_type = Image.MIME[picture.format or "PNG"]
        for number in itertools.count():
            sheet = _sheet(name, picture, number)
            if sheet is None:
                return
            yield sheet, media_type


def _opened(name: str, data: bytes) -> Image:
    """A file whose first picture is yet to be decoded."""
    from PIL import Image, UnidentifiedImageError

    with _said(name):
        try:
            return Image.open(io.BytesIO(data), formats=_FORMATS)
        except UnidentifiedImageError as error:
            raise UnsupportedFile(
                f"{name} is not a picture, or one that is broken: give it the ending of what it is, or save it anew"
            ) from error


def _sheet(name: str, picture: Image, number: int) -> Image | None:
    """Picture `number` (from 0) of a file; None where it has no more."""
    with _said(name):
        if number and (picture.format != _MANY_PAGES or not _turned_to(picture, number)):
            return None
        _refuse_huge(name, picture, number)
        return _upright(picture)


@contextlib.contextmanager
def _said(name: str) -> Iterator[None]:
    """What Pillow raises, as an error about the file."""
    from PIL import Image

    try:
        with warnings.catch_warnings():
            # What is odd about a file is no matter of ours, if it can be read.
            warnings.simplefilter("ignore")
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            yield
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise _too_large(name) from error
    except _BROKEN as error:
        raise UnreadableFile(f"{name} is broken or cut off, and cannot be read as a picture: save it anew") from error


def _too_large(name: str) -> UnreadableFile:
    return UnreadableFile(
        f"{name} says that it has more than {MOST_PIXELS / 1e6:.0f} million pixels: no page needs so many, save it "
        "smaller"
    )


def _refuse_huge(name: str, picture: Image, number: int) -> None:
    if picture.width * picture.height > MOST_PIXELS:
        raise _too_large(name)
    if number >= MOST_SHEETS:
        raise UnreadableFile(f"{name} has more than {MOST_SHEETS} pages: split it into parts")


def _count(name: str, data: bytes) -> int:
    # Opened anew: where a picture was looked for in vain, Pillow takes its number for how many there are.
    with _said(name), _opened(name, data) as picture:
        return int(getattr(picture, "n_frames", 1)) if picture.format == _MANY_PAGES else 1


def _turned_to(picture: Image, number: int) -> bool:
    try:
        picture.seek(number)
    except EOFError:
        return False
    return True


def _upright(picture: Image) -> Image:
    """A picture as its camera was held, on white where it can be seen through."""
    from PIL import Image, ImageOps

    upright = ImageOps.exif_transpose(picture)
    if upright.mode.startswith(("I", "F")):
        # 16 bits a pixel or more: spread over what 8 bits hold, as a viewer does.
        low, high = upright.getextrema()
        span = max(1.0, float(high) - float(low))  # type: ignore[arg-type]
        return upright.convert("F").point(lambda value: (value - float(low)) * 255 / span).convert("RGB")  # type: ignore[arg-type]
    if not upright.has_transparency_data:
        return upright.convert("RGB")
    seen = upright.convert("RGBA")
    return Image.alpha_composite(Image.new("RGBA", seen.size, "white"), seen).convert("RGB")
