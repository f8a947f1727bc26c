"""HTML: the article of a saved page as it reads, without menus, notes on cookies and what cannot be seen.

Nothing is fetched and no script is run. Frames, embedded pages and style sheets are not read.
"""

from __future__ import annotations

import codecs
import re
from dataclasses import dataclass

from index.documents import Loaded
from index.loading.canonical import plain_characters
from index.loading.decoding import decode, refuse_signatures
from index.loading.finishing import Body, finish
from index.loading.front_matter import FrontMatter
from index.loading.html.article import article_of
from index.loading.html.facts import facts_of
from index.loading.html.parsing import parse_html
from index.loading.html.writing import write
from index.loading.writer import Writer

_HEAD = 4_096
_DECLARED = re.compile(
    rb"""<\?xml[^>]*encoding\s*=\s*["']([\w:.-]+)|<meta[^>]*charset\s*=\s*["']?\s*([\w:.-]+)""", re.I
)
# Names that pages use for an encoding which holds theirs, as browsers read them.
_MEANT = {
    "ascii": "cp1252", "us-ascii": "cp1252", "iso-8859-1": "cp1252", "latin-1": "cp1252", "latin1": "cp1252",
    "iso-8859-9": "cp1254", "iso-8859-11": "cp874", "tis-620": "cp874", "gb2312": "gb18030", "gbk": "gb18030",
    "shift_jis": "cp932", "shift-jis": "cp932", "x-sjis": "cp932", "euc-kr": "cp949", "ks_c_5601-1987": "cp949",
    "big5": "big5hkscs", "x-gbk": "gb18030", "windows-874": "cp874", "utf-16": "utf-8", "utf-16le": "utf-8",
    "utf-16be": "utf-8", "unicode": "utf-8", "utf8": "utf-8",
}  # fmt: skip
_KNOWN = re.compile(r"utf-8|iso8859-\d+|cp\d+|koi8-[rut]|gb18030|big5\w*|shift_jis\w*|euc_\w+|mac-\w+|iso2022_\w+|hz")
# A page may hold a few bytes of another encoding; more than one character in this many is a wrong name.
_FEW = 500


@dataclass(frozen=True, slots=True)
class Page:
    """A page as it reads, and what it says of itself."""

    body: Body
    facts: FrontMatter


def load_html(name: str, data: bytes) -> Loaded:
    """Read a saved page. Raises `UnreadableFile` or `UnsupportedFile`."""
    page = read_html(name, decode_html(name, data))
    return finish(name, page.body, page.facts, "text/html")


def read_html(name: str, text: str, *, whole: bool = False) -> Page:
    """The article of a page, or with `whole` all that can be seen. Raises `UnreadableFile` for what is all tags."""
    tree = parse_html(name, text)
    writer = Writer()
    write(tree.body if whole else article_of(tree), writer)
    writer.hide(" ".join(tree.hidden))
    body = writer.body()
    return Page(body, facts_of(tree, body.title))


def decode_html(name: str, data: bytes, declared: str | None = None) -> str:
    """The text of a page in the encoding of its mark, that which is `declared` outside of it, or that which it names.

    Raises `UnreadableFile` or `UnsupportedFile` where the bytes are no text.
    """
    refuse_signatures(name, data)
    encoding = None if _marked(data) else known_encoding(declared or _named(data))
    if encoding is not None:
        text = data.decode(encoding, "replace")
        if text.count("\ufffd") * _FEW <= len(text):
            return plain_characters(text)
    return plain_characters(decode(name, data))


def known_encoding(label: str | None) -> str | None:
    """The codec that a page or a mail means by a name; None for a name of no encoding of text."""
    if not label:
        return None
    label = label.strip().lower()
    try:
        codec = codecs.lookup(_MEANT.get(label, label)).name
    except (LookupError, ValueError):
        return None
    return codec if _KNOWN.fullmatch(codec) else None


def _marked(data: bytes) -> bool:
    return data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\x00" in data[:_HEAD]


def _named(data: bytes) -> str | None:
    match = _DECLARED.search(data[:_HEAD])
    return (match[1] or match[2]).decode("ascii", "replace") if match else None
