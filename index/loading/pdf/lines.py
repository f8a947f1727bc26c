"""Lines: the characters of a page put together to stretches of one line, without a wide gap in them.

A line here is what can be read without a jump: two columns side by side are two lines, and so are two cells of a
table. What belongs together is found by place, the order within is that of pdfium, which is logical order for text
that runs from right to left.
"""

from __future__ import annotations

import re
import statistics
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from index.layout import NO_PLACE, place
from index.loading.pdf.glyphs import SLANTED, Box, Glyph, PageGlyphs, Rule, Style, turned
from index.loading.pdf.spelling import direction, spelled

# In sizes of the font: what may lie between two characters of a line, and how far one may be raised or lowered.
_GAP = 0.8
_JOINED_GAP = 0.7
_RAISED = 0.6
_WORD_GAP = 0.12

# How far up and down from its baseline the body of a letter reaches, and how far a mark may.
_UP, _DOWN, _MOST_UP, _MOST_DOWN = 0.72, 0.2, 1.05, 0.35

_LEADERS = re.compile(r"(?: ?\.){6,} ?")

# In points: how thick an upright line is at most, and how high at least.
_THIN, _LEAST_HIGH, _MOST_UPRIGHTS = 2.5, 8.0, 400


@dataclass(slots=True, eq=False)
class Line:
    """Text on one line of a page, with ten bytes of `places` a character (see `index.layout`).

    The box is in the frame of the text's own direction; `space_after` says that the file has a space at the end.
    """

    page: int
    text: str
    places: bytes = field(repr=False)
    left: float
    top: float
    right: float
    bottom: float
    size: float
    bold: bool
    italic: bool
    turn: int
    rtl: bool
    space_after: bool = False
    # The name of the font, where nearly all of the line is set in one.
    font: str = ""

    @property
    def middle(self) -> float:
        """Half-way between top and bottom."""
        return (self.top + self.bottom) / 2

    @property
    def width(self) -> float:
        """From left to right."""
        return self.right - self.left


@dataclass(slots=True)
class _Piece:
    """Glyphs with their boxes, baselines and sizes in the frame of their direction."""

    glyphs: list[Glyph]
    boxes: list[Box]
    bases: list[float]
    sizes: list[float]

    def box(self) -> Box:
        """The box around all that is not a space."""
        seen = [n for n, glyph in enumerate(self.glyphs) if not glyph.char.isspace()]
        tall = max(self.sizes[n] for n in seen)
        base = statistics.median(self.bases[n] for n in seen if self.sizes[n] >= tall * 0.8)
        left, right = min(self.boxes[n][0] for n in seen), max(self.boxes[n][2] for n in seen)
        return left, base - _UP * tall, right, base + _DOWN * tall

    @property
    def rtl(self) -> bool:
        """True where most letters run from right to left."""
        return sum(direction(glyph.char) for glyph in self.glyphs) < 0

    def part(self, places: Sequence[int]) -> _Piece:
        """Some of the glyphs, in their order."""
        return _Piece(
            [self.glyphs[n] for n in places],
            [self.boxes[n] for n in places],
            [self.bases[n] for n in places],
            [self.sizes[n] for n in places],
        )

    def __add__(self, other: _Piece) -> _Piece:
        return _Piece(
            self.glyphs + other.glyphs, self.boxes + other.boxes, self.bases + other.bases, self.sizes + other.sizes
        )


def lines_of(page: PageGlyphs) -> list[Line]:
    """The lines of a page, in the order of the file."""
    pieces: list[tuple[int, _Piece]] = []
    page_uprights = _uprights(page)
    for run in page.runs:
        for turn, piece in _by_turn(run, page):
            if turn == SLANTED:
                pieces.append((turn, piece))
            else:
                uprights = page_uprights if turn == 0 else []
                pieces += ((turn, part) for level in _levels(piece) for part in _clusters(level, uprights))
    lines = []
    for turn in dict.fromkeys(turn for turn, _ in pieces):
        of_turn = [piece for other, piece in pieces if other == turn]
        lines += [
            _line(page, turn, piece) for piece in (of_turn if turn == SLANTED else _joined(of_turn, page_uprights))
        ]
    return [line for line in lines if line.text]


