"""PDF: text in reading order with the place of every character on its page.

Running heads, foot lines and page numbers are left out of the text. Pages that are pictures are read by OCR where it is
installed; which ones they are is known. Nothing is fetched and no script is run.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.documents import Details, Loaded
from index.errors import UnreadableFile
from index.layout import PageShape, PageState
from index.loading.canonical import one_line
from index.loading.front_matter import FrontMatter
from index.loading.ocr import HOW_TO_INSTALL, LONGEST_SIDE, is_installed, read_picture
from index.loading.pace import got_on
from index.loading.pdf.composing import Known, PageRead, composed
from index.loading.pdf.glyphs import PageGlyphs
from index.loading.pdf.lines import Line, lines_of
from index.loading.pdf.pdfium import MOST_PAGES, metadata, open_pdf, outline, read_page, rendered
from index.loading.pdf.scanned import even_out, lines_of_scan

MEDIA_TYPE = "application/pdf"
# Where more characters than this have no meaning in Unicode, the rest is no text either.
_MOST_UNMAPPED = 0.3
# A picture that covers so much of a page with so few characters of text is a scan that was stamped or numbered.
_LEAST_PICTURED, _MOST_ON_SCAN = 0.5, 250
# At seconds a page, more than this would take hours.
MOST_SCANS = 2_000
_DATE = re.compile(r"D?:?(\d{4})(\d{2})(\d{2})")
_NO_TITLE = re.compile(
    r"untitled.*|microsoft (?:word|powerpoint|excel) - .*|powerpoint presentation|document\d*|slide \d+|"
    r".*\.(?:docx?|pptx?|xlsx?|pdf|indd|qxd|tex|dvi|rtf|odt|html?|cdr|ai)|[\W\d_]*",
    re.IGNORECASE,
)
_NO_AUTHOR = re.compile(r"anonymous|unknown|user|admin(?:istrator)?|owner|[\W\d_]*", re.IGNORECASE)
_MOST_TITLE = 300


@dataclass(frozen=True, slots=True)
class _Page:
    """A page with its own text; `is_scan` says that OCR is needed to read it, or the most of it."""

    read: PageRead
    is_scan: bool


def load_pdf(name: str, data: bytes) -> Loaded:
    """Read a PDF document; `layout` has the places of its characters.

    Raises `UnsupportedFile` for what is no PDF, and `UnreadableFile` for one that is broken, has a password, or is
    scanned while the extra for OCR is not installed.
    """
    with open_pdf(name, data) as document:
        if len(document) > MOST_PAGES:
            raise UnreadableFile(f"{name} has more than {MOST_PAGES} pages: split it into parts")
        pages = _with_scans(name, document, [_page(name, document, n) for n in range(1, len(document) + 1)])
        marks, known = list(outline(document)), metadata(document)
    _refuse_unread(name, pages)
    return composed(name, pages, Known(_front(known), MEDIA_TYPE, marks))


def _page(name: str, document: object, number: int) -> _Page:
    glyphs = read_page(name, document, number)
    if glyphs is None:
        return _Page(PageRead(PageShape(number, 0.0, 0.0, "broken"), [], []), is_scan=False)
    lines = [] if _is_without_meaning(glyphs) else lines_of(glyphs)
    state: PageState = "text" if lines else "scanned" if glyphs.drawings.drawn else "blank"
    few = sum(len(line.text) for line in lines) <= _MOST_ON_SCAN and glyphs.drawings.pictured >= _LEAST_PICTURED
    shape = PageShape(number, glyphs.width, glyphs.height, state)
    return _Page(PageRead(shape, lines, glyphs.rules, glyphs.hidden), is_scan=state == "scanned" or few)


def _is_without_meaning(glyphs: PageGlyphs) -> bool:
    """True for a page whose fonts do not say which characters their signs are."""
    return glyphs.unmapped > _MOST_UNMAPPED * sum(len(run) for run in glyphs.runs)


def _with_scans(name: str, document: object, pages: Sequence[_Page]) -> list[PageRead]:
    """The pages, those read by OCR that are pictures; where it is not installed they stay without their text."""
    scans = sum(page.is_scan for page in pages)
    if not scans or not is_installed():
        return [page.read for page in pages]
    if scans > MOST_SCANS:
        raise UnreadableFile(f"{name} has {scans} scanned pages, more than the {MOST_SCANS} that are read: split it")
    done: list[PageRead] = []
    found: list[Line] = []
    for page in pages:
        lines = _scanned_lines(document, page.read) if page.is_scan else []
        found += lines
        done.append(_added(page.read, lines) if lines else page.read)
    even_out(found)
    return done


def _scanned_lines(document: object, page: PageRead) -> list[Line]:
    """What OCR reads on a page beside the text that it has."""
    picture = rendered(document, page.shape.number, LONGEST_SIDE)
    if picture is None:
        return []
    lines = lines_of_scan(read_picture(picture), page.shape.number, page.shape.width)
    got_on()
    return [line for line in lines if not any(_covers(line, other) for other in page.lines)]


def _covers(line: Line, other: Line) -> bool:
    """True where the middle of one line lies in another: both are the same words."""
    level = other.top < line.middle < other.bottom
    return level and line.turn == other.turn and other.left < (line.left + line.right) / 2 < other.right


def _added(page: PageRead, lines: list[Line]) -> PageRead:
    return replace(page, shape=replace(page.shape, state="ocr"), lines=[*page.lines, *lines])


def _refuse_unread(name: str, pages: Sequence[PageRead]) -> None:
    unread = sum(page.shape.state in ("scanned", "broken") for page in pages)
    if not unread or any(page.lines for page in pages):
        return
    kind = "page" if unread == 1 else "pages"
    if is_installed():
        raise UnreadableFile(
            f"{name} is scanned: {unread} {kind} in which OCR could read nothing either: scan it anew, or leave it out"
        )
    raise UnreadableFile(f"{name} is scanned: {unread} {kind} without text; OCR is needed: {HOW_TO_INSTALL}")


def _front(known: dict[str, str]) -> FrontMatter:
    title, author = one_line(known.get("Title", "")), one_line(known.get("Author", ""))
    return FrontMatter(
        None if _NO_TITLE.fullmatch(title) else title[:_MOST_TITLE],
        Details(
            published=_date(known.get("CreationDate", "")),
            author=None if _NO_AUTHOR.fullmatch(author) else author[:_MOST_TITLE],
        ),
    )


def _date(value: str) -> datetime.date | None:
    match = _DATE.match(value)
    if match is None:
        return None
    try:
        return datetime.date(*map(int, match.groups()))
    except ValueError:
        return None
