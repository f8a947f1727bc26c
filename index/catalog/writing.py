"""Writing one version with its passages and vectors, as pending, within the transaction that it is given."""

from __future__ import annotations

import datetime

from sqlalchemy import Connection
from sqlalchemy.dialects.sqlite import insert

from index.catalog.rows import dump_details, dump_sections, dump_signature, dump_vector
from index.catalog.tables import bands, documents, passages, versions
from index.catalog.values import FileState, Made, Making
from index.layout import pack
from index.likeness import bands as values


def write_version(connection: Connection, collection: str, file: FileState, making: Making, made: Made) -> None:
    """Write a version as pending; its document too, where it is new."""
    now = datetime.datetime.now(datetime.UTC).replace(tzinfo=None)
    connection.execute(
        insert(documents).values(id=made.document_id, collection=collection, added_at=now).on_conflict_do_nothing()
    )
    details = made.loaded.details
    result = connection.execute(
        insert(versions).values(
            document_id=made.document_id, state="pending", digest=made.digest, file_digest=file.file_digest,
            made_by=making.made_by, embedder=making.embedder, overrides=making.overrides,
            title=made.loaded.title, text=made.loaded.text,
            characters=len(made.loaded.text), passages=len(made.passages),
            pages=max((s.page for s in made.loaded.sections if s.page is not None), default=None),
            sections=dump_sections(made.loaded.sections), details=dump_details(details),
            published=details.published.isoformat() if details.published else None, language=details.language,
            layout=pack(made.loaded.layout) if made.loaded.layout else None,
            signature=dump_signature(made.signature),
        )
    )  # fmt: skip
    version_id = result.inserted_primary_key[0] if result.inserted_primary_key else None
    rows = [
        {
            "version_id": version_id, "ordinal": ordinal, "id": passage.id, "heading": passage.heading,
            "page": passage.page, "start": passage.start, "end": passage.end, "text": passage.text,
            "embedded_digest": key, "vector": dump_vector(vector),
        }
        for ordinal, (passage, key, vector) in enumerate(zip(made.passages, made.keys, made.vectors, strict=True))
    ]  # fmt: skip
    if rows:
        connection.execute(insert(passages), rows)
    if made.signature is not None:
        found = [
            {"version_id": version_id, "band": band, "value": value}
            for band, value in enumerate(values(made.signature))
        ]
        connection.execute(insert(bands), found)
