"""From the text of a page to its tree, by lxml, which repairs like a browser.

It calls back for each tag instead of building a tree of its own, so that no nesting can be too deep for it.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from index.errors import UnreadableFile
from index.loading.canonical import plain_characters
from index.loading.html.sheets import Sheet
from index.loading.html.tree import Builder, Tree

# At ten microseconds a tag, a few seconds. The longest articles have some 50,000.
MOST_TAGS = 500_000
# The parser looks through all open elements for an end tag that ends none: beyond so many it begins anew.
_MOST_OPEN = 2_000
_PIECE = 16_384


def parse_html(name: str, text: str) -> Tree:
    """Parse a page. Raises `UnreadableFile` where it has too many tags to be read in seconds."""
    from lxml import etree

    if text.count("<") > MOST_TAGS:
        raise UnreadableFile(f"{name} holds more than {MOST_TAGS:,} tags: split it, or save it as text")
    text = plain_characters(text)
    builder = Builder(Sheet(text))

    def begun() -> etree.HTMLParser:
        return etree.HTMLParser(target=builder, huge_tree=True, encoding="utf-8")

    def ended(parser: etree.HTMLParser) -> None:
        # A text without a single element, such as a comment alone, is an error to it: the tree has what there was.
        with contextlib.suppress(etree.LxmlError):
            parser.close()

    parser = begun()
    for piece in _pieces(text):
        if builder.depth > _MOST_OPEN:
            if builder.leaves_out:
                raise UnreadableFile(f"{name} hides words nested more than {_MOST_OPEN:,} deep: save it as text")
            ended(parser)
            parser = begun()
        parser.feed(piece.encode())
    ended(parser)
    return builder.tree


def _pieces(text: str) -> Iterator[str]:
    """The text in pieces, each from a tag on where there is one."""
    start = 0
    while start < len(text):
        end = start + _PIECE
        tag = text.rfind("<", start + 1, end) if end < len(text) else -1
        end = tag if tag > 0 else end
        yield text[start:end]
        start = end
