"""Markdown: parsed as CommonMark with tables and strikethrough, and shown as plain text that reads well.

Headings are lines of their own and begin sections; emphasis, links and HTML keep their words and lose their marks.
Nothing is fetched. What is nested too deeply, or is one paragraph of tens of thousands of characters, is shown as it
was typed.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from index.documents import Loaded
from index.loading.canonical import canonical, one_line, plain_characters
from index.loading.decoding import decode
from index.loading.finishing import Body, finish
from index.loading.front_matter import take_front_matter
from index.loading.inline import inline_text
from index.loading.markup import text_of_html
from index.loading.writer import Writer

# The parser drops blocks that are nested deeper than its limit, so nothing may come near it.
_MOST_NESTING = 100
# Brackets take the parser 20 microseconds each: a million of them in one paragraph would take half a minute.
_LONGEST_PARAGRAPH = 20_000


def load_markdown(name: str, data: bytes) -> Loaded:
    """Read a Markdown file. Raises `UnreadableFile` or `UnsupportedFile`."""
    front, rest = take_front_matter(name, plain_characters(decode(name, data)))
    return finish(name, read_markdown(rest), front, "text/markdown")


def read_markdown(text: str) -> Body:
    """The text as it reads, its sections, and its first heading of the first level as title."""
    tokens = _parser().parse(text)
    if any(token.level >= _MOST_NESTING - 2 for token in tokens):
        return Body(canonical(text), None, ())
    return _Page().written(tokens)


@functools.cache
def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"maxNesting": _MOST_NESTING}).enable(["table", "strikethrough"])
    # Inline text is parsed here, paragraph by paragraph, so that the length of each can be looked at first.
    parser.core.ruler.disable(["inline", "text_join"])
    return parser


def _words(token: Token) -> str:
    """The words of an inline token as canonical text; hard breaks are newlines."""
    if len(token.content) > _LONGEST_PARAGRAPH:
        return one_line(token.content)
    children: list[Token] = []
    parser = _parser()
    parser.inline.parse(token.content, parser, {}, children)
    return canonical(inline_text(children))


class _Page:
    """Writes the parser's tokens."""

    def __init__(self) -> None:
        self._writer = Writer()

    def written(self, tokens: Sequence[Token]) -> Body:
        """Write all tokens and return the page."""
        place = 0
        while place < len(tokens):
            token = tokens[place]
            if token.type == "table_open":
                end = next(later for later in range(place, len(tokens)) if tokens[later].type == "table_close")
                self._writer.table(list(_rows(tokens[place:end])))
                place = end
            elif token.type == "heading_open":
                self._writer.heading(_words(tokens[place + 1]), int(token.tag[1:]))
                place += 2
            else:
                self._other(token)
            place += 1
        return self._writer.body()

    def _other(self, token: Token) -> None:
        kind, writer = token.type, self._writer
        if kind == "inline":
            writer.block(_words(token))
        elif kind in ("fence", "code_block"):
            # The first line of code keeps its indent, which canonical text would lose.
            writer.block(canonical("|\n" + token.content)[1:].strip("\n"))
        elif kind == "html_block":
            writer.block(text_of_html(token.content))
        elif kind == "bullet_list_open":
            writer.open_list(None)
        elif kind == "ordered_list_open":
            start = token.attrGet("start")
            writer.open_list(1 if start is None else int(start))
        elif kind in ("bullet_list_close", "ordered_list_close"):
            writer.close_list()
        elif kind == "list_item_open":
            writer.item()


def _rows(tokens: Sequence[Token]) -> Iterator[list[str]]:
    cells: list[str] = []
    for token in tokens:
        if token.type == "tr_open":
            cells = []
        elif token.type == "inline":
            cells.append(one_line(_words(token)))
        elif token.type == "tr_close":
            yield cells
