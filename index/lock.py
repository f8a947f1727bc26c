"""The lock of a data directory: its one holder may open Chroma and tantivy; every process may write the catalog.

The lock file says who holds it. A server writes its URL and a token there, which only the owner of the file can read,
so that `ask` and `chat` beside a server find it and can prove who asks.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass
from pathlib import Path

from filelock import FileLock, Timeout

from index.errors import LibraryInUse
from index.files import disk_errors

FILE_NAME = "lock"
OWNER_ONLY = 0o600


@dataclass(frozen=True, slots=True)
class Holder:
    """The process that holds the lock; `url` and `token` where it is a server."""

    pid: int
    url: str | None = None
    token: str | None = None


class DataLock:
    """The lock of one data directory. Released by `release`, and by the system when its process ends."""

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / FILE_NAME
        self._lock = FileLock(self._path, mode=OWNER_ONLY)

    def acquire(self, wait_seconds: float = 0.0) -> bool:
        """Take the lock, waiting at most so long; False where another process keeps it."""
        with disk_errors(self._path):
            try:
                self._lock.acquire(timeout=wait_seconds)
            except Timeout:
                return False
        self.describe(Holder(os.getpid()))
        return True

    def describe(self, holder: Holder) -> None:
        """Write into the held lock who holds it."""
        # In place, never by renaming: the lock is on this very file.
        with disk_errors(self._path):
            self._path.write_text(json.dumps(asdict(holder)), encoding="utf-8")
            self._path.chmod(OWNER_ONLY)

    def holder(self) -> Holder | None:
        """Who holds the lock, by the file's words; None where they cannot be read (it is just being taken)."""
        try:
            return Holder(**json.loads(self._path.read_text(encoding="utf-8")))
        except (FileNotFoundError, json.JSONDecodeError, TypeError):
            return None

    def release(self) -> None:
        """Give the lock back and forget who held it."""
        if self._lock.is_locked:
            self._path.write_text("", encoding="utf-8")
            self._lock.release()

    def in_use(self) -> LibraryInUse:
        """The error for who needs the lock and cannot have it."""
        holder = self.holder()
        by = f"process {holder.pid}" if holder else "another process"
        return LibraryInUse(f"the library in {self._path.parent} is in use by {by}: wait until it is done, or stop it")


def running_server(data_dir: Path) -> Holder | None:
    """The server that holds a data directory; None where nobody does, or a command that will be done soon."""
    if not data_dir.exists():
        return None
    lock = DataLock(data_dir)
    if lock.acquire():
        lock.release()
        return None
    holder = lock.holder()
    return holder if holder is not None and holder.url else None
