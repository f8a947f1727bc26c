"""What a paragraph of a DOCX file reads like: its words without what is hidden, deleted or only said about them.

Knows nothing of blocks: notes and text boxes that the paragraph refers to are collected for who writes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from xml.etree.ElementTree import Element

from index.loading.docx.math import math_text
from index.loading.docx.styles import Styles, is_mono, is_on, value_of, whole
from index.loading.line import Line as PlainLine
from index.loading.symbols import symbol

# Elements that only stand around what is read.
_AROUND = frozenset(
    {
        *("w:hyperlink", "w:ins", "w:moveTo", "w:smartTag", "w:customXml", "w:fldSimple", "w:dir", "w:bdo"),
        *("w:sdtContent", "w:rubyBase", "mc:Choice", "mc:Fallback"),
    }
)
_DRAWINGS = frozenset({"w:drawing", "w:pict", "w:object"})
_NOTES = {"w:footnoteReference": "footnote", "w:endnoteReference": "endnote"}
_MARKS = {"w:tab": "\t", "w:ptab": "\t", "w:cr": "\n", "w:br": "\n", "w:noBreakHyphen": "-"}


@dataclass(slots=True)
class Line(PlainLine):
    """The words of a paragraph, and what it refers to: notes by kind and id, text boxes and charts.

    `plain` says that it stands on the white of the page: there white words cannot be seen.
    """

    notes: list[tuple[str, str]] = field(default_factory=list)
    drawn: list[Element] = field(default_factory=list)
    plain: bool = False


class Runs:
    """Reads the contents of paragraphs."""

    def __init__(self, styles: Styles) -> None:
        self._styles = styles
        # The words of what is hidden, each once: the paragraphs of a cell are read twice.
        self._hidden: dict[int, str] = {}

    @property
    def hidden(self) -> str:
        """The words that were left out as nobody can see them."""
        return " ".join(self._hidden.values())

    def hide(self, element: Element) -> None:
        """Words that nobody can see."""
        self._hidden[id(element)] = "".join(text.text or "" for text in element.iter("w:t"))

    def read(self, paragraph: Iterable[Element], line: Line) -> None:
        """Add what a paragraph, or a part of one, holds."""
        for child in paragraph:
            self._read(child, line)

    def _read(self, element: Element, line: Line) -> None:
        tag = element.tag
        if tag == "w:r":
            self._run(element, line)
        elif tag in _AROUND:
            self.read(element, line)
        elif tag == "mc:AlternateContent":
            self.read(chosen(element), line)
        elif tag == "w:sdt":
            self._control(element, line)
        elif tag == "m:oMathPara":
            for equation in element.iter("m:oMath"):
                line.parts.append(f"\n{math_text(equation)}\n")
        elif tag == "m:oMath":
            gap = " " if line.parts and line.parts[-1][-1:].isalnum() else ""
            line.parts.append(f"{gap}{math_text(element)}")

    def _control(self, element: Element, line: Line) -> None:
        """A content control: its words, unless they only say what to type there."""
        if not is_placeholder(element):
            for content in element.findall("w:sdtContent"):
                self.read(content, line)

    def _run(self, run: Element, line: Line) -> None:
        properties = run.find("w:rPr")
        if properties is not None and self._styles.hides(properties, plain=line.plain):
            self.hide(run)
            return
        before = len(line.parts)
        for child in run:
            self._piece(child, line)
        bold = properties.find("w:b") if properties is not None else None
        line.look(
            before,
            bold=bold is not None and is_on(bold.get("w:val")),
            mono=is_mono(properties),
            raised=value_of(properties, "w:vertAlign") == "superscript",
        )

    def _piece(self, piece: Element, line: Line) -> None:
        tag = piece.tag
        if tag == "w:t":
            line.parts.append(piece.text or "")
        elif tag in _MARKS:
            line.parts.append(_MARKS[tag])
        elif tag == "w:sym":
            line.parts.append(symbol(piece.get("w:font", ""), piece.get("w:char", "")))
        elif tag in _NOTES:
            line.notes.append((_NOTES[tag], piece.get("w:id", "")))
        elif tag in _DRAWINGS:
            line.drawn.append(piece)
        elif tag == "w:fldChar":
            line.parts.append(_form_field(piece.find("w:ffData")))
        elif tag == "w:ruby":
            self._ruby(piece, line)
        elif tag == "mc:AlternateContent":
            for child in chosen(piece):
                self._piece(child, line)

    def _ruby(self, ruby: Element, line: Line) -> None:
        base, reading = Line(), Line()
        for name, part in (("w:rubyBase", base), ("w:rt", reading)):
            for found in ruby.findall(name):
                self.read(found, part)
        line.parts.append(f"{base.raw}({reading.raw})" if reading.raw.strip() else base.raw)


def chosen(alternatives: Element) -> Element:
    """The first of several ways to draw the same thing."""
    return next(iter(alternatives), alternatives)


def is_placeholder(control: Element) -> bool:
    """True for a content control that nobody has filled in, and for a table of contents, which repeats the headings."""
    properties = control.find("w:sdtPr")
    if properties is None:
        return False
    shown = properties.find("w:showingPlcHdr")
    gallery = value_of(properties.find("w:docPartObj"), "w:docPartGallery") or ""
    return (shown is not None and is_on(shown.get("w:val"))) or gallery == "Table of Contents"


def text_boxes(drawing: Element) -> Iterator[Element]:
    """The contents of the text boxes in a drawing, of each once, and what stands for its charts and diagrams."""
    for child in drawing:
        if child.tag in ("w:txbxContent", "c:chart", "dgm:relIds"):
            yield child
        elif child.tag == "mc:AlternateContent":
            yield from text_boxes(chosen(child))
        else:
            yield from text_boxes(child)


def _form_field(data: Element | None) -> str:
    """What an old form field shows: a box with or without a cross, or the entry that is chosen."""
    if data is None:
        return ""
    box, choice = data.find("w:checkBox"), data.find("w:ddList")
    if box is not None:
        state = next((found for name in ("w:checked", "w:default") if (found := box.find(name)) is not None), None)
        return "☒" if state is not None and is_on(state.get("w:val")) else "☐"
    entries = [entry.get("w:val", "") for entry in choice.findall("w:listEntry")] if choice is not None else []
    place = whole(value_of(choice, "w:result")) or 0
    return entries[place] if place < len(entries) else ""
