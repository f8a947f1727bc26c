"""EML: mails as they are sent (RFC 5322 and MIME), as far as they are well formed and beyond.

The standard library parses the parts. Headers are decoded here: its own way of reading them fails for some that are
malformed, and takes minutes for lists of thousands of people.
"""

from __future__ import annotations

import base64
import binascii
import codecs
import email.policy
import quopri
import re
from collections.abc import Sequence
from email.message import Message
from email.parser import BytesParser

from index.documents import Loaded
from index.errors import UnreadableFile, UnsupportedFile
from index.loading.attached import attached, safe_name
from index.loading.canonical import one_line
from index.loading.decoding import refuse_signatures
from index.loading.html import known_encoding
from index.loading.mail import Mail, Words, better, shown, words_of

_SHOWN = ("From", "To", "Cc", "Date", "Subject")
# One of these makes a text a mail.
_SIGNS = frozenset({"from", "to", "subject", "date", "received", "message-id", "return-path", "mime-version"})
_MOST_NESTING = 50
_MOST_ATTACHMENTS = 1_000
_SIGNATURES = frozenset(
    {"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature",
     "application/pgp-encrypted"}
)  # fmt: skip
_LOOKS = frozenset({"image", "font"})
_REPORTS = frozenset({"message/delivery-status", "message/disposition-notification", "message/feedback-report"})
_SEALED = frozenset({"application/pkcs7-mime", "application/x-pkcs7-mime"})
_ENCODED = re.compile(r"=\?([^?\s]{1,60})\?([bBqQ])\?([^?]*)\?=")
_ENDINGS = {"text/plain": ".txt", "text/html": ".html", "application/pdf": ".pdf", "text/calendar": ".ics"}
_POLICY = email.policy.compat32


def load_eml(name: str, data: bytes) -> Loaded:
    """Read a mail. Raises `UnreadableFile` or `UnsupportedFile`."""
    return shown(name, read_eml(name, data), "message/rfc822")


def read_eml(name: str, data: bytes) -> Mail:
    """The mail in a file. Raises `UnreadableFile` or `UnsupportedFile`."""
    refuse_signatures(name, data)
    data = data.removeprefix(codecs.BOM_UTF8).lstrip(b"\r\n\t ")
    try:
        message = BytesParser(policy=_POLICY).parsebytes(data)
    except RecursionError as error:
        raise UnreadableFile(f"{name} holds mails in mails too deep to be read: take them apart") from error
    headers = {key.lower(): value for key, value in reversed(list(message.raw_items()))}
    if _SIGNS.isdisjoint(headers):
        raise UnsupportedFile(
            f"{name} is no mail (it has no sender, subject or date): give it the ending of what it is"
        )
    reading = _Parts(name)
    reading.take(message, 0)
    if reading.sealed and not reading.words:
        raise UnreadableFile(f"{name} is encrypted: open it in a mail program and save it without encryption")
    lines = tuple((key, decoded(headers[key.lower()])) for key in _SHOWN if key.lower() in headers)
    return Mail(lines, tuple(reading.words), attached(reading.files))


def decoded(value: str) -> str:
    """The words of a header: encoded words decoded, bytes beyond ASCII as UTF-8 or else as Western text."""
    data = str(value).encode("utf-8", "surrogateescape")
    try:
        text = data.decode()
    except UnicodeDecodeError:
        text = data.decode("cp1252", "replace")
    text = re.sub(r"\?=\s+=\?", "?==?", text)
    parts: list[str] = []
    place = 0
    waiting: tuple[str, bytes] | None = None
    for match in _ENCODED.finditer(text):
        word = _word(match[2], match[3])
        encoding = known_encoding(match[1].split("*")[0]) or "utf-8"
        # A character may be cut in two between two words.
        if waiting is not None and (match.start() > place or waiting[0] != encoding):
            parts.append(waiting[1].decode(waiting[0], "replace"))
            waiting = None
        parts.append(text[place : match.start()])
        waiting = (encoding, (waiting[1] if waiting else b"") + word)
        place = match.end()
    if waiting is not None:
        parts.append(waiting[1].decode(waiting[0], "replace"))
    return one_line("".join([*parts, text[place:]]))


def _word(kind: str, text: str) -> bytes:
    raw = text.encode("utf-8", "replace")
    if kind in "qQ":
        return quopri.decodestring(raw, header=True)
    try:
        return base64.b64decode(raw + b"=" * (-len(raw) % 4))
    except (binascii.Error, ValueError):
        return raw


