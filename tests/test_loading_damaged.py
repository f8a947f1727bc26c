"""Workbooks and presentations that are damaged or lie about themselves: they load or are refused, and never crash."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pptx import Presentation

from index.errors import UnreadableFile
from index.loading import load
from tests.test_loading import assert_loads_or_says_why
from tests.test_loading_pptx import CONTENT, add_list, saved
from tests.test_loading_xlsx import TABLE, book, repacked


@pytest.mark.parametrize(("name", "member"), [("book.xlsx", "xl/styles.xml"), ("talk.pptx", "ppt/presProps.xml")])
def test_a_part_that_lies_about_its_size_is_not_unpacked_whole(name: str, member: str) -> None:
    whole = io.BytesIO(book(*TABLE))
    if name == "talk.pptx":
        Presentation().save(whole)
    long = repacked(whole.getvalue(), lambda path, content: content + b" " * 50_000_000 * (path == member))
    data = bytearray(long)
    with zipfile.ZipFile(io.BytesIO(long)) as archive:
        struct.pack_into("<I", data, archive.getinfo(member).header_offset + 22, 1_000)
    central = data.rindex(member.encode()) - 46
    struct.pack_into("<I", data, central + 24, 1_000)
    assert data[central : central + 4] == b"PK\x01\x02"
    tracemalloc.start()
    with pytest.raises(UnreadableFile, match=f"its part {member} is broken"):
        load(name, bytes(data))
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 20_000_000


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_mutated_workbooks_load_or_say_why(data: st.DataObject) -> None:
    whole = book(*TABLE)
    member = data.draw(st.sampled_from(sorted(zipfile.ZipFile(io.BytesIO(whole)).namelist())))

    def change(name: str, content: bytes) -> bytes:
        if name != member:
            return content
        start = data.draw(st.integers(0, len(content)))
        return content[:start] + data.draw(st.binary(max_size=3)) + content[start + data.draw(st.integers(0, 9)) :]

    assert_loads_or_says_why("book.xlsx", repacked(whole, change))


@settings(max_examples=40, deadline=None)
@given(data=st.data())
def test_mutated_presentations_load_or_say_why(data: st.DataObject) -> None:
    made = Presentation()
    add_list(made.slides.add_slide(made.slide_layouts[CONTENT]))
    whole = saved(made)
    names = [name for name in zipfile.ZipFile(io.BytesIO(whole)).namelist() if "slideLayouts" not in name]
    member = data.draw(st.sampled_from(sorted(names)))

    def change(name: str, content: bytes) -> bytes:
        if name != member:
            return content
        start = data.draw(st.integers(0, len(content)))
        return content[:start] + data.draw(st.binary(max_size=3)) + content[start + data.draw(st.integers(0, 9)) :]

    assert_loads_or_says_why("talk.pptx", repacked(whole, change))
