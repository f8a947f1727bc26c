"""Paragraphs: lines that belong together, joined to running text; hyphens at line ends undone.

Each character of the joined text keeps its place on the page; a space put in for a line's end has none.
"""

from __future__ import annotations

import itertools
import re
import statistics
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from index.layout import NO_PLACE
from index.loading.pdf.lines import Line

BULLETS = "•▪◦‣●○■□☐☑☒❖➢➤✓"
_BULLET = re.compile(rf"(?:[{re.escape(BULLETS)}]|[-–—])\s+\S")
_NUMBERED = re.compile(r"\(?(?:\d{1,2}|[a-zA-Z]|[ivx]{1,4})[.)]\s+\S")
_ENDS = re.compile(r"[.!?:;。！？؟।…][\"'”’»)\]\d]*$")
_IN_CONTENTS = re.compile(r"… [\divxlc]{1,6}$")
_WORD_END = re.compile(r"\w+$")
_WORD_START = re.compile(r"\w+")
_HYPHENS = "-\u2010\u00ad"
_JOINED_WITHOUT_SPACE = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uff00-\uffef\u3000-\u303f]")
_HANGUL = re.compile("[\uac00-\ud7a3]")
# The first part of a compound that is hardly ever written without its hyphen.
_COMPOUNDS = frozenset({"all", "cross", "ex", "half", "non", "quasi", "self", "so", "well"})

# In sizes of the font.
_SIZE_DIFFERS, _MORE_GAP, _INDENT, _SLACK = 0.12, 0.35, 0.8, 0.5
_WINDOW = 4


@dataclass(slots=True)
class Paragraph:
    """Lines that are read as one; the page is the one it begins on."""

    lines: list[Line]

    @property
    def page(self) -> int:
        """The page that it begins on."""
        return self.lines[0].page

    @property
    def size(self) -> float:
        """The size of most of its text."""
        return statistics.median_low(line.size for line in self.lines)

    @property
    def bold(self) -> bool:
        """True where all of it is bold."""
        return all(line.bold for line in self.lines)

    @property
    def is_item(self) -> bool:
        """True for an item of a list with a mark."""
        return _BULLET.match(self.lines[0].text) is not None

    @property
    def ends(self) -> bool:
        """True where its last line ends as a sentence does."""
        return _ENDS.search(self.lines[-1].text) is not None


def joined(line: Sequence[Line]) -> Line:
    """Lines on one level as one line, a space between."""
    first = line[0]
    if len(line) == 1:
        return first
    # A raised sign or a large bullet does not make a line higher.
    longest = max(line, key=lambda part: len(part.text))
    return Line(
        first.page,
        " ".join(part.text for part in line),
        NO_PLACE.join(part.places for part in line),
        min(part.left for part in line),
        longest.top,
        max(part.right for part in line),
        longest.bottom,
        size=longest.size,
        bold=all(part.bold for part in line),
        italic=all(part.italic for part in line),
        turn=first.turn,
        rtl=first.rtl,
        font=first.font if all(part.font == first.font for part in line) else "",
        space_after=line[-1].space_after,
    )


def paragraphs_of(lines: Sequence[Line], body: float) -> list[Paragraph]:
    """The lines of one column as paragraphs; `body` is the size of the document's running text."""
    found: list[Paragraph] = []
    usual = _usual_gaps(lines)
    for n, line in enumerate(lines):
        near = [one for one in lines[max(0, n - _WINDOW) : n + _WINDOW] if abs(one.size - line.size) < 1]
        if found and not _begins(lines[n - 1], line, near, usual[round(line.size)], body):
            found[-1].lines.append(line)
        else:
            found.append(Paragraph([line]))
    return found


def in_contents(text: str) -> bool:
    """True for a line of a table of contents: dots lead from a title to its page."""
    return _IN_CONTENTS.search(text) is not None


