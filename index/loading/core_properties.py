"""What an office document says of itself: title, author and language of its core properties.

What programs put there by themselves is no title and no author. The dates there say when a document was begun and last
saved, often those of a template or of another document, not when it was published: they are not taken.
"""

from __future__ import annotations

import re

from index.documents import Details
from index.errors import UnreadableFile
from index.loading.canonical import one_line
from index.loading.front_matter import FrontMatter
from index.loading.zipped import Package

MEMBER = "docProps/core.xml"

_LONGEST_TITLE = 300
_NO_TITLES = frozenset({"powerpoint presentation", "powerpoint-präsentation", "presentación de powerpoint"})
_PROGRAMS = frozenset({"openpyxl", "python-pptx", "python-docx", "xlsxwriter", "microsoft office user", "apache poi"})


def core_properties(package: Package) -> FrontMatter:
    """Title and details; nothing where the document has none, or none that can be read."""
    if MEMBER not in package:
        return FrontMatter()
    fields = _fields(package)
    title, author = fields.get("title", ""), fields.get("creator", "")
    language = re.fullmatch("([a-z]{2})(?:[-_].*)?", fields.get("language", "").lower())
    return FrontMatter(
        title[:_LONGEST_TITLE] if title and title.lower() not in _NO_TITLES else None,
        Details(
            author=author if author and author.lower() not in _PROGRAMS else None,
            language=language[1] if language else None,
        ),
    )


def _fields(package: Package) -> dict[str, str]:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(package.read(MEMBER), parser)
    except (etree.XMLSyntaxError, UnreadableFile):
        return {}
    return {etree.QName(element).localname: one_line(element.text or "") for element in root.iterchildren("{*}*")}