def _by_turn(run: Sequence[Glyph], page: PageGlyphs) -> Iterator[tuple[int, _Piece]]:
    for turn in dict.fromkeys(glyph.style.turn for glyph in run if not glyph.char.isspace()):
        glyphs = [glyph for glyph in run if glyph.style.turn == turn]
        boxes = [turned(glyph.box, turn, page.width, page.height) for glyph in glyphs]
        points = (turned((*glyph.origin, *glyph.origin), turn, page.width, page.height) for glyph in glyphs)
        sizes = [_size(glyph.style.size, box[3] - box[1]) for glyph, box in zip(glyphs, boxes, strict=True)]
        yield turn, _Piece(glyphs, boxes, [point[1] for point in points], sizes)


def _size(size: float, height: float) -> float:
    """The size of the font; where that cannot be, after the height of its box."""
    return size if 0.25 * height <= size <= 4 * height or height <= 0 else 0.8 * height


def _levels(piece: _Piece) -> Iterator[_Piece]:
    """The parts of a run that stand on one baseline each; raised and lowered signs stay with their line."""
    start, base, tall = 0, piece.bases[0], 0.0
    for n, glyph in enumerate(piece.glyphs):
        if glyph.char.isspace():
            continue
        size = piece.sizes[n]
        if tall and abs(piece.bases[n] - base) > _RAISED * max(size, tall):
            yield piece.part(range(start, n))
            start, tall = n, 0.0
        if size > tall:
            base, tall = piece.bases[n], size
    yield piece.part(range(start, len(piece.glyphs)))


def _uprights(page: PageGlyphs) -> list[Rule]:
    """The upright lines of a page, which part cells however near to each other; a drawing has too many."""
    uprights = [rule for rule in page.rules if rule[2] - rule[0] <= _THIN and rule[3] - rule[1] >= _LEAST_HIGH]
    return uprights if len(uprights) <= _MOST_UPRIGHTS else []


def _crossed(low: float, high: float, base: float, uprights: Sequence[Rule]) -> bool:
    """True where an upright line stands in a gap over a baseline."""
    return any(low - 0.5 <= rule[0] and rule[2] <= high + 0.5 and rule[1] < base - 1 < rule[3] for rule in uprights)


def _clusters(piece: _Piece, uprights: Sequence[Rule]) -> Iterator[_Piece]:
    """The parts of a line between wide gaps, by place: a space is not taken to fill a gap."""
    seen = [n for n, glyph in enumerate(piece.glyphs) if not glyph.char.isspace()]
    if not seen:
        return
    limit = _GAP * statistics.median(piece.sizes[n] for n in seen)
    edges: list[float] = []
    reached = None
    for n in sorted(seen, key=lambda n: piece.boxes[n][0]):
        start = piece.boxes[n][0]
        gap = start - reached if reached is not None else 0.0
        narrow = _WORD_GAP * limit < gap <= limit and bool(uprights)
        if gap > limit or (narrow and _crossed(start - gap, start, piece.bases[n], uprights)):
            edges.append(start - gap / 2)
        reached = max(piece.boxes[n][2], reached if reached is not None else piece.boxes[n][2])
    if not edges:
        yield piece
        return
    members: dict[int, list[int]] = {}
    current = 0
    for n, glyph in enumerate(piece.glyphs):
        if not glyph.char.isspace():
            current = sum(piece.boxes[n][0] > edge for edge in edges)
        members.setdefault(current, []).append(n)
    for places in members.values():
        part = piece.part(places)
        if any(not glyph.char.isspace() for glyph in part.glyphs):
            yield part


def _joined(pieces: Sequence[_Piece], uprights: Sequence[Rule]) -> list[_Piece]:
    """Pieces that follow each other closely on a line are one: a raised sign, a word in bold."""
    done: list[tuple[_Piece, Box]] = []
    for piece in pieces:
        current, box, rtl = piece, piece.box(), piece.rtl
        for at in range(len(done) - 1, max(-1, len(done) - 12), -1):
            other = done[at][1]
            if _adjacent(other, box, rtl) and not _crossed(
                min(other[2], box[2]), max(other[0], box[0]), box[3], uprights
            ):
                current = _in_order(done[at][0], current)
                box = current.box()
                del done[at]
        done.append((current, box))
    return [piece for piece, _ in done]


