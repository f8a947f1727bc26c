"""OpenDocument texts (.odt): the body in order, details from meta.xml.

Left out: headers and footers (they are not in the body), annotations, hidden and deleted text, tables of contents,
pictures. The dates in meta.xml say when the file was begun and last saved, not when it was published: none is taken.
"""

from __future__ import annotations

from xml.etree.ElementTree import Element

from index.documents import Details, Loaded
from index.errors import UnreadableFile, UnsupportedFile
from index.loading.canonical import one_line
from index.loading.finishing import finish
from index.loading.front_matter import FrontMatter
from index.loading.odt.body import BodyReader
from index.loading.odt.styles import Styles
from index.loading.properties import believed_author, believed_title, language_of, text_of
from index.loading.xml_parts import below, parse_part
from index.loading.zipped import Package, open_package

_MEDIA_TYPE = "application/vnd.oasis.opendocument.text"
_OASIS = "urn:oasis:names:tc:opendocument:xmlns:"
_PREFIXES = {
    **{f"{_OASIS}{name}:1.0": name for name in ("office", "text", "table", "style", "meta")},
    f"{_OASIS}drawing:1.0": "draw",
    f"{_OASIS}xsl-fo-compatible:1.0": "fo",
    f"{_OASIS}svg-compatible:1.0": "svg",
    "http://purl.org/dc/elements/1.1/": "dc",
    "http://www.w3.org/1999/xlink": "xlink",
    "http://www.w3.org/1998/Math/MathML": "math",
}


def load_odt(name: str, data: bytes) -> Loaded:
    """Read an OpenDocument text. Raises `UnreadableFile` or `UnsupportedFile`."""
    package = open_package(name, data)
    if "META-INF/manifest.xml" in package and b"encryption-data" in package.read("META-INF/manifest.xml"):
        raise UnreadableFile(f"{name} is protected by a password: save it without one and try again")
    root = parse_part(package, "content.xml", _PREFIXES) if "content.xml" in package else None
    text = below(root, "office:body", "office:text")
    if root is None or text is None:
        raise UnsupportedFile(f"{name} is no OpenDocument text, whatever its ending: give it the ending of what it is")
    common = _optional(package, "styles.xml")
    reader = BodyReader(Styles([one for one in (root, common) if one is not None]), lambda box: _equation(package, box))
    reader.read(text)
    meta = below(_optional(package, "meta.xml"), "office:meta")
    return finish(name, reader.body(), _details(meta, reader.title), _MEDIA_TYPE)


def _optional(package: Package, member: str) -> Element | None:
    return parse_part(package, member, _PREFIXES) if member in package else None


def _details(meta: Element | None, heading: str | None) -> FrontMatter:
    author = text_of(meta, "meta:initial-creator") or text_of(meta, "dc:creator")
    return FrontMatter(
        heading or believed_title(text_of(meta, "dc:title")),
        Details(author=believed_author(author), language=language_of(text_of(meta, "dc:language"))),
    )


def _equation(package: Package, box: Element) -> str:
    """An equation as it was typed; nothing for other objects."""
    member = f"{box.get('xlink:href', '').removeprefix('./').rstrip('/')}/content.xml"
    root = _optional(package, member)
    if root is None or root.tag != "math:math":
        return ""
    typed = next(root.iter("math:annotation"), root)
    return one_line(" ".join(typed.itertext()))
