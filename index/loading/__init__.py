"""Loading: from a file's bytes to canonical text, sections and details. One module per format, one registry.

Does not open files, does not split and does not embed. Everything that can be wrong with a file is `UnreadableFile`
or `UnsupportedFile`; no other error leaves this package.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePath

from index.documents import Loaded
from index.errors import UnsupportedFile
from index.loading.markdown import load_markdown
from index.loading.plain import load_plain

# Part of what makes a version: raise it whenever the same bytes may give another text, title, section or detail.
LOADER_VERSION = "loader-1"

Loader = Callable[[str, bytes], Loaded]

_LOADERS: dict[str, Loader] = {
    ".log": load_plain,
    ".markdown": load_markdown,
    ".md": load_markdown,
    ".text": load_plain,
    ".txt": load_plain,
}


def supported_suffixes() -> frozenset[str]:
    """The file name endings that are read, in lower case, dot included."""
    return frozenset(_LOADERS)


def load(name: str, data: bytes) -> Loaded:
    """Read a file, chosen by the ending of its name.

    Raises `UnsupportedFile` where no loader reads such files or the content is not what the name says, and
    `UnreadableFile` where it cannot be decoded, holds no text or has impossible front matter.
    """
    suffix = PurePath(name).suffix.lower()
    loader = _LOADERS.get(suffix)
    if loader is None:
        kind = f"files ending in {suffix}" if suffix else "files without an ending"
        raise UnsupportedFile(f"{name}: {kind} are not read; give one of {', '.join(sorted(_LOADERS))}")
    return loader(name, data)
