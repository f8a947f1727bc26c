"""Numbers as lists draw them: letters, Roman numerals, digits."""

from __future__ import annotations

from typing import Literal

Kind = Literal["none", "digits", "two digits", "letters", "LETTERS", "roman", "ROMAN", "cyrillic", "CYRILLIC"]

_ROMANS = (
    *((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl")),
    *((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i")),
)
_CYRILLIC = "абвгдежзиклмнопрстуфхцчшщэюя"
# A file can begin to count at a billion, which as letters or as Roman numerals would be a book.
_MOST_ROMAN, _MOST_LETTERS = 3999, 26 * 4


def numeral(number: int, kind: Kind) -> str:
    """A number drawn in a kind of numerals; digits where it has no other form."""
    if kind == "none":
        return ""
    if kind == "two digits":
        return f"{number:02}"
    drawn = str(number)
    lower = kind.lower()
    if lower == "roman" and 0 < number <= _MOST_ROMAN:
        drawn = ""
        for value, letters in _ROMANS:
            drawn += letters * (number // value)
            number %= value
    elif lower == "letters" and 0 < number <= _MOST_LETTERS:
        drawn = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
    elif lower == "cyrillic" and 0 < number <= len(_CYRILLIC):
        drawn = _CYRILLIC[number - 1]
    return drawn.upper() if kind.isupper() else drawn
