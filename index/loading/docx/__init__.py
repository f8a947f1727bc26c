"""Word documents (.docx, .docm), transitional and strict: the body in order, details from the file's own properties.

Left out: headers and footers, comments, hidden text (also white on white, where nothing is drawn behind the words),
deleted text, the table of contents (it repeats the headings), pictures, and what a form says to type. The dates that a
file carries say when it was begun and last saved, often those of a template, not when it was published: only the
publication date of a cover page is taken.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from index.documents import Details, Loaded
from index.errors import UnreadableFile, UnsupportedFile
from index.loading.docx.body import BodyReader, Parts
from index.loading.docx.charts import chart_lines, diagram_lines
from index.loading.docx.numbering import Numbering
from index.loading.docx.styles import Styles
from index.loading.finishing import finish
from index.loading.front_matter import FrontMatter
from index.loading.properties import believed_author, believed_title, day_of, language_of, text_of
from index.loading.xml_parts import parse_part
from index.loading.zipped import Package, open_package

_MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_OPEN = "http://schemas.openxmlformats.org/"
_STRICT = "http://purl.oclc.org/ooxml/"
# Transitional and strict files differ in their namespaces, and in nothing else that is read here.
_PREFIXES = {
    f"{_OPEN}wordprocessingml/2006/main": "w",
    f"{_STRICT}wordprocessingml/main": "w",
    f"{_OPEN}officeDocument/2006/math": "m",
    f"{_STRICT}officeDocument/math": "m",
    f"{_OPEN}officeDocument/2006/relationships": "r",
    f"{_STRICT}officeDocument/relationships": "r",
    f"{_OPEN}drawingml/2006/main": "a",
    f"{_STRICT}drawingml/main": "a",
    f"{_OPEN}drawingml/2006/chart": "c",
    f"{_STRICT}drawingml/chart": "c",
    f"{_OPEN}drawingml/2006/diagram": "dgm",
    f"{_STRICT}drawingml/diagram": "dgm",
    f"{_OPEN}markup-compatibility/2006": "mc",
    f"{_OPEN}package/2006/relationships": "rel",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://schemas.microsoft.com/office/2006/coverPageProps": "cover",
}
_COVER = re.compile(r"customXml/item\d+\.xml")
_MOST_COVERS = 20


def load_docx(name: str, data: bytes) -> Loaded:
    """Read a Word document. Raises `UnreadableFile` or `UnsupportedFile`."""
    package = open_package(name, data)
    main = _main_part(package)
    root = parse_part(package, main, _PREFIXES)
    body = root.find("w:body")
    if root.tag != "w:document" or body is None:
        raise UnsupportedFile(f"{name} is no Word document, whatever its ending: give it the ending of what it is")
    related = dict(_relations(package, main))
    reader = BodyReader(
        Parts(
            styles=Styles(
                _of_kind(package, related, "styles"),
                next(_sound(package, related, ("theme",)), None),
            ),
            numbering=Numbering(_of_kind(package, related, "numbering")),
            notes=_notes(package, related),
            draw=lambda box: _drawn(package, related, box),
        ),
        plain=root.find("w:background") is None and not _is_backed(package, related, root),
    )
    reader.read(body)
    return finish(name, reader.body(), _details(package, reader.title), _MEDIA_TYPE)


Relations = dict[str, tuple[str, str]]


def _relations(package: Package, part: str) -> Iterator[tuple[str, tuple[str, str]]]:
    """The parts that a part refers to: id, kind and path of each that is in the package."""
    folder, file = posixpath.split(part)
    listing = posixpath.join(folder, "_rels", f"{file}.rels")
    if listing not in package:
        return
    for one in parse_part(package, listing, _PREFIXES):
        path = posixpath.normpath(posixpath.join("/", folder, unquote(one.get("Target", "")))).lstrip("/")
        if one.get("TargetMode") != "External" and path in package:
            yield one.get("Id", ""), (one.get("Type", "").rsplit("/", 1)[-1], path)


def _main_part(package: Package) -> str:
    for kind, path in dict(_relations(package, "")).values():
        if kind == "officeDocument":
            return path
    if "word/document.xml" not in package:
        raise UnsupportedFile(
            f"{package.name} is no Word document, whatever its ending: give it the ending of what it is"
        )
    return "word/document.xml"


def _of_kind(package: Package, related: Relations, kind: str) -> Element | None:
    path = next((path for found, path in related.values() if found == kind), None)
    return parse_part(package, path, _PREFIXES) if path else None


def _notes(package: Package, related: Relations) -> dict[tuple[str, str], Element]:
    """The footnotes and endnotes by kind and id, without the lines that part them from the text."""
    notes = {}
    for kind in ("footnote", "endnote"):
        root = _of_kind(package, related, f"{kind}s")
        for note in root if root is not None else ():
            if note.get("w:type", "normal") == "normal":
                notes[kind, note.get("w:id", "")] = note
    return notes


def _drawn(package: Package, related: Relations, box: Element) -> list[str]:
    """The lines of a chart or a diagram that a drawing refers to."""
    diagram = box.tag == "dgm:relIds"
    _, path = related.get(box.get("r:dm" if diagram else "r:id", ""), ("", ""))
    if not path:
        return []
    root = parse_part(package, path, _PREFIXES)
    return diagram_lines(root) if diagram else chart_lines(root)


def _is_backed(package: Package, related: Relations, root: Element) -> bool:
    """True where a picture or a shape may lie behind the words, on which white ones are seen: a cover page's, say."""
    if _has_backing(root):
        return True
    # What a broken part draws nobody knows.
    return any(part is None or _has_backing(part) for part in _sound(package, related, ("header", "footer")))


def _sound(package: Package, related: Relations, kinds: tuple[str, ...]) -> Iterator[Element | None]:
    """The parts of these kinds of which no word is read: a broken one is None, and the document is read without it."""
    for kind, path in related.values():
        if kind in kinds:
            try:
                part = parse_part(package, path, _PREFIXES)
            except UnreadableFile:
                part = None
            yield part


def _has_backing(part: Element) -> bool:
    if part.tag == "w:pict" or part.get("behindDoc") in ("1", "true", "on"):
        return True
    # A fallback draws once more what stands before it.
    return any(_has_backing(child) for child in part if child.tag != "mc:Fallback")


def _details(package: Package, heading: str | None) -> FrontMatter:
    """What core properties and cover page say; a title that the document shows goes before the one in there."""
    core = _core(package)
    return FrontMatter(
        heading or believed_title(text_of(core, "dc:title")),
        Details(
            published=day_of(text_of(_cover(package), "cover:PublishDate")),
            author=believed_author(text_of(core, "dc:creator")),
            language=language_of(text_of(core, "dc:language")),
        ),
    )


def _core(package: Package) -> Element | None:
    path = next((path for _, (kind, path) in _relations(package, "") if kind == "core-properties"), None)
    return parse_part(package, path, _PREFIXES) if path else None


def _cover(package: Package) -> Element | None:
    """What was filled in on a cover page that Word made."""
    for member in [member for member in package.names if _COVER.fullmatch(member)][:_MOST_COVERS]:
        root = parse_part(package, member, _PREFIXES)
        if root.tag == "cover:CoverPageProperties":
            return root
    return None
