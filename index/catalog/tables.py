"""The catalog's tables and its engine: SQLite through SQLAlchemy, durable and shared between processes.

Every process may write here (WAL, a busy timeout). A version is `pending` from the transaction that acknowledges it,
`visible` once the derived stores hold its passages, and `retired` until they have forgotten them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import (
    BigInteger,
    Column,
    Connection,
    DateTime,
    Engine,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
    create_engine,
    event,
)
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DatabaseError, IntegrityError

from index.errors import Overtaken, StoreBroken

SCHEMA_VERSION = "3"
UPGRADABLE = ("1", "2")
BUSY_TIMEOUT_SECONDS = 30

metadata = MetaData()

meta = Table("meta", metadata, Column("key", String, primary_key=True), Column("value", String, nullable=False))

collections = Table(
    "collections", metadata, Column("name", String, primary_key=True), Column("created_at", DateTime, nullable=False)
)

roots = Table(
    "roots",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("collection", String, ForeignKey("collections.name"), nullable=False),
    Column("name", String, nullable=False),
    Column("path", String, nullable=False),
    UniqueConstraint("collection", "name"),
    UniqueConstraint("collection", "path"),
)

documents = Table(
    "documents",
    metadata,
    # A number in order of adding: what lists are paged by.
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("id", String, nullable=False, unique=True),
    Column("collection", String, ForeignKey("collections.name"), nullable=False, index=True),
    Column("added_at", DateTime, nullable=False),
    sqlite_autoincrement=True,
)

versions = Table(
    "versions",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("document_id", String, ForeignKey("documents.id"), nullable=False),
    Column("state", String, nullable=False, index=True),
    Column("digest", String, nullable=False),
    Column("file_digest", String, nullable=False, index=True),
    Column("made_by", String, nullable=False),
    Column("embedder", String, nullable=False),
    Column("overrides", String, nullable=False),
    Column("title", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("characters", Integer, nullable=False),
    Column("passages", Integer, nullable=False),
    Column("pages", Integer),
    Column("sections", Text, nullable=False),
    Column("details", Text, nullable=False),
    Column("published", String),
    Column("language", String),
    # The page map (`index.layout`), for formats that have one.
    Column("layout", LargeBinary),
    # What tells near copies (`index.likeness`); none for short texts.
    Column("signature", LargeBinary),
    # What filters ask for, of all and of some documents: the rows are spread over many pages by their texts.
    Index("versions_filtered", "state", "published", "language", "document_id", "passages"),
    Index("versions_of_document", "document_id", "state", "published", "language"),
    sqlite_autoincrement=True,
)

bands = Table(
    "bands",
    metadata,
    Column("version_id", Integer, ForeignKey("versions.id"), primary_key=True),
    Column("band", Integer, primary_key=True),
    Column("value", BigInteger, nullable=False),
    Index("bands_value", "value", "band"),
)

sources = Table(
    "sources",
    metadata,
    Column("collection", String, primary_key=True),
    Column("source", String, primary_key=True),
    Column("document_id", String, ForeignKey("documents.id"), nullable=False, index=True),
    Column("size", Integer),
    Column("changed_ns", Integer),
    Column("checked_ns", Integer),
)

# Files in which there is nothing to read, so that they are not read again while they are the same.
wordless = Table(
    "wordless",
    metadata,
    Column("collection", String, primary_key=True),
    Column("source", String, primary_key=True),
    Column("file_digest", String, nullable=False),
    Column("made_by", String, nullable=False),
    Column("reason", Text, nullable=False),
    Column("size", Integer),
    Column("changed_ns", Integer),
    Column("checked_ns", Integer),
)

passages = Table(
    "passages",
    metadata,
    Column("version_id", Integer, ForeignKey("versions.id"), primary_key=True),
    Column("ordinal", Integer, primary_key=True),
    Column("id", String, nullable=False, index=True),
    Column("heading", Text, nullable=False),
    Column("page", Integer),
    Column("start", Integer, nullable=False),
    Column("end", Integer, nullable=False),
    Column("text", Text, nullable=False),
    # The sha256 of the embedded text and the embedder: equal passages share a vector and are embedded once.
    Column("embedded_digest", String, nullable=False),
    Column("vector", LargeBinary, nullable=False),
    Index("passages_embedded_digest", "embedded_digest"),
)

jobs = Table(
    "jobs",
    metadata,
    Column("number", Integer, primary_key=True, autoincrement=True),
    Column("id", String, nullable=False, unique=True),
    Column("name", String, nullable=False),
    Column("collection", String, nullable=False),
    Column("file_digest", String, nullable=False),
    Column("overrides", String, nullable=False),
    Column("document_id", String),
    Column("state", String, nullable=False, index=True),
    Column("done", Integer, nullable=False),
    Column("total", Integer, nullable=False),
    Column("problem", Text),
    sqlite_autoincrement=True,
)


def open_engine(path: Path, tables: MetaData) -> Engine:
    """Open (or make) a durable SQLite database at `path`; raises `StoreBroken` where it cannot be."""
    engine = create_engine(f"sqlite:///{path}", connect_args={"timeout": BUSY_TIMEOUT_SECONDS})

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: object) -> None:
        # We send BEGIN ourselves: the driver's own would start readers as writers only at their first statement.
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writes = connection.get_execution_options().get("writes", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    try:
        with writing(engine).begin() as connection:
            tables.create_all(connection)
    except DatabaseError as error:
        engine.dispose()
        raise StoreBroken(
            f"the database {path} cannot be opened ({error.orig}); it holds what was taken in: "
            "restore it from a copy, or move it away to start an empty library"
        ) from error
    event.listen(engine, "handle_error", _translate)
    return engine


def upgrade(connection: Connection, layout: str) -> None:
    """Bring the tables of an older layout to this one; those that are new are there already."""
    for column in ("layout", "signature") if layout == "1" else ():
        connection.exec_driver_sql(f"ALTER TABLE versions ADD COLUMN {column} BLOB")
    connection.exec_driver_sql("DROP INDEX IF EXISTS ix_versions_document_id")
    for index in versions.indexes:
        index.create(connection, checkfirst=True)


def _translate(context: ExceptionContext) -> None:
    """SQLite's errors, named once: raised in place of SQLAlchemy's. What was not committed is undone."""
    error = context.original_exception
    if isinstance(context.sqlalchemy_exception, IntegrityError):
        raise Overtaken("what this belongs to was removed meanwhile: try again") from error
    if isinstance(context.sqlalchemy_exception, DatabaseError):
        raise StoreBroken(
            f"the database could not be read or written ({error}); nothing is half done: see to the disk and try again"
        ) from error


def writing(engine: Engine) -> Engine:
    """The same engine, whose transactions take the write lock when they begin and so never fail half-way for it."""
    return engine.execution_options(writes=True)
