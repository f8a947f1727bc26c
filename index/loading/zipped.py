"""Documents that are ZIP files: opened within limits, so that a small file cannot become a large one.

Knows no format. Members are read from memory and never written to a disk; sizes that a file gives for itself are not
believed but kept to.
"""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from index.errors import UnreadableFile, UnsupportedFile

MOST_MEMBERS = 10_000
MOST_MEMBER_BYTES = 256 * 2**20
MOST_BYTES = 512 * 2**20
# Deflate reaches 1,000 to 1, but only with what repeats; real documents stay below 100, small ones may not.
MOST_RATIO = 250
_RATIO_FROM = 2**20

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = 0x1
# What `zipfile` raises for bytes that are no good ZIP file, beyond its own class.
_BROKEN = (zipfile.BadZipFile, zlib.error, struct.error, EOFError, OSError, ValueError, OverflowError)


@dataclass(frozen=True, slots=True)
class Package:
    """The members of an opened ZIP file, folders left out, their paths with forward slashes."""

    name: str
    _archive: zipfile.ZipFile = field(repr=False)
    _members: Mapping[str, zipfile.ZipInfo] = field(repr=False)

    @property
    def names(self) -> tuple[str, ...]:
        """The path of each member, in the order of the file."""
        return tuple(self._members)

    def __contains__(self, member: object) -> bool:
        return member in self._members

    def read(self, member: str) -> bytes:
        """The bytes of a member. Raises `UnreadableFile` where it is missing, protected or broken."""
        info = self._members.get(member)
        if info is None:
            raise UnreadableFile(f"{self.name} lacks its part {member}: it is broken, save it again and try again")
        if info.flag_bits & _ENCRYPTED:
            raise UnreadableFile(f"{self.name} is protected by a password: save it without one and try again")
        # The other methods are unpacked whole, whatever size the file gives.
        if info.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise UnreadableFile(f"{self.name}: its part {member} is packed in a way that is not read: pack it anew")
        try:
            with self._archive.open(info) as opened:
                # Asking for a number of bytes bounds what is unpacked; the last read looks at the checksum.
                return opened.read(info.file_size) + opened.read(1)
        except (*_BROKEN, NotImplementedError, RuntimeError) as error:
            raise UnreadableFile(f"{self.name}: its part {member} is broken: get the file again") from error


def open_package(name: str, data: bytes, *, leads_out: bool = False) -> Package:
    """Open a document that is a ZIP file; with `leads_out` its paths may lead out of it, and are left as they are.

    Raises `UnreadableFile` where it is empty, broken, protected or unpacks to too much, and `UnsupportedFile` where it
    is no ZIP file.
    """
    if not data:
        raise UnreadableFile(f"{name} is empty: there is nothing in it to search, leave it out")
    if data.startswith(_OLE):
        raise _ole(name, data)
    if not data.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        raise UnsupportedFile(f"{name} is not what its ending says (no ZIP file): give it the ending of what it is")
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (*_BROKEN, NotImplementedError) as error:
        raise UnreadableFile(f"{name} is broken or cut short: get the file again") from error
    # `is_dir` fails for a file without a name.
    infos = [info for info in archive.infolist() if not info.filename.endswith("/")]
    members = {info.filename if leads_out else _path(name, info): info for info in infos}
    _refuse_bombs(name, members)
    return Package(name, archive, MappingProxyType(members))


def _ole(name: str, data: bytes) -> UnreadableFile | UnsupportedFile:
    if "EncryptedPackage".encode("utf-16-le") in data:
        return UnreadableFile(f"{name} is protected by a password: save it without one and try again")
    return UnsupportedFile(
        f"{name} is an old office document under a new ending: open it and save it in the new format"
    )


def _path(name: str, info: zipfile.ZipInfo) -> str:
    path = info.filename.replace("\\", "/").lstrip("/")
    if not path or ".." in path.split("/"):
        raise UnreadableFile(f"{name} holds the path {info.filename[:80]!r}, which leads out of it: make the file anew")
    return path


def _refuse_bombs(name: str, members: Mapping[str, zipfile.ZipInfo]) -> None:
    if len(members) > MOST_MEMBERS:
        raise UnreadableFile(f"{name} holds {len(members):,} files, more than {MOST_MEMBERS:,}: split it")
    total = 0
    for path, info in members.items():
        total += info.file_size
        if info.file_size > MOST_MEMBER_BYTES or total > MOST_BYTES:
            raise UnreadableFile(
                f"{name} unpacks to more than {MOST_MEMBER_BYTES:,} bytes a part or {MOST_BYTES:,} in all: split it"
            )
        if info.file_size > max(_RATIO_FROM, info.compress_size * MOST_RATIO):
            raise UnreadableFile(f"{name}: its part {path} unpacks to over {MOST_RATIO} times its size: leave it out")
