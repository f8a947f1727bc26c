"""Numbers as they are written: digits with the separators of both conventions, and English words."""

from __future__ import annotations

import re

UNITS = {
    "zero": 0, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9,
    "ten": 10, "eleven": 11, "twelve": 12, "thirteen": 13, "fourteen": 14, "fifteen": 15, "sixteen": 16,
    "seventeen": 17, "eighteen": 18, "nineteen": 19, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50,
    "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
SCALES = {
    "hundred": 100, "dozen": 12, "thousand": 10**3, "million": 10**6, "billion": 10**9, "trillion": 10**12,
    "mil": 10**3, "millones": 10**6, "k": 10**3, "mn": 10**6, "bn": 10**9,
}  # fmt: skip
ORDINALS = {
    "first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9,
    "tenth": 10, "eleventh": 11, "twelfth": 12, "thirteenth": 13, "fourteenth": 14, "fifteenth": 15, "sixteenth": 16,
    "seventeenth": 17, "eighteenth": 18, "nineteenth": 19, "twentieth": 20, "thirtieth": 30,
}  # fmt: skip

_UNIT = "|".join(sorted(UNITS, key=len, reverse=True))
_SCALE = "hundred|thousand|million|billion|trillion|dozen"
# "two hundred and six", "a million", "forty-five"; a hyphen or blanks between its words.
SPELLED = (
    rf"(?:(?:an?\s+(?=(?:{_SCALE})\b))|\b)(?:{_UNIT}|{_SCALE})\b"
    rf"(?:(?:\s*-\s*|(?<=hundred)\s+and\s+|(?<=thousand)\s+and\s+|(?<=million)\s+and\s+|\s+)(?:{_UNIT}|{_SCALE})\b){{0,12}}"
)
DIGITS = r"(?<![\w.,])\d{1,3}(?:[,.\u00a0\u202f' ]\d{3})+(?:[.,]\d{1,2})?(?![\d])|(?<!\w)\d+(?:[.,]\d+)?"
ORDINAL = (
    r"(?<!\w)\d+(?:st|nd|rd|th)\b|\b(?:(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)-)?"
    rf"(?:{'|'.join(sorted(ORDINALS, key=len, reverse=True))})\b"
)


def digits_values(written: str) -> frozenset[float]:
    """What digits may mean: "9.000" is nine thousand or nine, "2,200" is two thousand two hundred."""
    joined = re.sub(r"[\u00a0\u202f' ]", "", written)
    groups = re.split(r"[.,]", joined)
    if len(groups) == 1:
        return frozenset({float(joined)})
    if len(groups) == 2:
        decimal = float(".".join(groups))
        if len(groups[1]) != 3 or groups[0].startswith("0") or len(groups[0]) > 3:
            return frozenset({decimal})
        thousands = float("".join(groups))
        return frozenset({thousands} if "," in joined else {thousands, decimal})
    if len(groups[-1]) == 3:
        return frozenset({float("".join(groups))})
    return frozenset({float("".join(groups[:-1]) + "." + groups[-1])})


def spelled_value(written: str) -> float:
    """What number words mean."""
    total = current = 0.0
    for word in re.findall(r"[a-z]+", written.lower()):
        if word in UNITS:
            current += UNITS[word]
        elif word in ("hundred", "dozen"):
            current = (current or 1) * SCALES[word]
        elif word in SCALES:
            total += (current or 1) * SCALES[word]
            current = 0.0
    return total + current


def ordinal_value(written: str) -> float:
    """What an ordinal means: "31st", "thirty-first"."""
    if written[0].isdigit():
        return float(re.sub(r"\D", "", written))
    tens, _, last = written.lower().rpartition("-")
    return float((UNITS[tens] if tens else 0) + ORDINALS[last])
