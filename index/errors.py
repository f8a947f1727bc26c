"""Every error that the index raises on purpose.

    DossierError                what went wrong, which one, and what to do next: one readable sentence or two
    ├── InvalidInput            the caller's input cannot be used
    │   ├── UnreadableFile      a file that cannot be opened or decoded
    │   │   └── NoWords         a picture that is whole, and in which there is nothing to read
    │   └── UnsupportedFile     a file of a kind that no loader reads, or that is not what its name says
    ├── NotFound                an id, a path or a collection that is not there
    ├── NothingIndexed          a question to a collection without documents
    ├── EmbedderMismatch        the library was made by another embedder
    ├── LibraryInUse            another process holds the data directory
    ├── StoreBroken             a database, a derived store or a folder that cannot be opened, read or written
    ├── Overtaken               another process changed what was being worked on: do it again
    └── ModelUnavailable        a model that is not installed, not what it should be, or does not answer

Library exceptions (chromadb, tantivy, SQLAlchemy, onnxruntime) are translated into these once, at their fence.
"""

from __future__ import annotations


class DossierError(Exception):
    """Base of all errors with a message for the user."""


class InvalidInput(DossierError):
    """Input that cannot be used as it is."""


class UnreadableFile(InvalidInput):
    """A file that cannot be opened or decoded."""


class NoWords(UnreadableFile):
    """A picture that is whole, and in which there is nothing to read: a photo, a logo."""


class UnsupportedFile(InvalidInput):
    """A file of a kind that no loader reads, or whose content is not what its name says."""


class NotFound(DossierError):
    """Something named that is not there."""


class NothingIndexed(DossierError):
    """A collection without a single searchable passage."""


class EmbedderMismatch(DossierError):
    """The library's vectors were made by another embedder than the one configured."""


class LibraryInUse(DossierError):
    """Another process holds the lock of the data directory."""


class StoreBroken(DossierError):
    """A database, a derived store (rebuilt from the catalog) or a folder that cannot be opened, read or written."""


class Overtaken(DossierError):
    """What was being worked on has changed or gone meanwhile."""


class ModelUnavailable(DossierError):
    """A model that cannot be loaded or reached."""
