"""Opening ZIP archives: which members are handed on, under which names, and archives that are broken or bombs."""

from __future__ import annotations

import contextlib
import io
import struct
import zipfile
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import DossierError, UnreadableFile, UnsupportedFile
from index.loading import load


def zipped(*members: tuple[str, bytes]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            archive.writestr(name, data)
    return packed.getvalue()


def test_members_become_attachments_and_what_systems_leave_behind_does_not() -> None:
    loaded = load(
        "Field notes.zip",
        zipped(
            ("notes/", b""), ("notes/año.md", b"# A"), ("b.txt", b"b"), ("inner.zip", zipped(("c.txt", b"c"))),
            ("__MACOSX/._b.txt", b"x"), (".DS_Store", b"x"), ("notes/.hidden/d.txt", b"x"), ("Thumbs.db", b"x"),
            ("empty.txt", b""),
        ),
    )  # fmt: skip
    assert [(one.name, one.data) for one in loaded.attachments[:2]] == [("notes/año.md", b"# A"), ("b.txt", b"b")]
    assert [one.name for one in loaded.attachments[2:]] == ["inner.zip", "empty.txt"]
    assert (loaded.text, loaded.title, loaded.sections) == ("", "Field notes", ())
    assert loaded.details.media_type == "application/zip"


def test_names_that_lead_out_of_the_archive_are_made_safe_and_kept_apart() -> None:
    loaded = load(
        "a.zip",
        zipped(("../../etc/passwd", b"1"), ("/etc/passwd", b"2"), ("C:\\x\\..\\y.txt", b"3"), ("a\nb.txt", b"4")),
    )
    assert [(one.name, one.data) for one in loaded.attachments] == [
        ("etc/passwd", b"1"), ("etc/passwd (2)", b"2"), ("x/y.txt", b"3"), ("a b.txt", b"4"),
    ]  # fmt: skip


def protected() -> bytes:
    data = bytearray(zipped(("a.txt", b"words")))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def lying() -> bytes:
    """An archive whose member says that it is smaller than it is."""
    data = bytearray(zipped(("a.txt", b"0" * 100_000)))
    place = data.index(b"PK\x01\x02")
    data[place + 24 : place + 28] = struct.pack("<I", 10)
    data[place + 16 : place + 20] = struct.pack("<I", zlib.crc32(b"0" * 10))
    return bytes(data)


@pytest.mark.parametrize(
    ("data", "error", "said"),
    [
        (b"", UnreadableFile, "is empty"),
        (zipped(), UnreadableFile, "holds no files"),
        (zipped(("a/", b""), (".b", b"x"), ("..", b"x")), UnreadableFile, "holds no files"),
        (b"words", UnsupportedFile, "no ZIP"),
        (zipped(("a.txt", b"words" * 100))[:-30], UnreadableFile, "broken or cut short"),
        (protected(), UnreadableFile, "password"),
        (zipped(("a.txt", b"0" * 20_000_000)), UnreadableFile, "250 times its size"),
        (zipped(*((f"{number}", b"") for number in range(10_001))), UnreadableFile, "more than 10,000"),
    ],
    ids=range(8),
)
def test_what_cannot_be_opened_is_said(data: bytes, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=rf"^a\.zip.*{said}"):
        load("a.zip", data)


def test_a_member_that_lies_about_its_size_does_not_unpack_to_more() -> None:
    with contextlib.suppress(UnreadableFile):
        assert sum(len(one.data) for one in load("a.zip", lying()).attachments) <= 11


SAMPLE = zipped(("a.txt", b"words"), ("b/c.txt", b"more words" * 10))


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(SAMPLE) - 1), st.binary(min_size=1, max_size=3)), max_size=5))
def test_a_damaged_archive_gives_its_members_or_an_error_of_ours(changes: list[tuple[int, bytes]]) -> None:
    damaged = bytearray(SAMPLE)
    for place, new in changes:
        damaged[place : place + len(new)] = new
    problem = ""
    try:
        assert load("a.zip", bytes(damaged)).attachments
    except DossierError as error:
        problem = str(error)
    assert not problem or "a.zip" in problem
