"""Times of day and halves: "14:30" is "2:30 pm", "one and a half hours" are "an hour and a half" and 90 minutes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.checking.numerals import DIGITS, SPELLED, digits_values, spelled_value
from assistant.checking.units import unit_after

_TIME = re.compile(
    r"(?<![\d:.])(?P<hour>[01]?\d|2[0-3]):(?P<minute>[0-5]\d)(?![\d:])(?:\s?(?P<half>[ap])\.?\s?m\b\.?)?", re.IGNORECASE
)
_AND_A_HALF = re.compile(rf"(?P<whole>{DIGITS}|{SPELLED})\s+and\s+a\s+half\b", re.IGNORECASE)
_UNIT_AND_A_HALF = re.compile(r"\b(?:an?|one)\s+(?=(?P<unit>[^\W\d_]+)\s+and\s+a\s+half\b)", re.IGNORECASE)
_BLANK = re.compile(r"[\s-]*")


@dataclass(frozen=True, slots=True)
class Measured:
    """A number with its unit at `[start, end)` of a text."""

    start: int
    end: int
    value: float
    unit: str


def times_and_halves(text: str) -> Iterator[Measured]:
    """Times of day, in hours since midnight, and numbers that end in "and a half", in order of kind."""
    for match in _TIME.finditer(text):
        hour = int(match["hour"]) + int(match["minute"]) / 60
        half = (match["half"] or "").lower()
        if half and hour < 13:
            hour = hour % 12 + (12 if half == "p" else 0)
        yield Measured(*match.span(), hour, "o'clock")
    for match in _UNIT_AND_A_HALF.finditer(text):
        unit = unit_after(text, match.end())
        end = text.find("half", match.end()) + len("half")
        if unit is not None:
            yield Measured(match.start(), end, 1.5 * unit[1], unit[0])
    for match in _AND_A_HALF.finditer(text):
        whole = match["whole"]
        values = digits_values(whole) if whole[0].isdigit() else {spelled_value(whole)}
        blank = _BLANK.match(text, match.end())
        unit = unit_after(text, blank.end() if blank else match.end())
        factor, end = (unit[1], unit[2]) if unit else (1.0, match.end())
        yield Measured(match.start(), end, (min(values) + 0.5) * factor, unit[0] if unit else "")
