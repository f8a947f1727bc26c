"""Loading RTF: code pages and escapes, blocks, and what is left out."""

from __future__ import annotations

import time

import pytest

from index.documents import Loaded
from index.errors import UnreadableFile, UnsupportedFile
from index.loading import load

HEAD = (
    r"{\fonttbl{\f0\froman\fcharset0{\*\panose 0202}Times;}{\f1\fcharset2 Symbol;}{\f2\fcharset204 Times Cyr;}"
    r"{\f3\fcharset238 Arial CE;}{\f4\fcharset128 MS Mincho;}{\f5\fmodern\fcharset0 Courier New;}}"
    r"{\colortbl;\red0;}{\stylesheet{\ql Normal;}{\s1\outlinelevel0\sbasedon0 heading 1;}{\s2\sbasedon0 heading 2;}"
    r"{\*\cs10 \additive Default;}{\s3 toc 1;}{\s4 Title;}}"
)


def rtf(body: str, head: str = HEAD) -> Loaded:
    return load("note.rtf", (r"{\rtf1\ansi\ansicpg1252\uc1\deff0" + head + body + "}").encode("latin-1"))


@pytest.mark.parametrize(
    ("written", "text"),
    [
        (r"Caf\'e9 {\f2 \'cf\'f0\'e8\'e2\'e5\'f2} {\f3 \'e8\'9a\'9e} {\f4\'82\'a0\'83A}", "Café Привет čšž あア"),
        (r"\u8220?quoted\u8221\'94, \uc0\u8217 x, \uc1\u-10179?\u-8704?", "“quoted”, ’x, \U0001f600"),
        (r"\uc2\u268\'c8\'c8a{\uc1\u269 ?}b", "Čačb"),
        (r"{\f1 \'61\u-3998 ?}", "αβ"),
        (r"a\~b\_c\-d\{e\}\\ \emdash  \lquote x\rquote\tab y\line z", "a\u00a0b\u2011cd{e}\\ — ‘x’\ty\nz"),
        (r"x\super 6\nosupersub  {\super th}", "x⁶ th"),
        ("one\r\ntwo", "onetwo"),
    ],
)
def test_characters_are_read_as_they_are_written(written: str, text: str) -> None:
    assert rtf(written).text == text


def test_the_code_page_of_the_file_holds_where_a_font_has_none() -> None:
    assert load("n.rtf", rb"{\rtf1\ansi\ansicpg1251 \'cf\'f0\'e8}").text == "При"
    assert load("n.rtf", rb"{\rtf1\mac caf\'8e}").text == "café"
    assert load("n.rtf", r"{\rtf1\ansi Größe \'e9}".encode()).text == "Größe é"
    assert load("n.rtf", r"{\rtf1\ansi Größe}".encode("cp1252")).text == "Größe"


def test_headings_come_from_styles_and_outline_levels() -> None:
    loaded = rtf(
        r"\pard\plain\s4 The report\par\pard\plain \s1\outlinelevel0 {One\par }\pard\plain Text.\par"
        r"\pard\s2 {\listtext\pard\plain 1.1\tab}Two\par\pard\outlinelevel2 Three\par\pard\s3 One\tab 1\par\pard End"
    )
    assert [section.heading for section in loaded.sections] == ["The report", "One", "1.1 Two", "Three"]
    assert loaded.text == "The report\n\nOne\n\nText.\n\n1.1 Two\n\nThree\n\nEnd"
    assert loaded.title == "The report"


def test_lists_keep_the_marks_that_the_file_draws() -> None:
    loaded = rtf(
        r"\pard{\pntext\f1\'b7\tab}\ls1\ilvl0 a\par\pard{\listtext\f1\'b7\tab}\ls1\ilvl1 b\par"
        r"\pard{\listtext\pard\plain\f0 (iv)\tab}\ls2\ilvl1 c\par"
        r"\pard{\listtext\f0 o\tab}\ls1\ilvl0 d\par\pard Then.\par"
    )
    assert loaded.text == "- a\n  - b\n  (iv) c\n- d\n\nThen."


