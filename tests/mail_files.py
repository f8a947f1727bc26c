"""Mails as Outlook saves them, written by hand: an OLE file (MS-CFB) with a stream for each property."""

from __future__ import annotations

import datetime
import struct
from collections.abc import Mapping
from typing import Any

Tree = Mapping[str, Any]
_SECTOR, _FREE, _END, _FAT = 512, 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
TEXT, BYTES, NUMBER, TIME, BYTES_TEXT = 0x001F, 0x0102, 0x0003, 0x0040, 0x001E


def properties(values: Mapping[int, Any], header: int = 32, **folders: Tree) -> dict[str, Any]:
    """The streams of a mail, a recipient or an attachment; numbers and times stand in the table of properties."""
    table = bytearray(header)
    streams: dict[str, Any] = dict(folders)
    for number, value in values.items():
        kind = {str: TEXT, bytes: BYTES, int: NUMBER, datetime.datetime: TIME}[type(value)]
        fixed = b"\0" * 8
        if isinstance(value, int):
            fixed = struct.pack("<q", value)
        elif isinstance(value, datetime.datetime):
            since = value - datetime.datetime(1601, 1, 1, tzinfo=datetime.UTC)
            fixed = struct.pack("<q", int(since.total_seconds()) * 10**7)
        else:
            data = value.encode("utf-16-le") if isinstance(value, str) else value
            streams[f"__substg1.0_{number:04X}{kind:04X}"] = data
        table += struct.pack("<HHI", kind, number, 6) + fixed
    streams["__properties_version1.0"] = bytes(table)
    return streams


def ole(tree: Tree) -> bytes:
    """An OLE file of streams (bytes) and folders (mappings)."""
    entries: list[dict[str, Any]] = [{"name": "Root Entry", "kind": 5, "child": _FREE, "data": b""}]

    def add(inside: Tree) -> int:
        first = len(entries)
        for name, value in inside.items():
            kind = 2 if isinstance(value, bytes) else 1
            entries.append({"name": name, "kind": kind, "child": _FREE, "data": value if kind == 2 else b""})
        for place, value in enumerate(inside.values(), first):
            entries[place]["right"] = place + 1 if place + 1 < first + len(inside) else _FREE
            if not isinstance(value, bytes) and value:
                entries[place]["child"] = add(value)
        return first

    entries[0]["child"] = add(tree)
    return _written(entries)


def _written(entries: list[dict[str, Any]]) -> bytes:
    mini, sectors = bytearray(), bytearray()
    mini_fat: list[int] = []
    fat: list[int] = []

    def chain(data: bytes, size: int, into: bytearray, table: list[int]) -> int:
        count = -(-len(data) // size)
        start = len(table)
        table.extend([*range(start + 1, start + count), _END] if count else [])
        into += data.ljust(count * size, b"\0")
        return start if count else _END

    for entry in entries[1:]:
        small = len(entry["data"]) < 4096
        entry["start"] = (
            chain(entry["data"], 64, mini, mini_fat) if small else chain(entry["data"], _SECTOR, sectors, fat)
        )
    entries[0]["data"] = bytes(mini)
    entries[0]["start"] = chain(bytes(mini), _SECTOR, sectors, fat)
    mini_table = b"".join(struct.pack("<I", one) for one in mini_fat)
    mini_count = -(-len(mini_table) // _SECTOR)
    mini_start = chain(mini_table.ljust(mini_count * _SECTOR, b"\xff"), _SECTOR, sectors, fat)
    directory = b"".join(_entry(one) for one in entries)
    directory_start = chain(directory, _SECTOR, sectors, fat)
    fat_start = len(fat)
    fat_count = next(count for count in range(1, 200) if (len(fat) + count) * 4 <= count * _SECTOR)
    fat += [_FAT] * fat_count
    fat += [_FREE] * (fat_count * _SECTOR // 4 - len(fat))
    table = b"".join(struct.pack("<I", one) for one in fat)
    places = [*range(fat_start, fat_start + fat_count)] + [_FREE] * (109 - fat_count)
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack(
        "<HHHHH6xIIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, fat_count, directory_start, 0, 4096, mini_start,
        mini_count, _END, 0, places[0],
    ) + struct.pack("<108I", *places[1:])  # fmt: skip
    return header + bytes(sectors) + table


def _entry(entry: dict[str, Any]) -> bytes:
    name: bytes = entry["name"].encode("utf-16-le") + b"\0\0"
    return (
        name.ljust(64, b"\0")
        + struct.pack("<HBBIII", len(name), entry["kind"], 1, _FREE, entry.get("right", _FREE), entry["child"])
        + bytes(36)
        + struct.pack("<IQ", entry["start"], len(entry["data"]))
    )
