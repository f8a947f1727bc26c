"""The values of the index: what a file becomes on its way to a hit.

Every offset in this project is a 0-based Unicode code point into `Document.text`, the one canonical text of a
document; ends are exclusive. Values are frozen: no step changes what it was given.
"""

from __future__ import annotations

import datetime
import hashlib
from dataclasses import dataclass, field
from typing import Literal

from index.layout import Layout

DEFAULT_COLLECTION = "default"

FoundBy = Literal["meaning", "words", "both"]


@dataclass(frozen=True, slots=True)
class Section:
    """What begins at the offset `start`: the text under `heading`, on `page` where the format has pages."""

    start: int
    heading: str
    page: int | None = None


@dataclass(frozen=True, slots=True)
class Details:
    """What is known of a document besides its text.

    `language` is an ISO 639-1 code; `reliability` (A to F) grades the source and `credibility` (1 to 6) the
    information, as intelligence services do.
    """

    published: datetime.date | None = None
    language: str | None = None
    author: str | None = None
    reliability: str | None = None
    credibility: int | None = None
    media_type: str = "text/plain"
    # How many letters nobody can see on the page, which are left out of the text; whether they address a model.
    hidden_letters: int = 0
    hidden_orders: bool = False


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file inside a file: a member of an archive, what was sent with a mail. `name` may hold folders."""

    name: str
    data: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a loader makes of a file's bytes: canonical text, its sections, and the details that the file holds.

    `attachments`, whose names differ, become documents of their own; only an archive has nothing but these, and an
    empty text. `layout` is the page map, for formats that have one.
    """

    text: str
    title: str
    sections: tuple[Section, ...] = ()
    details: Details = field(default_factory=Details)
    attachments: tuple[Attachment, ...] = ()
    layout: Layout | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One version of one document.

    `id` is opaque and kept through change and move. `digest` is the sha256 (hex) of the canonical text and
    `file_digest` that of the bytes it was read from. `sources` are unique within `collection`.
    """

    id: str
    collection: str
    sources: tuple[str, ...]
    title: str
    text: str
    digest: str
    file_digest: str
    sections: tuple[Section, ...]
    details: Details


@dataclass(frozen=True, slots=True)
class Passage:
    """A span of a document: `document.text[start:end] == passage.text`; for its id see `passage_id`."""

    id: str
    document_id: str
    heading: str
    page: int | None
    text: str
    start: int
    end: int

    @property
    def embedded_text(self) -> str:
        """The words that are embedded and indexed: the passage under its heading, which is not said twice."""
        if not self.heading or self.text.startswith(self.heading):
            return self.text
        return f"{self.heading}\n{self.text}"


@dataclass(frozen=True, slots=True)
class Hit:
    """A passage that a search found; ranks are 1..n, scores fall with rank (see `index.fusion` for their meaning)."""

    passage: Passage
    score: float
    rank: int
    found_by: FoundBy


@dataclass(frozen=True, slots=True)
class Filters:
    """What a search is narrowed to; an empty filter keeps everything. Dates are inclusive."""

    document_ids: tuple[str, ...] = ()
    published_from: datetime.date | None = None
    published_to: datetime.date | None = None
    language: str | None = None

    @property
    def empty(self) -> bool:
        """True where nothing is filtered out."""
        return not (self.document_ids or self.published_from or self.published_to or self.language)


NO_FILTERS = Filters()


UPLOADED = "upload:"


def file_name(source: str) -> str:
    """The name of the file that a source stands for, without its folders."""
    return source.removeprefix(UPLOADED).rsplit("/", 1)[-1]


def digest_of(content: str | bytes) -> str:
    """The sha256 of a text (as UTF-8) or of bytes, in hexadecimal."""
    data = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    return hashlib.sha256(data).hexdigest()


def passage_id(document_id: str, digest: str, start: int, end: int) -> str:
    """The id of the passage at `[start, end)` in the version `digest` of a document."""
    return f"{document_id}:{digest[:12]}:{start}-{end}"


DocumentState = Literal["pending", "visible", "removing"]
JobState = Literal["queued", "reading", "embedding", "done", "failed"]


@dataclass(frozen=True, slots=True)
class DocumentEntry:
    """A document as a list shows it: everything but its text. `pages` is None for formats without pages."""

    id: str
    collection: str
    sources: tuple[str, ...]
    title: str
    details: Details
    digest: str
    characters: int
    passages: int
    pages: int | None
    state: DocumentState
    added_at: datetime.datetime


@dataclass(frozen=True, slots=True)
class CollectionEntry:
    """A collection with how much it holds."""

    name: str
    documents: int
    passages: int


@dataclass(frozen=True, slots=True)
class Job:
    """One uploaded file on its way into the library; `done` of `total` passages are embedded."""

    id: str
    name: str
    collection: str
    document_id: str | None
    state: JobState
    done: int
    total: int
    problem: str | None
