"""Bounds of numbers ("at least", "about", "no more than"), and whether a number with one is what sources say."""

from __future__ import annotations

import re
from typing import Literal

Bound = Literal["", "about", "nearly", "over", "least", "under", "most"]

_BEFORE: tuple[tuple[str, Bound], ...] = (
    (
        r"no\s+(?:more|longer|later)\s+than|not\s+(?:more|exceeding)(?:\s+than)?|at\s+most|up\s+to|hasta|"
        r"a\s+maximum\s+of",
        "most",
    ),
    (r"no\s+(?:fewer|less)\s+than|not\s+(?:fewer|less)\s+than|at\s+least|a\s+minimum\s+of|al\s+menos", "least"),
    (
        r"(?:more|greater|longer|higher|larger)\s+than|"
        r"(?<!spread )(?<!divided )(?<!scattered )(?<!distributed )over|above|exceed(?:s|ed|ing)?|in\s+excess\s+of|"
        r"upwards\s+of|más\s+de",
        "over",
    ),
    (r"(?:less|fewer|shorter|lower|smaller)\s+than|under|below|menos\s+de", "under"),
    (r"nearly|almost|close\s+to|casi", "nearly"),
    (r"about|around|approximately|approx\.?|roughly|some|circa|c\.|an\s+estimated|~|unos|unas", "about"),
)
_BOUND_BEFORE = [
    (re.compile(rf"(?<!\w)(?:{words})\s*(?:an?\s+|the\s+)?\Z", re.IGNORECASE), bound) for words, bound in _BEFORE
]
_BOUND_AFTER: list[tuple[re.Pattern[str], Bound]] = [
    (
        re.compile(
            r"(?:\s+\w+)?\s+(?:or|and)\s+(?:more|longer|over|above)\b|\s+at\s+least(?=\W*\Z|[,;.)])|\+", re.IGNORECASE
        ),
        "least",
    ),
    (
        re.compile(r"(?:\s+\w+)?\s+or\s+(?:less|fewer|under)\b|\s+at\s+(?:the\s+)?most(?=\W*\Z|[,;.)])", re.IGNORECASE),
        "most",
    ),
    (re.compile(r"\s+or\s+so\b", re.IGNORECASE), "about"),
]
_LONGEST = 30


def bound(text: str, start: int, end: int) -> Bound:
    """The bound of a number that stands at a place of a text."""
    for pattern, found in _BOUND_BEFORE:
        if pattern.search(text[max(0, start - _LONGEST) : start]):
            return found
    for pattern, found in _BOUND_AFTER:
        if pattern.match(text, end):
            return found
    return ""


def bounds_agree(source: Bound, said: Bound) -> bool:
    """Whether a number may be said with a bound that sources say with theirs."""
    loose = ("", "about", "nearly")
    if source in loose:
        # "nearly" and "about" are held to be the same; an exact number may be called at least or at most that.
        return said in loose or said in ("least", "most")
    return {source, said} <= {"over", "least"} or {source, said} <= {"under", "most"}


def stands_for(said: Bound, value: float, one: float) -> bool:
    """Whether a rounded number with a bound stands for an exact one."""
    if said in ("about", "nearly"):
        return abs(one - value) <= min(0.05 * one, _step(value))
    if said in ("over", "least"):
        return value < one <= 1.2 * value
    if said in ("under", "most"):
        return 0.8 * value <= one < value
    return False


def _step(value: float) -> float:
    """What the last digit of a round number stands for: 100 for 300, 10 for 250."""
    step = 1.0
    while value and value % (step * 10) == 0:
        step *= 10
    return step
