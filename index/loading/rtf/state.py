"""What holds at a place in an RTF file: the properties of characters and paragraphs, and where text goes."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal

# Where the text of a group goes: into the document, nowhere, or into a table at the head of the file.
Target = (
    Literal["text", "note", "marker", "nowhere", "nested row", "alternatives", "alternative"]
    | Literal["fonts", "styles", "info", "title", "author"]
)


@dataclass(slots=True)
class State:
    """The properties inside a group; a group begins with those around it and leaves them as they were."""

    target: Target = "text"
    # Where text goes around the two ways to write the same, of which the second is read.
    around: Target = "text"
    # The font or the style that is being described.
    entry: int = 0
    # Of characters.
    font: int | None = None
    bold: bool = False
    hidden: bool = False
    raised: bool = False
    skip: int = 1
    # Of the paragraph.
    style: int | None = None
    outline: int | None = None
    level: int = 0
    in_table: bool = False

    def inner(self) -> State:
        """The state at the start of a group inside."""
        return replace(self)

    def plain(self, font: int | None) -> None:
        """Set back the properties of characters."""
        self.font, self.bold, self.hidden, self.raised = font, False, False, False

    def paragraph(self) -> None:
        """Set back the properties of the paragraph."""
        self.style, self.outline, self.level, self.in_table = None, None, 0, False


@dataclass(slots=True)
class Font:
    """A font's name and the code page that its bytes are in."""

    name: str = ""
    page: str | None = None


@dataclass(slots=True)
class Style:
    """A paragraph style's name, and its outline level where it has one."""

    name: str = ""
    outline: int | None = None


@dataclass(slots=True)
class Head:
    """What stands before the text: fonts, styles, title and author, and the code page of the file."""

    page: str = "cp1252"
    default_font: int | None = None
    fonts: dict[int, Font] = field(default_factory=dict)
    styles: dict[int, Style] = field(default_factory=dict)
    title: list[str] = field(default_factory=list)
    author: list[str] = field(default_factory=list)
