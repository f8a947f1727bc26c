"""Loading mails that Outlook saved, and the RTF in them."""

from __future__ import annotations

import datetime
import struct

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.documents import Loaded
from index.errors import UnreadableFile, UnsupportedFile
from index.loading import load
from index.loading.mail.packed_rtf import html_of_rtf, unpacked
from tests.mail_files import ole, properties
from tests.test_loading import assert_canonical, assert_loads_or_says_why

SENT = datetime.datetime(2022, 9, 30, 22, 15, tzinfo=datetime.UTC)
HEADERS = {0x0037: "Ports: a note", 0x0C1A: "Ana Loor", 0x0C1F: "ana@example.org", 0x0039: SENT}
TO = properties({0x3001: "Luis Z.", 0x39FE: "luis@example.org", 0x0C15: 1}, 8)
CC = properties({0x3001: "eva@example.org", 0x39FE: "eva@example.org", 0x0C15: 2}, 8)


def mail(values: dict[int, object], **folders: object) -> Loaded:
    people = {"__recip_version1.0_#00000000": TO, "__recip_version1.0_#00000001": CC}
    loaded = load("note.msg", ole(properties({**HEADERS, **values}, **{**people, **folders})))  # type: ignore[arg-type]
    assert_canonical(loaded)
    return loaded


HEAD = (
    "From: Ana Loor <ana@example.org>\nTo: Luis Z. <luis@example.org>\nCc: eva@example.org\n"
    "Date: Fri, 30 Sep 2022 22:15:00 +0000\nSubject: Ports: a note"
)


def test_a_mail_is_shown_with_who_when_and_what() -> None:
    loaded = mail({0x1000: "Hello,\r\n\r\nthe words.\r\n", 0x1013: b"<p>Other words"})
    assert loaded.text == f"{HEAD}\n\nHello,\n\nthe words."
    assert (loaded.title, loaded.details.author) == ("Ports: a note", "Ana Loor")
    assert loaded.details.published == datetime.date(2022, 9, 30)
    assert loaded.details.media_type == "application/vnd.ms-outlook"


def test_the_date_of_the_headers_goes_before_that_of_the_program() -> None:
    loaded = mail({0x1000: "x", 0x007D: "Received: by a\r\nDate: Sat, 1 Oct 2022\r\n 00:15:00 +0200\r\nFrom: b\r\n"})
    assert "Date: Sat, 1 Oct 2022 00:15:00 +0200" in loaded.text
    assert loaded.details.published == datetime.date(2022, 10, 1)


def test_without_plain_text_the_page_is_read() -> None:
    page = "<html><body><h1>Señal</h1><p>One<p>Two<div style='display:none'>no</div></body></html>"
    assert mail({0x1013: page.encode("cp1252"), 0x3FDE: 1252}).text == f"{HEAD}\n\nSeñal\n\nOne\n\nTwo"
    assert mail({0x1013: page}).text == f"{HEAD}\n\nSeñal\n\nOne\n\nTwo"


def test_attachments_and_attached_mails_are_handed_on_and_pictures_in_the_page_are_not() -> None:
    inner = properties({0x0037: "Ünder/lying", 0x0C1A: "Eva", 0x1000: "Inner words."}, 24, **{
        "__attach_version1.0_#00000000": properties({0x3701: b"deep", 0x3707: "deep.txt"}, 8)
    })  # fmt: skip
    loaded = mail(
        {0x1013: b"<p>See <img src='cid:pic1'>"},
        **{
            "__attach_version1.0_#00000000": properties({0x3701: b"%PDF-", 0x3707: "..\\re/port.pdf"}, 8),
            "__attach_version1.0_#00000001": properties(
                {0x3701: b"PNG", 0x3707: "p.png", 0x370E: "image/png", 0x3712: "pic1"}, 8
            ),
            "__attach_version1.0_#00000002": {**properties({}, 8), "__substg1.0_3701000D": inner},
            "__attach_version1.0_#00000003": properties({0x3701: b"again", 0x3707: "port.pdf"}, 8),
        },
    )
    assert [one.name for one in loaded.attachments] == ["port.pdf", "Ünder-lying.eml", "port (2).pdf"]
    assert "Attachments: port.pdf, Ünder-lying.eml, port (2).pdf\n\nSee" in loaded.text
    handed_on = load("inner.eml", loaded.attachments[1].data)
    assert handed_on.text == "From: Eva\nSubject: Ünder/lying\nAttachments: deep.txt\n\nInner words."
    assert handed_on.attachments[0].data == b"deep"


