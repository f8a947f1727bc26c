"""The values of a version's life: what a file was, what it is made with, what taking it in means, what waits."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

from index.documents import Loaded, Passage
from index.likeness import Signature

Outcome = Literal["added", "changed", "unchanged"]
NO_OVERRIDES = "{}"


@dataclass(frozen=True, slots=True)
class FileState:
    """What a file was when it was read: its digest, and what tells without reading whether it is the same still."""

    file_digest: str
    size: int | None = None
    changed_ns: int | None = None
    checked_ns: int | None = None


@dataclass(frozen=True, slots=True)
class Making:
    """What a version is made by and with: loader and splitter, embedder, and the details given beside the file.

    `made_by_of` says what would make a version of another source's file, whose name may end otherwise.
    """

    made_by: str
    embedder: str
    overrides: str = NO_OVERRIDES
    made_by_of: Callable[[str], str] | None = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Wordless:
    """A file in which nothing was found to read, by what (`made_by`), and what was said of it."""

    file: FileState
    made_by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Made:
    """A version ready to be kept. `vectors`: shape (passages, dimension); `keys`: digests of what was embedded."""

    document_id: str
    loaded: Loaded
    digest: str
    passages: tuple[Passage, ...]
    keys: tuple[str, ...]
    vectors: npt.NDArray[np.float32]
    signature: Signature | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """What taking in a file means: nothing (`unchanged`), one more source of a document, or a new version (`make`)."""

    outcome: Outcome
    document_id: str
    make: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """A version that the derived stores have yet to take in (pending) or to forget (retired)."""

    version_id: int
    collection: str
    passages: int
