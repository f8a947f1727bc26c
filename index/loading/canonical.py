"""Canonical text: the form that every loader gives its text, and that every offset points into.

Lines end in one newline, control characters but newline and tab are gone, lines carry no trailing space, and there is
never more than one blank line. Unicode is otherwise left as it is: composing (NFC) would change the words that a
quote must repeat exactly, and search and tokenizers normalise for themselves.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable

# What Unicode calls mandatory breaks: vertical tab, form feed, next line, line and paragraph separator.
_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f]")
_SURROGATES = re.compile("[\ud800-\udfff]")
_BLANK_LINES = re.compile("\n{3,}")
_INVISIBLE = frozenset({"Cc", "Cf", "Cn", "Co", "Cs", "Mn", "Me"})


def plain_characters(text: str) -> str:
    """Every line break as a newline, control characters dropped, lone surrogates as U+FFFD; lines kept as they are."""
    return _SURROGATES.sub("\ufffd", _CONTROLS.sub("", _BREAKS.sub("\n", text)))


def canonical(text: str) -> str:
    """The canonical form of a text; canonical text is left as it is."""
    lines = (line.rstrip() for line in plain_characters(text).split("\n"))
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()


def one_line(text: str) -> str:
    """A text as one line of words with single spaces between them: for titles, headings and cells."""
    # What can be printed holds nothing that is to be cleaned: the cells of a large table take a third of the time.
    if text.isprintable():
        return " ".join(text.split())
    return " ".join(plain_characters(text).split())


def is_blank(text: str) -> bool:
    """True where nothing of the text could be seen."""
    return not any(_visible(text))


def _visible(text: str) -> Iterable[bool]:
    return (not char.isspace() and unicodedata.category(char) not in _INVISIBLE for char in text)
