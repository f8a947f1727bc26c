"""The tree of a page written out: headings, paragraphs, lists with their marks, tables by rows, code as it stands."""

from __future__ import annotations

import itertools
import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping

from index.loading.canonical import canonical
from index.loading.html.looks import PREFORMATTED
from index.loading.html.tables import cells_in, lays_out, lines_of, outside_cells
from index.loading.html.tree import HEADINGS, Node
from index.loading.numerals import Kind, numeral
from index.loading.writer import Writer

_SPACES = re.compile(" {2,}")
_LISTS = frozenset({"ul", "ol", "menu", "dir", "dl"})
_NEVER_IN_HEADINGS = _LISTS | {"table", "p", "pre", "section", "article"}
_ITEMS = frozenset({"li", "dt", "dd"})
_KINDS: Mapping[str, Kind] = {"a": "letters", "A": "LETTERS", "i": "roman", "I": "ROMAN"}


def write(node: Node, writer: Writer) -> None:
    """Write all that a block holds, in order."""
    _write_parts(node.parts, writer)


def _write_parts(parts: Iterable[str | Node], writer: Writer) -> None:
    words: list[str] = []
    for part in parts:
        if isinstance(part, str):
            words.append(part)
            continue
        writer.block(_paragraph(words))
        words = []
        _write_block(part, writer)
    writer.block(_paragraph(words))


def _write_block(node: Node, writer: Writer) -> None:
    tag = node.tag
    level = heading_level(node)
    if level:
        _write_heading(node, level, writer)
    elif tag in PREFORMATTED:
        writer.block(_code(_raw(node)))
    elif tag in _LISTS:
        _write_list(node, writer)
    elif tag == "table" and lays_out(node):
        _write_parts(cells_in(node), writer)
    elif tag == "table":
        _write_parts(outside_cells(node), writer)
        writer.block("\n".join(lines_of(node, words_of)))
    else:
        _write_parts(node.parts, writer)


def heading_level(node: Node) -> int:
    """1 to 6 for a heading, else 0."""
    if node.tag in HEADINGS:
        return int(node.tag[1])
    if node.attributes.get("role") == "heading":
        level = node.attributes.get("aria-level", "2")
        return int(level) if re.fullmatch("[1-6]", level) else 2
    return 0


def _write_heading(node: Node, level: int, writer: Writer) -> None:
    """Write a heading; what it holds because it was never closed follows it."""
    first = next((place for place, part in enumerate(node.parts) if isinstance(part, Node)), len(node.parts))
    lead = words_of_parts(node.parts[:first])
    if lead and any(block.tag in _NEVER_IN_HEADINGS for block in node.blocks):
        writer.heading(lead, level)
        _write_parts(node.parts[first:], writer)
    else:
        writer.heading(words_of(node), level)


def _write_list(node: Node, writer: Writer) -> None:
    writer.open_list(None)
    marks = _marks(node)
    described = False
    for part in node.parts:
        if isinstance(part, Node) and part.tag == "dd":
            if not described:
                writer.open_list(None)
            described = True
            writer.item()
            write(part, writer)
            continue
        if described and not (isinstance(part, str) and not part.strip()):
            writer.close_list()
            described = False
        if isinstance(part, Node) and part.tag in _ITEMS:
            writer.item(next(marks))
            write(part, writer)
        else:
            _write_parts([part], writer)
    if described:
        writer.close_list()
    writer.close_list()


def _marks(node: Node) -> Iterator[str]:
    """The mark before each item of a list; an empty one for a bullet."""
    if node.tag != "ol":
        yield from itertools.repeat("")
    items = [block for block in node.blocks if block.tag in _ITEMS]
    step = -1 if "reversed" in node.attributes else 1
    number = _number(node.attributes.get("start", ""), len(items) if step < 0 else 1)
    kind = _KINDS.get(node.attributes.get("type", ""), "digits")
    for item in items:
        number = _number(item.attributes.get("value", ""), number)
        yield f"{numeral(number, kind)}."
        number += step


def _number(value: str, otherwise: int) -> int:
    return int(value) if re.fullmatch(r"-?\d{1,9}", value.strip(), re.ASCII) else otherwise


def words_of(node: Node) -> str:
    """The words of a block on few lines: blocks in it follow each other, items of a list parted by commas."""
    if node.tag == "table" and not lays_out(node):
        return "; ".join([*filter(None, [words_of_parts(outside_cells(node))]), *lines_of(node, words_of)])
    if node.tag in _LISTS:
        found = [_paragraph([part]) if isinstance(part, str) else words_of(part) for part in node.parts]
        items = [words for words in found if words]
        return " ".join([f"{item}," if item[-1].isalnum() else item for item in items[:-1]] + items[-1:])
    return words_of_parts(node.parts)


def words_of_parts(parts: Iterable[str | Node]) -> str:
    """The words of some parts of a block, blocks parted by spaces."""
    words = [part if isinstance(part, str) else f" {words_of(part)} " for part in parts]
    return _paragraph(words)


def _paragraph(words: list[str]) -> str:
    """Canonical text of one paragraph; line breaks in it are kept."""
    if not words:
        return ""
    text = _SPACES.sub(" ", "".join(words))
    return canonical("\n".join(line.strip(" ") for line in text.split("\n")))


def _raw(node: Node) -> str:
    """The words of code as they stand, each block in it on lines of its own."""
    return "".join(part if isinstance(part, str) else f"{_raw(part)}\n" for part in node.parts)


def _code(text: str) -> str:
    """Canonical text of code: all lines keep their indent but what they have in common."""
    dedented = textwrap.dedent(canonical("|\n" + text)[1:].strip("\n"))
    return canonical("|\n" + dedented)[2:]
