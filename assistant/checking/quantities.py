"""Quantities: numbers with their units and bounds, and which of a statement's are not in its sources.

What is decided: "about 300" stands for 298 (the same at its own precision, and within 5%), "more than 300" for 316 and
"nearly 300" for 290 (within 20%); a rounded number without such a word is a fault, and so is a bound that the sources
do not set ("at least five" for "five" is let pass) or that is left out. Years that stand alone are numbers here.
Not read: numbers in words of languages other than English, Roman numerals, sums and differences.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.checking.bounds import Bound, bound, bounds_agree, stands_for
from assistant.checking.clock import times_and_halves
from assistant.checking.dates import dates
from assistant.checking.numerals import (
    DIGITS,
    ORDINAL,
    SCALES,
    SPELLED,
    digits_values,
    ordinal_value,
    spelled_value,
)
from assistant.checking.units import currency_before, unit_after
from index.words import stems

_NUMBER = re.compile(rf"(?P<digits>{DIGITS})|(?P<spelled>{SPELLED})", re.IGNORECASE)
_ORDINAL = re.compile(ORDINAL, re.IGNORECASE)
_SCALE = re.compile(
    r"(?:\s*-?\s*(?P<word>thousand|million|billion|trillion|millones|mil)|(?P<sign>k|mn|m|bn))(?!\w)", re.I
)
_PARTS = {"half": 0.5, "third": 1 / 3, "quarter": 0.25, "fifth": 0.2, "sixth": 1 / 6, "eighth": 0.125, "tenth": 0.1}
_FRACTION = re.compile(
    r"(?<!first )(?<!second )(?<!latter )(?<!other )\b(?P<half>half)(?!\s+(?:of\s+)?(?:the\s+year|(?:19|20)\d\d))\b|"
    r"\b(?:a|an|one)\s+(?P<one>third|quarter|fifth|sixth|eighth|tenth)\b|"
    r"\b(?P<many>two|three|four|five)[\s-](?P<parts>third|quarter|fifth|sixth|eighth|tenth)s\b",
    re.IGNORECASE,
)
_OUT_OF = re.compile(
    rf"(?P<some>{DIGITS}|{SPELLED})\s+(?:in|out\s+of|of)(?P<every>\s+every)?\s+(?P<all>{DIGITS}|{SPELLED})(?!\w)",
    re.IGNORECASE,
)
_LINK = re.compile(r"\s*(?:to|and|or|a|y|o|-|–|—)\s*(?:[$€£]\s?)?\Z")
_COUNTED = re.compile(r"\s+(?P<word>[^\W\d_]{3,}(?:[-’'][^\W\d_]+)*)")
_LITTLE = frozenset(
    """
    from with who whom which that than were was are had has have did each per more most less over under into out when
    where after before during since until while between across about through both all also would could may can will
    does against among
    """.split()  # noqa: SIM905
)
_ONE = re.compile(
    r"\b(?:an?|one|single|each|every|another|sole|only|alone|other|individual|un|una|uno)\b|\w+th\b|\bthird\b", re.I
)
_BOTH = re.compile(r"\b(?:both|ambos|ambas)\b", re.IGNORECASE)
_NO_COUNT = re.compile(r"\b(?:no|the|this|that|every|any|each|which)\s+\Z|\b(?:some|any|every)\Z", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as it is said; `unit` is what it measures, `counted` the stem of the word that it counts, if known."""

    said: str
    start: int
    end: int
    values: frozenset[float]
    unit: str = ""
    bound: Bound = ""
    counted: str = ""

    @property
    def is_year(self) -> bool:
        """Whether it may be a year."""
        return re.fullmatch(r"(?:1[5-9]|20)\d\d", self.said) is not None


def unsaid_numbers(text: str, quotes: Sequence[str]) -> list[str]:
    """The numbers of a statement that its sources do not say, each as a reader is told."""
    held = [quantity for quote in quotes for quantity in quantities(quote)]
    years = {float(date.year) for quote in quotes for date in dates(quote) if date.year}
    held += [Quantity(f"{year:.0f}", 0, 0, frozenset({year})) for year in sorted(years)]
    sources = " ".join(quotes)
    return [
        f"the sources do not say {one.said}"
        for one in quantities(text)
        if not any(_bears_out(source, one, held) for source in held) and not _is_any_one(one, sources)
    ]


