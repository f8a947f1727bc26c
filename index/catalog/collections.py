"""Collections and the roots that their documents come from."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

from sqlalchemy import Connection, Engine, delete, func, select, update
from sqlalchemy.dialects.sqlite import insert

from index.catalog.tables import collections, documents, jobs, roots, sources, versions, wordless, writing
from index.documents import DEFAULT_COLLECTION, CollectionEntry
from index.errors import InvalidInput, NotFound

# Chroma's rule for names of collections, so that one name serves both.
NAME = re.compile(r"[a-z0-9][a-z0-9_-]{1,61}[a-z0-9]")


class Collections:
    """The collections of the catalog; `default` is there from the start."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        with writing(engine).begin() as connection:
            connection.execute(
                insert(collections).values(name=DEFAULT_COLLECTION, created_at=_now()).on_conflict_do_nothing()
            )

    def entries(self) -> tuple[CollectionEntry, ...]:
        """All collections by name, with their visible documents and passages."""
        statement = (
            select(
                collections.c.name,
                func.count(versions.c.id).label("documents"),
                func.coalesce(func.sum(versions.c.passages), 0).label("passages"),
            )
            .outerjoin(documents, documents.c.collection == collections.c.name)
            .outerjoin(versions, (versions.c.document_id == documents.c.id) & (versions.c.state == "visible"))
            .group_by(collections.c.name)
            .order_by(collections.c.name)
        )
        with self._engine.begin() as connection:
            return tuple(
                CollectionEntry(row.name, row.documents, row.passages) for row in connection.execute(statement)
            )

    def require(self, name: str) -> None:
        """Raises `NotFound` where there is no such collection."""
        with self._engine.begin() as connection:
            known = list(connection.execute(select(collections.c.name).order_by(collections.c.name)).scalars())
        if name not in known:
            raise NotFound(f"no collection {name!r}: there are {', '.join(known)}")

    def create(self, name: str) -> CollectionEntry:
        """Make an empty collection; raises `InvalidInput` for a name that does not fit or is taken."""
        if not NAME.fullmatch(name):
            raise InvalidInput(
                f"{name!r} cannot name a collection: use 3 to 63 of a-z, 0-9, - and _, beginning and ending with a "
                "letter or digit"
            )
        with writing(self._engine).begin() as connection:
            made = connection.execute(insert(collections).values(name=name, created_at=_now()).on_conflict_do_nothing())
            if made.rowcount == 0:
                raise InvalidInput(f"there is a collection {name!r} already: choose another name, or use that one")
        return CollectionEntry(name, 0, 0)

    def delete(self, name: str) -> None:
        """Remove a collection whose documents are removed already."""
        with writing(self._engine).begin() as connection:
            connection.execute(delete(roots).where(roots.c.collection == name))
            connection.execute(delete(jobs).where(jobs.c.collection == name))
            connection.execute(delete(wordless).where(wordless.c.collection == name))
            connection.execute(delete(collections).where(collections.c.name == name))

    def roots(self, collection: str) -> dict[str, Path]:
        """The ingest roots of a collection by name."""
        with self._engine.begin() as connection:
            rows = connection.execute(select(roots).where(roots.c.collection == collection))
            return {row.name: Path(row.path) for row in rows}

    def root(self, collection: str, folder: Path) -> tuple[str, Path]:
        """The ingest root that holds `folder`: the nearest known one at or above it, else a new one named after it."""
        with writing(self._engine).begin() as connection:
            rows = connection.execute(select(roots).where(roots.c.collection == collection)).all()
            known = {Path(row.path): row.name for row in rows}
            for place in (folder, *folder.parents):
                if place in known:
                    return known[place], place
            stem = folder.name or "root"
            name, number = stem, 1
            while name in known.values() or name == "upload":
                number += 1
                name = f"{stem}-{number}"
            for inner in (path for path in known if folder in path.parents):
                _adopt(connection, collection, known[inner], f"{name}/{inner.relative_to(folder).as_posix()}")
            connection.execute(insert(roots).values(collection=collection, name=name, path=str(folder)))
        return name, folder


def _adopt(connection: Connection, collection: str, inner: str, place: str) -> None:
    """Make a root a folder of a new root above it: each of its sources is renamed, so that none stands twice."""
    for table in (sources, wordless):
        here = table.c.collection == collection
        below = select(table.c.source).where(here, table.c.source.startswith(f"{inner}/", autoescape=True))
        for source in list(connection.execute(below).scalars()):
            renamed = f"{place}/{source.removeprefix(f'{inner}/')}"
            connection.execute(update(table).where(here, table.c.source == source).values(source=renamed))
    connection.execute(delete(roots).where(roots.c.collection == collection, roots.c.name == inner))


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC).replace(tzinfo=None)
