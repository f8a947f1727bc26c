"""What a paragraph of an OpenDocument text reads like; notes and text boxes in it are collected for who writes it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from index.loading.line import Line as PlainLine
from index.loading.odt.styles import Styles, whole

# What is only said about the text, or is not shown.
_LEFT_OUT = frozenset(
    {
        *("office:annotation", "office:annotation-end", "text:tracked-changes", "text:placeholder", "text:hidden-text"),
        *("office:forms", "draw:control", "text:ruby-text", "office:event-listeners", "svg:title", "svg:desc"),
        *(
            "text:bibliography-source",
            "text:alphabetical-index-mark",
            "text:toc-mark",
            "text:script",
            "text:number",
            "table:shapes",
        ),
    }
)
_DRAWN = frozenset({"draw:frame", "draw:g", "draw:custom-shape", "draw:rect", "draw:ellipse", "draw:a", "draw:line"})
_BOXES = frozenset({"draw:text-box", "draw:custom-shape", "draw:rect", "draw:ellipse", "draw:line"})
_MOST_SPACES = 1_000
_WHITE = re.compile("[ \t\r\n]+")


@dataclass(slots=True)
class Line(PlainLine):
    """The words of a paragraph, and the notes and drawings in it."""

    notes: list[Element] = field(default_factory=list)
    drawn: list[Element] = field(default_factory=list)


class Words:
    """Reads the contents of paragraphs."""

    def __init__(self, styles: Styles) -> None:
        self._styles = styles
        # The words that nobody can see.
        self.hidden: list[str] = []

    def hide(self, element: Element) -> None:
        """Words that nobody can see."""
        self.hidden.append("".join(element.itertext()))

    def read(self, element: Element, line: Line, look: tuple[bool, bool, bool] = (False, False, False)) -> None:
        """Add what a paragraph or a span holds; `look` is whether it is bold, in a typewriter's font, raised."""
        self._say(element.text, line, look)
        for child in element:
            self._child(child, line, look)
            self._say(child.tail, line, look)

    def _say(self, words: str | None, line: Line, look: tuple[bool, bool, bool]) -> None:
        if words:
            start = len(line.parts)
            # White space in the file is one space; more is said with elements.
            line.parts.append(_WHITE.sub(" ", words))
            line.look(start, *look)

    def _child(self, child: Element, line: Line, look: tuple[bool, bool, bool]) -> None:
        tag = child.tag
        if tag == "text:s":
            line.parts.append(" " * min(whole(child.get("text:c")) or 1, _MOST_SPACES))
        elif tag == "text:tab":
            line.parts.append("\t")
        elif tag == "text:line-break":
            line.parts.append("\n")
        elif tag == "text:note":
            line.notes.append(child)
        elif tag in _DRAWN:
            line.drawn.append(child)
        elif tag == "text:span":
            style = self._styles.of("text", child.get("text:style-name", ""))
            if style.hidden:
                self.hide(child)
            else:
                bold, mono, raised = look
                self.read(child, line, (bold or style.bold, mono or style.mono, raised or style.raised))
        elif tag == "text:hidden-text":
            self.hide(child)
        elif tag not in _LEFT_OUT:
            self.read(child, line, look)


def boxes(drawing: Element) -> Iterator[Element]:
    """The text boxes and shapes with text in a drawing, and the objects in it."""
    if drawing.tag in _BOXES:
        yield drawing
        return
    if drawing.tag == "draw:object":
        yield drawing
    for child in drawing:
        yield from boxes(child)
