"""Owning: which document a source belongs to, and what becomes of a document that loses its last one.

Works within the transaction that it is given.
"""

from __future__ import annotations

from sqlalchemy import Connection, Integer, cast, delete, select, update
from sqlalchemy.dialects.sqlite import insert

from index.catalog.tables import meta, sources, versions, wordless
from index.catalog.values import FileState


def owner_of(connection: Connection, collection: str, source: str) -> str | None:
    """The id of the document that a source belongs to."""
    statement = select(sources.c.document_id).where(sources.c.collection == collection, sources.c.source == source)
    found: str | None = connection.execute(statement).scalar()
    return found


def move_source(connection: Connection, collection: str, source: str, file: FileState, document_id: str | None) -> None:
    """Note what a source's file is now, and (unless None) the document that the source belongs to from here on."""
    stamps = {"size": file.size, "changed_ns": file.changed_ns, "checked_ns": file.checked_ns}
    here = (sources.c.collection == collection) & (sources.c.source == source)
    if document_id is None:
        connection.execute(update(sources).where(here).values(**stamps))
        return
    # There is something to read in it now.
    connection.execute(delete(wordless).where(wordless.c.collection == collection, wordless.c.source == source))
    before = owner_of(connection, collection, source)
    connection.execute(
        insert(sources)
        .values(collection=collection, source=source, document_id=document_id, **stamps)
        .on_conflict_do_update(index_elements=["collection", "source"], set_={"document_id": document_id, **stamps})
    )
    if before is not None and before != document_id:
        retire_orphan(connection, before)


def retire_orphan(connection: Connection, document_id: str) -> str | None:
    """Retire a document that has no source any more, and return its id; None where it has one."""
    left = connection.execute(select(sources.c.source).where(sources.c.document_id == document_id).limit(1))
    if left.one_or_none() is not None:
        return None
    retire(connection, document_id)
    return document_id


def retire(connection: Connection, document_id: str) -> None:
    """Retire every version of a document."""
    connection.execute(update(versions).where(versions.c.document_id == document_id).values(state="retired"))
    count_change(connection)


def count_change(connection: Connection) -> None:
    """Count a change of what is visible."""
    counter = insert(meta).values(key="index_version", value="1")
    connection.execute(
        counter.on_conflict_do_update(index_elements=["key"], set_={"value": cast(meta.c.value, Integer) + 1})
    )
