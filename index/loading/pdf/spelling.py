"""Spelling: from the signs that are drawn on a line to the characters that they stand for."""

from __future__ import annotations

import functools
import itertools
import statistics
import unicodedata
from collections.abc import Iterator, Sequence

from index.loading.pdf.glyphs import UNKNOWN, Box, Glyph

_SPACED_LETTERS = 4
_EXPANDED = (range(0xFB00, 0xFB07), range(0xFB1D, 0xFE00), range(0xFE70, 0xFEFD))
_ALEF, _LAM = "اأإآ", "ل"
_DROPPED = frozenset({"Cc", "Cs", "Cn"})


def spelled(glyphs: Sequence[Glyph], boxes: Sequence[Box]) -> Iterator[tuple[str, Glyph]]:
    """The characters of a line: ligatures spelled out, spaced letters drawn together, other spaces as one kind."""
    glyphs = _drawn_together(glyphs, boxes) if _letters_are_spaced(glyphs) else list(glyphs)
    for n, (one, other) in enumerate(itertools.pairwise(glyphs)):
        # pdfium gives the two letters of this ligature in the order of the page, not of the word.
        if one.char in _ALEF and other.char == _LAM and one.box == other.box:
            glyphs[n], glyphs[n + 1] = other, one
    for n, glyph in enumerate(glyphs):
        alone = all(other.char.isspace() for other in (*glyphs[max(0, n - 1) : n], *glyphs[n + 1 : n + 2]))
        # An unknown sign that stands by itself is a bullet or a box to tick.
        for char in "•" if alone and glyph.char == UNKNOWN else _plain(glyph.char):
            yield char, glyph


@functools.cache
def _plain(char: str) -> str:
    if char.isspace():
        return " "
    if any(ord(char) in kind for kind in _EXPANDED):
        return unicodedata.normalize("NFKC", char).strip()
    category = unicodedata.category(char)
    if category == "Co" or "\x80" <= char <= "\x9f":
        # A font of signs: at the start of a line it is a bullet, elsewhere a tick or a box.
        return "•"
    return "" if category in _DROPPED or char == "\u00ad" else char


def _letters_are_spaced(glyphs: Sequence[Glyph]) -> bool:
    """True for a heading such as `S U M M A R Y`."""
    words = "".join(glyph.char if not glyph.char.isspace() else " " for glyph in glyphs).split()
    letters = sum(len(word) == 1 and word.isalpha() for word in words)
    return letters >= _SPACED_LETTERS and letters * 10 >= 8 * len(words)


def _drawn_together(glyphs: Sequence[Glyph], boxes: Sequence[Box]) -> list[Glyph]:
    """The letters without the spaces between them, but for those that are clearly wider than the rest."""
    seen = [n for n, glyph in enumerate(glyphs) if not glyph.char.isspace()]
    gaps = [boxes[b][0] - boxes[a][2] for a, b in itertools.pairwise(seen)]
    limit = 1.8 * max(0.1, statistics.median(gaps))
    drawn = [glyphs[seen[0]]]
    for gap, a, b in zip(gaps, seen, seen[1:], strict=False):
        if gap > limit and b > a + 1:
            drawn.append(glyphs[a + 1])
        drawn.append(glyphs[b])
    return drawn


@functools.cache
def direction(char: str) -> int:
    """1 for a letter that runs from left to right, -1 for one from right to left, 0 for what runs with others."""
    kind = unicodedata.bidirectional(char)
    return -1 if kind in ("R", "AL") else 1 if kind == "L" else 0
