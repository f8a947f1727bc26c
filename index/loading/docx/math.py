"""Equations (OMML) as one line of plain text, as people type them: `x^2`, `(a + b)/c`, `√(x)`, `∑_(k=0)^n`."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element

from index.loading.docx.styles import is_on
from index.loading.xml_parts import below

# What may follow `^` or stand beside `/` without brackets around it.
_SIMPLE = re.compile(r"[\w.,′∞°*]*|[({\[][^(){}\[\]]*[)}\]]")
# Where these stand outside brackets, brackets are needed around the whole.
_OPERATORS = frozenset("/+-−±∓×÷⋅=<>≤≥, ")
_PROPERTIES = frozenset({"m:rPr", "m:ctrlPr", "w:rPr", "w:del", "w:moveFrom"})
_INTEGRAL = "∫"


def math_text(element: Element) -> str:
    """The text of an equation or a part of one."""
    return " ".join(_text(element).split())


def _text(element: Element) -> str:
    if element.tag in ("m:t", "w:t"):
        return element.text or ""
    if element.tag in _PROPERTIES or element.tag.endswith("Pr"):
        return ""
    write = _WRITERS.get(element.tag)
    return write(element) if write else _joined(element)


def _joined(element: Element) -> str:
    """The parts one after the other; what follows the end of a structure, such as a script, stands apart from it."""
    joined, was_structure = "", False
    for child in element:
        part = _text(child)
        structure = child.tag in _WRITERS and child.tag != "m:d"
        touching = joined[-1:].isalnum() and part[:1].isalnum()
        apart = touching and (was_structure or child.tag == "m:func")
        joined += f" {part}" if apart else part
        was_structure = structure if part else was_structure
    return joined


def _is_one(text: str) -> bool:
    """True where a script or a fraction's bar after the text holds for all of it."""
    depth = 0
    for char in text:
        depth += (char in "([{") - (char in ")]}")
        if depth == 0 and char in _OPERATORS:
            return False
    return True


def _part(element: Element, name: str) -> str:
    found = element.find(f"m:{name}")
    return _text(found).strip() if found is not None else ""


def _value(element: Element, path: tuple[str, str], default: str) -> str:
    found = below(element, *path)
    return default if found is None else found.get("m:val", "")


def _grouped(text: str) -> str:
    return text if _SIMPLE.fullmatch(text) else f"({text})"


def _script(mark: str, text: str) -> str:
    return f"{mark}{_grouped(text)}" if text else ""


def _fraction(element: Element) -> str:
    upper, lower = _part(element, "num"), _part(element, "den")
    if _value(element, ("m:fPr", "m:type"), "bar") == "noBar":
        return f"{upper} over {lower}" if upper and lower else upper + lower
    upper, lower = (part if _is_one(part) else f"({part})" for part in (upper, lower))
    return f"{upper}/{lower}"


def _scripts(element: Element) -> str:
    base = _part(element, "e")
    base = base if _is_one(base) else f"({base})"
    return base + _script("_", _part(element, "sub")) + _script("^", _part(element, "sup"))


def _before(element: Element) -> str:
    return _script("_", _part(element, "sub")) + _script("^", _part(element, "sup")) + _part(element, "e")


def _root(element: Element) -> str:
    degree = _part(element, "deg")
    sign = {"": "√", "2": "√", "3": "∛", "4": "∜"}.get(degree, f"{degree}√")
    return f"{sign}({_part(element, 'e')})"


def _large(element: Element) -> str:
    sign = _value(element, ("m:naryPr", "m:chr"), _INTEGRAL)
    limits = _script("_", _part(element, "sub")) + _script("^", _part(element, "sup"))
    return f"{sign}{limits} {_part(element, 'e')}"


def _bracketed(element: Element) -> str:
    opened, closed = _value(element, ("m:dPr", "m:begChr"), "("), _value(element, ("m:dPr", "m:endChr"), ")")
    parted = _value(element, ("m:dPr", "m:sepChr"), "|")
    return opened + parted.join(_text(part).strip() for part in element.findall("m:e")) + closed


def _function(element: Element) -> str:
    name, argument = _part(element, "fName"), _part(element, "e")
    return f"{name}{argument}" if argument.startswith(("(", "[", "{")) else f"{name} {argument}"


def _limit(element: Element) -> str:
    return _part(element, "e") + _script("_" if element.tag == "m:limLow" else "^", _part(element, "lim"))


def _lines(element: Element) -> str:
    return "; ".join(filter(None, (_text(line).strip() for line in element.findall("m:e"))))


def _matrix(element: Element) -> str:
    rows = (", ".join(_text(cell).strip() for cell in row.findall("m:e")) for row in element.findall("m:mr"))
    return f"[{'; '.join(rows)}]"


def _accented(element: Element) -> str:
    accent, base = _value(element, ("m:accPr", "m:chr"), "\u0302"), _part(element, "e")
    return base + accent if len(base) == 1 else f"({base}){accent}" if accent else base


def _hidden_or_shown(element: Element) -> str:
    shown = below(element, "m:phantPr", "m:show")
    return _part(element, "e") if shown is None or is_on(shown.get("m:val")) else ""


_WRITERS = {
    "m:f": _fraction,
    "m:sSup": _scripts,
    "m:sSub": _scripts,
    "m:sSubSup": _scripts,
    "m:sPre": _before,
    "m:rad": _root,
    "m:nary": _large,
    "m:d": _bracketed,
    "m:func": _function,
    "m:limLow": _limit,
    "m:limUpp": _limit,
    "m:eqArr": _lines,
    "m:m": _matrix,
    "m:acc": _accented,
    "m:phant": _hidden_or_shown,
}
