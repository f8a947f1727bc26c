"""Sidecar files: the details of a file that has no room for front matter, in a YAML file beside it.

`report.pdf.yaml` and `report.yaml` belong to `report.pdf`. What a sidecar says goes before what the file says of
itself. Does not open files.
"""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import Any

from index.errors import UnreadableFile
from index.loading.canonical import plain_characters
from index.loading.decoding import decode
from index.loading.front_matter import MOST_CHARACTERS, parse_fields, read_fields

KEYS = ("title", "published", "author", "language", "reliability", "credibility")

_ENDING = ".yaml"
_FIRST_RULE, _LAST_RULE = re.compile(r"\A---[ \t]*\n"), re.compile(r"^---[ \t]*\n?\Z", re.MULTILINE)


def sidecar_names(name: str) -> tuple[str, ...]:
    """The names that the sidecar of a file may have, the one that counts where there are several first."""
    stem = name.removesuffix(PurePath(name).suffix)
    return tuple(dict.fromkeys(f"{one}{_ENDING}" for one in (name, stem)))


def read_sidecar(name: str, data: bytes) -> dict[str, Any]:
    """What a sidecar gives: `title` and fields of `Details`, only those with a value.

    Raises `UnreadableFile` for what is no mapping, an unknown key or an impossible value, and what `decode` raises.
    """
    text = plain_characters(decode(name, data))
    if len(text) > MOST_CHARACTERS:
        raise UnreadableFile(f"{name} has more than {MOST_CHARACTERS:,} characters: a sidecar is a few lines")
    block = _LAST_RULE.sub("", _FIRST_RULE.sub("\n", text))
    fields = parse_fields(name, block)
    if fields is None and re.sub(r"(?m)^\s*(#.*)?$", "", block).strip():
        raise UnreadableFile(f"{name} holds no details: write lines such as title: Ports, with {_known()}")
    for key in fields or {}:
        if key not in KEYS:
            raise UnreadableFile(f"{name} has the unknown key {key[:80]}: the keys are {_known()}")
    given = read_fields(name, fields or {})
    details = {key: getattr(given.details, key) for key in KEYS[1:]}
    return {key: value for key, value in {"title": given.title, **details}.items() if value is not None}


def _known() -> str:
    return ", ".join(KEYS)
