"""Near copies: the documents of a collection whose visible texts are nearly the same (see `index.likeness`)."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Engine, select

from index.catalog.rows import load_signature
from index.catalog.tables import bands, documents, versions
from index.likeness import ALIKE, likeness


class Copies:
    """Finds near copies. Never writes."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def of(self, document_id: str) -> tuple[str, ...]:
        """The ids of the other documents that are near copies of one, in order of adding; none for an unknown one."""
        with self._engine.begin() as connection:
            here = connection.execute(
                select(versions.c.id, versions.c.signature, documents.c.collection)
                .join(documents)
                .where(versions.c.document_id == document_id, versions.c.state == "visible")
            ).one_or_none()
            if here is None or here.signature is None:
                return ()
            own = load_signature(here.signature)
            return tuple(
                row.document_id
                for row in _meeting(connection, here.id, here.collection)
                if likeness(own, load_signature(row.signature)) >= ALIKE
            )


def _meeting(connection: Connection, version_id: int, collection: str) -> list[Any]:
    """The other visible versions that share a band."""
    own, other = bands.alias("own"), bands.alias("other")
    met = (
        select(other.c.version_id)
        .join(own, (own.c.value == other.c.value) & (own.c.band == other.c.band))
        .where(own.c.version_id == version_id, other.c.version_id != version_id)
    )
    statement = (
        select(versions.c.document_id, versions.c.signature)
        .join(documents)
        .where(versions.c.id.in_(met), versions.c.state == "visible", documents.c.collection == collection)
        .order_by(documents.c.number)
    )
    return list(connection.execute(statement).all())
