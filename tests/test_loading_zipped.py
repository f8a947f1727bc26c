"""Documents that are ZIP files: limits, paths, and files that are broken or lie about themselves."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import DossierError, UnreadableFile, UnsupportedFile
from index.loading import zipped
from index.loading.zipped import open_package


def packed(members: dict[str, bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", method) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return made.getvalue()


GOOD = packed({"a.xml": b"<a/>" * 50, "folder/": b"", "folder\\b.bin": bytes(range(256))})


def test_members_are_read_and_folders_left_out() -> None:
    package = open_package("x.docx", GOOD)
    assert package.names == ("a.xml", "folder/b.bin")
    assert package.read("a.xml") == b"<a/>" * 50
    assert package.read("folder/b.bin") == bytes(range(256))
    assert "a.xml" in package
    assert "c.xml" not in package
    with pytest.raises(UnreadableFile, match=r"x\.docx lacks its part c\.xml"):
        package.read("c.xml")


@pytest.mark.parametrize(
    ("data", "problem", "says"),
    [
        (b"", UnreadableFile, "empty"),
        (b"%PDF-1.7 some text", UnsupportedFile, "not what its ending says"),
        (GOOD[:-40], UnreadableFile, "broken or cut short"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, UnsupportedFile, "old office document"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            UnreadableFile,
            "password",
        ),
        (packed({"../../etc/passwd": b"x"}), UnreadableFile, "leads out"),
        (packed({"a\\..\\b": b"x"}), UnreadableFile, "leads out"),
    ],
)
def test_what_is_no_good_package_is_said(data: bytes, problem: type[DossierError], says: str) -> None:
    with pytest.raises(problem, match=says) as caught:
        open_package("x.docx", data)
    assert str(caught.value).startswith("x.docx")


def test_a_member_that_repeats_a_thousandfold_is_refused() -> None:
    with pytest.raises(UnreadableFile, match=r"a\.xml unpacks to over 250 times"):
        open_package("x.docx", packed({"a.xml": b"a" * 3_000_000}))
    open_package("x.docx", packed({"a.xml": b"a" * 900_000}))


def test_numbers_and_sizes_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    data = packed({f"{number}.xml": bytes(100) for number in range(11)}, zipfile.ZIP_STORED)
    open_package("x.docx", data)
    for limit, value, says in (
        ("MOST_MEMBERS", 10, "11 files"),
        ("MOST_MEMBER_BYTES", 99, "unpacks to more"),
        ("MOST_BYTES", 1099, "unpacks to more"),
    ):
        with monkeypatch.context() as patched:
            patched.setattr(zipped, limit, value)
            with pytest.raises(UnreadableFile, match=says):
                open_package("x.docx", data)


def test_a_member_that_lies_about_its_size_is_not_unpacked_whole() -> None:
    data = bytearray(packed({"a.xml": b"a" * 50_000_000}))
    for signature, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        struct.pack_into("<I", data, data.index(signature) + offset, 1000)
    package = open_package("x.docx", bytes(data))
    tracemalloc.start()
    with pytest.raises(UnreadableFile, match="broken"):
        package.read("a.xml")
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 5_000_000


def test_members_with_a_password_or_an_odd_method_are_named() -> None:
    data = bytearray(packed({"a.xml": b"text"}))
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(signature) + offset] |= 1
    with pytest.raises(UnreadableFile, match="password"):
        open_package("x.docx", bytes(data)).read("a.xml")
    with pytest.raises(UnreadableFile, match="packed in a way"):
        open_package("x.docx", packed({"a.xml": b"text"}, zipfile.ZIP_BZIP2)).read("a.xml")


@settings(max_examples=150, deadline=None)
@given(place=st.integers(0, len(GOOD) - 1), value=st.integers(0, 255), end=st.integers(0, len(GOOD)))
def test_damage_anywhere_is_an_error_of_ours(place: int, value: int, end: int) -> None:
    data = bytearray(GOOD)
    data[place] = value
    problem = ""
    for damaged in (bytes(data), bytes(data)[:end]):
        try:
            package = open_package("x.docx", damaged)
            for member in package.names:
                package.read(member)
        except DossierError as error:
            problem = str(error)
        assert not problem or problem.startswith("x.docx")
