"""The paragraph styles of a DOCX file: which are headings, titles, code or numbered, also by what they are based on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from index.loading.style_names import heading_level, is_code, is_contents, is_title, is_typewriter
from index.loading.xml_parts import below

VAL = "w:val"

_CONTINUED = re.compile(r"list (?:paragraph|continue)(?: \d)?", re.IGNORECASE)
_OFF = frozenset({"0", "false", "off"})
_MOST_ANCESTORS = 20
# The colour of the page in a theme: the first light one, by its several names. Each other one is seen on it.
_LIGHT = frozenset({"background1", "light1", "bg1", "lt1"})
# Half-points.
_NO_LETTERS = 2
BODY_LEVEL = 9


@dataclass(frozen=True, slots=True)
class Style:
    """What a paragraph has from its style; `level` counts from 0, and `number` is its list and the level in it."""

    level: int | None = None
    title: bool = False
    contents: bool = False
    code: bool = False
    continued: bool = False
    bold: bool = False
    hidden: bool = False
    shaded: bool = False
    number: tuple[str, int | None] | None = None


PLAIN = Style()


class Styles:
    """The styles of a file by their ids."""

    def __init__(self, root: Element | None, theme: Element | None = None) -> None:
        self._light = _light_is_white(theme)
        self._elements = (
            {style.get("w:styleId", ""): style for style in root.iter("w:style")} if root is not None else {}
        )
        self._default = next(
            (
                key
                for key, style in self._elements.items()
                if is_on(style.get("w:default", "0")) and _is_paragraph(style)
            ),
            "",
        )
        self._made: dict[str, Style] = {}

    def of(self, properties: Element | None) -> tuple[str, Style]:
        """The id and the style of a paragraph with these properties (`w:pPr`)."""
        key = value_of(properties, "w:pStyle") or self._default
        if key not in self._made:
            self._made[key] = self._style(key)
        return key, self._made[key]

    def hides(self, run_properties: Element, *, plain: bool) -> bool:
        """True where a run with these properties is hidden text, too small to be seen, or white on a `plain` page."""
        size = whole(value_of(run_properties, "w:sz"))
        if size is not None and size <= _NO_LETTERS:
            return True
        shaded = any(run_properties.find(name) is not None for name in ("w:shd", "w:highlight"))
        if plain and not shaded and _is_white(run_properties.find("w:color"), light_is_white=self._light):
            return True
        own = run_properties.find("w:vanish")
        if own is not None:
            return is_on(own.get(VAL))
        return any(_flag(style, "w:vanish") for style in self._chain(value_of(run_properties, "w:rStyle") or ""))

    def _chain(self, key: str) -> Iterator[Element]:
        """A style and what it is based on, nearest first; a file may make a circle of it."""
        for _ in range(_MOST_ANCESTORS):
            style = self._elements.get(key)
            if style is None:
                return
            yield style
            key = value_of(style, "w:basedOn") or ""

    def _style(self, key: str) -> Style:
        chain = list(self._chain(key))
        names = [value_of(style, "w:name") or "" for style in chain]
        properties = [found for style in chain if (found := style.find("w:pPr")) is not None]
        numbers = [found for one in properties if (found := one.find("w:numPr")) is not None]
        return Style(
            level=next((level for level in map(_level, chain) if level is not None), None),
            title=is_title(names[0]) if names else False,
            contents=any(map(is_contents, names)),
            code=any(map(is_code, names)) or any(map(is_mono, (style.find("w:rPr") for style in chain))),
            continued=bool(_CONTINUED.fullmatch(names[0])) if names else False,
            bold=any(_flag(style, "w:b") for style in chain),
            hidden=any(_flag(style, "w:vanish") for style in chain),
            shaded=any(one.find("w:shd") is not None for one in properties),
            number=number_of(numbers[0]) if numbers else None,
        )


def _is_paragraph(style: Element) -> bool:
    return style.get("w:type") == "paragraph"


def _level(style: Element) -> int | None:
    level = outline_level(style.find("w:pPr"))
    return level if level is not None else heading_level(value_of(style, "w:name") or "")


def _flag(style: Element, name: str) -> bool:
    found = below(style, "w:rPr", name)
    return found is not None and is_on(found.get(VAL))


def _is_white(colour: Element | None, *, light_is_white: bool) -> bool:
    """True for the white of a value, or of a theme, which goes before the value; a shade of it is no white."""
    if colour is None or colour.get("w:themeShade") is not None:
        return False
    theme = colour.get("w:themeColor")
    return colour.get(VAL, "").upper() == "FFFFFF" if theme is None else light_is_white and theme in _LIGHT


def _light_is_white(theme: Element | None) -> bool:
    """Whether the first light colour of a theme is white, which it is unless somebody made it another."""
    light = below(theme, "a:themeElements", "a:clrScheme", "a:lt1")
    colour = next(iter(light), None) if light is not None else None
    return colour is None or colour.get("lastClr", colour.get("val", "")).upper() in ("FFFFFF", "WINDOW")


def is_on(value: str | None) -> bool:
    """True for a flag that is there without a value, or with one that is not false."""
    return value is None or value.lower() not in _OFF


def is_mono(run_properties: Element | None) -> bool:
    """True for a typewriter's font, in which code is written."""
    fonts = run_properties.find("w:rFonts") if run_properties is not None else None
    return fonts is not None and is_typewriter(fonts.get("w:ascii") or fonts.get("w:hAnsi") or "")


def value_of(parent: Element | None, name: str) -> str | None:
    """The value of a property (`w:val` of the child of this name)."""
    found = parent.find(name) if parent is not None else None
    return found.get(VAL) if found is not None else None


def whole(value: str | None) -> int | None:
    """A number that a file gives, where it is a plausible one."""
    return int(value) if value is not None and re.fullmatch(r"[0-9]{1,6}", value) else None


def outline_level(properties: Element | None) -> int | None:
    """The outline level of paragraph properties, from 0; `BODY_LEVEL` is that of plain paragraphs."""
    return whole(value_of(properties, "w:outlineLvl"))


def number_of(properties: Element) -> tuple[str, int | None]:
    """The list and the level of numbering properties (`w:numPr`); an empty list or `0` is none."""
    return value_of(properties, "w:numId") or "", whole(value_of(properties, "w:ilvl"))
