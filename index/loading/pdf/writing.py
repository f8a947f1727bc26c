"""Writing: paragraphs and tables as canonical text with sections, and the place of each of its characters."""

from __future__ import annotations

from collections.abc import Sequence

from index.layout import NO_PLACE
from index.loading.finishing import Body
from index.loading.pdf.flow import Element
from index.loading.pdf.headings import Headings
from index.loading.pdf.lines import Line
from index.loading.pdf.paragraphs import Paragraph, Vocabulary, running_text
from index.loading.pdf.tables import Table
from index.loading.writer import Writer

Placed = tuple[str, bytes]


class _Placing:
    """Writes blocks and keeps the places of their characters in step."""

    def __init__(self) -> None:
        self.writer = Writer()
        self.places = bytearray()
        self._page = 0

    def on_page(self, number: int) -> None:
        """What follows begins on this page."""
        if number != self._page:
            self.writer.page(number)
            self._page = number

    def heading(self, placed: Placed, level: int) -> None:
        """A heading; it is a line of its own."""
        self.writer.heading(placed[0], level)
        self._put(placed)

    def block(self, placed: Placed) -> None:
        """A paragraph, a list or a table."""
        self.writer.block(placed[0])
        self._put(placed)

    def _put(self, placed: Placed) -> None:
        gap = 2 if self.places else 0
        self.places += NO_PLACE * gap + placed[1]


def written(elements: Sequence[Element], headings: Headings, known: Vocabulary) -> tuple[Body, bytes]:
    """The body of a document, with ten bytes of `places` a character."""
    placing = _Placing()
    items: list[Placed] = []
    for n, element in enumerate(elements):
        page = element.page
        if isinstance(element, Paragraph) and element.is_item:
            items.append(_item(element, known))
            after = elements[n + 1] if n + 1 < len(elements) else None
            if isinstance(after, Paragraph) and after.is_item and after.page == page:
                continue
            placing.on_page(page)
            placing.block(_together(items, "\n"))
            items = []
            continue
        placing.on_page(page)
        level = headings.level(element) if isinstance(element, Paragraph) else None
        if isinstance(element, Table):
            placing.block(_table(element, known))
        elif level is not None:
            placing.heading(running_text(element.lines, known), level)
        else:
            placing.block(running_text(element.lines, known))
    return placing.writer.body(), bytes(placing.places)


def _item(element: Paragraph, known: Vocabulary) -> Placed:
    """An item of a list, its mark as a dash as in all formats."""
    text, places = running_text(element.lines, known)
    return "-" + text[1:], places


def _table(table: Table, known: Vocabulary) -> Placed:
    rows = [[_cell(cell, known) for cell in row] for row in table.rows]
    if not table.has_headers():
        return _together([_together([cell for cell in row if cell[0]], "; ") for row in rows], "\n")
    headers, *rest = rows
    lines = []
    for row in rest:
        pairs = zip(headers, row, strict=True)
        cells = [_together([header, cell], ": ") if header[0] else cell for header, cell in pairs if cell[0]]
        lines.append(_together(cells, "; "))
    return _together(lines, "\n")


def _cell(lines: Sequence[Line], known: Vocabulary) -> Placed:
    return running_text(lines, known) if lines else ("", b"")


def _together(parts: Sequence[Placed], between: str) -> Placed:
    """Texts put together; what is between them has no place."""
    parts = [part for part in parts if part[0]]
    return between.join(text for text, _ in parts), (NO_PLACE * len(between)).join(places for _, places in parts)
