"""The last step of every loader: text, title and sections become a `Loaded`, or an error where there is no text."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import PurePath

from index.documents import Loaded, Section
from index.errors import UnreadableFile
from index.loading.canonical import is_blank, one_line
from index.loading.front_matter import FrontMatter
from index.loading.languages import detect_language
from index.suspicion import is_suspected


@dataclass(frozen=True, slots=True)
class Body:
    """Canonical text with the title and the sections that were found in it."""

    text: str
    title: str | None
    sections: tuple[Section, ...]
    # The words that nobody can see, which are left out.
    hidden: str = ""


def finish(name: str, body: Body, front: FrontMatter, media_type: str) -> Loaded:
    """Put together what the file's text and its front matter say; raises `UnreadableFile` where the text is blank."""
    if is_blank(body.text):
        raise UnreadableFile(f"{name} holds no text: there is nothing in it to search, leave it out")
    return Loaded(
        text=body.text,
        title=front.title or body.title or one_line(PurePath(name).stem) or "Untitled",
        sections=body.sections,
        details=dataclasses.replace(
            front.details,
            language=front.details.language or detect_language(body.text),
            media_type=media_type,
            hidden_letters=sum(not sign.isspace() for sign in body.hidden),
            hidden_orders=is_suspected(body.hidden),
        ),
    )
