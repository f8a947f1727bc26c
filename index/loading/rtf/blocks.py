"""Paragraphs and tables of an RTF file, as its text arrives: written when each ends."""

from __future__ import annotations

from index.loading.canonical import one_line
from index.loading.finishing import Body
from index.loading.flow import Flow
from index.loading.line import RAISED, Line
from index.loading.rtf.state import State, Style
from index.loading.rtf.tables import Definition, Row, lines_of
from index.loading.style_names import heading_level, is_code, is_contents, is_title

_BODY_LEVEL = 9


class Blocks:
    """Takes text, and the marks that end paragraphs, cells and rows."""

    def __init__(self) -> None:
        self._flow = Flow()
        self._line = Line()
        self._marker = ""
        self._has_marker = False
        self._cell: list[str] = []
        self._cell_bold = True
        self._row: list[tuple[str, bool]] = []
        self._rows: list[Row] = []
        self._notes: list[str] = []
        self._outer: list[Line] = []
        self._noted = 0
        self.definition = Definition()
        self.title: str | None = None

    def say(self, text: str, state: State, mono: bool) -> None:
        """Text as it is to be read."""
        start = len(self._line.parts)
        self._line.parts.append(text)
        self._line.look(start, state.bold, mono, state.raised)

    def mark(self, text: str) -> None:
        """The number or the bullet before a paragraph, as the file draws it."""
        self._marker += text
        self._has_marker = True

    def begin_note(self) -> None:
        """What follows is a note, until `end_note`."""
        self._outer.append(self._line)
        self._line = Line()

    def end_note(self) -> None:
        """Keep the note until the paragraph or table that refers to it is written."""
        words, self._line = one_line(self._line.text), self._outer.pop()
        if words:
            self._noted += 1
            self._notes.append(f"{str(self._noted).translate(RAISED)} {words}")

    def end_paragraph(self, state: State, style: Style) -> None:
        """The end of a paragraph, in a table or outside; in a note it only parts lines."""
        if self._outer:
            self._line.parts.append("\n")
            return
        if state.in_table:
            self._end_line_of_cell()
            return
        self._end_table()
        line, marker, has_marker = self._take()
        level = state.outline if state.outline is not None else style.outline
        level = heading_level(style.name) if level is None else level
        if is_contents(style.name):
            return
        if is_title(style.name) or (level is not None and level < _BODY_LEVEL):
            if is_title(style.name):
                self.title = self.title or one_line(line.text) or None
            self._flow.heading(f"{marker} {line.text}".strip() if line.text else "", (level or 0) + 1)
        elif has_marker:
            self._flow.item(line.text, state.level, marker)
        elif (line.mono or is_code(style.name)) and line.text:
            self._flow.code(line.raw.rstrip())
        else:
            self._flow.paragraph(line.text)
        self._write_notes()

    def end_cell(self) -> None:
        """The end of a cell."""
        self._end_line_of_cell()
        self._row.append(("\n\n".join(self._cell), self._cell_bold and bool(self._cell)))
        self._cell, self._cell_bold = [], True

    def end_row(self) -> None:
        """The end of a row; its definition holds for the next too, unless that has one of its own."""
        if self._line.text.strip():
            self.end_cell()
        if self._row:
            self._rows.append(Row(self._row, self.definition))
        self._row = []

    def body(self, state: State, style: Style) -> Body:
        """All that was written; the last paragraph may lack its end."""
        while self._outer:
            self.end_note()
        if self._row or self._cell:
            self.end_row()
        state.in_table = False
        self.end_paragraph(state, style)
        return self._flow.body()

    def _take(self) -> tuple[Line, str, bool]:
        line, marker, has_marker = self._line, one_line(self._marker), self._has_marker
        self._line, self._marker, self._has_marker = Line(), "", False
        # A bullet is any sign, or a hollow one that is typed as a letter; a number has a letter or a digit.
        numbered = marker != "o" and any(char.isalnum() for char in marker)
        return line, marker if numbered else "", has_marker

    def _end_line_of_cell(self) -> None:
        line, marker, has_marker = self._take()
        if not line.text:
            return
        self._cell.append(f"{marker or '-'} {line.text}" if has_marker else line.text)
        self._cell_bold = self._cell_bold and line.bold

    def _end_table(self) -> None:
        if not self._rows and not self._row:
            return
        if self._row:
            self._rows.append(Row(self._row, self.definition))
        rows, self._rows, self._row = self._rows, [], []
        if all(len(row.cells) == 1 for row in rows):
            # One column only lays text out.
            for text, _ in (row.cells[0] for row in rows):
                self._flow.paragraph(text)
        else:
            self._flow.lines(lines_of(rows))
        self._write_notes()

    def _write_notes(self) -> None:
        notes, self._notes = self._notes, []
        for note in notes:
            self._flow.paragraph(note)
