"""The words of one paragraph of Markdown, from the parser's inline tokens: marks dropped, words kept."""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_it.token import Token

from index.loading.markup import HIDDEN

_TAG = re.compile(r"<(/?)([A-Za-z][A-Za-z0-9-]*)")


def inline_text(tokens: Sequence[Token]) -> str:
    """Text with soft breaks as spaces and hard breaks as newlines; images as their alternative text.

    What stands between the tags of a script or style is dropped where both tags are there.
    """
    parts: list[str] = []
    hidden_until = -1
    for place, token in enumerate(tokens):
        if place <= hidden_until:
            continue
        if token.type == "html_inline":
            hidden_until = _end_of_hidden(tokens, place)
            parts.append("\n" if _tag(token) == ("", "br") else "")
        else:
            parts.append(_words(token))
    return "".join(parts)


def _words(token: Token) -> str:
    if token.type == "image":
        return inline_text(token.children or [])
    if token.type == "softbreak":
        return " "
    if token.type == "hardbreak":
        return "\n"
    # A newline that was written as an entity is a space like any other.
    return token.content.replace("\n", " ") if token.type in ("text", "text_special", "code_inline") else ""


def _tag(token: Token) -> tuple[str, str]:
    match = _TAG.match(token.content)
    return (match[1], match[2].lower()) if match else ("", "")


def _end_of_hidden(tokens: Sequence[Token], place: int) -> int:
    """The place of the tag that closes a script or style opened at `place`; -1 where none does."""
    slash, name = _tag(tokens[place])
    if slash or name not in HIDDEN:
        return -1
    for later in range(place + 1, len(tokens)):
        if tokens[later].type == "html_inline" and _tag(tokens[later]) == ("/", name):
            return later
    return -1
