"""Reading the catalog: the visible version of each document, its passages and their vectors. Never writes."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import ColumnElement, Connection, Engine, Select, and_, exists, func, or_, select
from sqlalchemy.engine import Row

from index.catalog.rows import load_details, load_vector, load_vectors, to_document, to_passage
from index.catalog.tables import documents, passages, sources, versions
from index.documents import Details, Document, DocumentEntry, DocumentState, Filters, Passage
from index.errors import InvalidInput, NotFound
from index.layout import Layout, unpack

# SQLite's limit on variables in one statement is far above this.
ID_BATCH = 500
# So many vectors are held at once: 6 MB.
VECTOR_BATCH = 4000


@dataclass(frozen=True, slots=True)
class Indexed:
    """A passage with what the derived stores keep beside it."""

    passage: Passage
    collection: str
    title: str
    source: str
    details: Details
    vector: npt.NDArray[np.float32]


# Nearly every version is visible: without the hint SQLite looks through all of them first, for any question.
_VISIBLE = func.likely(versions.c.state == "visible")
_PASSAGE = (
    passages.c.id,
    versions.c.document_id,
    passages.c.heading,
    passages.c.page,
    passages.c.text,
    passages.c.start,
    passages.c.end,
)


class Shelf:
    """What of the catalog may be seen. Unknown ids raise `NotFound`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def document(self, document_id: str) -> Document:
        """The visible version of a document, whole."""
        statement = (
            select(versions, documents.c.collection)
            .join(documents, documents.c.id == versions.c.document_id)
            .where(versions.c.document_id == document_id, _VISIBLE)
        )
        with self._engine.begin() as connection:
            row = connection.execute(statement).one_or_none()
            if row is None:
                raise _no_document(document_id)
            return to_document(row, _sources_of(connection, document_id))

    def entry(self, document_id: str) -> DocumentEntry:
        """A document's details and state; also of one whose first version is still pending."""
        with self._engine.begin() as connection:
            row = connection.execute(_entries().where(documents.c.id == document_id)).one_or_none()
            if row is None:
                raise _no_document(document_id)
            return _to_entry(row, _sources_of(connection, document_id))

    def entries(
        self, collection: str | None, limit: int, after: str | None
    ) -> tuple[tuple[DocumentEntry, ...], str | None]:
        """At most `limit` documents in order of adding, from behind the cursor `after`; and the next cursor."""
        statement = _entries().order_by(documents.c.number).limit(limit + 1)
        if collection is not None:
            statement = statement.where(documents.c.collection == collection)
        if after is not None:
            if not after.isdecimal():
                raise InvalidInput(f"the cursor {after!r} is none that a list gave as its `next`")
            statement = statement.where(documents.c.number > int(after))
        with self._engine.begin() as connection:
            rows = connection.execute(statement).all()
            found = tuple(_to_entry(row, _sources_of(connection, row.id)) for row in rows[:limit])
        return found, str(rows[limit - 1].number) if len(rows) > limit else None

    def layout(self, document_id: str) -> Layout | None:
        """The page map of a document's visible version; None where its format has none."""
        statement = select(versions.c.layout).where(versions.c.document_id == document_id, _VISIBLE)
        with self._engine.begin() as connection:
            row = connection.execute(statement).one_or_none()
        if row is None:
            raise _no_document(document_id)
        return unpack(row.layout) if row.layout else None

    def passage(self, passage_id: str) -> Passage:
        """A visible passage by its id."""
        found = self.passages([passage_id])
        if passage_id not in found:
            raise NotFound(f"no passage {passage_id!r} is in the library (any more): ask again, or list the documents")
        return found[passage_id]

    def passages(self, ids: Sequence[str]) -> dict[str, Passage]:
        """Those of the passages that are visible, by id."""
        found: dict[str, Passage] = {}
        with self._engine.begin() as connection:
            for batch in _batches(ids):
                statement = select(*_PASSAGE).join(versions).where(passages.c.id.in_(batch), _VISIBLE)
                found.update((row.id, to_passage(row)) for row in connection.execute(statement))
        return found

    def neighbours(self, passage_id: str) -> tuple[Passage | None, Passage | None]:
        """The passages before and after a visible one in its document, where there are any."""
        place = (
            select(passages.c.version_id, passages.c.ordinal)
            .join(versions)
            .where(passages.c.id == passage_id, _VISIBLE)
        )
        with self._engine.begin() as connection:
            here = connection.execute(place).one_or_none()
            if here is None:
                raise NotFound(f"no passage {passage_id!r} is in the library (any more): ask again")
            statement = select(*_PASSAGE, passages.c.ordinal).join(versions)
            statement = statement.where(
                passages.c.version_id == here.version_id, passages.c.ordinal.in_((here.ordinal - 1, here.ordinal + 1))
            )
            around = {row.ordinal: to_passage(row) for row in connection.execute(statement)}
        return around.get(here.ordinal - 1), around.get(here.ordinal + 1)

    def holds_any(self, collection: str) -> bool:
        """True where a collection has a visible passage."""
        statement = select(versions.c.id).join(documents).where(_VISIBLE, versions.c.passages > 0)
        with self._engine.begin() as connection:
            found = connection.execute(statement.where(documents.c.collection == collection).limit(1))
            return found.one_or_none() is not None

    def ids(self, collection: str) -> set[str]:
        """The ids of all visible passages of a collection: what the derived stores must hold."""
        everything = passages.join(versions).join(documents)
        statement = select(passages.c.id).select_from(everything).where(_VISIBLE)
        with self._engine.begin() as connection:
            return set(connection.execute(statement.where(documents.c.collection == collection)).scalars())

    def indexed(self, version_ids: Iterable[int], keep: set[str] | None = None) -> Iterator[Indexed]:
        """The passages of some versions, with their vectors; only those in `keep` where it is given."""
        with self._engine.begin() as connection:
            for version_id in version_ids:
                yield from _indexed(connection, version_id, keep)

    def visible_versions(self, collection: str) -> dict[int, str]:
        """The ids of the visible versions of a collection, in order, each with its document's id."""
        statement = select(versions.c.id, versions.c.document_id).join(documents)
        statement = statement.where(_VISIBLE, documents.c.collection == collection).order_by(versions.c.id)
        with self._engine.begin() as connection:
            return {row.id: row.document_id for row in connection.execute(statement)}

    def allowed(self, document_ids: Collection[str], filters: Filters) -> set[str]:
        """Those of the documents that are visible and pass the filters."""
        # One parameter however many they are: a list of parameters takes longer to write than to answer.
        among = select(func.json_each(json.dumps(sorted(document_ids))).table_valued("value").c.value)
        statement = select(versions.c.document_id).where(versions.c.document_id.in_(among))
        with self._engine.begin() as connection:
            return set(connection.execute(statement.where(versions.c.state == "visible", *_passing(filters))).scalars())

    def vectors(self, collection: str, filters: Filters) -> Iterator[tuple[tuple[str, ...], npt.NDArray[np.float32]]]:
        """Batches of ids and vectors, shape (n, dimension), of the visible passages that pass: for exact search."""
        everything = passages.join(versions).join(documents)
        statement = select(passages.c.id, passages.c.vector).select_from(everything)
        statement = statement.where(versions.c.state == "visible", documents.c.collection == collection)
        with self._engine.begin() as connection:
            for rows in connection.execute(statement.where(*_passing(filters))).partitions(VECTOR_BATCH):
                ids, vectors = zip(*rows, strict=True)
                yield ids, load_vectors(vectors)

    def document_ids(self, collection: str) -> tuple[str, ...]:
        """The ids of all documents of a collection, in order of adding."""
        statement = select(documents.c.id).where(documents.c.collection == collection).order_by(documents.c.number)
        with self._engine.begin() as connection:
            return tuple(connection.execute(statement).scalars())

    def unknown_documents(self, collection: str, document_ids: Sequence[str]) -> list[str]:
        """Those of the ids that name no document of the collection."""
        with self._engine.begin() as connection:
            statement = select(documents.c.id).where(documents.c.collection == collection)
            known = set(connection.execute(statement.where(documents.c.id.in_(document_ids))).scalars())
        return [document_id for document_id in document_ids if document_id not in known]


