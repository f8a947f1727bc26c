"""RTF as mails carry it: unpacked, and turned back into the HTML that it was made from (MS-OXRTFCP, MS-OXRTFEX)."""

from __future__ import annotations

import re
import struct
from dataclasses import dataclass, replace

from index.loading.html import known_encoding

# What a packer and an unpacker both begin with (MS-OXRTFCP).
_DICTIONARY = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor "
    rb"MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0"
    b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
_RING = 4_096
_PACKED, _PLAIN = b"LZFu", b"MELA"
_MOST_BYTES = 64 * 2**20

_TOKEN = re.compile(rb"\\([a-z]{1,32})(-?\d{1,9})? ?|\\'([0-9a-fA-F]{2})|\\([^a-z])|([{}])|[\r\n]+|([^\\{}\r\n]+)")
# Groups that hold no words.
_ASIDE = frozenset({b"fonttbl", b"colortbl", b"stylesheet", b"info", b"pict", b"object", b"generator"})
# Encodings by the numbers that fonts give them; 0 and 1 are that of the whole.
_CHARSETS = {
    77: "mac-roman", 128: "cp932", 129: "cp949", 134: "gb18030", 136: "cp950", 161: "cp1253", 162: "cp1254",
    163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250",
}  # fmt: skip
_SIGNS = {
    b"par": "\n", b"line": "\n", b"tab": "\t", b"lquote": "‘", b"rquote": "’", b"ldblquote": "“", b"rdblquote": "”",
    b"bullet": "•", b"endash": "–", b"emdash": "—", b"emspace": " ", b"enspace": " ",
}  # fmt: skip


def unpacked(data: bytes) -> bytes:
    """Packed RTF as bytes of RTF; nothing where it is not packed as mails pack it."""
    if len(data) < 16:
        return b""
    _, size, kind = struct.unpack("<II4s", data[:12])
    size = min(size, _MOST_BYTES)
    if kind == _PLAIN:
        return data[16 : 16 + size]
    return _decompressed(data[16:], size) if kind == _PACKED else b""


def _decompressed(data: bytes, size: int) -> bytes:
    # A reference names a place in a ring of 4,096 bytes, into which all that is unpacked is written.
    out = bytearray(_DICTIONARY)
    place = 0
    while place < len(data) and len(out) < size + len(_DICTIONARY):
        control = data[place]
        place += 1
        for bit in range(8):
            if not control >> bit & 1:
                out += data[place : place + 1]
                place += 1
                continue
            pair = int.from_bytes(data[place : place + 2], "big")
            place += 2
            back = (len(out) - (pair >> 4)) % _RING
            # A reference to where the next byte goes is the end; one to what was never written is none.
            if back == 0 or back > len(out) or place > len(data):
                return bytes(out[len(_DICTIONARY) :][:size])
            for _ in range((pair & 15) + 2):
                out.append(out[-back])
    return bytes(out[len(_DICTIONARY) :][:size])


@dataclass(frozen=True, slots=True)
class _State:
    """What holds in a group: whether its words are left out or are names of fonts, and how they are written."""

    aside: bool = False
    fonts: bool = False
    skipped: int = 1
    encoding: str | None = None


def html_of_rtf(data: bytes) -> str:
    """The HTML that RTF was made from; nothing where it was made from none."""
    if b"\\fromhtml" not in data[:2_000]:
        return ""
    reading = _Reading()
    for match in _TOKEN.finditer(data):
        reading.take(match)
    return reading.text()


class _Reading:
    """Reads RTF token by token."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._bytes = bytearray()
        self._encoding = "cp1252"
        self._fonts: dict[int, str] = {}
        self._font = 0
        self._state = _State()
        self._states: list[_State] = []
        self._skip = 0
        self._opened = False

    def text(self) -> str:
        """All that was read."""
        self._flush()
        return "".join(self._parts)

    def take(self, match: re.Match[bytes]) -> None:
        """Read one token."""
        word, number, code, symbol, brace, words = match.groups()
        opened, self._opened = self._opened, False
        if brace == b"{":
            self._states.append(self._state)
            self._opened = True
        elif brace == b"}":
            self._become(self._states.pop() if self._states else _State())
            self._skip = 0
        elif word is not None:
            self._word(word, None if number is None else int(number), opened)
        elif code is not None:
            self._add(bytes([int(code, 16)]))
        elif symbol is not None:
            self._symbol(symbol)
        elif words is not None:
            self._add(words)

    def _symbol(self, symbol: bytes) -> None:
        if symbol == b"*":
            # A group that may be ignored, unless it is the HTML that is looked for.
            self._opened = True
            self._state = replace(self._state, aside=True)
        elif symbol in b"\\{}":
            self._add(symbol)
        elif symbol == b"~":
            self._sign("\u00a0")
        elif symbol in b"\r\n":
            self._sign("\n")

    def _word(self, word: bytes, number: int | None, opened: bool) -> None:
        if opened and word == b"htmltag":
            self._state = replace(self._state, aside=False)
        elif opened and word in _ASIDE:
            self._state = replace(self._state, aside=True, fonts=word == b"fonttbl")
        elif self._state.fonts and number is not None and word in (b"f", b"fcharset"):
            self._declare(word, number)
        elif word == b"f" and number is not None:
            self._become(replace(self._state, encoding=self._fonts.get(number)))
        elif word == b"htmlrtf":
            self._state = replace(self._state, aside=number != 0)
        elif word == b"ansicpg" and number is not None:
            self._encoding = known_encoding("utf-8" if number == 65001 else f"cp{number}") or self._encoding
        elif word == b"uc" and number is not None:
            self._state = replace(self._state, skipped=max(0, min(number, 10)))
        elif word == b"u" and number is not None:
            self._sign(chr(number % 65_536))
            self._skip = self._state.skipped
        elif word in _SIGNS:
            self._sign(_SIGNS[word])

    def _declare(self, word: bytes, number: int) -> None:
        """Note in which encoding the words in a font are."""
        if word == b"f":
            self._font = number
        elif number in _CHARSETS:
            self._fonts[self._font] = _CHARSETS[number]

    def _become(self, state: _State) -> None:
        if state.encoding != self._state.encoding:
            self._flush()
        self._state = state

    def _sign(self, sign: str) -> None:
        if not self._state.aside:
            self._flush()
            self._parts.append(sign)

    def _add(self, data: bytes) -> None:
        if self._skip:
            kept = data[self._skip :]
            self._skip = max(0, self._skip - len(data))
            data = kept
        if not self._state.aside:
            self._bytes += data

    def _flush(self) -> None:
        self._parts.append(self._bytes.decode(self._state.encoding or self._encoding, "replace"))
        self._bytes.clear()
