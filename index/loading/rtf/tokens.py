"""RTF as tokens, and its bytes as text: control words, groups, code pages.

Knows no words of the format but those that say how bytes and characters are to be read.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from typing import Literal, NamedTuple

# RTF numbers code pages as Windows does; Python knows most by that number.
_PAGES = {0: "cp1252", 2: "symbol", 42: "symbol", 10000: "mac_roman", 10007: "mac_cyrillic", 65001: "utf-8"}
_PAGES |= {10006: "mac_greek", 10029: "mac_latin2", 10081: "mac_turkish", 20866: "koi8_r", 28592: "iso8859_2"}
# What the fonts of a script say (`fcharset`), by code page.
_CHARSETS = {0: 1252, 77: 10000, 128: 932, 129: 949, 130: 1361, 134: 936, 136: 950, 161: 1253, 162: 1254, 163: 1258}
_CHARSETS |= {177: 1255, 178: 1256, 186: 1257, 204: 1251, 222: 874, 238: 1250, 254: 437, 255: 850, 2: 42}
SYMBOL = "symbol"

_TOKEN = re.compile(
    rb"\\(?:([A-Za-z]{1,40})(-?[0-9]{1,10})? ?|'([0-9A-Fa-f]{2})|([^A-Za-z]))|([{}])|([^\\{}\r\n\x00]+)|[\r\n\x00]+|\\",
    re.DOTALL,
)

Kind = Literal["word", "sign", "open", "close", "bytes", "character"]


class Token(NamedTuple):
    """A control word with its number, a control sign, a brace, or bytes of text (`character`: one written in hex)."""

    kind: Kind
    word: str = ""
    number: int | None = None
    data: bytes = b""


def tokens(data: bytes) -> Iterator[Token]:
    r"""The tokens of a file; the bytes after `\bin` are jumped over."""
    place = 0
    while match := _TOKEN.match(data, place):
        place = match.end()
        word, number, hexed, sign, brace, text = match.groups()
        if word is not None:
            name, value = word.decode("ascii"), int(number) if number else None
            if name == "bin":
                place += max(0, value or 0)
                continue
            yield Token("word", name, value)
        elif hexed is not None:
            yield Token("character", data=bytes([int(hexed, 16)]))
        elif brace is not None:
            yield Token("open" if brace == b"{" else "close")
        elif text is not None:
            yield Token("bytes", data=text)
        elif sign is not None:
            yield Token("sign", sign.decode("latin-1"))


def page_of(number: int) -> str | None:
    """Python's name for a code page, where it has one."""
    name = _PAGES.get(number, f"cp{number}")
    try:
        return name if name == SYMBOL else codecs.lookup(name).name
    except LookupError:
        return None


def page_of_charset(number: int) -> str | None:
    """Python's name for the code page of a font's character set."""
    return page_of(_CHARSETS[number]) if number in _CHARSETS else None


def joined_surrogates(text: str) -> str:
    """Text in which the halves of a character beyond U+FFFF, written one by one, are one character."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
