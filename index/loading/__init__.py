"""Loading: from a file's bytes to canonical text, sections and details. One module per format, one registry.

Does not open files, does not split and does not embed. Everything that can be wrong with a file is `UnreadableFile`
or `UnsupportedFile`; no other error leaves this package.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import PurePath

from index.documents import Loaded
from index.errors import UnsupportedFile
from index.loading.archive import load_zip
from index.loading.csv_table import load_csv, load_tsv
from index.loading.docx import load_docx
from index.loading.epub import load_epub
from index.loading.html import load_html
from index.loading.mail.eml import load_eml
from index.loading.mail.msg import load_msg
from index.loading.markdown import load_markdown
from index.loading.ocr import HOW_TO_INSTALL, OCR_VERSION, is_installed
from index.loading.odt import load_odt
from index.loading.pdf import load_pdf
from index.loading.plain import load_plain
from index.loading.pptx import load_pptx
from index.loading.rtf import load_rtf
from index.loading.scans import SUFFIXES as SCANS
from index.loading.scans import load_scan
from index.loading.xlsx import load_xlsx

# Part of what makes a version: raise it whenever the same bytes may give another text, title, section or detail.
LOADER_VERSION = "loader-4"

Loader = Callable[[str, bytes], Loaded]

_LOADERS: dict[str, Loader] = {
    ".csv": load_csv,
    ".docm": load_docx,
    ".docx": load_docx,
    ".eml": load_eml,
    ".epub": load_epub,
    ".htm": load_html,
    ".html": load_html,
    ".log": load_plain,
    ".markdown": load_markdown,
    ".md": load_markdown,
    ".msg": load_msg,
    ".odt": load_odt,
    ".pdf": load_pdf,
    ".pptx": load_pptx,
    ".rtf": load_rtf,
    ".text": load_plain,
    ".tsv": load_tsv,
    ".txt": load_plain,
    ".xhtml": load_html,
    ".xlsm": load_xlsx,
    ".xlsx": load_xlsx,
    ".zip": load_zip,
    **dict.fromkeys(SCANS, load_scan),
}


# Formats that came before those that are read, with the one to save them as.
_OLD = {".doc": "DOCX", ".ppt": "PPTX", ".xls": "XLSX", ".xlsb": "XLSX"}

# Files that hold files: `Loaded.attachments`.
_CONTAINERS = frozenset({".eml", ".msg", ".zip"})
# Files of which OCR reads some or all, or files inside them.
_MAY_BE_SCANNED = frozenset({".pdf", *SCANS, *_CONTAINERS})


def holds_files(name: str) -> bool:
    """True where a file of this name may hold others, which become documents of their own."""
    return PurePath(name).suffix.lower() in _CONTAINERS


def supported_suffixes() -> frozenset[str]:
    """The file name endings that are read, in lower case, dot included."""
    return frozenset(_LOADERS) if is_installed() else frozenset(_LOADERS).difference(SCANS)


def why_not_read(suffix: str) -> str:
    """Why files with an ending that is not supported are left out, and what can be done about it."""
    if suffix.lower() in SCANS:
        return f"pictures are not read: {HOW_TO_INSTALL}"
    return f"files of the kind {suffix or 'without suffix'} are not read"


def loader_version(name: str) -> str:
    """What besides its bytes decides how a file of this name is read: with OCR, scans are read that were not before."""
    scanned = PurePath(name).suffix.lower() in _MAY_BE_SCANNED and is_installed()
    return f"{LOADER_VERSION} {OCR_VERSION}" if scanned else LOADER_VERSION


def load(name: str, data: bytes) -> Loaded:
    """Read a file, chosen by the ending of its name.

    Raises `UnsupportedFile` where no loader reads such files or the content is not what the name says, and
    `UnreadableFile` where it cannot be decoded, holds no text or has impossible front matter.
    """
    suffix = PurePath(name).suffix.lower()
    loader = _LOADERS.get(suffix)
    if loader is None and suffix in _OLD:
        raise UnsupportedFile(f"{name}: files ending in {suffix} are not read; open it and save it as {_OLD[suffix]}")
    if loader is None:
        kind = f"files ending in {suffix}" if suffix else "files without an ending"
        raise UnsupportedFile(f"{name}: {kind} are not read; give one of {', '.join(sorted(supported_suffixes()))}")
    return loader(name, data)
