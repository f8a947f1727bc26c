"""The life of a version: pending when acknowledged, visible when searchable, retired when replaced, then forgotten.

The order that loses nothing (law 6): `put` writes a version as pending, the derived stores take its passages in,
`show` makes it visible and retires the one before, the derived stores forget the old passages, `purge` deletes them.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from sqlalchemy import Connection, Engine, delete, exists, select, update

from index.catalog.owning import count_change, move_source, owner_of, retire, retire_orphan
from index.catalog.planning import fits, plan_for
from index.catalog.rows import load_vector
from index.catalog.tables import bands, documents, meta, passages, sources, versions, writing
from index.catalog.values import FileState, Made, Making, Plan, Waiting
from index.catalog.wordless import forget_from
from index.catalog.writing import write_version
from index.errors import Overtaken

ID_BATCH = 500
# Equal to nothing that makes versions.
DAMAGED = "damaged"


class Changes:
    """Writes versions. Each method is one transaction, whole or not at all, safe beside other processes."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._writer = writing(engine)

    def plan(self, collection: str, source: str, file: FileState, making: Making) -> Plan:
        """What `put` would have to do for this file as the catalog stands now."""
        with self._engine.begin() as connection:
            return plan_for(connection, collection, source, file, making)

    def put(
        self,
        collection: str,
        source: str,
        file: FileState,
        making: Making,
        made: Made | None,
        *,
        reindexing: bool = False,
    ) -> Plan:
        """Keep a file's version as pending and its source; afterwards it is acknowledged.

        `made` may be None where the plan said that nothing is to be made. Where another process was faster, its
        version stands and ours is left out. Raises `Overtaken` where a version is needed and none was given, or the
        library was made over to another embedder meanwhile (unless `reindexing` is doing just that).
        """
        with self._writer.begin() as connection:
            plan = plan_for(connection, collection, source, file, making)
            if plan.make:
                if made is None or not fits(connection, plan.document_id, made.document_id):
                    raise Overtaken(f"{source} changed hands while it was read: read it again")
                if not reindexing:
                    _require_embedder(connection, making.embedder)
                plan = Plan(plan.outcome, made.document_id, True)
                write_version(connection, collection, file, making, made)
            move_source(connection, collection, source, file, plan.document_id)
        return plan

    def touch(self, collection: str, source: str, file: FileState) -> None:
        """Note that a file is unchanged though its time stamp is not."""
        with self._writer.begin() as connection:
            move_source(connection, collection, source, file, None)

    def known_files(self, collection: str, root: str) -> dict[str, tuple[FileState, str, Making]]:
        """The sources below a root: each with its file's state, its document's id and what made its newest version."""
        statement = (
            select(sources, versions.c.file_digest, versions.c.made_by, versions.c.embedder, versions.c.overrides)
            .join(versions, versions.c.document_id == sources.c.document_id)
            .where(
                versions.c.state != "retired",
                sources.c.collection == collection,
                sources.c.source.startswith(f"{root}/", autoescape=True),
            )
            # Of two versions the newer is read later, and stays. (Its number found by a query took 16 s for 10,000.)
            .order_by(versions.c.id)
        )
        with self._engine.begin() as connection:
            return {
                row.source: (
                    FileState(row.file_digest, row.size, row.changed_ns, row.checked_ns), row.document_id,
                    Making(row.made_by, row.embedder, row.overrides),
                )
                for row in connection.execute(statement)
            }  # fmt: skip

    def drop_source(self, collection: str, source: str) -> str | None:
        """Forget a source; where it was its document's last, the document goes too, and its id is returned."""
        with self._writer.begin() as connection:
            owner = owner_of(connection, collection, source)
            if owner is None:
                return None
            connection.execute(delete(sources).where(sources.c.collection == collection, sources.c.source == source))
            forget_from(connection, collection, source)
            return retire_orphan(connection, owner)

    def remove(self, document_id: str) -> None:
        """Make a document invisible at once and queue its passages' removal."""
        with self._writer.begin() as connection:
            own = sources.c.document_id == document_id
            for row in connection.execute(select(sources.c.collection, sources.c.source).where(own)).all():
                forget_from(connection, row.collection, row.source)
            connection.execute(delete(sources).where(own))
            retire(connection, document_id)

    def spoil(self, document_id: str) -> None:
        """Note that a document's version is damaged: it is made anew when its file is next taken in."""
        living = (versions.c.document_id == document_id) & (versions.c.state != "retired")
        with self._writer.begin() as connection:
            connection.execute(update(versions).where(living).values(made_by=DAMAGED))

    def known_vectors(self, keys: Sequence[str]) -> dict[str, npt.NDArray[np.float32]]:
        """The vectors of texts that were embedded before, by the digest of what was embedded."""
        found: dict[str, npt.NDArray[np.float32]] = {}
        with self._engine.begin() as connection:
            for start in range(0, len(keys), ID_BATCH):
                statement = select(passages.c.embedded_digest, passages.c.vector)
                statement = statement.where(passages.c.embedded_digest.in_(keys[start : start + ID_BATCH]))
                found.update((row.embedded_digest, load_vector(row.vector)) for row in connection.execute(statement))
        return found

    def owner(self, collection: str, source: str) -> str | None:
        """The id of the document that a source belongs to."""
        with self._engine.begin() as connection:
            return owner_of(connection, collection, source)

    def newest(self, document_id: str) -> tuple[FileState, Making] | None:
        """What a document's newest version was read from and made with; None for a document that is going or gone."""
        statement = select(versions).where(versions.c.document_id == document_id, versions.c.state != "retired")
        with self._engine.begin() as connection:
            row = connection.execute(statement.order_by(versions.c.id.desc()).limit(1)).one_or_none()
        if row is None:
            return None
        return FileState(row.file_digest), Making(row.made_by, row.embedder, row.overrides)

    def pending(self, embedder: str, limit_passages: int) -> list[Waiting]:
        """The oldest versions of this embedder to take in: at least one where any waits, else within the limit."""
        return _within(self._waiting("pending", embedder), limit_passages)

    def retired(self, limit_passages: int) -> list[Waiting]:
        """The oldest versions to forget, limited in the same way."""
        return _within(self._waiting("retired", None), limit_passages)

    def waiting(self, embedder: str) -> bool:
        """True where a version of this embedder is yet to be taken in, or any to be forgotten."""
        pending = (versions.c.state == "pending") & (versions.c.embedder == embedder)
        statement = select(versions.c.id).where(pending | (versions.c.state == "retired")).limit(1)
        with self._engine.begin() as connection:
            return connection.execute(statement).one_or_none() is not None

    def show(self, version_ids: Sequence[int]) -> None:
        """Make versions visible, which the derived stores hold, and retire those that they replace."""
        with self._writer.begin() as connection:
            _show(connection, version_ids)

    def forgettable(self, version_ids: Sequence[int]) -> dict[str, list[str]]:
        """By collection, the passage ids of retired versions that no visible or pending version still has."""
        kept, living = passages.alias("kept"), versions.alias("living")
        still = exists().where(
            kept.c.id == passages.c.id, kept.c.version_id == living.c.id, living.c.state != "retired"
        )
        statement = (
            select(documents.c.collection, passages.c.id)
            .join(versions, versions.c.id == passages.c.version_id)
            .join(documents, documents.c.id == versions.c.document_id)
            .where(passages.c.version_id.in_(version_ids), ~still)
        )
        found: dict[str, list[str]] = {}
        with self._engine.begin() as connection:
            for row in connection.execute(statement):
                found.setdefault(row.collection, []).append(row.id)
        return found

    def purge(self, version_ids: Sequence[int]) -> list[str]:
        """Delete retired versions; returns the file digests that nothing refers to any more."""
        with self._writer.begin() as connection:
            of = versions.c.id.in_(version_ids) & (versions.c.state == "retired")
            rows = connection.execute(
                select(versions.c.id, versions.c.document_id, versions.c.file_digest).where(of)
            ).all()
            gone = [row.id for row in rows]
            for table in (passages, bands):
                connection.execute(delete(table).where(table.c.version_id.in_(gone)))
            connection.execute(delete(versions).where(versions.c.id.in_(gone)))
            for document_id in {row.document_id for row in rows}:
                left = connection.execute(select(versions.c.id).where(versions.c.document_id == document_id).limit(1))
                if left.one_or_none() is None:
                    connection.execute(delete(sources).where(sources.c.document_id == document_id))
                    connection.execute(delete(documents).where(documents.c.id == document_id))
            digests = {row.file_digest for row in rows}
            used = select(versions.c.file_digest).where(versions.c.file_digest.in_(digests))
            return sorted(digests - set(connection.execute(used).scalars()))

    def uses_file(self, file_digest: str) -> bool:
        """True where some version was read from the bytes of this digest."""
        with self._engine.begin() as connection:
            statement = select(versions.c.id).where(versions.c.file_digest == file_digest).limit(1)
            return connection.execute(statement).one_or_none() is not None

    def switch_embedder(self, name: str, dimension: int) -> bool:
        """Make the versions of another embedder the visible ones, all in one, and record that embedder.

        False, and nothing is done, where some document has no version of it yet.
        """
        living = versions.c.state != "retired"
        with self._writer.begin() as connection:
            ready = select(versions.c.document_id).where(living, versions.c.embedder == name)
            lacking = select(versions.c.id).where(living, versions.c.document_id.not_in(ready)).limit(1)
            if connection.execute(lacking).one_or_none() is not None:
                return False
            pending = select(versions.c.id).where(versions.c.state == "pending", versions.c.embedder == name)
            _show(connection, connection.execute(pending.order_by(versions.c.id)).scalars().all())
            connection.execute(update(meta).where(meta.c.key == "embedder").values(value=f"{dimension}:{name}"))
            connection.execute(update(versions).where(versions.c.embedder != name).values(state="retired"))
        return True

    def _waiting(self, state: str, embedder: str | None) -> list[Waiting]:
        statement = (
            select(versions.c.id, documents.c.collection, versions.c.passages)
            .join(documents)
            .where(versions.c.state == state)
            .order_by(versions.c.id)
        )
        if embedder is not None:
            statement = statement.where(versions.c.embedder == embedder)
        with self._engine.begin() as connection:
            return [Waiting(row.id, row.collection, row.passages) for row in connection.execute(statement)]


def _require_embedder(connection: Connection, name: str) -> None:
    kept = connection.execute(select(meta.c.value).where(meta.c.key == "embedder")).scalar()
    if kept is not None and kept.split(":", 1)[1] != name:
        raise Overtaken(f"the library was made over to another embedder than {name} meanwhile: run the command again")


def _show(connection: Connection, version_ids: Sequence[int]) -> None:
    for version_id in version_ids:
        statement = select(versions.c.document_id, versions.c.state).where(versions.c.id == version_id)
        row = connection.execute(statement).one_or_none()
        if row is None or row.state != "pending":
            continue  # Removed meanwhile: the queue of retired versions has it.
        older = (versions.c.document_id == row.document_id) & (versions.c.id < version_id)
        connection.execute(update(versions).where(older).values(state="retired"))
        connection.execute(update(versions).where(versions.c.id == version_id).values(state="visible"))
    count_change(connection)


def _within(waiting: list[Waiting], limit: int) -> list[Waiting]:
    taken: list[Waiting] = []
    total = 0
    for version in waiting:
        if taken and total + version.passages > limit:
            break
        taken.append(version)
        total += version.passages
    return taken
