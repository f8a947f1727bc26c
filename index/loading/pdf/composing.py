"""Composing: the lines of pages, however they were read, as a document in reading order with its page map."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from index.documents import Loaded
from index.layout import Layout, PageShape
from index.loading.finishing import finish
from index.loading.front_matter import FrontMatter
from index.loading.pdf.flow import elements_of_page, run_together
from index.loading.pdf.glyphs import Rule
from index.loading.pdf.headings import Headings
from index.loading.pdf.lines import Line
from index.loading.pdf.margins import PageLines, in_margins
from index.loading.pdf.paragraphs import Paragraph, vocabulary_of
from index.loading.pdf.tables import ruled_tables
from index.loading.pdf.writing import written


@dataclass(frozen=True, slots=True)
class PageRead:
    """A page as it was read."""

    shape: PageShape
    lines: list[Line]
    rules: list[Rule]
    # The characters that nobody can see.
    hidden: str = ""


@dataclass(frozen=True, slots=True)
class Known:
    """What a file says of itself besides its text: details, kind, and bookmarks as level, page and title."""

    front: FrontMatter
    media_type: str
    marks: Iterable[tuple[int, int, str]] = ()


def composed(name: str, pages: Sequence[PageRead], known: Known) -> Loaded:
    """The document of these pages; raises `UnreadableFile` where they hold no text."""
    headings = Headings([line for page in pages for line in page.lines], known.marks)
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
    loaded = finish(name, body, known.front, known.media_type)
    return replace(loaded, layout=Layout(tuple(page.shape for page in pages), places))


def _without_margins(pages: Sequence[PageRead], body: float) -> list[PageRead]:
    """The pages without running heads and the like, whose boxes go to the shape of the page."""
    sized = [PageLines(page.shape.number, page.shape.width, page.shape.height, page.lines) for page in pages]
    left_out = in_margins(sized, body)
    if sum(map(len, left_out)) == sum(len(page.lines) for page in pages):
        return list(pages)
    return [_without(page, out) for page, out in zip(pages, left_out, strict=True)]


def _without(page: PageRead, out: Sequence[Line]) -> PageRead:
    margins = tuple((line.left, line.top, line.right, line.bottom) for line in out)
    lines = [line for line in page.lines if line not in out]
    return replace(page, shape=replace(page.shape, margins=margins), lines=lines)
