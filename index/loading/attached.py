"""Files inside a file: names that are safe to show and to keep apart."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import PurePosixPath

from index.documents import Attachment
from index.loading.canonical import one_line

_DRIVE = re.compile(r"[A-Za-z]:")
_LONGEST = 200


def safe_path(path: str) -> str:
    """A path inside of a file: neither absolute nor leading out of it, on one line; empty where nothing is left."""
    parts = [one_line(part) for part in path.replace("\\", "/").split("/")]
    return "/".join(part for part in parts if part not in ("", ".", "..") and not _DRIVE.fullmatch(part))


def safe_name(name: str) -> str:
    """The last part of a path, not too long; empty where nothing is left."""
    last = safe_path(name).rpartition("/")[2]
    return last if len(last) <= _LONGEST else last[: _LONGEST - 20] + last[-20:]


def attached(files: Iterable[tuple[str, bytes]]) -> tuple[Attachment, ...]:
    """Files under names of which none is another's: `a.txt`, `a (2).txt`."""
    found: dict[str, Attachment] = {}
    counts: dict[str, int] = {}
    for name, data in files:
        path = PurePosixPath(name)
        unlike = name
        while unlike.casefold() in found:
            counts[name] = counts.get(name, 1) + 1
            unlike = str(path.with_name(f"{path.stem} ({counts[name]}){path.suffix}"))
        found[unlike.casefold()] = Attachment(unlike, data)
    return tuple(found.values())
