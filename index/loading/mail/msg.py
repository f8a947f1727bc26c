"""MSG: mails as Outlook saves them (MS-OXMSG), an OLE file in which each property of the mail is a stream.

Mails that are attached to a mail are handed on in the form in which mails are sent. Meetings and tasks are read as
the mails that they were sent as.
"""

from __future__ import annotations

import contextlib
import datetime
import email.policy
import email.utils
import io
import re
import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from email.message import EmailMessage

from index.documents import Loaded
from index.errors import InvalidInput, UnreadableFile, UnsupportedFile
from index.loading.attached import attached, safe_name
from index.loading.canonical import one_line
from index.loading.html import known_encoding
from index.loading.mail import Mail, Words, shown, words_of
from index.loading.mail.eml import decoded
from index.loading.mail.packed_rtf import html_of_rtf, unpacked
from index.loading.rtf import load_rtf

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PROPERTIES = "__properties_version1.0"
_STREAM = re.compile(r"__substg1\.0_([0-9A-F]{4})([0-9A-F]{4})", re.IGNORECASE)
_ENTRY = struct.Struct("<HHI8s")
_TEXT, _BYTES_TEXT, _BYTES, _TIME, _NUMBER = 0x001F, 0x001E, 0x0102, 0x0040, 0x0003
_SUBJECT, _SENT, _RECEIVED, _HEADERS = 0x0037, 0x0039, 0x0E06, 0x007D
_SENDER, _SENDER_ADDRESS, _SENDER_SMTP, _FOR = 0x0C1A, 0x0C1F, 0x5D01, 0x0042
_BODY, _HTML, _RTF, _CODE_PAGE, _MESSAGE_CODE_PAGE = 0x1000, 0x1013, 0x1009, 0x3FDE, 0x3FFD
_SHOWN_TO, _SHOWN_CC, _NAME, _SMTP, _ADDRESS, _ROLE = 0x0E04, 0x0E03, 0x3001, 0x39FE, 0x3003, 0x0C15
_DATA, _FILE, _SHORT_FILE, _CONTENT_ID, _HIDDEN, _MIME = 0x3701, 0x3707, 0x3704, 0x3712, 0x7FFE, 0x370E
_EMBEDDED = "__substg1.0_3701000D"
_TO, _CC = 1, 2
_MOST_NESTING = 20
_MOST_ATTACHMENTS = 1_000
# It checks little of what it reads: these are what wrong numbers in a file make it raise.
_BROKEN = (OSError, ValueError, LookupError, TypeError, AttributeError, struct.error, RecursionError, OverflowError)
_EPOCH = datetime.datetime(1601, 1, 1, tzinfo=datetime.UTC)


@dataclass(frozen=True, slots=True)
class _Storage:
    """A folder of an OLE file: the streams in it by name, and the folders in it."""

    streams: Mapping[str, bytes]
    folders: Mapping[str, _Storage]


