"""Plain text: lines broken to a width are joined into paragraphs, and lines that stand alone become headings.

Guesses conservatively: what could be a table, a verse, an address or a list keeps its lines, and a line is a heading
only where it is short, stands alone and does not end like a sentence.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

from index.documents import Loaded, Section
from index.loading.canonical import canonical, plain_characters
from index.loading.decoding import decode
from index.loading.finishing import Body, finish
from index.loading.front_matter import take_front_matter

_LONGEST_HEADING = 80
_LONGEST_TITLE = 120
# Widths that programs and people break lines at.
_WIDTHS = range(50, 121)

_ITEM = re.compile(r"\s*(?:[-*•–—+]|\(?\w{1,3}[.)])\s")
_LAID_OUT = re.compile(r"\S(?:\t|  +)\S|\||^\s*>|^(?:\t| {4})", re.MULTILINE)
_SENTENCE_END = re.compile(r"[.!?;:,…。！？؟]['\"”’»)\]]*$")


def load_plain(name: str, data: bytes) -> Loaded:
    """Read a text file. Raises `UnreadableFile` or `UnsupportedFile`."""
    front, rest = take_front_matter(name, plain_characters(decode(name, data)))
    return finish(name, read_plain(rest), front, "text/plain")


def read_plain(text: str) -> Body:
    """Canonical text, its headings, and its first line as title where that is short."""
    text = unwrapped(canonical(text))
    first = text.split("\n", 1)[0].strip()
    title = first if 0 < len(first) <= _LONGEST_TITLE else None
    return Body(text, title, tuple(_sections(text)))


def unwrapped(text: str) -> str:
    """Join lines that were broken to a width: each break stands where the next word would not have fitted.

    The width is that of the longest line of all paragraphs of more than one line. `text` is canonical, and so is
    what is returned.
    """
    paragraphs = [paragraph.split("\n") for paragraph in text.split("\n\n")]
    lengths = [len(line) for lines in paragraphs if len(lines) > 1 for line in lines if " " in line.strip()]
    width = max(lengths, default=0)
    if width not in _WIDTHS:
        return text
    return "\n\n".join("\n".join(_joined(lines, width)) for lines in paragraphs)


def _joined(lines: list[str], width: int) -> Iterator[str]:
    """The lines of one paragraph, those of each item joined where all their breaks are due to the width."""
    starts = [0, *(place for place, line in enumerate(lines) if place and _ITEM.match(line)), len(lines)]
    for start, end in itertools.pairwise(starts):
        item = lines[start:end]
        # A hanging indent is layout of the item, not of a table.
        if _LAID_OUT.search("\n".join([item[0], *(line.strip() for line in item[1:])])) or not _full(item, width):
            yield from item
        else:
            yield " ".join([item[0], *(line.strip() for line in item[1:])])


def _full(lines: list[str], width: int) -> bool:
    """True where every line is as full as the width lets it be, and not all of them end like sentences of their own."""
    if all(_SENTENCE_END.search(line) for line in lines[:-1]):
        return False
    return all(len(line) + 1 + len(after.split()[0]) > width for line, after in itertools.pairwise(lines))


def _sections(text: str) -> Iterator[Section]:
    """A section for each line that stands alone between blank lines, or first, and looks like a heading."""
    start = 0
    paragraphs = text.split("\n\n")
    for number, paragraph in enumerate(paragraphs):
        followed = number + 1 < len(paragraphs)
        if followed and "\n" not in paragraph and _is_heading(paragraph):
            yield Section(start, paragraph.strip())
        start += len(paragraph) + 2


def _is_heading(line: str) -> bool:
    words = line.strip()
    return (
        0 < len(words) <= _LONGEST_HEADING
        and any(char.isalpha() for char in words)
        and not words[0].islower()
        and (words[0].isalnum() or words[0] in "¿¡§")
        and not _ITEM.match(line)
        and not _LAID_OUT.search(line)
        and not _SENTENCE_END.search(words)
    )