class _Parts:
    """Takes the parts of a mail one by one."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.words: list[Words] = []
        self.files: list[tuple[str, bytes]] = []
        self.sealed = False

    def take(self, part: Message, depth: int) -> None:
        """Take a part and those within it."""
        kind = part.get_content_type()
        inner = _inner(part)
        if depth > _MOST_NESTING:
            raise UnreadableFile(f"{self.name} holds parts more than {_MOST_NESTING} deep: take them apart")
        if inner and kind == "multipart/alternative":
            self._alternatives(inner, depth)
        elif inner and kind in _REPORTS:
            self._add(Words("\n\n".join(map(_fields, inner))))
        elif inner and kind.startswith("message/"):
            self._file(part, self._attached_mail(part, inner[0]), ".eml", decoded(str(inner[0].get("subject", ""))))
        elif inner:
            self.sealed = self.sealed or kind == "multipart/encrypted"
            for one in inner:
                # Beside a page there are the pictures that it shows.
                if kind != "multipart/related" or one is inner[0] or one.get_content_maintype() not in _LOOKS:
                    self.take(one, depth + 1)
        elif kind in _SIGNATURES or self._pictured(part):
            return
        elif kind in _SEALED or (self.sealed and kind == "application/octet-stream"):
            self.sealed = True
        elif self._is_words(part, kind):
            self._add(self._words(part, kind))
        else:
            self._file(part, _bytes(part), _ENDINGS.get(kind, ""), "")

    def _alternatives(self, parts: Sequence[Message], depth: int) -> None:
        """Take the better of the forms in which the same words were sent, and the files that came along with any."""
        forms: dict[bool, list[Words]] = {}
        for one in parts:
            form = _Parts(self.name)
            form.take(one, depth + 1)
            self.files += form.files
            self.sealed = self.sealed or form.sealed
            if form.words:
                forms.setdefault(form.words[0].html, form.words)
        plain, html = forms.get(False, []), forms.get(True, [])
        if plain and html:
            self.words += html if better(plain[0], html[0]).html else plain
        else:
            self.words += plain or html

    def _pictured(self, part: Message) -> bool:
        """True for a picture that is shown in the mail and not sent with it."""
        shown_in = part.get_content_disposition() == "inline" or ("content-id" in part and self._has_page())
        return part.get_content_maintype() == "image" and shown_in and part.get_content_disposition() != "attachment"

    def _has_page(self) -> bool:
        return any(words.html for words in self.words)

    def _is_words(self, part: Message, kind: str) -> bool:
        if part.get_content_disposition() == "attachment":
            return False
        if kind in ("text/plain", "text/html"):
            return not _file_name(part)
        return kind in ("text/rfc822-headers", "text/enriched") or part.is_multipart() or kind.startswith("multipart/")

    def _words(self, part: Message, kind: str) -> Words:
        flowed = str(part.get_param("format", "")).lower() == "flowed"
        return words_of(self.name, _bytes(part), part.get_content_charset(), html=kind == "text/html", flowed=flowed)

    def _add(self, words: Words) -> None:
        if words.text.strip():
            self.words.append(words)

    def _file(self, part: Message, data: bytes, ending: str, title: str) -> None:
        if len(self.files) >= _MOST_ATTACHMENTS:
            raise UnreadableFile(f"{self.name} has more than {_MOST_ATTACHMENTS:,} attachments: save them one by one")
        name = safe_name(_file_name(part)) or safe_name(title.replace("/", "-")) or "attachment"
        if ending == ".eml" and not name.lower().endswith(".eml"):
            name += ending
        self.files.append((name if "." in name else name + ending, data))

    def _attached_mail(self, part: Message, inner: Message) -> bytes:
        """The bytes of a mail in a mail."""
        try:
            data = inner.as_bytes(policy=_POLICY)
        except (ValueError, LookupError, TypeError, AttributeError) as error:
            raise UnreadableFile(f"{self.name}: a mail attached to it is broken: take it out") from error
        if str(part.get("content-transfer-encoding", "")).strip().lower() != "base64":
            return data
        try:
            return base64.b64decode(data)
        except (binascii.Error, ValueError):
            return data


def _inner(part: Message) -> list[Message]:
    """The parts of a part; none for what is no whole of parts."""
    payload = part.get_payload()
    return [one for one in payload if isinstance(one, Message)] if isinstance(payload, list) else []


def _fields(part: Message) -> str:
    """The fields of a report, as on what became of a mail, each on its line."""
    return "\n".join(f"{key}: {decoded(value)}" for key, value in part.raw_items())


def _bytes(part: Message) -> bytes:
    """What a part holds, with its transfer encoding undone."""
    payload = part.get_payload(decode=True)
    if isinstance(payload, bytes):
        return payload
    raw = part.get_payload()
    return raw.encode("utf-8", "surrogateescape") if isinstance(raw, str) else b""


def _file_name(part: Message) -> str:
    """The name that a part gives for the file in it; empty where it gives none that can be read."""
    try:
        found = part.get_filename()
    except (ValueError, LookupError, TypeError, AttributeError):
        return ""
    return decoded(found) if found else ""
