"""RTF documents: the text in order, title and author from the file's own information.

Left out: pictures and other binary data, hidden and deleted text, headers and footers, annotations, tables of contents.
The dates in a file say when it was begun and last saved, not when it was published: none is taken.
"""

from __future__ import annotations

import codecs

from index.documents import Details, Loaded
from index.errors import UnreadableFile, UnsupportedFile
from index.loading.canonical import one_line
from index.loading.finishing import finish
from index.loading.front_matter import FrontMatter
from index.loading.properties import believed_author, believed_title
from index.loading.rtf.reader import Reader
from index.loading.rtf.tokens import tokens

_MEDIA_TYPE = "application/rtf"
_LONGEST = 300


def load_rtf(name: str, data: bytes) -> Loaded:
    """Read an RTF document. Raises `UnreadableFile` or `UnsupportedFile`."""
    content = data.removeprefix(codecs.BOM_UTF8).lstrip(b" \t\r\n")
    if not content:
        raise UnreadableFile(f"{name} is empty: there is nothing in it to search, leave it out")
    if not content.startswith(b"{\\rtf"):
        raise UnsupportedFile(f"{name} is no RTF document, whatever its ending: give it the ending of what it is")
    reader = Reader(utf8=_is_utf8(content))
    for token in tokens(content):
        reader.take(token)
    body = reader.body()
    title, author = (one_line("".join(said))[:_LONGEST] for said in (reader.head.title, reader.head.author))
    details = Details(author=believed_author(author))
    return finish(name, body, FrontMatter(reader.title or believed_title(title), details), _MEDIA_TYPE)


def _is_utf8(data: bytes) -> bool:
    """True for what the format does not allow and programs write: characters in UTF-8 instead of escapes."""
    if data.isascii():
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
