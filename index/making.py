"""From a loaded file to a version that can be kept: split, embed. Keeps nothing itself.

Texts of many documents are embedded together, so that batches are full and of like lengths; a text that was embedded
before, in this or another document, is not embedded again.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from index.catalog.values import Made
from index.documents import Details, Document, Loaded, Passage, digest_of
from index.embedding import Embedder
from index.likeness import signature
from index.loading import loader_version
from index.settings import IndexSettings
from index.splitting import SPLITTER_VERSION, Splitter

KnownVectors = Callable[[Sequence[str]], dict[str, npt.NDArray[np.float32]]]


@dataclass(frozen=True, slots=True)
class Draught:
    """A version before its vectors."""

    document_id: str
    loaded: Loaded
    digest: str
    passages: tuple[Passage, ...]
    keys: tuple[str, ...]


def made_by(settings: IndexSettings, source: str) -> str:
    """What besides the bytes and the embedder decides how a version of a source's file turns out."""
    return f"{loader_version(source)} {SPLITTER_VERSION} {settings.passage_tokens}-{settings.passage_tokens_max}"


class Maker:
    """Makes versions with one embedder."""

    def __init__(self, settings: IndexSettings, embedder: Embedder) -> None:
        self._embedder = embedder
        longest = min(settings.passage_tokens_max, embedder.max_tokens)
        self._splitter = Splitter(aim=min(settings.passage_tokens, longest), maximum=longest, count=embedder.count)

    def draught(self, document_id: str, loaded: Loaded, overrides: Mapping[str, Any]) -> Draught:
        """Split what a file was loaded as. `overrides` go before what the file says of itself."""
        loaded = _overridden(loaded, overrides)
        digest = digest_of(loaded.text)
        passages = self._splitter.split(
            Document(
                id=document_id, collection="", sources=(), title=loaded.title, text=loaded.text, digest=digest,
                file_digest="", sections=loaded.sections, details=loaded.details,
            )
        )  # fmt: skip
        keys = tuple(digest_of(f"{self._embedder.name}\n{passage.embedded_text}") for passage in passages)
        return Draught(document_id, loaded, digest, passages, keys)

    def embed(self, draughts: Sequence[Draught], known_vectors: KnownVectors) -> list[Made]:
        """Give draughts their vectors, each distinct text embedded at most once."""
        texts = {
            key: passage.embedded_text
            for draught in draughts
            for key, passage in zip(draught.keys, draught.passages, strict=True)
        }
        vectors = known_vectors(list(texts))
        new = [key for key in texts if key not in vectors]
        if new:
            vectors.update(zip(new, self._embedder.embed_passages([texts[key] for key in new]), strict=True))
        empty = np.zeros((0, self._embedder.dimension), dtype=np.float32)
        return [
            Made(
                document_id=draught.document_id,
                loaded=draught.loaded,
                digest=draught.digest,
                passages=draught.passages,
                keys=draught.keys,
                vectors=np.stack([vectors[key] for key in draught.keys]) if draught.keys else empty,
                signature=signature(draught.loaded.text),
            )
            for draught in draughts
        ]


def _overridden(loaded: Loaded, overrides: Mapping[str, Any]) -> Loaded:
    """What was given beside a file goes before what the file says of itself."""
    given = dict(overrides)
    title = given.pop("title", loaded.title)
    details: Details = dataclasses.replace(loaded.details, **given)
    # What was inside the file are documents of their own by now.
    return dataclasses.replace(loaded, title=title, details=details, attachments=())
