"""Reading: from a question and its hits to drafts that point at sentences. `Reader` is the seam."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from assistant.answers import Draft, Question
from index.documents import Document, Hit


class Texts(Protocol):
    """Gives documents by id, so that a reader may see the neighbours of a hit."""

    def document(self, document_id: str) -> Document:
        """The visible version of a document; raises `NotFound`."""
        ...


class KnownCopies(Texts, Protocol):
    """`Texts` that also knows which documents are nearly the same."""

    def copies_of(self, document_id: str) -> tuple[str, ...]:
        """The ids of the documents that are near copies of one; none for one that is gone."""
        ...


class Reader(Protocol):
    """Turns a question and its hits into a draft. A reader points at sentences and quotes nothing (law 2).

    It gives the draft as it grows: each holds the statements of the one before it, unchanged, and perhaps more; the
    last is whole. The confidence is that of the first statement, and stays what it was when that came.
    """

    name: str

    def read(self, question: Question, hits: tuple[Hit, ...], texts: Texts) -> Iterator[Draft]:
        """Read the hits; at least one draft. Hits may be empty, and then so is the draft. Raises `ModelUnavailable`."""
        ...
