"""The flow of a document: the lines of all pages as paragraphs and tables, in the order in which they are read.

A paragraph that runs over a column's or a page's end is one; notes at the foot of a page follow it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.loading.pdf.headings import Headings, is_caption
from index.loading.pdf.lines import Line
from index.loading.pdf.order import columns, rows_of
from index.loading.pdf.paragraphs import Paragraph, goes_on, joined, paragraphs_of
from index.loading.pdf.tables import Table, gapped_tables

Element = Paragraph | Table

_NOTE = re.compile(r"(?:\(?\d{1,3}\)?|[*†‡§¶]{1,3})\s*\S")
_NOTE_SIZE = 0.92
# How many figures, captions and labels may stand between the two parts of a paragraph.
_MOST_BETWEEN = 15


def elements_of_page(items: Sequence[Line | Table], body: float) -> tuple[list[Element], list[Element]]:
    """The paragraphs and tables of a page in reading order, and the notes at its foot."""
    elements: list[Element] = []
    notes: list[Element] = []
    rtl = sum(item.rtl for item in items) * 2 > len(items)
    for turn in sorted({item.turn for item in items}, key=lambda turn: (turn < 0, turn)):
        of_turn = [item for item in items if item.turn == turn]
        if turn < 0:
            elements += [Paragraph([item]) for item in of_turn if isinstance(item, Line)]
            continue
        for column in columns(of_turn, rtl):
            text, below = _parted(_column(column, rtl, body), body)
            elements += text
            notes += below
    return elements, notes


def _column(column: Sequence[Line | Table], rtl: bool, body: float) -> list[Element]:
    """The paragraphs and tables of one column."""
    elements: list[Element] = []
    rows: list[list[Line]] = []
    for row in rows_of(column):
        tables = [item for item in row if isinstance(item, Table)]
        rows.append([item for item in row if isinstance(item, Line)])
        if tables:
            elements += _elements(rows, rtl, body)
            elements += tables
            rows = []
    return elements + _elements(rows, rtl, body)


def _elements(rows: Sequence[Sequence[Line]], rtl: bool, body: float) -> list[Element]:
    elements: list[Element] = []
    lines: list[Line] = []
    for row in gapped_tables([row for row in rows if row], rtl):
        if isinstance(row, Table):
            elements += [*paragraphs_of(lines, body), row]
            lines = []
        else:
            lines.append(joined(row[::-1] if rtl else row))
    return [*elements, *paragraphs_of(lines, body)]


def _parted(elements: Sequence[Element], body: float) -> tuple[list[Element], list[Element]]:
    """A column without the notes at its foot, and these: small paragraphs at its end, the first with a mark."""
    first = len(elements)
    for n in range(len(elements) - 1, 0, -1):
        element = elements[n]
        if isinstance(element, Table) or element.size > _NOTE_SIZE * body:
            break
        if _NOTE.match(element.lines[0].text):
            first = n
    return list(elements[:first]), list(elements[first:])


def run_together(pages: Sequence[tuple[list[Element], list[Element]]], headings: Headings) -> list[Element]:
    """The elements of all pages, those paragraphs joined that a column's or a page's end parts."""
    done: list[Element] = []
    for elements, notes in pages:
        for element in elements:
            before = _interrupted(done, element, headings) if isinstance(element, Paragraph) else None
            if before is not None and isinstance(element, Paragraph):
                before.lines += element.lines
            else:
                done.append(element)
        done += notes
    return done


def _interrupted(done: Sequence[Element], element: Paragraph, headings: Headings) -> Paragraph | None:
    """The paragraph that this one goes on with: the last one, with nothing but figures and notes between."""
    if headings.level(element) is not None or element.lines[0].turn:
        return None
    for before in done[: -_MOST_BETWEEN - 1 : -1]:
        if isinstance(before, Table):
            continue
        if abs(before.size - element.size) > 0.05 * element.size or is_caption(before.lines[0].text):
            if headings.level(before) is not None:
                return None
            continue
        if headings.level(before) is not None or not _elsewhere(before, element):
            return None
        return before if goes_on(before, element) else None
    return None


def _elsewhere(before: Paragraph, element: Paragraph) -> bool:
    """True where the second paragraph is on another page than the end of the first, or begins above it."""
    last, first = before.lines[-1], element.lines[0]
    return last.page != first.page or first.top < last.top or first.left > last.right or first.right < last.left
