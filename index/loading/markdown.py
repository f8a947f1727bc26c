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

from index.documents import Loaded, Section
from index.loading.canonical import canonical, one_line, plain_characters
from index.loading.decoding import decode
from index.loading.finishing import Body, finish
from index.loading.front_matter import take_front_matter
from index.loading.inline import inline_text
from index.loading.markup import text_of_html

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
    """The text under construction. Blocks are appended whole, so that the offset of each is known as it is written."""

    def __init__(self) -> None:
        self._parts: list[str] = []
        self._length = 0
        self._title: str | None = None
        self._sections: list[Section] = []
        # One entry a list that is open: the number of its next item, or None for bullets.
        self._lists: list[int | None] = []
        self._marker = ""
        self._was_in_list = False

    def written(self, tokens: Sequence[Token]) -> Body:
        """Write all tokens and return the page."""
        place = 0
        while place < len(tokens):
            token = tokens[place]
            if token.type == "table_open":
                place = self._table(tokens, place)
            elif token.type == "heading_open":
                self._heading(token, _words(tokens[place + 1]))
                place += 2
            else:
                self._other(token)
            place += 1
        return Body("".join(self._parts), self._title, tuple(self._sections))

    def _other(self, token: Token) -> None:
        kind = token.type
        if kind == "inline":
            self._block(_words(token))
        elif kind in ("fence", "code_block"):
            # The first line of code keeps its indent, which canonical text would lose.
            self._block(canonical("|\n" + token.content)[1:].strip("\n"))
        elif kind == "html_block":
            self._block(text_of_html(token.content))
        elif kind == "bullet_list_open":
            self._lists.append(None)
        elif kind == "ordered_list_open":
            start = token.attrGet("start")
            self._lists.append(1 if start is None else int(start))
        elif kind in ("bullet_list_close", "ordered_list_close"):
            self._lists.pop()
            self._marker = ""
        elif kind == "list_item_open":
            self._next_item()

    def _next_item(self) -> None:
        number = self._lists[-1]
        self._marker = "- " if number is None else f"{number}. "
        if number is not None:
            self._lists[-1] = number + 1

    def _heading(self, token: Token, words: str) -> None:
        heading = one_line(words)
        if self._lists or not heading:
            self._block(heading)
            return
        start = self._block(heading)
        self._sections.append(Section(start, heading))
        if self._title is None and token.tag == "h1":
            self._title = heading

    def _table(self, tokens: Sequence[Token], start: int) -> int:
        """Write a table, one row a line, each cell under its header; return the place of its last token."""
        end = next(place for place in range(start, len(tokens)) if tokens[place].type == "table_close")
        rows = list(_rows(tokens[start:end]))
        headers, body = rows[0], rows[1:]
        lines = [_row(headers, cells) for cells in body] or ["; ".join(filter(None, headers))]
        self._block("\n".join(filter(None, lines)))
        return end

    def _block(self, text: str) -> int:
        """Append a block and return its offset; a blank one is nothing."""
        if not text.strip():
            return self._length
        depth = max(0, len(self._lists) - 1)
        indent = "  " * depth
        inside = indent + "  " if self._lists else ""
        lines = text.split("\n")
        first = f"{indent}{self._marker}" if self._marker else inside
        block = "\n".join([first + lines[0], *(inside + line if line else line for line in lines[1:])])
        block = block if self._parts else block.lstrip()
        gap = ("\n" if self._in_list() else "\n\n") if self._parts else ""
        self._marker = ""
        self._was_in_list = bool(self._lists)
        start = self._length + len(gap)
        self._parts.append(gap + block)
        self._length += len(gap) + len(block)
        return start

    def _in_list(self) -> bool:
        """True between two blocks of one list: they follow each other without a blank line."""
        return bool(self._lists) and self._was_in_list


def _rows(tokens: Sequence[Token]) -> Iterator[list[str]]:
    cells: list[str] = []
    for token in tokens:
        if token.type == "tr_open":
            cells = []
        elif token.type == "inline":
            cells.append(one_line(_words(token)))
        elif token.type == "tr_close":
            yield cells


def _row(headers: Sequence[str], cells: Sequence[str]) -> str:
    pairs = zip(headers, cells, strict=False)
    return "; ".join(f"{header}: {cell}" if header else cell for header, cell in pairs if cell)
