"""Values of cells as a person sees them: numbers by the format of their cell, dates as ISO dates.

Follows the formats that people use (decimals, thousands, percent, currencies, words around the number, what is shown
for negative numbers and zero); another, such as a fraction, is shown as a plain number.
"""

from __future__ import annotations

import datetime
import functools
import math
import re
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

GENERAL = "General"

# A cell of usual width shows so many characters of a number that has no format.
_SHOWN = 11
_LONGEST_WHOLE = 10**15
_MOST_DECIMALS = 20
# More than the 28 that decimals are rounded with cannot be written out.
_MOST_DIGITS = 26

# A literal in quotes or after a backslash, a currency, another bracket, a gap or a fill, digits, anything else.
_PART = re.compile(r'"([^"]*)"?|\\(.)|\[\$([^\]-]*)[^\]]*\]|\[[^\]]*\]|[_*].|([0#?][0#?.,]*|\.[0#?]+)|(.)', re.DOTALL)
_CONDITION = re.compile(r"\[[<>=]")
_SECTIONS = re.compile(r'((?:"[^"]*"|\\.|\[[^\]]*\]|[^;"\\])*)(?:;|\Z)')
_DATE_WORDS = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|[_*].|AM/PM', re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Section:
    """One section of a format: words before and after the digits, and how those are written."""

    before: str
    after: str
    least: int
    decimals: int
    fewest_decimals: int
    thousands: bool
    scale: int
    digits: bool


def shown(value: object, number_format: str) -> str:
    """A value as its cell shows it."""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return _number(value, number_format)
    if isinstance(value, datetime.datetime | datetime.date | datetime.time | datetime.timedelta):
        return _moment(value, number_format)
    return "" if value is None else str(value)


def _number(value: int | float, number_format: str) -> str:
    sections = _sections(number_format)
    if sections is None or not math.isfinite(value):
        return _plain(value)
    place = 1 if value < 0 and len(sections) > 1 else 2 if value == 0 and len(sections) > 2 else 0
    section = sections[place]
    if section is None:
        return _plain(value)
    if not section.digits:
        return f"{section.before}{section.after}".strip()
    sign = "-" if value < 0 and place == 0 else ""
    digits = _digits(abs(value), section)
    return f"{sign if digits.strip('0.,') else ''}{section.before}{digits}{section.after}".strip()


def _plain(value: int | float) -> str:
    """A number without a format: whole numbers in full, others in eleven characters, without debris of floats."""
    if abs(value) < _LONGEST_WHOLE and value == int(value):
        return str(int(value))
    if not 1e-4 <= abs(value) < _LONGEST_WHOLE:
        return f"{value:.6g}"
    whole = len(str(int(abs(value))))
    return f"{value:.{max(0, _SHOWN - 1 - whole)}f}".rstrip("0").rstrip(".")


def _digits(value: int | float, section: _Section) -> str:
    """Rounded as people round: half up, from the shortest decimal that is the number."""
    number = Decimal(repr(value)).scaleb(section.scale)
    if number.adjusted() + section.decimals > _MOST_DIGITS:
        return _plain(value)
    rounded = number.quantize(Decimal(1).scaleb(-section.decimals), rounding=ROUND_HALF_UP)
    whole, _, rest = f"{rounded:f}".partition(".")
    while len(rest) > section.fewest_decimals and rest.endswith("0"):
        rest = rest[:-1]
    whole = whole.zfill(section.least) if section.least else whole.lstrip("0")
    whole = f"{int(whole or 0):,}".zfill(section.least) if section.thousands and whole else whole
    return f"{whole}.{rest}" if rest else whole or "0"


@functools.lru_cache(maxsize=512)
def _sections(number_format: str) -> tuple[_Section | None, ...] | None:
    """The sections of a format: for positive and negative numbers and for zero; None where it says nothing."""
    if number_format in (GENERAL, "@", "") or _CONDITION.search(number_format):
        return None
    return tuple(_section(match[1]) for match in _SECTIONS.finditer(number_format) if match[0]) or None


def _section(code: str) -> _Section | None:
    """One section; None where it holds what is not followed here: fractions, exponents, digits in groups."""
    words = ["", ""]
    digits = None
    percent = 0
    for quoted, escaped, currency, placeholder, other in _PART.findall(code):
        # Question marks alone keep room for digits and show none.
        if placeholder and digits is not None:
            return None
        if placeholder.strip("?"):
            digits = placeholder
        elif other and (other in "/@" or other.isalpha()):
            return None
        percent += 2 * (other == "%")
        words[digits is not None] += quoted or escaped or currency or other
    if digits is None:
        return _Section(words[0], "", 0, 0, 0, thousands=False, scale=0, digits=False)
    body = digits.rstrip(",")
    whole, _, rest = body.partition(".")
    return _Section(
        before=words[0], after=words[1], least=whole.count("0"), decimals=min(len(rest), _MOST_DECIMALS),
        fewest_decimals=rest.count("0"), thousands="," in whole, scale=percent - 3 * (len(digits) - len(body)),
        digits=True,
    )  # fmt: skip


def _moment(value: datetime.date | datetime.time | datetime.timedelta, number_format: str) -> str:
    """A date as far as its format shows it: day, month or year; a time to the minute where no seconds are shown."""
    code = _DATE_WORDS.sub("", number_format).lower()
    if isinstance(value, datetime.timedelta):
        seconds = round(value.total_seconds())
        minutes, seconds = divmod(abs(seconds), 60)
        sign = "-" if value.total_seconds() < 0 else ""
        return f"{sign}{minutes // 60}:{minutes % 60:02}" + (f":{seconds:02}" if seconds else "")
    if isinstance(value, datetime.time):
        return value.isoformat("seconds" if value.second else "minutes")
    if not isinstance(value, datetime.datetime):
        return value.isoformat()
    value = (value + datetime.timedelta(microseconds=500_000)).replace(microsecond=0) if value.microsecond else value
    if value.time() != datetime.time():
        return value.isoformat(" ", "seconds" if value.second else "minutes")
    if "d" in code or "y" not in code:
        return value.date().isoformat()
    return value.strftime("%Y-%m") if "m" in code else value.strftime("%Y")
