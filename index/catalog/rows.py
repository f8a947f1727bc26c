"""From catalog rows to values and back. No SQL is sent from here."""

from __future__ import annotations

import datetime
import json
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
from sqlalchemy import Row

from index.documents import Details, Document, Job, Passage, Section
from index.likeness import Signature

# What an upload form may say of a document over the file's own details.
SIDECAR = "from a sidecar"
OVERRIDABLE = ("title", "published", "language", "author", "reliability", "credibility")


def dump_sections(sections: tuple[Section, ...]) -> str:
    """Sections as JSON."""
    return json.dumps([[s.start, s.heading, s.page] for s in sections], ensure_ascii=False)


def dump_details(details: Details) -> str:
    """Details as JSON; dates in ISO 8601."""
    return json.dumps(
        {
            "published": details.published.isoformat() if details.published else None,
            "language": details.language,
            "author": details.author,
            "reliability": details.reliability,
            "credibility": details.credibility,
            "media_type": details.media_type,
            # Most documents hide nothing.
            **({"hidden_letters": details.hidden_letters} if details.hidden_letters else {}),
            **({"hidden_orders": True} if details.hidden_orders else {}),
        },
        ensure_ascii=False,
    )


def load_details(text: str) -> Details:
    """The inverse of `dump_details`."""
    data = json.loads(text)
    published = data.pop("published")
    return Details(published=datetime.date.fromisoformat(published) if published else None, **data)


def dump_overrides(overrides: Mapping[str, object] | None, *, sidecar: bool = False) -> str:
    """The details that were given beside a file, as canonical JSON: equal overrides are equal strings.

    What a sidecar gives is marked, as it is taken back when the sidecar is gone.
    """
    given = {key: value for key, value in (overrides or {}).items() if value is not None}
    unknown = sorted(set(given) - set(OVERRIDABLE))
    if unknown:
        raise ValueError(f"unknown details {unknown}; known are {', '.join(OVERRIDABLE)}")
    marked = {**given, SIDECAR: True} if sidecar and given else given
    return json.dumps(marked, sort_keys=True, ensure_ascii=False, default=_iso)


def of_sidecar(overrides: str) -> bool:
    """True where dumped overrides were given by a sidecar."""
    return SIDECAR in json.loads(overrides)


def load_overrides(text: str) -> dict[str, Any]:
    """The inverse of `dump_overrides`; `published` is a date again."""
    data: dict[str, Any] = json.loads(text)
    data.pop(SIDECAR, None)
    if data.get("published"):
        data["published"] = datetime.date.fromisoformat(data["published"])
    return data


def _iso(value: object) -> str:
    if isinstance(value, datetime.date):
        return value.isoformat()
    raise TypeError(f"{value!r} is no detail of a document")


def to_document(row: Row[*tuple[Any, ...]], sources: tuple[str, ...]) -> Document:
    """A row of versions joined with its document's collection."""
    return Document(
        id=row.document_id,
        collection=row.collection,
        sources=sources,
        title=row.title,
        text=row.text,
        digest=row.digest,
        file_digest=row.file_digest,
        sections=tuple(Section(*section) for section in json.loads(row.sections)),
        details=load_details(row.details),
    )


def to_passage(row: Row[*tuple[Any, ...]]) -> Passage:
    """A row of passages joined with its version's document id."""
    return Passage(
        id=row.id,
        document_id=row.document_id,
        heading=row.heading,
        page=row.page,
        text=row.text,
        start=row.start,
        end=row.end,
    )


def to_job(row: Row[*tuple[Any, ...]]) -> Job:
    """A row of jobs."""
    return Job(
        id=row.id,
        name=row.name,
        collection=row.collection,
        document_id=row.document_id,
        state=row.state,
        done=row.done,
        total=row.total,
        problem=row.problem,
    )


def dump_signature(signature: Signature | None) -> bytes | None:
    """A signature as little-endian 64-bit integers."""
    return None if signature is None else signature.astype("<u8", copy=False).tobytes()


def load_signature(data: bytes) -> Signature:
    """The inverse of `dump_signature`."""
    return np.frombuffer(data, dtype="<u8")


def dump_vector(vector: npt.NDArray[np.float32]) -> bytes:
    """A vector of shape (dimension,) as little-endian 32-bit floats."""
    return vector.astype("<f4", copy=False).tobytes()


def load_vector(data: bytes) -> npt.NDArray[np.float32]:
    """The inverse of `dump_vector`."""
    return np.frombuffer(data, dtype="<f4")


def load_vectors(rows: Sequence[bytes]) -> npt.NDArray[np.float32]:
    """As `load_vector`, of one row or more at once: shape (n, dimension)."""
    return load_vector(b"".join(rows)).reshape(len(rows), -1)
