"""XML inside packages: parsed without document types or entities, with short names instead of namespaces.

A tag or an attribute is named `w:p`, whatever prefix the file uses and whichever of several namespaces a format has
had; names in other namespaces stay as the parser gives them.
"""

from __future__ import annotations

from collections.abc import Mapping
from xml.etree.ElementTree import Element, ParseError, TreeBuilder, XMLParser

from index.errors import UnreadableFile
from index.loading.zipped import Package

# Loaders walk a tree by recursion, several calls an element.
MOST_DEPTH = 150


def parse_part(package: Package, member: str, prefixes: Mapping[str, str]) -> Element:
    """The root of a member that is XML, its names shortened by `prefixes` (namespace to prefix).

    Raises `UnreadableFile` where the member is missing or broken, or declares a document type.
    """
    where = f"{package.name}: its part {member}"
    parser = XMLParser(target=_Builder(where, prefixes))
    try:
        parser.feed(package.read(member))
        root = parser.close()
    except (ParseError, ValueError, LookupError) as error:
        raise UnreadableFile(f"{where} is broken ({error}): save the file again and try again") from error
    assert isinstance(root, Element)
    return root


class _Builder(TreeBuilder):
    """Builds a tree with short names, and gives up on what no office document holds."""

    def __init__(self, where: str, prefixes: Mapping[str, str]) -> None:
        super().__init__()
        self._where = where
        self._prefixes = prefixes
        self._names: dict[str, str] = {}
        self._depth = 0

    def doctype(self, name: str, pubid: str | None, system: str | None) -> None:  # noqa: ARG002
        # Called before any entity is declared: none is ever expanded or fetched.
        raise UnreadableFile(f"{self._where} declares a document type, which may hide a bomb: save the file again")

    def start(self, tag: str, attrs: dict[str, str]) -> Element:
        self._depth += 1
        if self._depth > MOST_DEPTH:
            raise UnreadableFile(f"{self._where} is nested more than {MOST_DEPTH} deep: save the file as plain text")
        return super().start(self._short(tag), {self._short(key): value for key, value in attrs.items()})

    def end(self, tag: str) -> Element:
        self._depth -= 1
        return super().end(self._short(tag))

    def _short(self, name: str) -> str:
        short = self._names.get(name)
        if short is None:
            namespace, _, local = name[1:].partition("}") if name.startswith("{") else ("", "", name)
            prefix = self._prefixes.get(namespace)
            short = self._names[name] = f"{prefix}:{local}" if prefix else name
        return short


def below(element: Element | None, *names: str) -> Element | None:
    """The first child of the first name, its first child of the next, and so on; None where one is missing.

    `Element.find` with a path would take the short names for names with namespaces.
    """
    for name in names:
        if element is None:
            return None
        element = element.find(name)
    return element
