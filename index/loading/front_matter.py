"""Front matter: the YAML between two lines `---` at the very start of a text file, or in a file beside it.

Reads title, published, author, language, reliability and credibility; other keys are ignored. Values are read as
plain strings and converted here, so that an impossible one can be named; aliases are refused, so that a small file
cannot become a large one.
"""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass, field

import yaml

from index.documents import Details
from index.errors import UnreadableFile
from index.loading.canonical import one_line

# A mapping of a few lines; more than this between two rules is text.
MOST_CHARACTERS = 16_000
_MOST_DEPTH = 20
_MOST_TITLE = 300

_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ].*)?", re.DOTALL)
_NOTHING = frozenset({"", "~", "null"})


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What a file says of itself."""

    title: str | None = None
    details: Details = field(default_factory=Details)


def take_front_matter(name: str, text: str) -> tuple[FrontMatter, str]:
    """Part a text with newlines only (`plain_characters`) into its front matter and the rest.

    Text between rules that is no mapping stays text. Raises `UnreadableFile` for malformed YAML and for an impossible
    value.
    """
    first, _, rest = text[: MOST_CHARACTERS + 8].partition("\n")
    if first.rstrip() != "---":
        return FrontMatter(), text
    end = re.search(r"^---[ \t]*(?:\n|\Z)", rest, re.MULTILINE)
    if end is None:
        return FrontMatter(), text
    fields = parse_fields(f"{name}: its front matter", rest[: end.start()], first_line=2)
    if fields is None:
        return FrontMatter(), text
    return read_fields(f"{name}: its front matter", fields), text[len(first) + 1 + end.end() :]


def parse_fields(where: str, block: str, first_line: int = 1) -> dict[str, object] | None:
    """Keys in lower case with strings or lists of strings; None where the block is no mapping.

    Raises `UnreadableFile`, which begins with `where`, for malformed YAML; the block begins in the line `first_line`.
    """
    try:
        _refuse_bombs(where, block)
        # BaseLoader builds strings, lists and mappings only: safer than SafeLoader, and no date fails early.
        loaded = yaml.load(block, Loader=yaml.BaseLoader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        line = f" in line {mark.line + first_line}" if mark is not None else ""
        problem = getattr(error, "problem", None) or "it is no YAML"
        raise UnreadableFile(f"{where} cannot be read{line} ({problem}): put a value with a colon in quotes") from error
    if not isinstance(loaded, dict):
        return None
    return {str(key).strip().lower(): value for key, value in loaded.items()}


def _refuse_bombs(where: str, block: str) -> None:
    depth = 0
    for event in yaml.parse(block, Loader=yaml.BaseLoader):
        if isinstance(event, yaml.AliasEvent):
            raise UnreadableFile(f"{where} uses the alias *{event.anchor}: write the value out")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        if depth > _MOST_DEPTH:
            raise UnreadableFile(f"{where} is nested more than {_MOST_DEPTH} deep: write it flat")


def read_fields(where: str, fields: dict[str, object]) -> FrontMatter:
    """Convert the fields that are known; raises `UnreadableFile`, which begins with `where`, for impossible values."""

    def text_of(key: str) -> str | None:
        value = fields.get(key, "")
        if isinstance(value, list) and all(isinstance(item, str) for item in value):
            value = ", ".join(value)
        if not isinstance(value, str):
            raise _impossible(where, key, value, "one line of text")
        line = one_line(value)
        return None if line.lower() in _NOTHING else line

    title = text_of("title")
    details = Details(
        published=_date(where, text_of("published")),
        language=_language(where, text_of("language")),
        author=text_of("author"),
        reliability=_grade(where, "reliability", text_of("reliability"), "ABCDEF"),
        credibility=int(_grade(where, "credibility", text_of("credibility"), "123456") or 0) or None,
    )
    return FrontMatter(title[:_MOST_TITLE] if title else None, details)


def _date(where: str, value: str | None) -> datetime.date | None:
    if value is None:
        return None
    match = _DATE.fullmatch(value)
    if match is None:
        raise _impossible(where, "published", value, "a date such as 2022-09-30")
    try:
        return datetime.date.fromisoformat(match[1])
    except ValueError as error:
        raise _impossible(where, "published", value, "a date that exists, such as 2022-09-30") from error


def _language(where: str, value: str | None) -> str | None:
    if value is None:
        return None
    code = re.split("[-_]", value.lower())[0]
    if not re.fullmatch("[a-z]{2}", code):
        raise _impossible(where, "language", value, "a code of two letters such as en (ISO 639-1)")
    return code


def _grade(where: str, key: str, value: str | None, grades: str) -> str | None:
    if value is None:
        return None
    if len(value) != 1 or value.upper() not in grades:
        raise _impossible(where, key, value, f"{grades[0]} to {grades[-1]}")
    return value.upper()


def _impossible(where: str, key: str, value: object, wanted: str) -> UnreadableFile:
    return UnreadableFile(f"{where} has {key}: {one_line(str(value))[:80]}, but {key} is {wanted}")
