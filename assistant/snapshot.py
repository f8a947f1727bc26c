"""One version of each document for the whole of an answer.

Between reading and citing a language model may take a minute, in which a document can change: its sentences were
pointed at in the text that was read, and are quoted from that same text.
"""

from __future__ import annotations

import dataclasses

from assistant.reading import KnownCopies
from index.documents import Document, Hit
from index.errors import NotFound


class Snapshot:
    """`Texts` that gives each document as it was when it was first asked for."""

    def __init__(self, texts: KnownCopies) -> None:
        self._texts = texts
        self._documents: dict[str, Document] = {}

    def document(self, document_id: str) -> Document:
        """See `Texts`."""
        if document_id not in self._documents:
            self._documents[document_id] = self._texts.document(document_id)
        return self._documents[document_id]

    def copies_of(self, document_id: str) -> tuple[str, ...]:
        """See `KnownCopies`."""
        return self._texts.copies_of(document_id)

    def standing(self, hits: tuple[Hit, ...]) -> tuple[Hit, ...]:
        """The hits whose passage is of the version that will be read; ranks are 1..n again."""
        kept = [hit for hit in hits if self._stands(hit)]
        return tuple(dataclasses.replace(hit, rank=rank) for rank, hit in enumerate(kept, start=1))

    def _stands(self, hit: Hit) -> bool:
        passage = hit.passage
        try:
            text = self.document(passage.document_id).text
        except NotFound:
            return False
        return text[passage.start : passage.end] == passage.text
