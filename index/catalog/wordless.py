"""Files in which there is nothing to read: remembered, since to find that out a picture is read by OCR in vain."""

from __future__ import annotations

from sqlalchemy import Connection, Engine, delete, select
from sqlalchemy.dialects.sqlite import insert

from index.catalog.tables import collections, wordless, writing
from index.catalog.values import FileState, Wordless


class WordlessFiles:
    """What is remembered of them, by source."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writer = writing(engine)

    def known(self, collection: str, root: str) -> dict[str, Wordless]:
        """Those below a root."""
        statement = select(wordless).where(
            wordless.c.collection == collection, wordless.c.source.startswith(f"{root}/", autoescape=True)
        )
        with self._engine.begin() as connection:
            return {
                row.source: Wordless(
                    FileState(row.file_digest, row.size, row.changed_ns, row.checked_ns), row.made_by, row.reason
                )
                for row in connection.execute(statement)
            }

    def remember(self, collection: str, source: str, found: Wordless) -> None:
        """Note one, in place of what was known of it; nothing where the collection was removed meanwhile."""
        values = {
            "file_digest": found.file.file_digest, "made_by": found.made_by, "reason": found.reason,
            "size": found.file.size, "changed_ns": found.file.changed_ns, "checked_ns": found.file.checked_ns,
        }  # fmt: skip
        with self._writer.begin() as connection:
            there = select(collections.c.name).where(collections.c.name == collection)
            if connection.execute(there).one_or_none() is None:
                return
            connection.execute(
                insert(wordless)
                .values(collection=collection, source=source, **values)
                .on_conflict_do_update(index_elements=["collection", "source"], set_=values)
            )

    def forget(self, collection: str, source: str) -> None:
        """Forget a file that is gone, and those inside it."""
        with self._writer.begin() as connection:
            forget_from(connection, collection, source)


def forget_from(connection: Connection, collection: str, source: str) -> None:
    """Forget a file and those inside it, within the transaction that it is given."""
    inside = wordless.c.source.startswith(f"{source}/", autoescape=True)
    connection.execute(
        delete(wordless).where(wordless.c.collection == collection, (wordless.c.source == source) | inside)
    )
