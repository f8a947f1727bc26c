"""Finding and reading files for an ingest: what lies below a folder, and a file's bytes unless it is surely unchanged.

Knows nothing of the catalog. A folder that may not be listed is said, so that nothing below it passes for removed.
"""

from __future__ import annotations

import stat
import time
from dataclasses import dataclass, field
from pathlib import Path

from index.catalog.values import FileState
from index.errors import UnreadableFile

# A file changed less than this before it was last read may have changed again within its time stamp's grain.
DOUBT_NS = 2_000_000_000


@dataclass(slots=True)
class Found:
    """The files below a folder, in order, and the folders that could not be listed with the reason."""

    files: list[Path] = field(default_factory=list)
    unlisted: dict[Path, str] = field(default_factory=dict)


def find(folder: Path) -> Found:
    """Everything below a folder that is no folder; hidden names and links to folders are left out."""
    found = Found()
    waiting = [folder]
    while waiting:
        place = waiting.pop()
        try:
            names = sorted(place.iterdir())
        except OSError as error:
            found.unlisted[place] = f"{place} cannot be listed ({error.strerror}): what was known below it stays"
            continue
        for path in names:
            if path.name.startswith("."):
                continue
            if not path.is_dir():
                found.files.append(path)
            elif not path.is_symlink():
                waiting.append(path)
    found.files.sort()
    return found


def beside(path: Path) -> list[Path]:
    """The files in the folder of one; that one alone where the folder cannot be listed."""
    try:
        return [one for one in path.parent.iterdir() if one.is_file()]
    except OSError:
        return [path]


def read_file(path: Path, limit_mb: int, known: FileState | None) -> tuple[FileState, bytes | None]:
    """A file's state (its digest is still empty) and its bytes; None for these where it is surely as `known`.

    Raises `UnreadableFile` for what is no file, is too large or may not be read.
    """
    try:
        now, status = time.time_ns(), path.stat()
        # The time of change, not of modification: no program sets it back.
        state = FileState("", status.st_size, status.st_ctime_ns, now)
        if not stat.S_ISREG(status.st_mode):
            raise UnreadableFile(f"{path} is no file (a device, pipe or socket): leave it out")
        if known is not None and _surely_unchanged(known, state):
            return state, None
        if status.st_size > limit_mb * 1_000_000:
            raise UnreadableFile(
                f"{path} has {status.st_size / 1e6:.0f} MB, more than the {limit_mb} MB that are read: split it, or "
                "raise ASSISTANT_INDEX__MAX_FILE_MB"
            )
        return state, path.read_bytes()
    except OSError as error:
        raise UnreadableFile(
            f"{path} cannot be read ({error.strerror}): check that it is a file you may read"
        ) from error


def _surely_unchanged(known: FileState, now: FileState) -> bool:
    if (known.size, known.changed_ns) != (now.size, now.changed_ns):
        return False
    return known.checked_ns is not None and now.changed_ns is not None and known.checked_ns - now.changed_ns > DOUBT_NS
