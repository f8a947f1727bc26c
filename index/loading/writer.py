"""The text of a document under construction: what every loader of a structured format writes its blocks into.

Headings are lines of their own and begin sections; list items carry their marker and are indented; a table's rows are
lines in which every cell stands after its header, so that each can be read, found and cited by itself.
"""

from __future__ import annotations

from collections.abc import Sequence

from index.documents import Section
from index.loading.canonical import one_line
from index.loading.finishing import Body


class Writer:
    """Blocks are appended whole, so that the offset of each is known as it is written."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._title: str | None = None
        self._sections: list[Section] = []
        self._page: int | None = None
        # One entry a list that is open: the number of its next item, or None for bullets.
        self._lists: list[int | None] = []
        self._marker = ""
        self._was_in_list = False
        self._hidden: list[str] = []

    def body(self) -> Body:
        """What was written: text, sections, and the first heading of the first level as title; and what was not."""
        return Body("".join(self._parts), self._title, tuple(self._sections), "\n".join(self._hidden))

    def hide(self, words: str) -> None:
        """Words that nobody can see: they are counted, and looked through, but not written."""
        if words.strip():
            self._hidden.append(words)

    def page(self, number: int, anew: bool = False) -> None:
        """What follows stands on this page (from 1; a slide or a sheet counts as one), under the last heading.

        A page that begins `anew`, as a slide does, does not go on under it.
        """
        self._page = number
        heading = self._sections[-1].heading if self._sections and not anew else ""
        # The section begins where the next block will: that is known when it is written.
        self._sections.append(Section(-1, heading, number))

    def heading(self, words: str, level: int) -> None:
        """A heading of a level (from 1) begins a section; in a list it is a block like others."""
        heading = one_line(words)
        if self._lists or not heading:
            self.block(heading)
            return
        start = self.block(heading)
        while self._sections and self._sections[-1].start == start:
            self._sections.pop()
        self._sections.append(Section(start, heading, self._page))
        if self._title is None and level == 1:
            self._title = heading

    def open_list(self, first: int | None) -> None:
        """Begin a list, inside the one that is open: numbered from `first`, or with bullets for None."""
        self._lists.append(first)

    def close_list(self) -> None:
        """End the innermost list."""
        self._lists.pop()
        self._marker = ""

    def item(self, marker: str = "") -> None:
        """The next block is an item of the innermost list; blocks after it belong to it until the next item.

        `marker` stands before it, where the file says which (`a)`, `1.2`), instead of the bullet or the number.
        """
        number = self._lists[-1]
        self._marker = f"{marker} " if marker else "- " if number is None else f"{number}. "
        if number is not None:
            self._lists[-1] = number + 1

    def table(self, rows: Sequence[Sequence[str]]) -> None:
        """A table whose first row holds the headers: one line a row, each cell after its header."""
        self.block("\n".join(table_lines(rows)))

    def block(self, text: str) -> int:
        """Append a block of canonical text and return its offset; a blank one is nothing."""
        if not text.strip():
            return self._length
        depth = max(0, len(self._lists) - 1)
        indent = "  " * depth
        inside = indent + "  " if self._lists else ""
        lines = text.split("\n")
        first = f"{indent}{self._marker}" if self._marker else inside
        block = "\n".join([first + lines[0], *(inside + line if line else line for line in lines[1:])])
        block = block if self._parts else block.lstrip()
        gap = ("\n" if self._in_list() else "\n\n") if self._parts else ""
        self._marker = ""
        self._was_in_list = bool(self._lists)
        start = self._length + len(gap)
        self._parts.append(gap + block)
        self._length += len(gap) + len(block)
        if self._sections and self._sections[-1].start < 0:
            waiting = self._sections.pop()
            while self._sections and self._sections[-1].start < 0:
                self._sections.pop()
            self._sections.append(Section(start, waiting.heading, waiting.page))
        return start

    def _in_list(self) -> bool:
        """True between two blocks of one list: they follow each other without a blank line."""
        return bool(self._lists) and self._was_in_list


def table_lines(rows: Sequence[Sequence[str]]) -> list[str]:
    """The rows of a table (the first one: headers) as lines `header: cell; header: cell`; empty cells are left out.

    A table of headers alone is one line of them. Cells are put on one line.
    """
    if not rows:
        return []
    headers = [one_line(cell) for cell in rows[0]]
    lines = [_row(headers, [one_line(cell) for cell in cells]) for cells in rows[1:]]
    return [line for line in lines or ["; ".join(filter(None, headers))] if line]


def _row(headers: Sequence[str], cells: Sequence[str]) -> str:
    padded = [*headers, *([""] * (len(cells) - len(headers)))]
    pairs = zip(padded, cells, strict=False)
    return "; ".join(f"{header}: {cell}" if header else cell for header, cell in pairs if cell)