def repeated_numbers(text: str, quotes: Sequence[str]) -> list[str]:
    """Numbers that a statement says more often than its sources, in the place of another one of theirs."""
    said, held = quantities(text), [quantity for quote in quotes for quantity in quantities(quote)]
    faults = []
    for one in {(quantity.values, quantity.unit): quantity for quantity in said}.values():
        again = [quantity for quantity in said if are_equal(quantity, one)]
        known = [quantity for quantity in held if are_equal(quantity, one)]
        missing = [
            quantity
            for quantity in held
            if (quantity.unit, quantity.is_year) == (one.unit, one.is_year)
            and not any(are_equal(quantity, other) for other in said)
        ]
        if known and missing and len(again) > len(known):
            faults.append(f"the sources do not say {one.said} twice")
    return faults


def quantities(text: str) -> list[Quantity]:
    """The quantities of a text in order; dates are left out, and years that stand alone are in."""
    masked = text
    for date in dates(text):
        masked = _without(masked, date.start, date.end)
    found: list[Quantity] = []
    for read in (_clocked, _shares, _ordinals, _numbers):
        for quantity in list(read(masked, text)):
            found.append(quantity)
            masked = _without(masked, quantity.start, quantity.end)
    return _with_units(sorted(found, key=lambda one: one.start), text)


def _bears_out(source: Quantity, said: Quantity, held: Sequence[Quantity]) -> bool:
    return _same_unit(source, said, held) and _same_count(source, said, held) and _reaches(source, said)


def _same_unit(source: Quantity, said: Quantity, held: Sequence[Quantity]) -> bool:
    """Whether two numbers measure the same. In "a phone 150 and a pistol 2,000 dollars" 150 is in dollars too."""
    if source.unit == said.unit:
        return True
    if "ordinal" in (source.unit, said.unit):
        return False
    if said.unit and not source.unit:
        return not source.counted and any(one.unit == said.unit for one in held)
    return not said.unit and not said.counted


def _same_count(source: Quantity, said: Quantity, held: Sequence[Quantity]) -> bool:
    """Whether two numbers may count the same: not where the sources count that thing, with other numbers."""
    if not (said.counted and source.counted) or said.counted == source.counted:
        return True
    return all(one.counted != said.counted for one in held)


def _reaches(source: Quantity, said: Quantity) -> bool:
    """Whether a source's number and bound are what a statement says."""
    if _same_value(source, said):
        return bounds_agree(source.bound, said.bound)
    if source.bound:
        return False
    return any(stands_for(said.bound, value, one) for value in said.values for one in source.values)


def _is_any_one(said: Quantity, sources: str) -> bool:
    """Whether a "one" is what the sources say with "a", "each" or "the other", or a "two" what they say with "both"."""
    if said.unit:
        number, _, unit = said.said.partition(" ")
        return number.lower() in ("one", "1") and re.search(rf"\ban?\s+{re.escape(unit)}\b", sources) is not None
    words = {"one": _ONE, "two": _BOTH, "2": _BOTH}.get(said.said.lower())
    return words is not None and words.search(sources) is not None


def are_equal(one: Quantity, other: Quantity) -> bool:
    """Whether two quantities are the same, as far as is known what they measure."""
    return _same_value(one, other) and (one.unit == other.unit or not (one.unit and other.unit))


def _same_value(one: Quantity, other: Quantity) -> bool:
    return any(_equal(value, another) for value in one.values for another in other.values)


def _equal(one: float, other: float) -> bool:
    return abs(one - other) <= 1e-6 * max(abs(one), abs(other), 1e-9)


def _without(text: str, start: int, end: int) -> str:
    return text[:start] + "\n" * (end - start) + text[end:]


def _clocked(masked: str, text: str) -> Iterator[Quantity]:
    for one in times_and_halves(masked):
        said = text[one.start : one.end]
        yield Quantity(said, one.start, one.end, frozenset({one.value}), one.unit, bound(text, one.start, one.end))


