"""The catalog: documents, their text, passages and vectors, in SQLite. The truth from which all else is derived.

`Catalog` opens it; its parts are `shelf` (reading what is visible), `changes` (the life of versions), `collections`,
`jobs`, `wordless` and `copies`. Nothing here knows of Chroma, tantivy or files outside its own folder.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine, select, update
from sqlalchemy.dialects.sqlite import insert

from index.catalog.changes import Changes
from index.catalog.collections import Collections
from index.catalog.copies import Copies
from index.catalog.jobs import Jobs
from index.catalog.shelf import Shelf
from index.catalog.tables import SCHEMA_VERSION, UPGRADABLE, meta, metadata, open_engine, upgrade, writing
from index.catalog.wordless import WordlessFiles
from index.errors import EmbedderMismatch, StoreBroken

FILE_NAME = "catalog.sqlite"


class Catalog:
    """The catalog of one data directory. Thread-safe; any process may open it at any time."""

    def __init__(self, data_dir: Path) -> None:
        self._engine: Engine = open_engine(data_dir / FILE_NAME, metadata)
        self._check_schema()
        self.shelf = Shelf(self._engine)
        self.changes = Changes(self._engine)
        self.collections = Collections(self._engine)
        self.jobs = Jobs(self._engine)
        self.wordless = WordlessFiles(self._engine)
        self.copies = Copies(self._engine)

    @property
    def index_version(self) -> int:
        """Counts the changes of what is visible; 0 in a new library."""
        return int(self._get("index_version") or 0)

    @property
    def embedder(self) -> tuple[str, int] | None:
        """Name and dimension of the embedder that made the vectors; None before the first."""
        value = self._get("embedder")
        if value is None:
            return None
        dimension, name = value.split(":", 1)
        return name, int(dimension)

    @property
    def waiting(self) -> bool:
        """True where the derived stores have yet to follow."""
        made_with = self.embedder
        return made_with is not None and self.changes.waiting(made_with[0])

    def check_embedder(self, name: str) -> None:
        """Raises `EmbedderMismatch` where another embedder than the one of this name made the vectors."""
        kept = self.embedder
        if kept is not None and kept[0] != name:
            raise EmbedderMismatch(
                f"this library was made by the embedder {kept[0]} ({kept[1]} numbers a vector), but the settings name "
                f"{name}: set ASSISTANT_INDEX__EMBEDDER={kept[0]}, or run `assistant reindex` to embed every document "
                f"anew with {name}"
            )

    def claim_embedder(self, name: str, dimension: int) -> None:
        """Record what makes the vectors, the first time; raises `EmbedderMismatch` where another one did."""
        with writing(self._engine).begin() as connection:
            connection.execute(
                insert(meta).values(key="embedder", value=f"{dimension}:{name}").on_conflict_do_nothing()
            )
        self.check_embedder(name)
        kept = self.embedder
        if kept != (name, dimension):
            raise EmbedderMismatch(
                f"the embedder {name} gives {dimension} numbers a vector, but this library was made with other weights "
                f"of that name ({kept[1] if kept else 0} numbers a vector): run `assistant reindex`"
            )

    def check_integrity(self) -> None:
        """Raises `StoreBroken` where SQLite finds the file damaged, or rows that refer to nothing."""
        try:
            with self._engine.begin() as connection:
                said = connection.exec_driver_sql("PRAGMA integrity_check").scalars().all()
                astray = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
        except StoreBroken as error:
            said, astray = [str(error)], []
        faults = [fault for fault in said if fault != "ok"] + [f"a row of {row[0]} refers to nothing" for row in astray]
        if faults:
            raise StoreBroken(
                f"the catalog is damaged ({faults[0]}): restore it from a copy, or start an empty data directory and "
                "take the documents in again"
            )

    def close(self) -> None:
        """Give the connections back; what was committed is kept."""
        self._engine.dispose()

    def _check_schema(self) -> None:
        with writing(self._engine).begin() as connection:
            connection.execute(insert(meta).values(key="schema", value=SCHEMA_VERSION).on_conflict_do_nothing())
            layout = connection.execute(select(meta.c.value).where(meta.c.key == "schema")).scalar_one()
            if layout in UPGRADABLE:
                upgrade(connection, layout)
                connection.execute(update(meta).where(meta.c.key == "schema").values(value=SCHEMA_VERSION))
        found = self._get("schema")
        if found != SCHEMA_VERSION:
            raise StoreBroken(
                f"the catalog has the layout {found}, this version of Dossier reads {SCHEMA_VERSION}: "
                "open it with the version that made it, or start an empty data directory"
            )

    def _get(self, key: str) -> str | None:
        with self._engine.begin() as connection:
            value: str | None = connection.execute(select(meta.c.value).where(meta.c.key == key)).scalar()
        return value
