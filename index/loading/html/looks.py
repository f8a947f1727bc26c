"""How the words of an element look, as far as its own style says: enough to leave out what nobody can see.

Style sheets of other files are not read. So where a page has one, white words may stand on any colour, and are kept.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

_BOLD = frozenset({"b", "strong", "th", "h1", "h2", "h3", "h4", "h5", "h6"})
PREFORMATTED = frozenset({"pre", "xmp", "listing", "plaintext"})
_LOOKS = ("style", "color", "bgcolor")
_SIZE = re.compile(r"(\d{0,20}\.?\d{1,20})(px|pt|em|rem|%|ex|ch|vw|vh)?\s*(?:!important)?", re.IGNORECASE)
# What a style says of an element of which nothing is drawn, whatever else it says.
_GONE = {
    "display": re.compile(r"none\b"),
    "visibility": re.compile(r"(?:hidden|collapse)\b"),
    "mso-hide": re.compile(r"all\b"),
    "opacity": re.compile(r"0*\.?0+%?(?![\d.])"),
    "clip-path": re.compile(r"inset\(\s*(?:[5-9]\d|100)(?:\.\d+)?%\s*\)|circle\(\s*0"),
    "transform": re.compile(r"scale[xy]?\(\s*0\s*[,)]"),
    "text-indent": re.compile(r"-\d{3,}"),
    "margin-left": re.compile(r"-\d{4,}"),
}
_CLIPPED = re.compile(r"rect\(\s*[01](?:px)?[\s,]+[01](?:px)?[\s,]+[01](?:px)?[\s,]+[01](?:px)?\s*\)")
_FAR = re.compile(r"-\d{3,}")
_NO_SIZE = re.compile(r"[01](?:px|pt)?(?![\d.%a-z])")
# Smaller letters than these are no letters, in each unit; the others are shares of what is around.
_SMALLEST = {"px": 2.0, "pt": 1.5}
_FUNCTION = re.compile(r"rgba?\(\s*(\d{1,9})[\s,]+(\d{1,9})[\s,]+(\d{1,9})\s*(?:[,/]\s*(\d{0,20}\.?\d{1,20})\s*)?\)")
_NAMES = {"white": "#ffffff", "black": "#000000", "snow": "#fffafa", "transparent": "transparent"}


@dataclass(frozen=True, slots=True)
class Look:
    """How words look here: what is not said is that of the element around."""

    linked: bool = False
    bold: bool = False
    preformatted: bool = False
    sizeless: bool = False
    # None: nobody says, or a picture or a style sheet does.
    colour: str | None = None
    background: str | None = "#ffffff"

    @property
    def unseen(self) -> bool:
        """True where words have no size, or the colour of what is behind them."""
        return self.sizeless or (self.colour is not None and self.colour in (self.background, "transparent"))

    def within(self, tag: str, attributes: Mapping[str, str]) -> Look:
        """The look in an element in this one."""
        look = self
        if not attributes and tag not in _BOLD and tag not in PREFORMATTED:
            return look
        if tag == "a" and "href" in attributes:
            look = replace(look, linked=True)
        if tag in _BOLD:
            look = replace(look, bold=True)
        if tag in PREFORMATTED:
            look = replace(look, preformatted=True)
        return look._styled(attributes) if any(key in attributes for key in _LOOKS) else look

    def _styled(self, attributes: Mapping[str, str]) -> Look:
        styles = declarations(attributes.get("style", ""))
        size = _SIZE.fullmatch(styles.get("font-size", ""))
        colour = _colour(styles.get("color") or attributes.get("color", ""))
        background = self.background
        given = styles.get("background-color") or styles.get("background") or attributes.get("bgcolor", "")
        if given and given not in ("none", "transparent", "inherit", "initial"):
            background = _colour(given)
        return replace(
            self,
            sizeless=_no_letters(size) if size else self.sizeless and "font-size" not in styles,
            bold=self.bold or styles.get("font-weight") in ("bold", "600", "700", "800", "900"),
            preformatted=self.preformatted or styles.get("white-space", "").startswith(("pre-wrap", "break-spaces")),
            colour=colour or self.colour,
            background=background,
        )


def hidden(attributes: Mapping[str, str]) -> bool:
    """True where an element and all in it is not shown."""
    return bool(attributes) and bool(
        ("hidden" in attributes and attributes["hidden"].lower() != "until-found")
        or attributes.get("aria-hidden", "").lower() == "true"
        or (attributes.get("style") and _gone(declarations(attributes["style"])))
    )


def declarations(style: str) -> dict[str, str]:
    """What a style says, by property; the last word holds."""
    declared = (one.partition(":") for one in style.lower().split(";"))
    return {key.strip(): value.strip() for key, _, value in declared}


def _gone(styles: Mapping[str, str]) -> bool:
    """True where nothing is drawn of an element: it is not there, has no size, or lies off the page."""
    if any(name in styles and pattern.match(styles[name]) for name, pattern in _GONE.items()):
        return True
    placed = styles.get("position", "").startswith(("absolute", "fixed"))
    if placed and any(_FAR.match(styles.get(side, "")) for side in ("left", "top", "right", "bottom")):
        return True
    if placed and _CLIPPED.match(styles.get("clip", "")):
        return True
    cut = styles.get("overflow", "").startswith("hidden")
    return cut and any(_NO_SIZE.match(styles.get(side, "")) for side in ("width", "height"))


def _no_letters(size: re.Match[str]) -> bool:
    return float(size[1]) < _SMALLEST.get((size[2] or "px").lower(), 0.0) or float(size[1]) == 0


def _colour(value: str) -> str | None:
    """A colour as `#rrggbb` or `transparent`; None for what is no single colour."""
    value = value.removesuffix("!important").strip().lower()
    if value in _NAMES:
        return _NAMES[value]
    if re.fullmatch("#?[0-9a-f]{6}", value):
        return f"#{value[-6:]}"
    if re.fullmatch("#[0-9a-f]{3}", value):
        return "#" + "".join(digit * 2 for digit in value[1:])
    parts = _FUNCTION.fullmatch(value)
    if parts is None:
        return None
    if parts[4] is not None and float(parts[4]) == 0:
        return "transparent"
    return "#" + "".join(f"{min(int(part), 255):02x}" for part in parts.groups()[:3])
