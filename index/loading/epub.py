"""EPUB: the chapters of a book in the order in which they are read, its title, authors, date and language.

Each chapter is a page of HTML. The table of contents is no chapter. Books that are locked (DRM) are said to be so.
"""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from typing import Any
from urllib.parse import unquote, urlsplit

from index.documents import Details, Loaded
from index.errors import UnreadableFile, UnsupportedFile
from index.loading.canonical import one_line
from index.loading.finishing import finish
from index.loading.front_matter import FrontMatter
from index.loading.html import decode_html
from index.loading.html.facts import date_of, language_code
from index.loading.html.parsing import parse_html
from index.loading.html.writing import write
from index.loading.writer import Writer
from index.loading.zipped import Package, open_package

_CONTAINER = "META-INF/container.xml"
_LOCKS = "META-INF/encryption.xml"
# Fonts may be mixed up with the book's name, so that nobody takes them out of it: its words are open.
_FONTS_ONLY = frozenset({"http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC"})
_PAGES = frozenset({"application/xhtml+xml", "text/html", "text/x-oeb1-document", "application/x-dtbook+xml"})
_MOST_LENGTH = 300


def load_epub(name: str, data: bytes) -> Loaded:
    """Read a book. Raises `UnreadableFile` or `UnsupportedFile`."""
    package = open_package(name, data)
    if _CONTAINER not in package:
        raise UnsupportedFile(f"{name} is a ZIP archive but no EPUB book: give it the ending of what it is")
    _refuse_locks(package)
    opf = next(_named(_xml(package, _CONTAINER), "rootfile"), None)
    path = opf.get("full-path", "") if opf is not None else ""
    book = _xml(package, path)
    writer = Writer()
    for chapter in _chapters(package, path, book):
        text = decode_html(name, package.read(chapter))
        if text.strip():
            tree = parse_html(name, text)
            write(tree.body, writer)
            writer.hide(" ".join(tree.hidden))
    return finish(name, writer.body(), _facts(book), "application/epub+zip")


def _xml(package: Package, member: str) -> Any:
    """The root of a member that is XML, entities left as they are. Raises `UnreadableFile` where it is none."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    try:
        root = etree.fromstring(package.read(member), parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableFile(f"{package.name}: its part {member} is broken: get the file again") from error
    if root is None:
        raise UnreadableFile(f"{package.name}: its part {member} is broken: get the file again")
    return root


def _named(root: Any, *names: str) -> Iterator[Any]:
    """The elements below a root that have one of these names, in whatever namespace."""
    for element in root.iter("{*}*"):
        if element.tag.rpartition("}")[2] in names:
            yield element


def _refuse_locks(package: Package) -> None:
    """Raise `UnreadableFile` where more than fonts is encrypted."""
    if _LOCKS not in package:
        return
    methods = {method.get("Algorithm", "") for method in _named(_xml(package, _LOCKS), "EncryptionMethod")}
    if methods - _FONTS_ONLY:
        raise UnreadableFile(
            f"{package.name} is locked by its seller (DRM): its words cannot be read; get it without a lock"
        )


def _chapters(package: Package, path: str, book: Any) -> Iterator[str]:
    """The members that are chapters, in reading order."""
    folder = posixpath.dirname(path)
    items = {item.get("id"): item for item in _named(book, "item")}
    known = {name.casefold(): name for name in package.names}
    seen: set[str] = set()
    for reference in _named(book, "itemref"):
        item = items.get(reference.get("idref"))
        if item is None or item.get("media-type", "") not in _PAGES or "nav" in item.get("properties", "").split():
            continue
        member = posixpath.normpath(posixpath.join(folder, unquote(_path(item.get("href", "")))))
        # Some files write a name in other letters than they give it.
        found = known.get(member.casefold())
        if found is None:
            raise UnreadableFile(f"{package.name} lacks its chapter {member[:80]}: it is broken, get the file again")
        if found not in seen:
            seen.add(found)
            yield found
    if not seen:
        raise UnreadableFile(f"{package.name} holds no chapters: get the file again")


def _path(href: str) -> str:
    try:
        return urlsplit(href).path
    except ValueError:
        return href


def _facts(book: Any) -> FrontMatter:
    """What the book's metadata say."""
    metadata = next(_named(book, "metadata"), book)
    found: dict[str, list[str]] = {}
    for element in _named(metadata, "title", "creator", "date", "language"):
        words = one_line("".join(element.itertext()))[:_MOST_LENGTH]
        if words:
            found.setdefault(element.tag.rpartition("}")[2], []).append(words)
    return FrontMatter(
        next(iter(found.get("title", [])), None),
        Details(
            published=next((day for value in found.get("date", []) if (day := date_of(value))), None),
            language=next((code for value in found.get("language", []) if (code := language_code(value))), None),
            author=", ".join(dict.fromkeys(found.get("creator", [])))[:_MOST_LENGTH] or None,
        ),
    )
