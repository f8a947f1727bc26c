"""Pictures that are cut off, that lie about themselves, or that would take all memory: refused, and never a crash."""

from __future__ import annotations

import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from index.errors import UnreadableFile, UnsupportedFile
from index.loading import load
from index.loading.apart import Loaders
from index.settings import IndexSettings
from tests.scan_files import saved
from tests.test_loading import assert_loads_or_says_why

pytestmark = pytest.mark.slow

BROKEN = r"is broken or cut off, and cannot be read as a picture"


def drawing() -> Image.Image:
    """A small picture with a stroke that is no letter."""
    picture = Image.new("L", (48, 32), "white")
    ImageDraw.Draw(picture).line((4, 4, 40, 28), fill="black", width=3)
    return picture


def chunk(kind: bytes, content: bytes) -> bytes:
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))


def png(width: int, height: int, rows: bytes) -> bytes:
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(rows, 9)) + chunk(b"IEND", b"")


def tiff(width: int, height: int, **tags: int) -> bytes:
    """A TIFF file by hand, of one strip of nothing; its directory is followed by that which `after` says."""
    entries = {256: width, 257: height, 258: 8, 259: 1, 262: 1, 273: 8, 277: 1, 278: height, 279: 64}
    place = 8 + 64
    body = struct.pack("<H", len(entries)) + b"".join(
        struct.pack("<HHII", tag, 4, 1, value) for tag, value in sorted(entries.items())
    )
    return b"II*\0" + struct.pack("<I", place) + bytes(64) + body + struct.pack("<I", tags.get("after", 0))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "TIFF", "WEBP", "BMP"])
def test_a_picture_that_is_cut_off_is_said_to_be(kind: str) -> None:
    whole = saved(Image.effect_noise((200, 200), 90), kind)
    with pytest.raises((UnreadableFile, UnsupportedFile), match=rf"{BROKEN}|is not a picture, or one that is broken"):
        load(f"cut.{kind.lower()}", whole[: len(whole) // 2])


@pytest.mark.parametrize("data", [b"", b"plain text", b"%PDF-1.7", saved(drawing(), "GIF")])
def test_what_is_no_picture_of_these_kinds_is_said_to_be_none(data: bytes) -> None:
    with pytest.raises(UnsupportedFile, match=r"a\.png is not a picture"):
        load("a.png", data)


def test_a_header_that_claims_more_pixels_than_any_page_has_is_refused_before_they_are_made() -> None:
    for width, height in ((100_000, 100_000), (60_000, 2_000), (2**31 - 1, 2**31 - 1)):
        with pytest.raises(UnreadableFile, match=r"huge\.png (says that it has more than 89 million pixels|is broken)"):
            load("huge.png", png(width, height, b"\0" * 1000))
    with pytest.raises(UnreadableFile, match="89 million"):
        load("huge.tif", tiff(50_000, 50_000))


def test_a_header_that_claims_other_pixels_than_there_are_is_broken() -> None:
    with pytest.raises(UnreadableFile, match=BROKEN):
        load("lying.png", png(400, 400, b"\0" * 1000))


def test_a_tiff_whose_directories_go_round_in_a_circle_ends() -> None:
    with pytest.raises(UnreadableFile):
        load("circle.tif", tiff(8, 8, after=72))


def test_a_picture_bomb_is_one_file_refused_and_the_next_is_read() -> None:
    with Loaders(IndexSettings(parse_processes=1, parse_memory_mb=1024)) as loaders:
        for bomb in (png(9_000, 9_000, b"\0" * 9_001 * 9_000), png(100_000, 100_000, b"\0")):
            with pytest.raises(UnreadableFile, match=r"bomb\.png"):
                loaders.load("bomb.png", bomb)
        assert loaders.load("note.csv", b"name,score\nAda,3\n").text == "name: Ada; score: 3"


@settings(max_examples=60, deadline=None)
@given(data=st.data(), kind=st.sampled_from(["JPEG", "PNG", "TIFF", "WEBP", "BMP"]))
def test_mutated_pictures_load_or_say_why(data: st.DataObject, kind: str) -> None:
    changed = bytearray(saved(drawing(), kind))
    if data.draw(st.booleans()):
        del changed[data.draw(st.integers(0, len(changed))) :]
    for _ in range(data.draw(st.integers(0, 12))):
        if changed:
            changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(st.integers(0, 255))
    assert_loads_or_says_why(f"a.{kind.lower()}", bytes(changed))
