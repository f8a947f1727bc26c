"""Removing a document, and with it the files inside its file."""

from __future__ import annotations

from index.catalog import Catalog
from index.documents import DocumentEntry


def remove(catalog: Catalog, document_id: str) -> tuple[DocumentEntry, ...]:
    """Make a document, and what is inside its file, invisible at once. Raises `NotFound`.

    Gives what was removed, the document first. A file inside it that also stands elsewhere stays.
    """
    entry = catalog.shelf.entry(document_id)
    removed = [entry]
    catalog.changes.remove(document_id)
    for source in entry.sources:
        for inside, (_, owner, _) in catalog.changes.known_files(entry.collection, source).items():
            known = catalog.shelf.entry(owner)
            if catalog.changes.drop_source(entry.collection, inside) is not None:
                removed.append(known)
    return tuple(removed)
