"""The styles of an OpenDocument text: how words and paragraphs look, and how lists are numbered."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from index.loading.numerals import Kind, numeral
from index.loading.style_names import is_typewriter

_MOST_ANCESTORS = 20
_MOST_SHOWN = 10
_NO_LETTERS = re.compile(r"(?:0|1)?(?:\.\d+)?pt|0")
_KINDS: dict[str, Kind] = {"1": "digits", "a": "letters", "A": "LETTERS", "i": "roman", "I": "ROMAN", "": "none"}
_LISTS = ("text:list-style", "text:outline-style")


@dataclass(frozen=True, slots=True)
class Style:
    """What a style says of text; `name` is that of the nearest ancestor that people see in a list of styles."""

    name: str = ""
    bold: bool = False
    mono: bool = False
    hidden: bool = False
    raised: bool = False
    list_style: str = ""


@dataclass(frozen=True, slots=True)
class Level:
    """How one level of a list is numbered: with the numbers of `shown` levels; without a kind it has a bullet."""

    kind: Kind | None = None
    before: str = ""
    after: str = ""
    start: int = 1
    shown: int = 1


class Styles:
    """All styles of a file; those in content.xml go before the common ones in styles.xml."""

    def __init__(self, roots: list[Element]) -> None:
        self._elements: dict[tuple[str, str], Element] = {}
        self._lists: dict[str, dict[int, Level]] = {}
        self._made: dict[tuple[str, str], Style] = {}
        for root in roots:
            for style in root.iter("style:style"):
                key = (style.get("style:family", ""), style.get("style:name", ""))
                self._elements.setdefault(key, style)
            for tag in _LISTS:
                for one in root.iter(tag):
                    name = one.get("style:name", "") if tag == "text:list-style" else ""
                    self._lists.setdefault(name, dict(_levels(one)))

    def of(self, family: str, name: str) -> Style:
        """The style of a family (`paragraph`, `text`, `section`) and a name."""
        key = (family, name)
        if key not in self._made:
            self._made[key] = self._style(list(self._chain(family, name)))
        return self._made[key]

    def label(self, list_style: str, counts: list[int]) -> str:
        """The number of an item as drawn, from the numbers of the levels down to it; empty for a bullet."""
        levels = self._lists.get(list_style, {})
        own = levels.get(len(counts), Level())
        if own.kind is None:
            return ""
        first = max(0, len(counts) - min(own.shown, _MOST_SHOWN))
        shown = [levels.get(place + 1, own).kind or "none" for place in range(first, len(counts))]
        numbers = [numeral(number, kind) for number, kind in zip(counts[first:], shown, strict=True)]
        return f"{own.before}{'.'.join(filter(None, numbers))}{own.after}".strip()

    def start(self, list_style: str, level: int) -> int:
        """The first number of a level from 1."""
        return self._lists.get(list_style, {}).get(level, Level()).start

    def _chain(self, family: str, name: str) -> Iterator[Element]:
        """A style and what it is based on, nearest first; a file may make a circle of it."""
        for _ in range(_MOST_ANCESTORS):
            style = self._elements.get((family, name))
            if style is None:
                return
            yield style
            name = style.get("style:parent-style-name", "")

    def _style(self, chain: list[Element]) -> Style:
        def first(child: str, name: str) -> str:
            found = (value for style in chain if (one := style.find(child)) is not None and (value := one.get(name)))
            return next(found, "")

        # Those that a program makes up for one place are named P1 or T2, and are based on one with a name.
        own = (style.get("style:display-name") or style.get("style:name", "").replace("_20_", " ") for style in chain)
        font = first("style:text-properties", "style:font-name") or first("style:text-properties", "fo:font-family")
        return Style(
            name=next((name for name in own if not re.fullmatch(r"[PT]\d+", name)), ""),
            bold=first("style:text-properties", "fo:font-weight") == "bold",
            mono=is_typewriter(font),
            hidden=first("style:text-properties", "text:display") == "none"
            or bool(_NO_LETTERS.fullmatch(first("style:text-properties", "fo:font-size"))),
            raised=first("style:text-properties", "style:text-position").startswith("super"),
            list_style=next((found for style in chain if (found := style.get("style:list-style-name"))), ""),
        )


def _levels(style: Element) -> Iterator[tuple[int, Level]]:
    for level in style:
        place = whole(level.get("text:level"))
        if place is None:
            continue
        if level.tag in ("text:list-level-style-number", "text:outline-level-style"):
            yield (
                place,
                Level(
                    kind=_KINDS.get(level.get("style:num-format", ""), "digits"),
                    before=level.get("style:num-prefix", ""),
                    after=level.get("style:num-suffix", ""),
                    start=1 if (start := whole(level.get("text:start-value"))) is None else start,
                    shown=whole(level.get("text:display-levels")) or 1,
                ),
            )
        else:
            yield place, Level()


def whole(value: str | None) -> int | None:
    """A number that a file gives, where it is a plausible one."""
    return int(value) if value is not None and re.fullmatch(r"[0-9]{1,6}", value) else None