def test_tables_are_a_line_a_row_with_merged_cells() -> None:
    row = r"\trowd\trleft-108\clvertalt\cellx1000\cellx2000\cellx3000\pard\intbl "
    loaded = rtf(
        r"\pard Before\par" + row + r"Land\cell 2021\cell\pard\intbl 2022\cell\row"
        r"\trowd\clvmgf\cellx1020\cellx2000\cellx3000\intbl Peru\par (north)\cell 1\cell 2\cell\row"
        r"\trowd\clvmrg\cellx1000\cellx3000\intbl\cell 3\cell\row\pard After\par"
    )
    assert loaded.text == (
        "Before\n\nLand: Peru (north); 2021: 1; 2022: 2\nLand: Peru (north); 2021: 3\n\nAfter"
    )  # fmt: skip


def test_nested_tables_are_read_once() -> None:
    loaded = rtf(
        r"\trowd\cellx5000\cellx6000\pard\intbl H\cell I\cell\row\trowd\cellx5000\cellx6000\pard\intbl\itap2"
        r" Deep A\nestcell Deep B\nestcell{\*\nesttableprops\trowd\cellx2000\cellx4000\nestrow}"
        r"{\nonesttables FALLBACK\par}"
        r"\pard\intbl\itap1 Outer\cell x\cell\row\pard After"
    )
    assert loaded.text == "H: Deep A Deep B Outer; I: x\n\nAfter"


def test_notes_follow_their_paragraph() -> None:
    loaded = rtf(
        r"\pard It fell{\super\chftn{\footnote\pard\plain{\super\chftn} See\par page 4.}} by half.\par\pard After.\par"
    )
    assert loaded.text == "It fell by half.\n\n¹ See page 4.\n\nAfter."


def test_what_is_not_shown_is_left_out() -> None:
    loaded = rtf(
        r"{\info{\operator X}{\creatim\yr2020}}{\header Head\par}{\footer Foot\par}\pard Seen{\v hidden}{\deleted gone}"
        r"{\*\unknown what}{\field{\*\fldinst HYPERLINK x}{\fldrslt  link}}{\pict\wmetafile8 0102ab}{\*\annotation no}"
        r"{\*\shppict{\pict\bin5 }}{{}}} end.\par{\shp{\*\shpinst{\sp{\sn x}{\sv 1}}{\shptxt\pard In a box.\par}}"
        r"{\shprslt fallback}}"
    )
    assert loaded.text == "Seen link end.\n\nIn a box."


def test_code_keeps_its_lines() -> None:
    assert rtf(r"\pard\f5 if x:\par     y()\par\pard\f0 Then.\par").text == "if x:\n    y()\n\nThen."


def test_title_and_author_come_from_the_information_where_they_can_be_believed() -> None:
    loaded = rtf(
        r"{\info{\upr{\title Pri?lepek}{\*\ud\uc0{\title Pri\u269 lepek}}}{\author Ana Nov\'e1k}{\company X}}Text."
    )
    assert (loaded.title, loaded.details.author) == ("Pričlepek", "Ana Novák")
    loaded = rtf(r"{\info{\title Microsoft Word - x.doc}{\author user}}Text.")
    assert (loaded.title, loaded.details.author, loaded.details.published) == ("note", None, None)


def test_what_is_no_rtf_or_holds_nothing_is_said() -> None:
    with pytest.raises(UnsupportedFile, match=r"x\.rtf is no RTF document"):
        load("x.rtf", b"PK\x03\x04")
    for data in (b"", b"{\\rtf1\\ansi{\\pict 00}}"):
        with pytest.raises(UnreadableFile, match="nothing in it"):
            load("x.rtf", data)


UNITS = ["{", r"{\b ", r"\'e9", r"\u233?", r"a\par ", r"\cell ", r"{\footnote x", r"\trowd\cellx9 x\cell\row "]


@pytest.mark.parametrize("unit", UNITS)
def test_long_runs_of_anything_take_time_by_their_length(unit: str) -> None:
    started = time.process_time()
    assert "Start" in rtf("Start " + unit * (200_000 // len(unit))).text
    assert time.process_time() - started < 10