def _adjacent(one: Box, other: Box, rtl: bool) -> bool:
    low, high = min(one[3] - one[1], other[3] - other[1]), max(one[3] - one[1], other[3] - other[1])
    over = min(one[3], other[3]) - max(one[1], other[1])
    gap = max(one[0], other[0]) - min(one[2], other[2])
    # Text from right to left is left as pdfium parts it: its order cannot be told from its place alone.
    return over >= 0.5 * low and -0.3 * low <= gap <= _JOINED_GAP * low and high <= 2.5 * low and not rtl


def _in_order(one: _Piece, other: _Piece) -> _Piece:
    """Two pieces of a line after each other, a space between where the gap is that of words."""
    first, second = (one, other) if one.box()[0] <= other.box()[0] else (other, one)
    if first.rtl and second.rtl:
        first, second = second, first
    gap = abs(max(first.box()[0], second.box()[0]) - min(first.box()[2], second.box()[2]))
    if gap > _WORD_GAP * second.sizes[0]:
        x, y = first.glyphs[-1].box[2], first.glyphs[-1].box[3]
        space = Glyph(" ", (x, y, x, y), first.glyphs[-1].origin, first.glyphs[-1].style)
        first = first + _Piece([space], [first.boxes[-1]], [first.bases[-1]], [first.sizes[-1]])
    return first + second


def _line(page: PageGlyphs, turn: int, piece: _Piece) -> Line:
    characters: list[str] = []
    places: list[bytes] = []
    for char, glyph in spelled(piece.glyphs, piece.boxes):
        if char == " " and (not characters or characters[-1] == " "):
            continue
        characters.append(char)
        places.append(place(page.number, _marked(glyph)) if glyph.box[0] < glyph.box[2] else NO_PLACE)
    space_after = bool(characters) and characters[-1] == " "
    length = len(characters) - space_after
    text, boxes = _without_leaders("".join(characters[:length]), b"".join(places[:length]))
    seen = [n for n, glyph in enumerate(piece.glyphs) if not glyph.char.isspace()]
    styles = [piece.glyphs[n].style for n in seen]
    left, top, right, bottom = piece.box()
    return Line(
        page.number,
        text,
        boxes,
        *(left, top, right, bottom),
        size=statistics.median(piece.sizes[n] for n in seen),
        bold=sum(style.bold for style in styles) * 10 >= 9 * len(styles),
        italic=sum(style.italic for style in styles) * 10 >= 9 * len(styles),
        turn=turn,
        rtl=piece.rtl,
        space_after=space_after,
        font=_one_font(styles),
    )


def _without_leaders(text: str, places: bytes) -> tuple[str, bytes]:
    """The dots that lead to a page number in a table of contents as one sign."""
    unit = len(NO_PLACE)
    for dots in reversed(list(_LEADERS.finditer(text))):
        start, end = dots.span()
        text = f"{text[:start]} … {text[end:]}".rstrip()
        places = (
            places[: start * unit]
            + NO_PLACE
            + places[start * unit : (start + 1) * unit]
            + NO_PLACE
            + places[end * unit :]
        )[: len(text) * unit]
    return text, places


def _one_font(styles: Sequence[Style]) -> str:
    font, count = Counter(style.font for style in styles).most_common(1)[0]
    return font if count * 10 >= 9 * len(styles) else ""


def _marked(glyph: Glyph) -> Box:
    """The box to mark: that of the font, unless it is taller than fonts are, or has no height."""
    left, top, right, bottom = glyph.box
    size, base = glyph.style.size, glyph.origin[1]
    if glyph.style.turn or not 0.25 * (bottom - top) <= size <= 4 * (bottom - top):
        return glyph.box
    return left, max(top, base - _MOST_UP * size), right, min(bottom, base + _MOST_DOWN * size)
