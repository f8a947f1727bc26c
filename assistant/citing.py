"""Citing: from pointers to numbered citations, each quote cut from its document by its span (laws 1 and 2)."""

from __future__ import annotations

from assistant.anchors import context
from assistant.answers import Citation, DraftStatement, Dropped, Pointer
from assistant.reading import KnownCopies
from assistant.suspicion import warning
from index.documents import Document, Passage


class Citations:
    """The citations of one answer, numbered 1..n in order of appearance; the same span keeps its number."""

    def __init__(self, answer_id: str, passages: dict[str, Passage], texts: KnownCopies) -> None:
        self._answer_id = answer_id
        self._passages = passages
        self._texts = texts
        self._by_span: dict[tuple[str, int, int], Citation] = {}

    @property
    def all(self) -> tuple[Citation, ...]:
        """Every citation so far, by number."""
        return tuple(self._by_span.values())

    def sound(self, statement: DraftStatement) -> tuple[tuple[Pointer, ...], tuple[Dropped, ...]]:
        """The pointers of a statement that may be cited; the others are dropped, never repaired, and said."""
        kept, dropped = [], []
        for pointer in statement.pointers:
            reason = self._fault(pointer)
            if reason is None:
                kept.append(pointer)
            else:
                place = f"{pointer.document_id}:{pointer.start}-{pointer.end}"
                dropped.append(Dropped(text="", reason=reason, pointer=place))
        return tuple(kept), tuple(dropped)

    def quote(self, pointer: Pointer) -> str:
        """The words at a sound pointer."""
        return self._texts.document(pointer.document_id).text[pointer.start : pointer.end]

    def cite(self, pointer: Pointer) -> Citation:
        """The citation of a sound pointer; the same span keeps its number."""
        span = (pointer.document_id, pointer.start, pointer.end)
        if span not in self._by_span:
            self._by_span[span] = self._new(pointer, len(self._by_span) + 1)
        return self._by_span[span]

    def _fault(self, pointer: Pointer) -> str | None:
        passage = self._passages.get(pointer.passage_id)
        if passage is None or passage.document_id != pointer.document_id:
            return "it points at a passage that was not found by the search"
        text = self._texts.document(pointer.document_id).text
        if not 0 <= pointer.start < pointer.end <= len(text) or not text[pointer.start : pointer.end].strip():
            return "it points at a place that is not in the document"
        return None

    def _new(self, pointer: Pointer, number: int) -> Citation:
        document, passage = self._texts.document(pointer.document_id), self._passages[pointer.passage_id]
        prefix, suffix = context(document.text, pointer.start, pointer.end)
        return Citation(
            number=number,
            passage_id=passage.id,
            document_id=document.id,
            title=document.title,
            source=document.sources[0] if document.sources else "",
            heading=passage.heading,
            page=_page(document, pointer.start, passage.page),
            published=document.details.published,
            reliability=document.details.reliability,
            credibility=document.details.credibility,
            quote=document.text[pointer.start : pointer.end],
            start=pointer.start,
            end=pointer.end,
            highlight=pointer.highlight,
            prefix=prefix,
            suffix=suffix,
            digest=f"sha256:{document.digest}",
            link=f"/answers/{self._answer_id}/citations/{number}",
            copies=self._texts.copies_of(document.id),
            warning=warning(document, document.text[pointer.start : pointer.end]),
        )


def _page(document: Document, start: int, otherwise: int | None) -> int | None:
    """The page that a quote stands on: that of the last section which begins before it, where sections have pages."""
    pages = [section.page for section in document.sections if section.start <= start and section.page is not None]
    return pages[-1] if pages else otherwise
