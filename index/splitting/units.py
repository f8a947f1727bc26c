"""Units: what a passage is made of. Sentences with their tokens, and parts of those that alone are too long."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

# What it costs to end a passage here, beside its distance from the aim (see `Cuts`).
_AT_BLANK_LINE = 0.0
_AT_LINE = 0.05
_AT_SENTENCE = 0.15
_IN_SENTENCE = 0.3
_AFTER_LEAD = 0.3  # after a line that ends with a colon: what it announces should follow
_AFTER_HEADING = 5.0

WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class Unit:
    """A span that stays whole, its tokens, and what it costs to end a passage after it."""

    start: int
    end: int
    tokens: int
    gap: float


@dataclass(frozen=True, slots=True)
class Stretch:
    """A section, or several small ones, that passages do not leave; `content` is its tokens without its heading."""

    heading: str
    page: int | None
    units: tuple[Unit, ...]
    content: int
    heading_tokens: int

    @property
    def tokens(self) -> int:
        """The tokens of all units together."""
        return sum(unit.tokens for unit in self.units)


def headed(text: str, spans: Sequence[tuple[int, int]], heading: str) -> int:
    """How many of a section's sentences are its heading, where the text repeats that."""
    if not heading or not text.startswith(heading, spans[0][0]):
        return 0
    return sum(end <= spans[0][0] + len(heading) for _, end in spans)


def units_of(text: str, spans: Sequence[tuple[int, int]], heading: str, tokens: dict[str, int]) -> Iterator[Unit]:
    """Sentences as units, each with the cost of a cut after it."""
    heading_sentences = headed(text, spans, heading)
    after = [*(start for start, _ in spans[1:]), None]
    for place, ((start, end), following) in enumerate(zip(spans, after, strict=True)):
        gap = text[end:following] if following is not None else "\n\n"
        sentence = text[start:end]
        if place + 1 == heading_sentences:
            cost = _AFTER_HEADING
        elif "\n" not in gap:
            cost = _AT_SENTENCE
        elif sentence.endswith((":", "：")):
            cost = _AFTER_LEAD
        else:
            cost = _AT_BLANK_LINE if "\n\n" in gap else _AT_LINE
        yield Unit(start, end, tokens[sentence], cost)


def parts_of(text: str, unit: Unit, budget: int, tokens: dict[str, int]) -> Iterator[Unit]:
    """A unit cut at words into parts of about equal length, none over the budget; a longer word at characters."""
    atoms: list[tuple[int, int, int]] = []
    for word in WORD.finditer(text, unit.start, unit.end):
        cost = tokens[word[0]]
        atoms += [(word.start(), word.end(), cost)] if cost <= budget else _letters(text, *word.span(), cost, budget)
    total = sum(cost for _, _, cost in atoms)
    wanted = total / math.ceil(total / budget)
    first, size = 0, 0
    for place, (_, end, cost) in enumerate(atoms):
        size += cost
        following = atoms[place + 1][2] if place + 1 < len(atoms) else None
        if following is None:
            yield Unit(atoms[first][0], end, size, unit.gap)
        elif size >= wanted or size + following > budget:
            yield Unit(atoms[first][0], end, size, _IN_SENTENCE)
            first, size = place + 1, 0


def _letters(text: str, start: int, end: int, cost: int, budget: int) -> list[tuple[int, int, int]]:
    """A word longer than the budget, cut at characters as if its tokens were spread evenly."""
    step = max(1, (end - start) * budget * 4 // (cost * 5))
    pieces = []
    while start < end:
        stop = between_characters(text, start, min(end, start + step))
        pieces.append((start, stop, min(budget, -(-(stop - start) * budget * 4 // (step * 5)))))
        start = stop
    return pieces


def between_characters(text: str, start: int, stop: int) -> int:
    """A place to cut at or before `stop` that does not part a letter from its marks."""
    for place in range(stop, max(start, stop - 8), -1):
        joined = (
            "\u200d" in text[place - 1 : place + 1] or unicodedata.category(text[place : place + 1] or "a")[0] == "M"
        )
        if not joined:
            return place
    return stop
