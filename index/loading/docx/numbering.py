"""The numbers that Word draws before paragraphs: they are not in the text, but counted from numbering.xml."""

from __future__ import annotations

import re
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from index.loading.docx.styles import is_on, value_of, whole
from index.loading.numerals import Kind, numeral

_LEVELS = 9
_KINDS: dict[str, Kind] = {
    "none": "none",
    "decimalZero": "two digits",
    "lowerLetter": "letters",
    "upperLetter": "LETTERS",
    "lowerRoman": "roman",
    "upperRoman": "ROMAN",
    "russianLower": "cyrillic",
    "russianUpper": "CYRILLIC",
}


@dataclass(frozen=True, slots=True)
class Level:
    """How one level of a list is numbered: `text` holds `%1` for the number of the first level, and so on."""

    kind: str = "decimal"
    text: str = ""
    start: int = 1
    restarts: bool = True
    legal: bool = False


class Numbering:
    """Counts the items of all lists in the order of the document."""

    def __init__(self, root: Element | None) -> None:
        self._levels: dict[str, dict[int, Level]] = {}
        self._styled: dict[tuple[str, str], int] = {}
        self._links: dict[str, str] = {}
        self._lists: dict[str, tuple[str, dict[int, int]]] = {}
        self._own: dict[str, dict[int, Level]] = {}
        self._counts: dict[str, dict[int, int]] = {}
        self._begun: set[str] = set()
        for element in root if root is not None else ():
            if element.tag == "w:abstractNum":
                self._take_list(element)
        for element in root if root is not None else ():
            if element.tag == "w:num":
                self._take_instance(element)

    def level_of(self, list_id: str, style: str) -> int:
        """The level that a list gives to paragraphs of a style."""
        kind = self._lists.get(list_id, ("", {}))[0]
        return self._styled.get((kind, style), 0)

    def label(self, list_id: str, level: int) -> str | None:
        """Count an item and return its number as drawn, empty for a bullet; None where there is no such list."""
        if list_id not in self._lists or level >= _LEVELS:
            return None
        kind, starts = self._lists[list_id]
        levels = {**self._levels.get(kind, {}), **self._own.get(list_id, {})}
        counts = self._counts.setdefault(kind, {})
        if list_id not in self._begun:
            self._begun.add(list_id)
            for place, start in starts.items():
                counts[place] = start - 1
        for place in range(level):
            # A level that was passed over counts as begun: the next item there is the second.
            counts.setdefault(place, levels.get(place, Level()).start)
        counts[level] = counts.get(level, levels.get(level, Level()).start - 1) + 1
        for place in [place for place in counts if place > level and levels.get(place, Level()).restarts]:
            del counts[place]
        return _drawn(levels, counts, level)

    def _take_list(self, element: Element) -> None:
        key = element.get("w:abstractNumId", "")
        self._levels[key] = {}
        for child in element.findall("w:lvl"):
            place = whole(child.get("w:ilvl")) or 0
            self._levels[key][place] = _level(child)
            style = value_of(child, "w:pStyle")
            if style:
                self._styled[key, style] = place
        link, linked = value_of(element, "w:styleLink"), value_of(element, "w:numStyleLink")
        if link:
            self._links.setdefault(link, key)
        if linked:
            # Stands for the list that has the style; it comes before or after.
            self._links[f"={key}"] = linked

    def _take_instance(self, element: Element) -> None:
        key, kind = element.get("w:numId", ""), value_of(element, "w:abstractNumId") or ""
        kind = self._links.get(self._links.get(f"={kind}", ""), kind)
        starts: dict[int, int] = {}
        for override in element.findall("w:lvlOverride"):
            place = whole(override.get("w:ilvl")) or 0
            start, own = whole(value_of(override, "w:startOverride")), override.find("w:lvl")
            if own is not None:
                self._own.setdefault(key, {})[place] = _level(own)
            if start is not None:
                starts[place] = start
        self._lists[key] = (kind, starts)


def _level(element: Element) -> Level:
    legal, start = element.find("w:isLgl"), whole(value_of(element, "w:start"))
    return Level(
        kind=value_of(element, "w:numFmt") or "decimal",
        text=value_of(element, "w:lvlText") or "",
        start=1 if start is None else start,
        restarts=value_of(element, "w:lvlRestart") != "0",
        legal=legal is not None and is_on(legal.get("w:val")),
    )


def _drawn(levels: dict[int, Level], counts: dict[int, int], level: int) -> str | None:
    own = levels.get(level, Level(text=f"%{level + 1}."))
    if own.kind == "bullet":
        return ""

    def number(match: re.Match[str]) -> str:
        place = int(match[1]) - 1
        one = levels.get(place, Level())
        return numeral(counts.get(place, one.start), "digits" if own.legal else _KINDS.get(one.kind, "digits"))

    return re.sub("%([1-9])", number, own.text).strip() or None
