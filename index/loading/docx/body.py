"""The body of a DOCX file, block by block: headings, lists, tables, notes and text boxes become text.

A footnote or endnote follows the paragraph that refers to it, after its number in raised figures; no figure is left in
the paragraph, so that its sentences are quoted as they read. Text boxes follow the paragraph that they hang on.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from xml.etree.ElementTree import Element

from index.loading.canonical import one_line
from index.loading.docx.numbering import Numbering
from index.loading.docx.runs import Line, Runs, chosen, is_placeholder, text_boxes
from index.loading.docx.styles import (
    BODY_LEVEL,
    Style,
    Styles,
    is_on,
    number_of,
    outline_level,
    value_of,
    whole,
)
from index.loading.finishing import Body
from index.loading.flow import Flow
from index.loading.grid import Cell, grid_lines
from index.loading.line import RAISED
from index.loading.xml_parts import below

_AROUND = frozenset({"w:ins", "w:moveTo", "w:customXml", "w:smartTag", "w:sdtContent"})
# A table of one row with longer cells is a way to lay out text in columns.
_LONGEST_CELL = 200

Notes = Mapping[tuple[str, str], Element]
Draw = Callable[[Element], list[str]]


@dataclass(frozen=True, slots=True)
class Parts:
    """What the body is read with: the notes by kind and id, and what makes lines of a chart or a diagram."""

    styles: Styles
    numbering: Numbering
    notes: Notes
    draw: Draw


class BodyReader:
    """Reads blocks in order; lists count on from one call to the next."""

    def __init__(self, parts: Parts, *, plain: bool = True) -> None:
        self._parts = parts
        # Whether the page is white; and how many frames are open, which may be of any colour.
        self._plain = plain
        self._frames = 0
        self._runs = Runs(parts.styles)
        self._flow = Flow()
        self._waiting: list[str] = []
        self._numbers = {"footnote": 0, "endnote": 0}
        self._cells = 0
        # The words of a paragraph whose end was deleted: they go on in the next one.
        self._begun = Line()
        self.title: str | None = None

    def body(self) -> Body:
        """What was read."""
        return replace(self._flow.body(), hidden=self._runs.hidden)

    def read(self, blocks: Iterable[Element]) -> None:
        """Read paragraphs, tables and what stands around them."""
        for block in blocks:
            if block.tag == "w:p":
                self._paragraph(block)
            elif block.tag == "w:tbl":
                self._table(block)
            elif block.tag in _AROUND:
                self.read(block)
            elif block.tag == "mc:AlternateContent":
                self.read(chosen(block))
            elif block.tag == "w:sdt" and not is_placeholder(block):
                self.read(block.findall("w:sdtContent"))
            elif block.tag in ("m:oMathPara", "m:oMath"):
                line = Line()
                self._runs.read((block,), line)
                self._flow.paragraph(line.text)

    def _paragraph(self, paragraph: Element) -> None:
        properties = paragraph.find("w:pPr")
        key, style = self._parts.styles.of(properties)
        if style.hidden:
            self._runs.hide(paragraph)
        if style.contents or style.hidden:
            return
        line, self._begun = self._begun, Line()
        shaded = style.shaded or (properties is not None and properties.find("w:shd") is not None)
        line.plain = self._plain and not (shaded or self._frames or self._cells)
        self._runs.read(paragraph, line)
        if properties is not None and below(properties, "w:rPr", "w:del") is not None:
            self._begun = line
            return
        marker = self._marker(properties, key, style, line)
        level = self._level(properties, style)
        text = line.text
        if level is not None or style.title:
            self._heading(" ".join(filter(None, (marker, text))), level or 0, style)
        elif marker is not None:
            self._flow.item(text, self._list_level(properties, key, style), marker)
        elif (style.code or line.mono) and text:
            self._flow.code(line.raw.rstrip())
        else:
            self._flow.paragraph(text, continues=style.continued)
        self._follow(line)

    def _heading(self, words: str, level: int, style: Style) -> None:
        if style.title and self.title is None:
            self.title = one_line(words) or None
        self._flow.heading(words, level + 1)

    def _level(self, properties: Element | None, style: Style) -> int | None:
        own = outline_level(properties)
        level = style.level if own is None else own
        return None if level is None or level >= BODY_LEVEL else level

    def _number(self, properties: Element | None, style: Style) -> tuple[str, int | None] | None:
        own = properties.find("w:numPr") if properties is not None else None
        number = number_of(own) if own is not None else None
        if number is None or not number[0]:
            # A paragraph may keep the list of its style and change the level.
            return (style.number[0], number[1] if number else style.number[1]) if style.number else None
        return number if number[0] != "0" else None

    def _list_level(self, properties: Element | None, key: str, style: Style) -> int:
        number = self._number(properties, style)
        if number is None:
            return 0
        return number[1] if number[1] is not None else self._parts.numbering.level_of(number[0], key)

    def _marker(self, properties: Element | None, key: str, style: Style, line: Line) -> str | None:
        """The number before a paragraph as it is drawn, empty for a bullet; None where there is none."""
        number = self._number(properties, style)
        if number is None or not (line.text or line.drawn):
            return None
        return self._parts.numbering.label(number[0], self._list_level(properties, key, style))

    def _follow(self, line: Line) -> None:
        """Write what the paragraph refers to; within a cell its notes wait for the end of the table."""
        for drawing in line.drawn:
            for box in text_boxes(drawing):
                if box.tag == "w:txbxContent":
                    self._framed(box)
                else:
                    self._flow.lines(self._parts.draw(box))
        self._waiting += filter(None, (self._note(kind, key) for kind, key in line.notes))
        if self._waiting and not self._cells:
            waiting, self._waiting = self._waiting, []
            for note in waiting:
                self._flow.paragraph(note)

    def _framed(self, box: Element) -> None:
        self._frames += 1
        self.read(box)
        self._frames -= 1

    def _note(self, kind: str, key: str) -> str:
        note = self._parts.notes.get((kind, key))
        if note is None:
            return ""
        self._numbers[kind] += 1
        # A note that refers to itself would never end: the notes of notes are not read.
        words = self._inner(note, notes={})
        return f"{str(self._numbers[kind]).translate(RAISED)} {words}" if words else ""

    def _inner(self, parent: Element, notes: Notes | None = None) -> str:
        """The text of a cell or a note, which is read like a body of its own."""
        outer_flow, outer_parts, outer_begun = self._flow, self._parts, self._begun
        self._flow, self._begun = Flow(), Line()
        self._cells += 1
        if notes is not None:
            self._parts = Parts(outer_parts.styles, outer_parts.numbering, notes, outer_parts.draw)
        self.read(parent)
        text = self._flow.body().text
        self._cells -= 1
        self._flow, self._parts, self._begun = outer_flow, outer_parts, outer_begun
        return text

    def _table(self, table: Element) -> None:
        rows = [(row, list(_cells(row))) for row in _rows(table)]
        cells = [cell for _, row in rows for cell in row]
        if all(len(row) <= 1 for _, row in rows) or (len(rows) == 1 and any(map(_is_text, cells))):
            # One column, or one row of long texts: the table only lays them out.
            for cell in cells:
                self._framed(cell)
            return
        heads = next((place for place, (row, _) in enumerate(rows) if not _is_header(row)), len(rows))
        self._cells += 1
        grid = [[*_left_out(row), *map(self._cell, inside)] for row, inside in rows]
        self._cells -= 1
        self._flow.lines(grid_lines(grid, heads))
        self._follow(Line())

    def _cell(self, cell: Element) -> Cell:
        properties = cell.find("w:tcPr")
        merged = properties.find("w:vMerge") if properties is not None else None
        line = Line()
        for paragraph in cell.findall("w:p"):
            self._runs.read(paragraph, line)
        return Cell(
            text=self._inner(cell),
            columns=whole(value_of(properties, "w:gridSpan")) or 1,
            continues=merged is not None and merged.get("w:val", "continue") == "continue",
            bold=line.bold,
        )


def _rows(parent: Element) -> Iterator[Element]:
    """The rows of a table that are not deleted, also those inside content controls."""
    for child in parent:
        if child.tag == "w:tr" and below(child, "w:trPr", "w:del") is None:
            yield child
        elif child.tag in _AROUND or child.tag == "w:sdt":
            yield from _rows(child)


def _cells(row: Element) -> Iterator[Element]:
    for child in row:
        if child.tag == "w:tc":
            yield child
        elif child.tag in _AROUND or child.tag == "w:sdt":
            yield from _cells(child)


def _left_out(row: Element) -> list[Cell]:
    """An empty cell for the columns that a row begins after."""
    columns = whole(value_of(row.find("w:trPr"), "w:gridBefore"))
    return [Cell("", columns)] if columns else []


def _is_header(row: Element) -> bool:
    header = below(row, "w:trPr", "w:tblHeader")
    return header is not None and is_on(header.get("w:val"))


def _is_text(cell: Element) -> bool:
    words = sum(len(text.text or "") for text in cell.iter("w:t"))
    return words > _LONGEST_CELL or cell.find("w:tbl") is not None