class _Properties:
    """The properties of a mail, a recipient or an attachment, by number."""

    def __init__(self, storage: _Storage, encoding: str | None) -> None:
        self._numbers: dict[int, bytes] = {}
        self._streams: dict[int, tuple[int, bytes]] = {}
        table = storage.streams.get(_PROPERTIES, b"")
        # The header before the entries is 8, 24 or 32 bytes long: all are multiples of 8, entries of 16.
        for kind, number, _, value in _ENTRY.iter_unpack(table[len(table) % 16 :] if len(table) >= 16 else b""):
            if kind in (_TIME, _NUMBER, 0x000B):
                self._numbers.setdefault(number, value)
        for name, data in storage.streams.items():
            match = _STREAM.fullmatch(name)
            if match:
                self._streams[int(match[1], 16)] = (int(match[2], 16), data)
        self.encoding = encoding or self._code_page()

    def text(self, *numbers: int) -> str:
        """The first of these properties that holds words."""
        for number in numbers:
            kind, data = self._streams.get(number, (0, b""))
            if kind == _TEXT and (words := data.decode("utf-16-le", "replace").rstrip("\0")):
                return words
            if kind == _BYTES_TEXT and (words := data.rstrip(b"\0").decode(self.encoding, "replace")):
                return words
        return ""

    def data(self, number: int) -> bytes:
        """The bytes of a property; none where it is missing."""
        return self._streams.get(number, (0, b""))[1]

    def number(self, number: int) -> int:
        """A number; 0 where it is missing."""
        return int.from_bytes(self._numbers.get(number, b"")[:4], "little")

    def time(self, *numbers: int) -> str:
        """The first of these times, as a mail's header writes it."""
        for number in numbers:
            ticks = int.from_bytes(self._numbers.get(number, b""), "little")
            try:
                when = _EPOCH + datetime.timedelta(microseconds=ticks // 10)
            except OverflowError:
                continue
            if ticks:
                return email.utils.format_datetime(when)
        return ""

    def html(self, name: str) -> Words | None:
        """The body in HTML, as bytes or as words."""
        kind, data = self._streams.get(_HTML, (0, b""))
        if kind == _BYTES:
            page = self.number(_CODE_PAGE)
            return words_of(name, data, _code_page_name(page) if page else None, html=True)
        words = self.text(_HTML)
        return Words(words, html=True) if words else None

    def _code_page(self) -> str:
        for number in (_MESSAGE_CODE_PAGE, _CODE_PAGE):
            found = known_encoding(_code_page_name(self.number(number)))
            if found:
                return found
        return "cp1252"


def load_msg(name: str, data: bytes) -> Loaded:
    """Read a mail that Outlook saved. Raises `UnreadableFile` or `UnsupportedFile`."""
    root = _opened(name, data)
    if _PROPERTIES not in root.streams:
        raise UnsupportedFile(f"{name} is an office document but no mail: give it the ending of what it is")
    return shown(name, _mail(name, root, None, 0), "application/vnd.ms-outlook")


def _opened(name: str, data: bytes) -> _Storage:
    import olefile

    if not data.startswith(_OLE):
        raise UnsupportedFile(f"{name} is no mail saved by Outlook: give it the ending of what it is")
    try:
        with olefile.OleFileIO(io.BytesIO(data)) as ole:
            paths = ole.listdir()
            # Streams share no bytes: more than the file has are a bomb.
            if sum(map(ole.get_size, paths)) > len(data):
                raise UnreadableFile(f"{name} is broken (its parts overlap): save it from Outlook again")
            return _storage({tuple(path): ole.openstream(path).read() for path in paths})
    except _BROKEN as error:
        raise UnreadableFile(f"{name} is broken or cut short: save it from Outlook again") from error


def _storage(streams: Mapping[tuple[str, ...], bytes]) -> _Storage:
    """Streams by path as folders in folders."""
    inner: dict[str, dict[tuple[str, ...], bytes]] = {}
    for path, data in streams.items():
        if len(path) > 1:
            inner.setdefault(path[0], {})[path[1:]] = data
    own = {path[0]: data for path, data in streams.items() if len(path) == 1}
    return _Storage(own, {name: _storage(deeper) for name, deeper in inner.items()})


def _mail(name: str, storage: _Storage, encoding: str | None, depth: int) -> Mail:
    properties = _Properties(storage, encoding)
    people = [_Properties(one, properties.encoding) for key, one in storage.folders.items() if "__recip" in key]
    sent = _headers(properties.text(_HEADERS))
    sender = _person(properties.text(_SENDER, _FOR), properties.text(_SENDER_SMTP, _SENDER_ADDRESS))
    headers = (
        ("From", sender or sent.get("from", "")),
        ("To", _people(people, _TO) or one_line(properties.text(_SHOWN_TO)) or sent.get("to", "")),
        ("Cc", _people(people, _CC) or one_line(properties.text(_SHOWN_CC)) or sent.get("cc", "")),
        ("Date", sent.get("date", "") or properties.time(_SENT, _RECEIVED)),
        ("Subject", one_line(properties.text(_SUBJECT))),
    )
    words = _body(name, properties)
    return Mail(headers, tuple(words), attached(_files(name, storage, properties, depth)))


def _body(name: str, properties: _Properties) -> Iterator[Words]:
    """Plain text, or else HTML, or else what is packed as RTF."""
    plain = properties.text(_BODY)
    html = properties.html(name)
    if plain.strip():
        yield Words(plain)
    elif html is not None and html.text.strip():
        yield html
    elif rtf := unpacked(properties.data(_RTF)):
        if page := html_of_rtf(rtf):
            yield Words(page, html=True)
            return
        # One part of a mail that has no words is no reason to lose the others.
        with contextlib.suppress(InvalidInput):
            yield Words(load_rtf(name, rtf).text)


def _files(name: str, storage: _Storage, properties: _Properties, depth: int) -> Iterator[tuple[str, bytes]]:
    folders = [one for key, one in sorted(storage.folders.items()) if "__attach" in key]
    if len(folders) > _MOST_ATTACHMENTS or (folders and depth > _MOST_NESTING):
        raise UnreadableFile(f"{name} has too many attachments, or mails in mails: save them one by one")
    page = properties.html(name)
    for folder in folders:
        file = _Properties(folder, properties.encoding)
        given = safe_name(one_line(file.text(_FILE, _SHORT_FILE, _NAME)))
        content_id = file.text(_CONTENT_ID)
        shown_in = bool(content_id and page is not None and f"cid:{content_id}" in page.text) or file.number(_HIDDEN)
        if _EMBEDDED in folder.folders:
            inner = _mail(name, folder.folders[_EMBEDDED], properties.encoding, depth + 1)
            subject = safe_name(dict(inner.headers)["Subject"].replace("/", "-"))
            yield f"{subject or given or 'mail'}.eml", _as_sent(inner)
        elif file.data(_DATA) and not (shown_in and file.text(_MIME).startswith("image/")):
            yield given or "attachment", file.data(_DATA)


def _as_sent(mail: Mail) -> bytes:
    """A mail as bytes in the form in which mails are sent."""
    message = EmailMessage(policy=email.policy.SMTP)
    for words in mail.words:
        message.set_content(words.text, subtype="html" if words.html else "plain", charset="utf-8", cte="base64")
    for file in mail.attachments:
        message.add_attachment(file.data, maintype="application", subtype="octet-stream", filename=file.name)
    # As they are, in UTF-8: the library would refuse addresses that are none.
    headers = "".join(f"{key}: {value}\r\n" for key, value in mail.headers if value)
    return headers.encode("utf-8", "replace") + message.as_bytes()


def _headers(text: str) -> dict[str, str]:
    """The headers under which a mail was received."""
    unfolded = re.sub(r"\r?\n[ \t]+", " ", text[:200_000])
    found = re.findall(r"^(from|to|cc|date):[ \t]*([^\r\n]*)", unfolded, re.IGNORECASE | re.MULTILINE)
    return {key.lower(): decoded(value) for key, value in reversed(found)}


def _people(people: list[_Properties], role: int) -> str:
    found = [_person(one.text(_NAME), one.text(_SMTP, _ADDRESS)) for one in people if one.number(_ROLE) == role]
    return ", ".join(filter(None, found))


def _person(name: str, address: str) -> str:
    """A name with its address; Exchange has addresses that nobody writes to."""
    name, address = one_line(name).strip("'\" "), one_line(address)
    if "@" not in address or address == name:
        return name or address
    return f"{name} <{address}>" if name else address


def _code_page_name(page: int) -> str:
    return {65001: "utf-8", 20127: "us-ascii", 28591: "iso-8859-1", 20866: "koi8-r", 21866: "koi8-u"}.get(
        page, f"iso-8859-{page - 28590}" if 28591 < page <= 28605 else f"cp{page}"
    )
