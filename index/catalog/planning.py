"""Planning: what taking in a file means as the catalog stands: nothing, one more source of a document, or a version.

Reads within the transaction that it is given, so that the plan holds until that transaction ends.
"""

from __future__ import annotations

import secrets

from sqlalchemy import Connection, func, select

from index.catalog.owning import owner_of
from index.catalog.rows import of_sidecar
from index.catalog.tables import documents, sources, versions
from index.catalog.values import NO_OVERRIDES, FileState, Making, Plan


def plan_for(connection: Connection, collection: str, source: str, file: FileState, making: Making) -> Plan:
    """What `Changes.put` has to do for this file. A new document's id is drawn afresh at every plan."""
    owner = owner_of(connection, collection, source)
    holder = (
        select(versions.c.document_id, versions.c.made_by, versions.c.embedder, versions.c.overrides)
        .join(documents)
        .where(documents.c.collection == collection, versions.c.file_digest == file.file_digest)
        .where(versions.c.state != "retired")
        .order_by(versions.c.id.desc())
    )
    for row in connection.execute(holder):
        if _newest_file(connection, row.document_id) != file.file_digest:
            continue
        # Giving no details beside a file does not take back those that were given before, but for those of a sidecar.
        made_by_alike = row.made_by == making.made_by or _made_for_a_source(
            connection, row.document_id, row.made_by, making
        )
        made_alike = made_by_alike and row.embedder == making.embedder
        stands = making.overrides == NO_OVERRIDES and not of_sidecar(row.overrides)
        same = made_alike and (making.overrides == row.overrides or stands)
        if row.document_id == owner:
            return Plan("unchanged" if same else "changed", row.document_id, not same)
        return Plan("added" if owner is None else "changed", row.document_id, not same)
    if owner is not None and _only_source(connection, owner):
        return Plan("changed", owner, True)
    return Plan("added" if owner is None else "changed", f"d{secrets.token_hex(8)}", True)


def _newest_file(connection: Connection, document_id: str) -> str | None:
    statement = select(versions.c.file_digest).where(versions.c.document_id == document_id)
    newest: str | None = connection.execute(
        statement.where(versions.c.state != "retired").order_by(versions.c.id.desc()).limit(1)
    ).scalar()
    return newest


def _made_for_a_source(connection: Connection, document_id: str, made_by: str, making: Making) -> bool:
    """True where a version is as it would be made for one of its document's sources.

    Equal bytes whose names end otherwise are one document: it would be made anew for each of them in turn, for ever.
    """
    if making.made_by_of is None:
        return False
    statement = select(sources.c.source).where(sources.c.document_id == document_id)
    return any(making.made_by_of(source) == made_by for source in connection.execute(statement).scalars())


def _only_source(connection: Connection, document_id: str) -> bool:
    statement = select(func.count()).select_from(sources).where(sources.c.document_id == document_id)
    return connection.execute(statement).scalar_one() == 1


def fits(connection: Connection, planned: str, made_for: str) -> bool:
    """A new document's id is drawn at every plan: any fresh id will do for it, and only the planned one for an old."""
    return made_for == planned or (_is_new(connection, planned) and _is_new(connection, made_for))


def _is_new(connection: Connection, document_id: str) -> bool:
    return connection.execute(select(documents.c.id).where(documents.c.id == document_id)).one_or_none() is None
