"""Dates and periods as they are written, and which of a statement's are not in its sources.

A statement may say less of a date than its sources (the month, the year), never more. English months in full and short,
day before or after; Spanish, German and French months in full with the day before; ISO and numeric dates, whose day and
month may stand either way round. Not read: seasons, feasts, "last Tuesday", "a year earlier", other calendars.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_MONTHS = {
    1: "january jan enero januar janvier", 2: "february feb febrero februar février", 3: "march mar marzo märz",
    4: "april apr abril avril", 5: "may mayo mai", 6: "june jun junio juni juin", 7: "july jul julio juli juillet",
    8: "august aug agosto août", 9: "september sept sep septiembre septembre",
    10: "october oct octubre oktober octobre", 11: "november nov noviembre novembre",
    12: "december dec diciembre dezember décembre",
}  # fmt: skip
MONTHS = {written: number for number, names in _MONTHS.items() for written in names.split()}
WEEKDAYS = frozenset(["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"])
_PARTS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "last": -1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
    "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
}  # fmt: skip

_MONTH = rf"(?P<month>{'|'.join(sorted(MONTHS, key=len, reverse=True))})\b\.?"
_MONTH_TO = _MONTH.replace("month", "to")
_YEAR = r"(?P<year>(?:1[5-9]|20)\d\d)(?!\d|[.,]\d)"
_DAY = r"(?<![\w.,])(?P<day>[0-3]?\d)(?:st|nd|rd|th)?"
_OF = r"(?:\s+(?:of|de|del))?\s+"
_PERIOD = re.compile(
    rf"\b(?:(?:between|from|entre|de)\s+)?{_MONTH}(?:\s+(?P<year_from>(?:1[5-9]|20)\d\d))?"
    rf"\s*(?:to|and|through|until|till|y|a|[-–—])\s*{_MONTH_TO}(?:{_OF}|,\s*){_YEAR}",
    re.IGNORECASE,
)
_PART = re.compile(
    r"\b(?:(?P<half>first|second)\s+half|(?P<quarter>first|second|third|fourth|last)\s+quarter|"
    r"first\s+(?P<months>two|three|four|five|six|seven|eight|nine|ten|eleven|\d+)\s+months)"
    rf"(?:\s+(?:of|in))?\s+(?:the\s+year\s+)?{_YEAR}",
    re.IGNORECASE,
)
_DATES = tuple(
    re.compile(written, re.IGNORECASE)
    for written in (
        r"(?<!\d)(?P<year>(?:1[5-9]|20)\d\d)-(?P<number>[01]\d)-(?P<day>[0-3]\d)(?!\d)",
        rf"(?<!\d)(?P<day>[0-3]?\d)[/.](?P<number>[0-3]?\d)[/.]{_YEAR}",
        rf"(?:{_DAY.replace('day', 'other')}\s*(?:,|and|or|y|to|[-–])\s*)?{_DAY}{_OF}{_MONTH}"
        rf"(?:(?:{_OF}|,\s*){_YEAR})?",
        rf"\b{_MONTH}\s+(?P<day>[0-3]?\d)(?:st|nd|rd|th)?(?![\d%:]|[.,]\d)(?:,?\s+{_YEAR})?",
        rf"\b{_MONTH}(?:{_OF}|,\s*){_YEAR}",
        rf"\b{_MONTH}",
    )
)
# "may", "march" and "mar" are words too.
_WORDS = frozenset({"may", "march", "mar", "mai", "jan", "sep", "dec", "nov", "oct", "jun", "jul", "apr", "aug", "feb"})


@dataclass(frozen=True, slots=True)
class Date:
    """A date, or as much of it as is said; `until` is the last month of a period that `month` begins."""

    said: str
    start: int
    end: int
    year: int | None = None
    month: int | None = None
    day: int | None = None
    until: int | None = None
    swapped: bool = False


def dates(text: str) -> list[Date]:
    """The dates and periods of a text in order, years that stand alone left to the numbers."""
    found: list[Date] = []
    taken: list[tuple[int, int]] = []
    for date in _candidates(text):
        if not any(date.start < end and start < date.end for start, end in taken):
            taken.append((date.start, date.end))
            found.append(date)
            if (other := _other_day(date)) is not None:
                found.append(other)
    return sorted(found, key=lambda date: date.start)


def unsaid_dates(text: str, quotes: Sequence[str], years: frozenset[float]) -> list[str]:
    """The dates of a statement that its sources do not say; `years` are the years that they say by themselves."""
    held = [date for quote in quotes for date in dates(quote)]
    said = years | {float(date.year) for date in held if date.year}
    return [date.said for date in dates(text) if not any(_says(one, date, said) for one in held)]


def repeated_dates(text: str, quotes: Sequence[str]) -> list[str]:
    """Dates that a statement says more often than its sources, in the place of another one of theirs."""
    said, held = [_fields(date) for date in dates(text)], [_fields(date) for quote in quotes for date in dates(quote)]
    twice = [one for one in said if one in held and said.count(one) > held.count(one) and set(held) - set(said)]
    return ["the sources do not say one of its dates twice"] if twice else []


def _fields(date: Date) -> tuple[int | None, ...]:
    return date.year, date.month, date.day, date.until


def _says(source: Date, date: Date, years: frozenset[float]) -> bool:
    """Whether a source's date is a statement's, or a narrower one; its year may stand elsewhere in the sources."""
    if (source.until, date.until) != (None, None):
        same = (source.month, source.until) == (date.month, date.until)
        return same and (date.year is None or source.year is None or source.year == date.year)
    year = date.year is None or source.year == date.year or (source.year is None and date.year in years)
    plain = source.month == date.month and (date.day is None or source.day == date.day)
    turned = (source.swapped or date.swapped) and (source.month, source.day) == (date.day, date.month)
    return year and (plain or turned)


def _candidates(text: str) -> Iterator[Date]:
    for match in _PERIOD.finditer(text):
        year = int(match["year"])
        if match["year_from"] is None or match["year_from"] == match["year"]:
            until = MONTHS[match["to"].lower()]
            yield Date(match[0], *match.span(), year, MONTHS[match["month"].lower()], until=until)
    for match in _PART.finditer(text):
        yield _part(match)
    for pattern in _DATES:
        for match in pattern.finditer(text):
            date = _date(match)
            if date is not None:
                yield date


def _part(match: re.Match[str]) -> Date:
    """The first half, a quarter or the first months of a year."""
    first, until = 1, 12
    if match["half"]:
        first, until = (1, 6) if match["half"].lower() == "first" else (7, 12)
    elif match["quarter"]:
        quarter = _PARTS[match["quarter"].lower()]
        quarter = 4 if quarter < 0 else quarter
        first, until = 3 * quarter - 2, 3 * quarter
    else:
        count = match["months"].lower()
        until = _PARTS.get(count) or int(count)
    return Date(match[0], *match.span(), int(match["year"]), first, until=until)


def _date(match: re.Match[str]) -> Date | None:
    """A date that a pattern found; None where it is a word, or no day of a month."""
    parts = match.groupdict()
    year = int(parts["year"]) if parts.get("year") else None
    day = int(parts["day"]) if parts.get("day") else None
    number = parts.get("number")
    month = int(number) if number else MONTHS[parts["month"].lower()]
    swapped = number is not None and "-" not in match[0]
    if swapped and month > 12 and day is not None:
        month, day = day, month
    if not 1 <= month <= 12 or (day is not None and not 1 <= day <= 31):
        return None
    if number is None and not _is_month(match, parts["month"], alone=year is None and day is None):
        return None
    return Date(match[0].strip(), *match.span(), year, month, day, swapped=swapped)


def _is_month(match: re.Match[str], written: str, *, alone: bool) -> bool:
    """Whether a word that may be a month is one: "in May", and not "may", "The march" or "Mar"."""
    if not alone:
        return written.lower() not in ("may", "march") or written[0].isupper()
    if written.islower() and written in _WORDS:
        return False
    if written.lower() not in _WORDS:
        return True
    before = match.string[: match.start()]
    return written[0].isupper() and (bool(before.strip()) and not before.rstrip().endswith((".", "“", '"')))


def _other_day(date: Date) -> Date | None:
    """Of "30 and 31 May 2022" the first day."""
    found = re.match(r"([0-3]?\d)(?:st|nd|rd|th)?\s*(?:,|and|or|y|to|[-–])\s*[0-3]?\d", date.said)
    if found is None or date.day is None:
        return None
    return Date(date.said, date.start, date.end, date.year, date.month, int(found[1]))
