"""What the name of a paragraph style says: heading, title, code, table of contents.

Word keeps the English names of its own styles whatever its language; other programs do not.
"""

from __future__ import annotations

import re

_HEADING = re.compile(
    r"(?:heading|überschrift|título|encabezado|titre|titolo|titulo|kop|nagłówek|заголовок|наслов|naslov|rubrik|overskrift|"
    r"otsikko|nadpis|címsor|başlık|επικεφαλίδα|titlu|заглавие|tiêu đề|judul|标题|標題|見出し|제목)\s*([1-9])",
    re.IGNORECASE,
)
_TITLE = re.compile(
    r"title|titel|título|titre|titolo|titulo|tytuł|название|наслов|naslov|rubrik|tittel|nimi|název|cím|標題|标题|表題",
    re.IGNORECASE,
)
_CONTENTS = re.compile(r"toc \d|toc heading|contents (?:heading|\d)|table of (?:figures|authorities)", re.IGNORECASE)
_CODE = re.compile(r"(?:source|html)?\s*code(?: block)?|html preformatted|preformatted text|macro text", re.IGNORECASE)
_MONO = re.compile(
    r"courier|consolas|menlo|monaco|lucida console|liberation mono|\bmono(?:space)?\b|source code pro", re.IGNORECASE
)


def heading_level(name: str) -> int | None:
    """The level, from 0, of a style of headings."""
    match = _HEADING.fullmatch(name)
    return int(match[1]) - 1 if match else None


def is_title(name: str) -> bool:
    """True for the style of a document's title."""
    return bool(_TITLE.fullmatch(name))


def is_contents(name: str) -> bool:
    """True for the styles of a table of contents."""
    return bool(_CONTENTS.fullmatch(name))


def is_code(name: str) -> bool:
    """True for the styles that programs have for code."""
    return bool(_CODE.fullmatch(name))


def is_typewriter(font: str) -> bool:
    """True for the name of a font in which all letters are of one width."""
    return bool(_MONO.search(font))
