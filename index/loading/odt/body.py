"""The body of an OpenDocument text, block by block: headings, lists, tables, notes and text boxes become text.

A note follows the paragraph that refers to it, after its number in raised figures, as in Word documents.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from xml.etree.ElementTree import Element

from index.loading.canonical import one_line
from index.loading.finishing import Body
from index.loading.flow import Flow
from index.loading.grid import MOST_COLUMNS, Cell, grid_lines
from index.loading.line import RAISED
from index.loading.odt.styles import Styles, whole
from index.loading.odt.words import Line, Words, boxes
from index.loading.style_names import is_code, is_title

# What repeats the headings or stands for other lists; the bibliography is text of its own.
_LEFT_OUT = frozenset(
    {
        *("text:tracked-changes", "text:table-of-content", "text:illustration-index", "text:table-index"),
        *("text:object-index", "text:user-index", "text:alphabetical-index", "office:forms", "office:annotation"),
        *("text:sequence-decls", "text:variable-decls", "text:user-field-decls", "text:index-title"),
    }
)
_LONGEST_CELL = 200
_ID = "{http://www.w3.org/XML/1998/namespace}id"

# Which list is being read: its style, and the number of the last item of each level down to here.
Place = tuple[str, list[int]]


class BodyReader:
    """Reads blocks in order; lists that continue others count on."""

    def __init__(self, styles: Styles, draw: Callable[[Element], str]) -> None:
        self._styles = styles
        self._draw = draw
        self._words = Words(styles)
        self._flow = Flow()
        self._waiting: list[str] = []
        self._cells = 0
        self._counted: dict[str | None, list[int]] = {}
        self._last: dict[str, list[int]] = {}
        self._outline: list[int] = []
        self.title: str | None = None

    def body(self) -> Body:
        """What was read."""
        return replace(self._flow.body(), hidden=" ".join(self._words.hidden))

    def read(self, blocks: Iterable[Element]) -> None:
        """Read paragraphs, lists, tables and what stands around them."""
        for block in blocks:
            tag = block.tag
            if tag == "text:p":
                self._paragraph(block)
            elif tag == "text:h":
                self._heading(block)
            elif tag == "text:list":
                self._list(block, None)
            elif tag == "table:table":
                self._table(block)
            elif tag.startswith("draw:"):
                self._drawings([block])
            elif tag not in _LEFT_OUT and block.get("text:display") != "none":
                self.read(block)

    def _paragraph(self, paragraph: Element, place: Place | None = None, continues: bool = False) -> None:
        name = paragraph.get("text:style-name", "")
        style = self._styles.of("paragraph", name)
        if style.hidden:
            self._words.hide(paragraph)
            return
        line = Line()
        self._words.read(paragraph, line)
        shown = style.name or name.replace("_20_", " ")
        if is_title(shown) and place is None and not self._cells:
            self.title = self.title or one_line(line.text) or None
            self._flow.heading(line.text, 1)
        elif place is not None and not continues:
            self._flow.item(line.text, len(place[1]) - 1, self._styles.label(*place))
        elif (is_code(shown) or style.mono or line.mono) and line.text and not continues:
            self._flow.code(line.raw.rstrip())
        else:
            self._flow.paragraph(line.text, continues)
        self._follow(line)

    def _heading(self, heading: Element, place: Place | None = None) -> None:
        level = min(max(whole(heading.get("text:outline-level")) or 1, 1), 10)
        line = Line()
        self._words.read(heading, line)
        if not line.text:
            self._follow(line)
            return
        if place is None and heading.get("text:is-list-header") != "true":
            self._outline = _counted(self._outline, level, self._styles.start("", level), heading)
            place = ("", self._outline)
        label = self._styles.label(*place) if place is not None else ""
        self._flow.heading(f"{label} {line.text}".strip(), level)
        self._follow(line)

    def _list(self, block: Element, outer: Place | None) -> None:
        name = block.get("text:style-name") or (outer[0] if outer else "")
        above = outer[1] if outer else []
        level = len(above) + 1
        counts = [*above, self._styles.start(name, level) - 1]
        if outer is None:
            # Goes on from the list that it names, or from the last of its style.
            named = self._counted.get(block.get("text:continue-list"))
            goes_on = named or (self._last.get(name) if block.get("text:continue-numbering") == "true" else None)
            counts = list(goes_on) if goes_on else counts
        for item in block:
            counts = self._item(item, name, counts)
        if outer is None:
            self._last[name] = counts
            if _ID in block.attrib:
                self._counted[block.attrib[_ID]] = counts

    def _item(self, item: Element, name: str, counts: list[int]) -> list[int]:
        """Read an item and return the numbers after it; one that holds only a list within is not counted."""
        counted = item.tag == "text:list-item" and any(child.tag in ("text:p", "text:h") for child in item)
        if counted:
            counts = _counted(counts, len(counts), self._styles.start(name, len(counts)), item)
        marked = item.tag != "text:list-item"
        for child in item:
            if child.tag == "text:list":
                self._list(child, (name, counts))
            elif child.tag == "text:h":
                self._heading(child, (name, counts) if counted else None)
                marked = True
            elif child.tag == "text:p":
                self._paragraph(child, (name, counts), continues=marked)
                marked = True
            else:
                self.read([child])
        return counts

    def _drawings(self, drawings: Iterable[Element]) -> None:
        for drawing in drawings:
            for box in boxes(drawing):
                if box.tag == "draw:object":
                    self._flow.paragraph(self._draw(box))
                else:
                    self.read(box)

    def _follow(self, line: Line) -> None:
        """Write what the paragraph refers to; within a cell its notes wait for the end of the table."""
        self._drawings(line.drawn)
        self._waiting += filter(None, map(self._note, line.notes))
        if self._waiting and not self._cells:
            waiting, self._waiting = self._waiting, []
            for note in waiting:
                self._flow.paragraph(note)

    def _note(self, note: Element) -> str:
        citation, body = note.find("text:note-citation"), note.find("text:note-body")
        mark = (citation.text or "").strip().translate(RAISED) if citation is not None else ""
        return f"{mark} {words}".strip() if body is not None and (words := self._inner(body)) else ""

    def _inner(self, parent: Element) -> str:
        """The text of a cell or a note, which is read like a body of its own."""
        outer, self._flow = self._flow, Flow()
        self._cells += 1
        self.read(parent)
        text = self._flow.body().text
        self._cells -= 1
        self._flow = outer
        return text

    def _table(self, table: Element) -> None:
        rows = [(header, list(_cells(row))) for row, header in _rows(table)]
        inside = [cell for _, cells in rows for cell, _ in cells if cell.tag == "table:table-cell"]
        if all(len(cells) <= 1 for _, cells in rows) or (len(rows) == 1 and any(map(_is_text, inside))):
            # One column, or one row of long texts: the table only lays them out.
            for cell in inside:
                self.read(cell)
            return
        heads = next((place for place, (header, _) in enumerate(rows) if not header), len(rows))
        grid: list[list[Cell]] = []
        below_until: dict[int, int] = {}
        self._cells += 1
        for place, (_, cells) in enumerate(rows):
            grid.append(list(self._row(cells, place, below_until)))
        self._cells -= 1
        self._flow.lines(grid_lines(grid, heads))
        self._follow(Line())

    def _row(self, cells: list[tuple[Element, int]], place: int, below_until: dict[int, int]) -> Iterator[Cell]:
        """The cells of a row; `below_until` says of each column until which row the cell above it goes on."""
        covered = 0
        for column, cell in enumerate(cell for cell, repeated in cells for _ in range(repeated)):
            if cell.tag == "table:table-cell":
                columns = min(whole(cell.get("table:number-columns-spanned")) or 1, MOST_COLUMNS)
                below_until[column] = place + (whole(cell.get("table:number-rows-spanned")) or 1)
                yield Cell(self._inner(cell), columns, bold=self._is_bold(cell))
                covered = columns - 1
            elif covered:
                # To the right of a wide cell, which has its columns already.
                covered -= 1
            else:
                yield Cell("", continues=below_until.get(column, 0) > place)

    def _is_bold(self, cell: Element) -> bool:
        line, bold = Line(), False
        for paragraph in cell.findall("text:p"):
            bold = bold or self._styles.of("paragraph", paragraph.get("text:style-name", "")).bold
            self._words.read(paragraph, line)
        return bold or line.bold


def _counted(counts: list[int], level: int, start: int, item: Element) -> list[int]:
    """The numbers after one more item of a level from 1, which may say its own number."""
    own = whole(item.get("text:start-value"))
    before = [*counts[:level], *([1] * (level - 1 - len(counts)))]
    number = before[level - 1] + 1 if len(before) >= level else start
    return [*before[: level - 1], number if own is None else own]


def _rows(parent: Element, header: bool = False) -> Iterator[tuple[Element, bool]]:
    """The rows of a table and whether each is a header; repeated ones are empty, and taken once."""
    for child in parent:
        if child.tag == "table:table-row":
            yield child, header
        elif child.tag in ("table:table-header-rows", "table:table-rows", "table:table-row-group"):
            yield from _rows(child, header or child.tag == "table:table-header-rows")


def _cells(row: Element) -> Iterator[tuple[Element, int]]:
    for cell in row:
        if cell.tag in ("table:table-cell", "table:covered-table-cell"):
            # Only empty cells are repeated in practice; words would be a way to make a small file large.
            repeated = whole(cell.get("table:number-columns-repeated")) or 1
            yield cell, 1 if "".join(cell.itertext()).strip() else min(repeated, MOST_COLUMNS)


def _is_text(cell: Element) -> bool:
    words = sum(len(words) for words in cell.itertext())
    return words > _LONGEST_CELL or cell.find("table:table") is not None
