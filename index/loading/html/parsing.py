"""From the text of a page to its tree, by lxml, which repairs like a browser.

It calls back for each tag instead of building a tree of its own, so that no nesting can be too deep for it.
"""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator

from index.errors import UnreadableFile
from index.loading.canonical import plain_characters
from index.loading.html.tree import Builder, Tree

# At ten microseconds a tag, a few seconds. The longest articles have some 50,000.
MOST_TAGS = 500_000
# The parser looks through all open elements for an end tag that ends none: beyond so many it begins anew.
_MOST_OPEN = 2_000
_PIECE = 16_384

_XHTML = re.compile(r"<\?xml\s|http://www\.w3\.org/1999/xhtml")
_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*>")
_CLOSED = re.compile(
    r"<(a|b|div|em|i|iframe|li|noscript|object|p|script|span|style|td|template|textarea|th|title)"
    r"(\s[^<>]*[\"'\s])?/>",
    re.IGNORECASE,
)


def parse_html(name: str, text: str) -> Tree:
    """Parse a page. Raises `UnreadableFile` where it has too many tags to be read in seconds."""
    from lxml import etree

    if text.count("<") > MOST_TAGS:
        raise UnreadableFile(f"{name} holds more than {MOST_TAGS:,} tags: split it, or save it as text")
    text = plain_characters(text)
    if _XHTML.search(text[:2_000]):
        # Its declaration names an encoding that the text is no longer in; it closes elements that HTML leaves open.
        text = _CLOSED.sub(r"<\1\2></\1>", _DECLARATION.sub("", text))
    builder = Builder()

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
