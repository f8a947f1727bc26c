"""From bytes to text: byte order marks, UTF-8, UTF-16, and other encodings as charset-normalizer finds them.

Says of bytes that are no text what they are. Does not know formats and does not clean the text.
"""

from __future__ import annotations

import codecs
import re

from index.errors import UnreadableFile, UnsupportedFile
from index.loading.languages import detect_language

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive or an office document"),
    (b"PK\x05\x06", "an empty ZIP archive"),
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF87a", "a GIF image"),
    (b"GIF89a", "a GIF image"),
    (b"\xd0\xcf\x11\xe0", "an old office document"),
    (b"{\\rtf", "an RTF document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"Rar!\x1a", "a RAR archive"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"\x7fELF", "a program"),
)

# UTF-32 first: its little-endian mark begins with that of UTF-16.
_MARKS: tuple[tuple[bytes, str], ...] = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)

# With a mark or with NUL bytes they are known already; without, they are a wrong guess.
_NEVER_GUESSED = ["utf_16", "utf_16_be", "utf_16_le", "utf_32", "utf_32_be", "utf_32_le", "utf_7"]
_CENTRAL = frozenset({"cp1250", "iso8859_2", "cp852", "mac_latin2"})
_CENTRAL_LANGUAGES = frozenset({"bs", "cs", "hr", "hu", "pl", "ro", "sk", "sl", "sq", "sr"})

# Enough for a sure guess; guessing over megabytes takes seconds.
_SAMPLE = 100_000
_CONTROLS = re.compile("[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f-\x9f\ufffd]")


def decode(name: str, data: bytes) -> str:
    """The text of a file, without its byte order mark.

    Raises `UnsupportedFile` for bytes that are no text and `UnreadableFile` for text in no known encoding.
    """
    refuse_signatures(name, data)
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _checked(name, _strictly(name, data[len(mark) :], encoding))
    if b"\x00" in data:
        return _checked(name, _strictly(name, data, _utf16_without_mark(name, data)))
    try:
        return _checked(name, data.decode("utf-8"))
    except UnicodeDecodeError:
        return _checked(name, _strictly(name, data, _detected(name, data)))


def refuse_signatures(name: str, data: bytes) -> None:
    """Raise `UnsupportedFile` where the first bytes are those of a format that is no text."""
    start = data.removeprefix(codecs.BOM_UTF8).lstrip(b" \t\r\n")[:32]
    for signature, kind in _SIGNATURES:
        if start.startswith(signature):
            raise UnsupportedFile(
                f"{name} is {kind}, not text: give it the ending of what it is, or convert it to text"
            )


def _strictly(name: str, data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError) as error:
        raise UnreadableFile(f"{name} cannot be decoded as {encoding}: save it as UTF-8 and try again") from error


def _utf16_without_mark(name: str, data: bytes) -> str:
    """UTF-16 where the NUL bytes all lie in one half of the byte pairs, as they do in Western text."""
    even, odd = data[0::2].count(0), data[1::2].count(0)
    if len(data) % 2 == 0 and min(even, odd) == 0 and max(even, odd) * 4 >= len(data):
        return "utf-16-be" if even else "utf-16-le"
    raise UnsupportedFile(f"{name} holds binary data (NUL bytes), not text: convert it to text and try again")


def _detected(name: str, data: bytes) -> str:
    """The encoding that charset-normalizer finds, except that Western text is not taken for Central European.

    It prefers cp1250 to cp1252 where both fit ("año" becomes "ańo"): so cp1250 is believed only where the language is
    one that is written with it.
    """
    from charset_normalizer import from_bytes

    best = from_bytes(data[:_SAMPLE], cp_exclusion=_NEVER_GUESSED).best()
    if best is None:
        raise UnreadableFile(f"{name} is in no encoding that is known: save it as UTF-8 and try again")
    if best.encoding in _CENTRAL and detect_language(str(best)) not in _CENTRAL_LANGUAGES:
        return "cp1252"
    return best.encoding


def _checked(name: str, text: str) -> str:
    """The text, unless one character in twenty is a control character: then no decoding was right."""
    if len(_CONTROLS.findall(text)) * 20 > len(text):
        raise UnsupportedFile(f"{name} holds binary data (control characters), not text: convert it to text")
    return text