def _passing(filters: Filters) -> list[ColumnElement[bool]]:
    """The conditions of the filters on a version."""
    conditions: list[ColumnElement[bool]] = []
    if filters.document_ids:
        conditions.append(versions.c.document_id.in_(filters.document_ids))
    if filters.published_from:
        conditions.append(versions.c.published >= filters.published_from.isoformat())
    if filters.published_to:
        conditions.append(versions.c.published <= filters.published_to.isoformat())
    if filters.language:
        conditions.append(versions.c.language == filters.language)
    return conditions


def _no_document(document_id: str) -> NotFound:
    return NotFound(f"no document {document_id!r} is in the library: list the documents to see their ids")


def _sources_of(connection: Connection, document_id: str) -> tuple[str, ...]:
    statement = select(sources.c.source).where(sources.c.document_id == document_id).order_by(sources.c.source)
    return tuple(connection.execute(statement).scalars())


def _entries() -> Select[Any]:
    # The version that a list shows: the visible one, else the newest pending, else the one that is being removed.
    newer = versions.alias("newer")
    better = or_(
        and_(newer.c.state == "visible", versions.c.state != "visible"),
        and_(newer.c.state == versions.c.state, newer.c.id > versions.c.id),
        and_(newer.c.state == "pending", versions.c.state == "retired"),
    )
    shown = ~exists().where(newer.c.document_id == versions.c.document_id, better)
    return select(
        documents.c.number, documents.c.id, documents.c.collection, documents.c.added_at, versions.c.state,
        versions.c.title, versions.c.digest, versions.c.characters, versions.c.passages, versions.c.pages,
        versions.c.details,
    ).join(versions, versions.c.document_id == documents.c.id).where(shown)  # fmt: skip


_STATES: dict[str, DocumentState] = {"pending": "pending", "visible": "visible", "retired": "removing"}


def _to_entry(row: Row[*tuple[Any, ...]], found_at: tuple[str, ...]) -> DocumentEntry:
    return DocumentEntry(
        id=row.id,
        collection=row.collection,
        sources=found_at,
        title=row.title,
        details=load_details(row.details),
        digest=row.digest,
        characters=row.characters,
        passages=row.passages,
        pages=row.pages,
        state=_STATES[row.state],
        added_at=row.added_at,
    )


def _indexed(connection: Connection, version_id: int, keep: set[str] | None) -> Iterator[Indexed]:
    statement = (
        select(*_PASSAGE, passages.c.vector, versions.c.title, versions.c.details, documents.c.collection)
        .join(versions, versions.c.id == passages.c.version_id)
        .join(documents, documents.c.id == versions.c.document_id)
        .where(passages.c.version_id == version_id)
        .order_by(passages.c.ordinal)
    )
    found_at: tuple[str, ...] | None = None
    for row in connection.execute(statement).all():
        if keep is not None and row.id not in keep:
            continue
        if found_at is None:
            found_at = _sources_of(connection, row.document_id)
        yield Indexed(
            passage=to_passage(row),
            collection=row.collection,
            title=row.title,
            source=found_at[0] if found_at else "",
            details=load_details(row.details),
            vector=load_vector(row.vector),
        )


def _batches(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(ids), ID_BATCH):
        yield ids[start : start + ID_BATCH]
