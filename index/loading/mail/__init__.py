"""Mails: who wrote to whom, when and about what, then the words as they were sent, quoted replies and all.

Plain text is read where a mail has it, and HTML where it has not, or only a line that points to it. What was sent
with the mail becomes documents of their own; pictures that are shown in the mail are left out.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from index.documents import Attachment, Details, Loaded
from index.errors import InvalidInput
from index.loading.canonical import canonical, one_line
from index.loading.decoding import decode
from index.loading.finishing import finish
from index.loading.front_matter import FrontMatter
from index.loading.html import decode_html, known_encoding
from index.loading.html.facts import date_of
from index.loading.html.parsing import parse_html
from index.loading.html.writing import write
from index.loading.plain import unwrapped
from index.loading.writer import Writer

_MOST_TITLE = 300
_SENDERS = 1_000
_NAMED = re.compile(r'(?:"([^"<>]{1,200})"|([^<>,"]{1,200}))?\s*<([^<>\s]{0,200})>')
_COMMENTED = re.compile(r"\s*\S{1,200}@\S{1,200}\s+\(([^()]{1,200})\)\s*")
# A plain text that is so much shorter than the HTML only says where to find the words.
_SHORT = 500
_SHARE = 5


@dataclass(frozen=True, slots=True)
class Words:
    """A part of a mail's body: plain text or HTML."""

    text: str
    html: bool = False


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail as its format gives it; `headers` are shown, in this order."""

    headers: tuple[tuple[str, str], ...]
    words: tuple[Words, ...] = ()
    attachments: tuple[Attachment, ...] = ()


def shown(name: str, mail: Mail, media_type: str) -> Loaded:
    """A mail as a document. Raises `UnreadableFile` where it has no words at all."""
    lines = [f"{key}: {value}" for key, value in mail.headers if value]
    if mail.attachments:
        lines.append(f"Attachments: {', '.join(one_line(one.name) for one in mail.attachments)}")
    writer = Writer()
    writer.block(canonical("\n".join(lines)))
    for words in mail.words:
        if words.html:
            tree = parse_html(name, words.text)
            write(tree.body, writer)
            writer.hide(" ".join(tree.hidden))
        else:
            writer.block(unwrapped(canonical(words.text)))
    headers = dict(mail.headers)
    front = FrontMatter(
        headers.get("Subject", "")[:_MOST_TITLE] or None,
        Details(published=date_of(headers.get("Date", "")), author=_people(headers.get("From", "")) or None),
    )
    loaded = finish(name, writer.body(), front, media_type)
    return Loaded(loaded.text, loaded.title, loaded.sections, loaded.details, mail.attachments)


def better(plain: Words, html: Words) -> Words:
    """Of two forms of the same words, the plain one, unless it is only a pointer to the other."""
    letters = len(re.findall(r"\w", plain.text))
    if letters < _SHORT and len(re.findall(r"\w", re.sub(r"<[^<>]*>", " ", html.text))) > letters * _SHARE:
        return html
    return plain


def words_of(name: str, data: bytes, charset: str | None, *, html: bool = False, flowed: bool = False) -> Words:
    """A part of a body from its bytes, in the encoding that it gives or that it seems to be in."""
    # Programs say ASCII where they do not know.
    encoding = known_encoding(charset) if (charset or "").lower() not in ("ascii", "us-ascii") else None
    try:
        if html or encoding is not None:
            text = decode_html(name, data, charset if encoding else None)
        else:
            text = decode(name, data)
    except InvalidInput:
        # One part of a mail that is no text is no reason to lose the others.
        text = data.decode("cp1252", "replace")
    return Words(_unflowed(text) if flowed and not html else text, html)


def _unflowed(text: str) -> str:
    """Text in the form "flowed": a line that ends in a space goes on in the next, if that is as deep a quote."""
    lines: list[str] = []
    goes_on: str | None = None
    for line in text.splitlines():
        depth = re.match(">*", line)
        quote = depth[0] if depth else ""
        words = line[len(quote) :].removeprefix(" ")
        if goes_on == quote and words != "-- ":
            lines[-1] += words
        else:
            lines.append(f"{quote} {words}" if quote else words)
        goes_on = quote if words.endswith(" ") and words != "-- " else None
    return "\n".join(lines)


def _people(header: str) -> str:
    """The names in an address header, or the addresses where it gives no names."""
    commented = _COMMENTED.fullmatch(header[:_SENDERS])
    if commented:
        return one_line(commented[1])
    found = _NAMED.findall(header[:_SENDERS])
    names = [one_line((quoted or bare).strip(" '\"") or address) for quoted, bare, address in found]
    return ", ".join(dict.fromkeys(filter(None, names))) or one_line(header[:_SENDERS])