def _shares(masked: str, text: str) -> Iterator[Quantity]:
    """Fractions, and "six of every ten"."""
    for match in _FRACTION.finditer(masked):
        if match["half"]:
            value = 0.5
        else:
            value = spelled_value(match["many"] or "one") * _PARTS[(match["one"] or match["parts"]).lower()]
        yield Quantity(match[0], *match.span(), frozenset({value}), "share", bound(text, *match.span()))
    for match in _OUT_OF.finditer(masked):
        some, every = max(_values(match["some"])), max(_values(match["all"]))
        joined = match["every"] or " out " in match[0] or " in " in match[0]
        if joined and some < every <= 1000 and unit_after(text, _blank(text, match.end())) is None:
            values = frozenset({round(some / every, 9)})
            yield Quantity(match[0], *match.span(), values, "share", bound(text, *match.span()))


def _ordinals(masked: str, text: str) -> Iterator[Quantity]:
    del text
    for match in _ORDINAL.finditer(masked):
        yield Quantity(match[0], *match.span(), frozenset({ordinal_value(match[0])}), "ordinal")


def _numbers(masked: str, text: str) -> Iterator[Quantity]:
    end = 0
    for match in _NUMBER.finditer(masked):
        if match.start() < end:
            continue  # The "million" of a number that was read.
        if match[0].lower() == "one" and _NO_COUNT.search(masked, 0, match.start()):
            continue
        number = _number(match, text)
        end = number.end
        yield number


def _number(match: re.Match[str], text: str) -> Quantity:
    """A number with its scale, unit, bound and what it counts."""
    start, end, factor = match.start(), match.end(), 1.0
    currency = currency_before(text, start)
    scale = _SCALE.match(text, end) if match["digits"] else None
    if scale and (scale["word"] or currency):
        written = (scale["word"] or scale["sign"]).lower()
        factor, end = (10**6 if written == "m" else SCALES[written]), scale.end()
    values = frozenset(value * factor for value in _values(match[0]))
    unit = ""
    if currency:
        unit, start = currency
    else:
        after = unit_after(text, _blank(text, end))
        if after:
            unit, times, end = after
            values = frozenset(value * times for value in values)
    if unit.startswith("o'clock"):
        late = 12 if unit.endswith("pm") else 0
        unit, values = "o'clock", frozenset(value % 12 + late if value <= 12 else -value for value in values)
    counted = "" if unit else _counted(text, end)
    return Quantity(text[start:end], start, end, values, unit, bound(text, start, end), counted)


def _values(written: str) -> frozenset[float]:
    return digits_values(written) if written[0].isdigit() else frozenset({spelled_value(written)})


def _blank(text: str, end: int) -> int:
    """Where the next word starts: behind blanks, or behind the hyphen of "11-year"."""
    found = re.compile(r"[\s\u00a0]*-?[\s\u00a0]*").match(text, end)
    return found.end() if found else end


def _counted(text: str, end: int) -> str:
    """The stem of the noun or adjective right behind a number."""
    found = _COUNTED.match(text, end)
    if found is None or found["word"].lower() in _LITTLE:
        return ""
    return (stems(found["word"]) or ("",))[0]


def _with_units(found: list[Quantity], text: str) -> list[Quantity]:
    """Of "25 to 30 kg" and "between 5 and 10%" the first has the unit of the second."""
    for place in range(len(found) - 2, -1, -1):
        one, after = found[place], found[place + 1]
        if (
            not (one.unit or one.is_year)
            and after.unit not in ("", "ordinal")
            and _LINK.match(text, one.end, after.start)
        ):
            scale = _factor(after, text)
            values = frozenset(value * scale for value in one.values)
            found[place] = Quantity(one.said, one.start, one.end, values, after.unit, one.bound)
    return found


def _factor(quantity: Quantity, text: str) -> float:
    """What the unit of a quantity multiplies its number by."""
    match = _NUMBER.search(text, quantity.start, quantity.end)
    written = max(_values(match[0])) if match else 0.0
    return max(quantity.values) / written if written else 1.0