def packed(rtf: bytes) -> bytes:
    """RTF packed as mails do, without repeats."""
    pieces = [rtf[place : place + 8] for place in range(0, len(rtf), 8)]
    body = b"".join(b"\x00" + piece for piece in pieces)
    return struct.pack("<II4sI", len(body) + 12, len(rtf), b"LZFu", 0) + body


def test_packed_rtf_is_unpacked() -> None:
    # The example of the specification (MS-OXRTFCP 3.1.1), and one that repeats itself (3.1.2).
    example = bytes.fromhex(
        "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c09002062770 5b06c647d0a800fa0".replace(
            " ", ""
        )
    )
    assert unpacked(example) == b"{\\rtf1\\ansi\\ansicpg1252\\pard hello world}\r\n"
    again = bytes.fromhex("1a0000001c0000004c5a4675e2d44b51410004205758595a0d6e7d010eb0")
    assert unpacked(again) == b"{\\rtf1 WXYZWXYZWXYZWXYZWXYZ}"
    assert unpacked(b"short") == b""


def test_a_mail_with_nothing_but_rtf_is_read_from_it() -> None:
    rtf = (
        rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0\fswiss Arial;}{\f1\fcharset204 Arial;}}{\*\generator x;}"
        rb"\f0 One \'e9\u8364?\{x\}\par{\f1 \'cc\'e8\'f0} {\b two}\line {\pict 00ff}end}"
    )
    assert mail({0x1009: packed(rtf)}).text == f"{HEAD}\n\nOne é€{{x}}\n\nМир two\nend"
    page = (
        rb"{\rtf1\ansi\ansicpg1252\fromhtml1 {\*\htmltag64 <p>}\htmlrtf {\htmlrtf0 Se\'f1al &amp; "
        rb"{\*\htmltag84 <b>}\htmlrtf {\b \htmlrtf0 bold\htmlrtf }\htmlrtf0{\*\htmltag92 </b>}\htmlrtf\par}\htmlrtf0 }"
    )
    assert html_of_rtf(page)
    assert not html_of_rtf(rtf)
    assert mail({0x1009: packed(page)}).text == f"{HEAD}\n\nSeñal & bold"


def test_what_is_no_mail_is_refused() -> None:
    with pytest.raises(UnsupportedFile, match=r"note\.msg is no mail saved by Outlook"):
        load("note.msg", b"From: a\nSubject: b\n\nc")
    with pytest.raises(UnsupportedFile, match="no mail"):
        load("note.msg", ole({"WordDocument": b"words"}))
    with pytest.raises(UnreadableFile, match="broken or cut short"):
        load("note.msg", ole(properties({0x1000: "words" * 2_000}))[:3_000])
    with pytest.raises(UnreadableFile, match="holds no text"):
        load("note.msg", ole(properties({})))


def test_parts_that_overlap_are_refused() -> None:
    data = bytearray(ole(properties({0x1000: "words" * 2_000, 0x0037: "s" * 3_000})))
    for place in range(0, len(data), 4):
        # Every stream says that it is as long as the first.
        if data[place : place + 8] in (struct.pack("<Q", 6_000), struct.pack("<Q", 20_000)):
            data[place : place + 8] = struct.pack("<Q", 25_000)
    with pytest.raises(UnreadableFile, match=r"note\.msg is broken"):
        load("note.msg", bytes(data))


_WORDS = properties({**HEADERS, 0x1000: "Words.", 0x1009: packed(b"{\\rtf1 x}")})
SAMPLE = ole({**_WORDS, "__recip_version1.0_#0": TO})


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(SAMPLE) - 1), st.binary(min_size=1, max_size=4)), max_size=6), st.data())
def test_a_damaged_file_gives_text_or_an_error_of_ours(changes: list[tuple[int, bytes]], data: st.DataObject) -> None:
    damaged = bytearray(SAMPLE)
    for place, new in changes:
        damaged[place : place + len(new)] = new
    end = data.draw(st.integers(0, len(damaged)))
    assert_loads_or_says_why("note.msg", bytes(damaged[: end if end > 600 else len(damaged)]))


MARKS = st.sampled_from(
    [
        b"{",
        b"}",
        b"\\*",
        b"\\htmltag",
        b"\\u-1?",
        b"\\'e",
        b"\\f1",
        b"\\fonttbl",
        b"\\uc9",
        b"x",
        b"\\htmlrtf",
        b"\\par ",
    ]
)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300), st.lists(MARKS))
def test_any_rtf_gives_text(noise: bytes, parts: list[bytes]) -> None:
    html_of_rtf(b"{\\rtf1\\fromhtml1 " + b"".join(parts)).encode("utf-8", "surrogatepass")
    unpacked(b"\xff\xff\x00\x00\xff\xff\x00\x00LZFu\x00\x00\x00\x00" + noise)
