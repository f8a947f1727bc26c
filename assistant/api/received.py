"""What comes in over HTTP: the bodies that callers send, checked by pydantic. Unknown fields are errors."""

from __future__ import annotations

import datetime
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, model_validator

from assistant.answering import LONGEST_QUESTION
from index.documents import DEFAULT_COLLECTION, Filters

Name = Annotated[str, StringConstraints(min_length=1, max_length=200)]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2}$")]
Reliability = Literal["A", "B", "C", "D", "E", "F"]
Credibility = Annotated[int, Field(ge=1, le=6)]


class Received(BaseModel):
    """What a caller sends."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class FiltersIn(Received):
    """What the search is narrowed to."""

    document_ids: Annotated[list[Name], Field(max_length=1000)] = Field(default_factory=list)
    published_from: datetime.date | None = None
    published_to: datetime.date | None = None
    language: Language | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Self:
        if self.published_from and self.published_to and self.published_from > self.published_to:
            raise ValueError("has a published_from after its published_to: exchange them")
        return self

    def value(self) -> Filters:
        """The filters as the search takes them."""
        return Filters(tuple(self.document_ids), self.published_from, self.published_to, self.language)


class AskIn(Received):
    """A question."""

    question: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LONGEST_QUESTION)]
    conversation_id: Name | None = None
    collection: Name = DEFAULT_COLLECTION
    filters: FiltersIn = Field(default_factory=FiltersIn)
    max_passages: Annotated[int, Field(ge=1, le=50)] | None = Field(
        default=None, description="how many passages are read; by default what the settings say (8)"
    )
    must_answer: bool = Field(default=False, description="turns declining off, for measuring")


class UploadIn(Received):
    """What an upload says about its files."""

    collection: Name = DEFAULT_COLLECTION
    published: datetime.date | None = None
    language: Language | None = None
    reliability: Reliability | None = None
    credibility: Credibility | None = None


class CollectionIn(Received):
    """A collection to be made."""

    name: Name


class TitleIn(Received):
    """Another title for a conversation."""

    title: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]


class FeedbackIn(Received):
    """Whether an answer helped."""

    helpful: bool
    comment: Annotated[str, StringConstraints(strip_whitespace=True, max_length=4000)] | None = None