def _usual_gaps(lines: Sequence[Line]) -> dict[int, float]:
    """For each size, the gap between two lines of a paragraph, in sizes of their font."""
    gaps: dict[int, list[float]] = {round(line.size): [] for line in lines}
    for over, under in itertools.pairwise(lines):
        gap = (under.top - over.bottom) / under.size
        if abs(over.size - under.size) < 1 and -0.15 < gap < 1.2:
            gaps[round(under.size)].append(gap)
    # Between short paragraphs the gaps are wider; those within paragraphs are the narrow ones.
    return {size: sorted(of_size)[len(of_size) // 10] if of_size else 0.45 for size, of_size in gaps.items()}


def _begins(over: Line, line: Line, near: Sequence[Line], usual: float, body: float) -> bool:
    """True where a line begins a paragraph and does not go on with the one over it."""
    size = line.size
    other_font = bool(over.font and line.font) and over.font != line.font
    if other_font or abs(over.size - size) > _SIZE_DIFFERS * size or over.bold != line.bold or over.turn != line.turn:
        return not _same_line_style(over, line)
    if not -0.6 * size < line.top - over.bottom <= (usual + _MORE_GAP) * size or _BULLET.match(line.text):
        return True
    if over.text[-1:] in _HYPHENS and len(over.text) > 1:
        return False
    # A title is set in lines of any length.
    ended = in_contents(over.text) or (line.size < 1.15 * body and _had_room(over, line, near))
    numbered = _NUMBERED.match(line.text) is not None and _ENDS.search(over.text) is not None
    return ended or numbered or _starts_in(over, line)


def _same_line_style(over: Line, line: Line) -> bool:
    """A few bold or smaller words at the end of a paragraph do not end it."""
    level = abs(over.size - line.size) <= 0.25 * line.size and over.turn == line.turn
    return level and line.text[:1].islower() and not _ENDS.search(over.text) and line.top - over.bottom < line.size


def _starts_in(over: Line, line: Line) -> bool:
    """True for a first line that is set in from the one over it, which is no item of a list."""
    indent = over.right - line.right if line.rtl else line.left - over.left
    hanging = _BULLET.match(over.text) or _NUMBERED.match(over.text)
    return indent > _INDENT * line.size and not hanging and abs(over.left + over.right - line.left - line.right) > 2


def _had_room(over: Line, line: Line, near: Sequence[Line]) -> bool:
    """True where the first word of a line would have fitted on the line over it: that one was ended on purpose."""
    first = line.text.split(" ", 1)[0]
    word = len(first) * line.width / len(line.text)
    room = over.left - min(one.left for one in near) if line.rtl else max(one.right for one in near) - over.right
    return room > word + (_SLACK + 0.3) * line.size


def goes_on(first: Paragraph, second: Paragraph) -> bool:
    """True where a paragraph goes on in another column or on another page."""
    last, next_line = first.lines[-1], second.lines[0]
    same = abs(last.size - next_line.size) <= _SIZE_DIFFERS * last.size and last.bold == next_line.bold
    if not same or last.turn != next_line.turn or first.ends or _BULLET.match(next_line.text):
        return False
    if next_line.text[:1].islower() or last.text[-1:] in _HYPHENS:
        return True
    if _NUMBERED.match(next_line.text) or (next_line.text[:1].isupper() and len(second.lines) < 2):
        return False
    return len(first.lines + second.lines) > 2 and last.width > 0.9 * max(
        line.width for line in (*first.lines, *second.lines)
    )


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The words of a document, to tell a hyphen of its own from one that only ends a line."""

    words: Collection[str]
    compounds: Collection[str]
    # Korean breaks lines within words, unless a space says otherwise: only where files write these can it be told.
    spaces_at_line_ends: bool = False

    def keeps_hyphen(self, before: str, after: str) -> bool:
        """True where the hyphen between two halves at a line's end is one of the word's own."""
        left, right = _WORD_END.search(before), _WORD_START.match(after)
        if left is None or right is None:
            return False
        one, other = left[0].lower(), right[0].lower()
        if not right[0][:1].islower() or not left[0][-1:].isalpha():
            return True
        if one + other in self.words:
            return False
        whole = before.rsplit(" ", 1)[-1].lower()
        return f"{one}-{other}" in self.compounds or one in _COMPOUNDS or "-" in whole[: -len(one)]


_WORDS = re.compile(r"\w+(?:-\w+)*")


def vocabulary_of(lines: Sequence[Line]) -> Vocabulary:
    """The words and the compounds that stand within lines."""
    words: set[str] = set()
    compounds: set[str] = set()
    for line in lines:
        for word in _WORDS.findall(line.text.lower()):
            if "-" in word:
                compounds.add(word)
            else:
                words.add(word)
    hangul = [line for line in lines if _HANGUL.match(line.text[-1:])]
    return Vocabulary(words, compounds, sum(line.space_after for line in hangul) * 10 > len(hangul))


def running_text(lines: Sequence[Line], known: Vocabulary) -> tuple[str, bytes]:
    """The text of lines that follow each other, with the places of its characters."""
    text, places = lines[0].text, lines[0].places
    unit = len(NO_PLACE)
    for over, line in itertools.pairwise(lines):
        if over.text[-1:] in _HYPHENS and over.text[-2:-1].isalnum() and line.text[:1].isalnum():
            if not known.keeps_hyphen(over.text[:-1], line.text):
                text, places = text[:-1], places[:-unit]
        elif not over.text.endswith("—") and not _without_space(over, line, known.spaces_at_line_ends):
            text, places = text + " ", places + NO_PLACE
        text, places = text + line.text, places + line.places
    return text, places


def _without_space(over: Line, line: Line, spaced: bool) -> bool:
    """True for writing that is broken at any place: Chinese, Japanese, and Korean where spaces at line ends show so."""
    last, first = over.text[-1:], line.text[:1]
    if _JOINED_WITHOUT_SPACE.match(last) and _JOINED_WITHOUT_SPACE.match(first):
        return True
    return spaced and not over.space_after and bool(_HANGUL.match(last) and (_HANGUL.match(first) or first in "(“‘"))
