"""The bytes of what was taken in, by digest: kept whole before anything is acknowledged, gone with their document."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from index.documents import digest_of
from index.errors import NotFound, StoreBroken

PART = ".part"


@contextmanager
def disk_errors(place: Path) -> Iterator[None]:
    """The system's errors about the data directory, named once."""
    try:
        yield
    except OSError as error:
        raise StoreBroken(
            f"{place} cannot be read or written ({error.strerror or error}): see to the disk and its permissions, or "
            "name another place with ASSISTANT_DATA_DIR"
        ) from error


class KeptFiles:
    """A folder of files named by the sha256 of their bytes."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        with disk_errors(folder):
            folder.mkdir(parents=True, exist_ok=True)

    def keep(self, data: bytes) -> str:
        """Write bytes down, durable when this returns, unless they are kept already; gives their digest."""
        digest = digest_of(data)
        with disk_errors(self._folder):
            if not self._path(digest).exists():
                self._write(self._path(digest), data)
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

    def digests(self, before: float) -> list[str]:
        """The digests of what was kept before a time (in seconds since 1970) and has not been written since."""
        found = (path for path in sorted(self._folder.glob("??/*")) if not path.name.endswith(PART))
        return [path.name for path in found if path.stat().st_mtime < before]

    def sweep(self, before: float) -> list[str]:
        """Remove what writes that were cut off before a time left, and give its names."""
        left = [path for path in sorted(self._folder.glob(f"??/*{PART}")) if path.stat().st_mtime < before]
        for path in left:
            path.unlink()
        return [path.name for path in left]

    def forget(self, digest: str) -> None:
        """Remove bytes; nothing happens where they are not kept."""
        self._path(digest).unlink(missing_ok=True)

    def _write(self, path: Path, data: bytes) -> None:
        path.parent.mkdir(exist_ok=True)
        unfinished = path.with_name(f"{path.name}.{secrets.token_hex(4)}{PART}")
        try:
            with unfinished.open("wb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
        _sync_folder(path.parent)

    def _path(self, digest: str) -> Path:
        return self._folder / digest[:2] / digest


def _sync_folder(folder: Path) -> None:
    """Make a new name in a folder durable."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
