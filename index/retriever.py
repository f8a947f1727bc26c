"""The search as a LangChain retriever, so that any LangChain program can find passages in a library.

with Library(data_dir, IndexSettings()) as library:
    retriever = LibraryRetriever(library=library, limit=4)
    documents = retriever.invoke("How many bombings were recorded?")
"""

from __future__ import annotations

from typing import Any

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document as LangChainDocument
from langchain_core.retrievers import BaseRetriever
from pydantic import ConfigDict

from index.documents import DEFAULT_COLLECTION, NO_FILTERS, Document, Filters, Hit
from index.library import Library


class LibraryRetriever(BaseRetriever):
    """Finds at most `limit` passages of one collection; raises what `Library.search` raises."""

    model_config = ConfigDict(arbitrary_types_allowed=True)

    library: Library
    collection: str = DEFAULT_COLLECTION
    filters: Filters = NO_FILTERS
    limit: int = 8

    def _get_relevant_documents(
        self,
        query: str,
        *,
        run_manager: CallbackManagerForRetrieverRun,  # noqa: ARG002 - the signature is LangChain's
    ) -> list[LangChainDocument]:
        hits = self.library.search(query, collection=self.collection, filters=self.filters, limit=self.limit)
        return [_to_langchain(hit, self.library.document(hit.passage.document_id)) for hit in hits]


def _to_langchain(hit: Hit, document: Document) -> LangChainDocument:
    passage, details = hit.passage, document.details
    metadata: dict[str, Any] = {
        "document_id": document.id,
        "title": document.title,
        "source": document.sources[0] if document.sources else "",
        "heading": passage.heading,
        "page": passage.page,
        "start": passage.start,
        "end": passage.end,
        "published": details.published.isoformat() if details.published else None,
        "score": hit.score,
        "found_by": hit.found_by,
    }
    return LangChainDocument(id=passage.id, page_content=passage.text, metadata=metadata)
