"""Paragraphs that come one by one, each knowing its own list level, as word processors store them.

Word and RTF have no lists but numbered paragraphs, and no code blocks but paragraphs in a typewriter's font: here
they are put together again and written.
"""

from __future__ import annotations

import re

from index.loading.canonical import canonical
from index.loading.finishing import Body
from index.loading.writer import Writer

# A paragraph of an outline level that is longer than this was given it by mistake.
LONGEST_HEADING = 250
_LONGEST_CODE = 200
_CODE = re.compile(r"[{}()\[\]=;<>$\\]|^\s", re.MULTILINE)


class Flow:
    """Takes paragraphs in the order of the document and writes them."""

    def __init__(self) -> None:
        self._writer = Writer()
        # The level of each list that is open; a document may begin with a deep one.
        self._levels: list[int] = []
        self._code: list[str] = []

    def body(self) -> Body:
        """All that was written."""
        self._end_code()
        return self._writer.body()

    def heading(self, words: str, level: int) -> None:
        """A heading of a level from 1; one too long to be a heading is a paragraph."""
        if len(words) > LONGEST_HEADING:
            self.paragraph(words)
            return
        self._end_lists()
        self._writer.heading(canonical(words), level)

    def paragraph(self, text: str, continues: bool = False) -> None:
        """A paragraph of its own, or one that goes on with the list item before it."""
        if not text.strip():
            return
        if not continues:
            self._end_lists()
        self._end_code()
        self._writer.block(canonical(text))

    def item(self, text: str, level: int, marker: str) -> None:
        """An item of a list of a level from 0; `marker` is its number, or empty for a bullet."""
        if not text.strip():
            return
        self._end_code()
        while self._levels and self._levels[-1] > level:
            self._levels.pop()
            self._writer.close_list()
        if not self._levels or self._levels[-1] < level:
            self._levels.append(level)
            self._writer.open_list(None)
        self._writer.item(marker)
        self._writer.block(canonical(text))

    def code(self, line: str) -> None:
        """A line in a typewriter's font: with those around it a block of code, if it looks like code."""
        self._end_lists(code=False)
        self._code.append(line)

    def lines(self, lines: list[str]) -> None:
        """The lines of a table, as one block."""
        self._end_lists()
        self._writer.block(canonical("\n".join(lines)))

    def _end_lists(self, code: bool = True) -> None:
        if code:
            self._end_code()
        while self._levels:
            self._levels.pop()
            self._writer.close_list()

    def _end_code(self) -> None:
        lines, self._code = self._code, []
        block = "\n".join(lines)
        if _CODE.search(block) and all(len(line) <= _LONGEST_CODE for line in lines):
            # The first line of code keeps its indent, which canonical text would lose.
            self._writer.block(canonical("|\n" + block)[1:].strip("\n"))
            return
        for line in lines:
            self._writer.block(canonical(line))
