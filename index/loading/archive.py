"""ZIP archives: their members, which become documents of their own; an archive has no words itself.

Archives in an archive are members like others: whoever takes the members in opens them. Folders, and what systems
leave behind, are no members.
"""

from __future__ import annotations

from pathlib import PurePath

from index.documents import Details, Loaded
from index.errors import UnreadableFile
from index.loading.attached import attached, safe_path
from index.loading.canonical import one_line
from index.loading.zipped import open_package

MEDIA_TYPE = "application/zip"
# Beside what begins with a dot.
_SYSTEM = frozenset(
    {"__macosx", "thumbs.db", "desktop.ini", "ehthumbs.db", "$recycle.bin", "system volume information"}
)


def load_zip(name: str, data: bytes) -> Loaded:
    """Open an archive. Raises `UnreadableFile` or `UnsupportedFile`."""
    package = open_package(name, data, leads_out=True)
    paths = [(path, safe) for path in package.names if (safe := safe_path(path)) and not _hidden(safe)]
    if not paths:
        raise UnreadableFile(f"{name} holds no files: there is nothing in it to search, leave it out")
    return Loaded(
        text="",
        title=one_line(PurePath(name).stem) or "Untitled",
        details=Details(media_type=MEDIA_TYPE),
        attachments=attached((safe, package.read(path)) for path, safe in paths),
    )


def _hidden(path: str) -> bool:
    return any(part.startswith(".") or part.lower() in _SYSTEM for part in path.split("/"))
