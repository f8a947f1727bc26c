"""PDF: text in reading order with the place of every character on its page.

Running heads, foot lines and page numbers are left out of the text. Pages that are pictures are not read (that would
take OCR); which ones they are is known. Nothing is fetched and no script is run.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.documents import Details, Loaded
from index.errors import UnreadableFile
from index.layout import Layout, PageShape, PageState
from index.loading.canonical import one_line
from index.loading.finishing import finish
from index.loading.front_matter import FrontMatter
from index.loading.pdf.flow import elements_of_page, run_together
from index.loading.pdf.glyphs import PageGlyphs, Rule
from index.loading.pdf.headings import Headings
from index.loading.pdf.lines import Line, lines_of
from index.loading.pdf.margins import PageLines, in_margins
from index.loading.pdf.paragraphs import Paragraph, vocabulary_of
from index.loading.pdf.pdfium import MOST_PAGES, metadata, open_pdf, outline, read_page
from index.loading.pdf.tables import ruled_tables
from index.loading.pdf.writing import written

MEDIA_TYPE = "application/pdf"
# Where more characters than this have no meaning in Unicode, the rest is no text either.
_MOST_UNMAPPED = 0.3
_DATE = re.compile(r"D?:?(\d{4})(\d{2})(\d{2})")
_NO_TITLE = re.compile(
    r"untitled.*|microsoft (?:word|powerpoint|excel) - .*|powerpoint presentation|document\d*|slide \d+|"
    r".*\.(?:docx?|pptx?|xlsx?|pdf|indd|qxd|tex|dvi|rtf|odt|html?|cdr|ai)|[\W\d_]*",
    re.IGNORECASE,
)
_NO_AUTHOR = re.compile(r"anonymous|unknown|user|admin(?:istrator)?|owner|[\W\d_]*", re.IGNORECASE)
_MOST_TITLE = 300


@dataclass(frozen=True, slots=True)
class _Read:
    """A page as it was read."""

    shape: PageShape
    lines: list[Line]
    rules: list[Rule]
    hidden: str = ""


def load_pdf(name: str, data: bytes) -> Loaded:
    """Read a PDF document; `layout` has the places of its characters.

    Raises `UnsupportedFile` for what is no PDF, and `UnreadableFile` for one that is broken, has a password, or is
    scanned.
    """
    with open_pdf(name, data) as document:
        if len(document) > MOST_PAGES:
            raise UnreadableFile(f"{name} has more than {MOST_PAGES} pages: split it into parts")
        pages = [_page(name, document, number) for number in range(1, len(document) + 1)]
        marks, known = list(outline(document)), metadata(document)
    _refuse_scans(name, pages)
    headings = Headings([line for page in pages for line in page.lines], marks)
    pages, flows = _without_margins(pages, headings.body), []
    for page in pages:
        rtl = sum(line.rtl for line in page.lines) * 2 > len(page.lines)
        tables, lines = ruled_tables(page.lines, page.rules, rtl)
        flows.append(elements_of_page([*lines, *tables], headings.body))
    headings.learn([one for flow in flows for one in flow[0] if isinstance(one, Paragraph)])
    elements = run_together(flows, headings)
    vocabulary = vocabulary_of([line for page in pages for line in page.lines])
    body, places = written(elements, headings, vocabulary)
    body = replace(body, hidden="\n".join(page.hidden for page in pages if page.hidden))
    loaded = finish(name, body, _front(known), MEDIA_TYPE)
    return replace(loaded, layout=Layout(tuple(page.shape for page in pages), places))


def _page(name: str, document: object, number: int) -> _Read:
    glyphs = read_page(name, document, number)
    if glyphs is None:
        return _Read(PageShape(number, 0.0, 0.0, "broken"), [], [])
    lines = [] if _is_without_meaning(glyphs) else lines_of(glyphs)
    state: PageState = "text" if lines else "scanned" if glyphs.drawn else "blank"
    return _Read(PageShape(number, glyphs.width, glyphs.height, state), lines, glyphs.rules, glyphs.hidden)


def _is_without_meaning(glyphs: PageGlyphs) -> bool:
    """True for a page whose fonts do not say which characters their signs are."""
    return glyphs.unmapped > _MOST_UNMAPPED * sum(len(run) for run in glyphs.runs)


def _refuse_scans(name: str, pages: Sequence[_Read]) -> None:
    unread = sum(page.shape.state in ("scanned", "broken") for page in pages)
    if unread and not any(page.lines for page in pages):
        kind = "page" if unread == 1 else "pages"
        raise UnreadableFile(
            f"{name} is scanned: {unread} {kind} without text; OCR is needed: run it through a program for OCR first"
        )


def _without_margins(pages: Sequence[_Read], body: float) -> list[_Read]:
    """The pages without running heads and the like, whose boxes go to the shape of the page."""
    sized = [PageLines(page.shape.number, page.shape.width, page.shape.height, page.lines) for page in pages]
    left_out = in_margins(sized, body)
    if sum(map(len, left_out)) == sum(len(page.lines) for page in pages):
        return list(pages)
    return [_without(page, out) for page, out in zip(pages, left_out, strict=True)]


def _without(page: _Read, out: Sequence[Line]) -> _Read:
    margins = tuple((line.left, line.top, line.right, line.bottom) for line in out)
    lines = [line for line in page.lines if line not in out]
    return _Read(replace(page.shape, margins=margins), lines, page.rules, page.hidden)


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
