"""The bytes of what was taken in, by digest: kept whole before anything is acknowledged, gone with their document."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from index.documents import digest_of
from index.errors import NotFound


class KeptFiles:
    """A folder of files named by the sha256 of their bytes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    def keep(self, data: bytes) -> str:
        """Write bytes down, durable when this returns, unless they are kept already; gives their digest."""
        digest = digest_of(data)
        path = self._path(digest)
        if path.exists():
            return digest
        path.parent.mkdir(exist_ok=True)
        unfinished = path.with_name(f"{digest}.{secrets.token_hex(4)}.part")
        with unfinished.open("wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
        _sync_folder(path.parent)
        return digest

    def read(self, digest: str) -> bytes:
        """The bytes of a digest; raises `NotFound`."""
        try:
            return self._path(digest).read_bytes()
        except FileNotFoundError as error:
            raise NotFound(
                f"the kept file {digest[:12]} is missing from {self._folder}: take its source in again"
            ) from error

    def has(self, digest: str) -> bool:
        """True where the bytes are kept."""
        return self._path(digest).exists()

    def forget(self, digest: str) -> None:
        """Remove bytes; nothing happens where they are not kept."""
        self._path(digest).unlink(missing_ok=True)

    def _path(self, digest: str) -> Path:
        return self._folder / digest[:2] / digest


def _sync_folder(folder: Path) -> None:
    """Make a new name in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
