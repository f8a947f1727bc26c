"""What goes out over HTTP, as pydantic sends it.

An answer has no schema here: `assistant.rendering.contract` makes its object, and OpenAPI describes the dataclass.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any, Literal, Self

from pydantic import BaseModel

from assistant.anchors import Resolution, Status
from assistant.conversations import ConversationEntry
from index.documents import CollectionEntry, DocumentEntry, DocumentState, Job, JobState, Passage, Section
from index.layout import Layout, MarkedBox


class JobOut(BaseModel):
    """One uploaded file on its way into the library."""

    id: str
    name: str
    collection: str
    document_id: str | None
    state: JobState
    done: int
    total: int
    problem: str | None

    @classmethod
    def of(cls, job: Job) -> Self:
        """A job as it is sent."""
        return cls.model_validate(job, from_attributes=True)


class JobsOut(BaseModel):
    """The jobs of one upload, a file each."""

    jobs: list[JobOut]


class CopyOut(BaseModel):
    """A document that is nearly the same text as another."""

    id: str
    title: str
    source: str


class DocumentOut(BaseModel):
    """A document as a list shows it, with the documents that are nearly the same text."""

    id: str
    title: str
    source: str
    sources: list[str]
    collection: str
    published: datetime.date | None
    language: str | None
    author: str | None
    reliability: str | None
    credibility: int | None
    media_type: str
    hidden_letters: int
    digest: str
    characters: int
    passages: int
    pages: int | None
    state: DocumentState
    added_at: datetime.datetime
    copies: list[CopyOut]

    @classmethod
    def of(cls, entry: DocumentEntry, copies: Sequence[DocumentEntry]) -> Self:
        """A document as it is sent."""
        return cls(**_document_fields(entry, copies))


class SectionOut(BaseModel):
    """A stretch of a text that starts at `start` under a heading, on a page where the format has pages."""

    start: int
    heading: str
    page: int | None


class DocumentDetailsOut(DocumentOut):
    """One document, with the sections of its text, and whether there are pictures of its pages.

    `pages_read_by_ocr` are those whose text was read from a picture, and may be wrong in a letter.
    """

    sections: list[SectionOut]
    pictures: bool
    pages_read_by_ocr: list[int]

    @classmethod
    def with_sections(
        cls,
        entry: DocumentEntry,
        sections: tuple[Section, ...],
        copies: Sequence[DocumentEntry],
        layout: Layout | None,
    ) -> Self:
        """A document with its sections as it is sent."""
        found = [SectionOut.model_validate(section, from_attributes=True) for section in sections]
        read = list(layout.pages_read_by_ocr) if layout else []
        fields = _document_fields(entry, copies)
        return cls(**fields, sections=found, pictures=layout is not None, pages_read_by_ocr=read)


class PlaceOut(BaseModel):
    """A rectangle on a page, in points from its top-left corner."""

    page: int
    left: float
    top: float
    right: float
    bottom: float


class PlacesOut(BaseModel):
    """Where a span of a text stands on the pages: a rectangle a line."""

    items: list[PlaceOut]
    next: None = None

    @classmethod
    def of(cls, boxes: Sequence[MarkedBox]) -> Self:
        """Rectangles as they are sent."""
        return cls(items=[PlaceOut.model_validate(box, from_attributes=True) for box in boxes])


class DocumentsOut(BaseModel):
    """A page of the documents, in order of adding."""

    items: list[DocumentOut]
    next: str | None


class PassageOut(BaseModel):
    """A span of a document."""

    id: str
    document_id: str
    heading: str
    page: int | None
    text: str
    start: int
    end: int

    @classmethod
    def of(cls, passage: Passage) -> Self:
        """A passage as it is sent."""
        return cls.model_validate(passage, from_attributes=True)


class PassageWithNeighboursOut(PassageOut):
    """A passage with what stands before and after it."""

    before: PassageOut | None
    after: PassageOut | None


class CollectionOut(BaseModel):
    """A collection with how much it holds."""

    name: str
    documents: int
    passages: int

    @classmethod
    def of(cls, entry: CollectionEntry) -> Self:
        """A collection as it is sent."""
        return cls.model_validate(entry, from_attributes=True)


class CollectionsOut(BaseModel):
    """All collections; there are few, so there is always one page."""

    items: list[CollectionOut]
    next: None = None


class ConversationOut(BaseModel):
    """A conversation as a list shows it."""

    id: str
    title: str
    turns: int
    collection: str
    created_at: datetime.datetime
    updated_at: datetime.datetime

    @classmethod
    def of(cls, entry: ConversationEntry) -> Self:
        """A conversation as it is sent."""
        return cls.model_validate(entry, from_attributes=True)


class ConversationsOut(BaseModel):
    """A page of the conversations, the latest first."""

    items: list[ConversationOut]
    next: str | None


class ResolutionOut(BaseModel):
    """What became of a citation: where its quote stands now, where it still does."""

    number: int
    status: Status
    start: int | None
    end: int | None

    @classmethod
    def of(cls, resolution: Resolution) -> Self:
        """A resolution as it is sent."""
        return cls.model_validate(resolution, from_attributes=True)


class CheckOut(BaseModel):
    """A receipt, checked against the documents as they are now."""

    answer_id: str
    citations: list[ResolutionOut]


class ReadyOut(BaseModel):
    """That the service is ready, and what it holds."""

    status: Literal["ready"]
    documents: int
    passages: int
    embedder: str
    reader: str
    index_version: int


class LiveOut(BaseModel):
    """That the service runs."""

    status: Literal["live"]


def first_source(entry: DocumentEntry) -> str:
    """The source that a document is named by."""
    return entry.sources[0] if entry.sources else ""


def _document_fields(entry: DocumentEntry, copies: Sequence[DocumentEntry]) -> dict[str, Any]:
    details = entry.details
    return {
        "id": entry.id,
        "title": entry.title,
        "source": first_source(entry),
        "sources": list(entry.sources),
        "collection": entry.collection,
        "published": details.published,
        "language": details.language,
        "author": details.author,
        "reliability": details.reliability,
        "credibility": details.credibility,
        "media_type": details.media_type,
        "hidden_letters": details.hidden_letters,
        "digest": entry.digest,
        "characters": entry.characters,
        "passages": entry.passages,
        "pages": entry.pages,
        "state": entry.state,
        "added_at": entry.added_at,
        "copies": [CopyOut(id=copy.id, title=copy.title, source=first_source(copy)) for copy in copies],
    }
