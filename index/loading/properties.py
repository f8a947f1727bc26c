"""Title, author, date and language as a file's own properties give them, where they can be believed."""

from __future__ import annotations

import datetime
import re
from xml.etree.ElementTree import Element

from index.loading.canonical import one_line

_LONGEST = 300
# What programs put there by themselves.
_NO_AUTHOR = re.compile(
    r"python-docx|(?:microsoft office |windows |microsoft )?user|author|unknown|admin(?:istrator)?|apache poi|"
    r"docx4j|un-named",
    re.IGNORECASE,
)
_NO_TITLE = re.compile(
    r"(?:microsoft )?word(?: document)?|microsoft word - .*|untitled.*|document ?\d*|.*\.(?:docx?|docm|dotx?|rtf)|\W*",
    re.IGNORECASE,
)


def text_of(root: Element | None, name: str) -> str:
    """The text of the first child of a name, on one line."""
    found = root.find(name) if root is not None else None
    return one_line(found.text or "")[:_LONGEST] if found is not None else ""


def believed_title(title: str) -> str | None:
    """A title from a file's properties, unless a program made it up or it is a file's name."""
    return None if _NO_TITLE.fullmatch(title) else title


def believed_author(author: str) -> str | None:
    """An author from a file's properties, unless a program made it up."""
    return None if not author or _NO_AUTHOR.fullmatch(author) else author


def language_of(tag: str) -> str | None:
    """The ISO 639-1 code of a language tag such as `en-GB`."""
    match = re.fullmatch(r"([A-Za-z]{2})(?:[-_]\w+)*", tag)
    return match[1].lower() if match else None


def day_of(value: str) -> datetime.date | None:
    """The day of a date such as `2022-09-30T00:00:00`, if there is such a day."""
    match = re.match(r"\d{4}-\d{2}-\d{2}", value)
    try:
        return datetime.date.fromisoformat(match[0]) if match else None
    except ValueError:
        return None
