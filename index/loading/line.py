"""The words of a paragraph as they are put together from runs of text, tabs and line breaks."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_TABS = re.compile(r" *\t[ \t]*")
_SPACES = re.compile(" {2,}")
_RAISABLE = "0123456789+-−"
RAISED = str.maketrans(_RAISABLE, "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻")


@dataclass(slots=True)
class Line:
    """Pieces of text in order, and how each stretch of words looks: bold, in a typewriter's font."""

    parts: list[str] = field(default_factory=list)
    looks: list[tuple[bool, bool]] = field(default_factory=list)

    @property
    def raw(self) -> str:
        """The words with all white space, for code."""
        return "".join(self.parts)

    @property
    def text(self) -> str:
        """The words; tabs and spaces around a line are layout, and so is more than one tab or space."""
        return "\n".join(_SPACES.sub(" ", _TABS.sub("\t", line)).strip() for line in self.raw.split("\n")).strip()

    @property
    def bold(self) -> bool:
        """True where every word is bold."""
        return bool(self.looks) and all(bold for bold, _ in self.looks)

    @property
    def mono(self) -> bool:
        """True where every word is in a typewriter's font."""
        return bool(self.looks) and all(mono for _, mono in self.looks)

    def look(self, start: int, bold: bool, mono: bool, raised: bool) -> None:
        """Say how the pieces from `start` on look; raised figures become such: 10 to the 6th must not read 106."""
        words = "".join(self.parts[start:])
        if not words.strip():
            return
        if raised and not words.strip(_RAISABLE):
            self.parts[start:] = [words.translate(RAISED)]
        self.looks.append((bold, mono))
