"""How the words of an element look, as far as its own style says: enough to leave out what nobody can see.

Style sheets of other files are not read. So where a page has one, white words may stand on any colour, and are kept.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

_BOLD = frozenset({"b", "strong", "th", "h1", "h2", "h3", "h4", "h5", "h6"})
PREFORMATTED = frozenset({"pre", "xmp", "listing", "plaintext"})
_LOOKS = ("style", "color", "bgcolor", "background")
_SIZE = re.compile(r"(\d{0,20}\.?\d{1,20})(px|pt|em|rem|%|ex|ch|vw|vh)?\s*(?:!important)?", re.IGNORECASE)
# What a style says of an element of which nothing is drawn, whatever else it says.
_GONE = {
    "display": re.compile(r"none\b"),
    "mso-hide": re.compile(r"all\b"),
    "opacity": re.compile(r"0*\.?0+%?(?![\d.])"),
    "clip-path": re.compile(r"inset\(\s*(?:[5-9]\d|100)(?:\.\d+)?%\s*\)|circle\(\s*0"),
    "transform": re.compile(r"scale[xy]?\(\s*0\s*[,)]"),
    "text-indent": re.compile(r"-\d{3,}"),
    "margin-left": re.compile(r"-\d{4,}"),
}
_CLIPPED = re.compile(r"rect\(\s*[01](?:px)?[\s,]+[01](?:px)?[\s,]+[01](?:px)?[\s,]+[01](?:px)?\s*\)")
# Notes in a margin stand some hundred pixels out.
_FAR = re.compile(r"-(?:[5-9]\d\d|\d{4,}|\d{3,}(?:\.\d+)?(?:r?em|vw|vh|%))")
_INVISIBLE = ("hidden", "collapse")
# What moves into sight, and so is hidden only at first.
_MOVED = ("animation", "transition", "-webkit-animation")
_MOVABLE = ("opacity", "transform", "clip-path", "text-indent", "margin-left")
# What is said of all sides takes back what was said of one.
_SHORT = {"font": "font-size", "margin": "margin-left"}
# Cells grow with their words.
_GROWING = frozenset({"table", "tr", "td", "th"})
_SAME = ("inherit", "unset", "currentcolor", "inherit !important")
_LETTERS = ("background-clip", "-webkit-background-clip", "-webkit-text-fill-color", "text-shadow")
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
    invisible: bool = False
    # None: nobody says, or a picture or a style sheet does.
    colour: str | None = None
    background: str | None = "#ffffff"
    # What may be otherwise in an element within, by rules that are not read.
    doubts: frozenset[str] = frozenset()

    @property
    def unseen(self) -> bool:
        """True where words have no size, are not drawn, or have the colour of what is behind them."""
        return (
            self.sizeless
            or self.invisible
            or (self.colour is not None and self.colour in (self.background, "transparent"))
        )

    def within(self, tag: str, attributes: Mapping[str, str]) -> Look:
        """The look in an element in this one."""
        look = self._doubted() if self.doubts else self
        if not attributes and tag not in _BOLD and tag not in PREFORMATTED:
            return look
        if tag == "a" and "href" in attributes:
            look = replace(look, linked=True)
        if tag in _BOLD:
            look = replace(look, bold=True)
        if tag in PREFORMATTED:
            look = replace(look, preformatted=True)
        return look._styled(attributes) if any(key in attributes for key in _LOOKS) else look

    def _doubted(self) -> Look:
        """The look without what an element within may not have of it."""
        doubts = self.doubts
        kept = (
            None if "color" in doubts else self.colour,
            None if "background" in doubts else self.background,
            self.sizeless and "font-size" not in doubts,
            self.invisible and "visibility" not in doubts,
        )
        if kept == (self.colour, self.background, self.sizeless, self.invisible):
            return self
        colour, background, sizeless, invisible = kept
        return replace(self, colour=colour, background=background, sizeless=sizeless, invisible=invisible)

    def _styled(self, attributes: Mapping[str, str]) -> Look:
        styles = declarations(attributes.get("style", ""))
        size = _SIZE.fullmatch(styles.get("font-size", ""))
        colour = styles.get("color") or attributes.get("color", "")
        visibility = "visible" if _moves(styles) else styles.get("visibility", "inherit")
        look = replace(
            self,
            sizeless=_no_letters(size) if size else self.sizeless and "font-size" not in styles,
            invisible=self.invisible if visibility.startswith(_SAME) else visibility.startswith(_INVISIBLE),
            bold=self.bold or styles.get("font-weight") in ("bold", "600", "700", "800", "900"),
            preformatted=self.preformatted or styles.get("white-space", "").startswith(("pre-wrap", "break-spaces")),
            colour=_colour(colour) if colour and colour not in _SAME else self.colour,
            background=_behind(styles, attributes, self.background),
        )
        # Letters that are cut out of a picture, or that have a shadow, are seen in any colour.
        if any(styles.get(key, "none") not in ("none", "border-box") for key in _LETTERS):
            look = replace(look, colour=None)
        return look


def hidden(tag: str, attributes: Mapping[str, str]) -> bool:
    """True where an element and all in it is not shown."""
    return bool(attributes) and bool(
        ("hidden" in attributes and attributes["hidden"].lower() != "until-found")
        or attributes.get("aria-hidden", "").lower() == "true"
        or (attributes.get("style") and _gone(tag, declarations(attributes["style"])))
    )


def declarations(style: str) -> dict[str, str]:
    """What a style says, by property; the last word holds, and stands last."""
    said: dict[str, str] = {}
    for one in style.lower().split(";"):
        key, _, value = one.partition(":")
        said.pop(key := key.strip(), None)
        said[key] = value.strip()
        if key in _SHORT:
            said.pop(_SHORT[key], None)
            said[_SHORT[key]] = ""
    return said


def shows(key: str, value: str) -> bool:
    """True where what is said of a property may show what another rule hides."""
    if key == "visibility":
        return not value.startswith(_INVISIBLE)
    return not (key in _GONE and _GONE[key].match(value))


def _gone(tag: str, styles: Mapping[str, str]) -> bool:
    """True where nothing is drawn of an element: it is not there, has no size, or lies off the page."""
    moves = _moves(styles)
    for name, pattern in _GONE.items():
        if name in styles and pattern.match(styles[name]) and not (moves and name in _MOVABLE):
            return True
    placed = styles.get("position", "").startswith(("absolute", "fixed"))
    if placed and any(_FAR.match(styles.get(side, "")) for side in ("left", "top", "right", "bottom")):
        return True
    if placed and _CLIPPED.match(styles.get("clip", "")):
        return True
    cut = styles.get("overflow", "").startswith("hidden") and not ("min-width" in styles or "min-height" in styles)
    return cut and tag not in _GROWING and any(_NO_SIZE.match(styles.get(side, "")) for side in ("width", "height"))


def _moves(styles: Mapping[str, str]) -> bool:
    """True where an element comes into sight by itself or by an act."""
    return any(key.startswith(_MOVED) and not value.startswith("none") for key, value in styles.items())


def _behind(styles: Mapping[str, str], attributes: Mapping[str, str], around: str | None) -> str | None:
    """The colour behind the words of an element; None where a picture, or whatever it is placed over, may be there."""
    if styles.get("background-image", "none") != "none" or attributes.get("background"):
        return None
    given = attributes.get("bgcolor", "")
    said = [value for key, value in styles.items() if key in ("background", "background-color") and value]
    given = said[-1] if said else given
    if given and given not in ("none", "transparent", "inherit", "initial"):
        return _colour(given)
    placed = styles.get("position", "static") not in ("static", "inherit", "initial")
    return None if placed else around


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
    if parts[4] is not None and float(parts[4]) < 1:
        return "transparent" if float(parts[4]) == 0 else None
    return "#" + "".join(f"{min(int(part), 255):02x}" for part in parts.groups()[:3])
