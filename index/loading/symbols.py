"""Characters of the symbol fonts that word processors write by number: what they look like, in Unicode."""

from __future__ import annotations

import re

# The font Symbol from 0x20 on; what is rarely used is left out as a space.
_SYMBOL = (
    " !∀#∃%&∋()∗+,−./0123456789:;<=>?"
    "≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_"
    "‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼ "
    "                                "
    "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…   "
    "ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓"
)
_WINGDINGS = {
    **dict.fromkeys((0x6F, 0x70, 0x71, 0x72, 0xA8), "☐"),
    **dict.fromkeys((0x78, 0xFD), "☒"),
    **{0xFE: "☑", 0xFB: "✗", 0xFC: "✓", 0x6C: "●", 0x6E: "■", 0x75: "◆", 0x76: "❖", 0xA7: "▪", 0x9F: "•"},
    **{0xDF: "←", 0xE0: "→", 0xE1: "↑", 0xE2: "↓", 0xE8: "→", 0xF0: "⇨", 0x4A: "☺", 0x4C: "☹"},
}
_WINGDINGS_2 = {0x50: "✓", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0x4F: "✗", 0xA3: "☐", 0x2A: "☐"}
_PRIVATE = 0xF000


def symbol(font: str, code: str) -> str:
    """The character that a font draws for a hexadecimal code; nothing where it is only decoration."""
    if not re.fullmatch("[0-9A-Fa-f]{1,5}", code):
        return ""
    number = int(code, 16)
    own = number - _PRIVATE if _PRIVATE <= number < _PRIVATE + 0x100 else number
    name = font.lower()
    if name == "symbol":
        return _SYMBOL[own - 0x20].strip() if 0x20 <= own < 0x20 + len(_SYMBOL) else ""
    if name.startswith("wingdings"):
        return (_WINGDINGS_2 if name.endswith("2") else _WINGDINGS).get(own, "")
    return "" if own != number or number > 0x10FFFF else chr(number)
