"""Office documents that are damaged, nested without end, or made to harm: text or an error of ours, and soon."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import DossierError, UnreadableFile
from index.loading import load
from index.loading.canonical import canonical
from tests.office_files import docx, odt, p, packed, style, styled, table, td, unpacked

RTF = (
    rb"{\rtf1\ansi\uc1{\fonttbl{\f0\fcharset0 Times;}{\f1\fcharset2 Symbol;}}{\stylesheet{\s1 heading 1;}}"
    rb"{\info{\title T}}\pard\s1 One\par\pard{\listtext\f1\'b7\tab}\ls1\ilvl0 item\u8220?\par\trowd\cellx1\cellx2"
    rb"\intbl a\cell b\cell\row\pard It{\footnote note} is.{\pict\bin3 }}}}\par}"
)
WORD = docx(
    styled("One", "H")
    + p("item", '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>')
    + table(td("A", '<w:gridSpan w:val="2"/>') + td("B"), td("1", "<w:vMerge/>") + td("2"))
    + '<w:p><w:r><w:t>It</w:t><w:footnoteReference w:id="1"/><w:sym w:font="Symbol" w:char="F061"/></w:r></w:p>',
    {
        "styles": style("H", "heading 1", '<w:basedOn w:val="H"/>'),
        "numbering": '<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:lvlText w:val="%1."/></w:lvl>'
        '</w:abstractNum><w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>',
        "footnotes": f'<w:footnote w:id="1">{p("Note.")}</w:footnote>',
    },
)
OPEN = odt(
    '<text:h text:outline-level="1">One</text:h><text:list text:style-name="L"><text:list-item text:start-value="4">'
    "<text:p>item</text:p></text:list-item></text:list><table:table><table:table-row><table:table-cell "
    'table:number-columns-spanned="2"><text:p>A</text:p></table:table-cell></table:table-row></table:table>'
)
# What stands in the place of a value or a name in a file that a program wrote wrongly, or a person on purpose.
ODD = [
    b"",
    b"-1",
    b"0",
    b"999999",
    b"99999999999",
    b"x",
    b"&#55296;",
    b"%9",
    b"<w:p>",
    b"</w:p>",
    b"{",
    b"}",
    b"\\u-1 ",
    b"\\'",
]


def assert_reads_or_says_why(name: str, data: bytes) -> None:
    problem = ""
    try:
        text = load(name, data).text
    except DossierError as error:
        problem = str(error)
    else:
        assert canonical(text) == text
    assert not problem or name in problem


@settings(max_examples=150, deadline=None)
@given(data=st.data())
def test_parts_with_odd_values_anywhere_are_read_or_refused(data: st.DataObject) -> None:
    name, content = data.draw(st.sampled_from([("x.docx", WORD), ("x.odt", OPEN)]))
    parts = unpacked(content)
    member = data.draw(st.sampled_from(sorted(parts)))
    start = data.draw(st.integers(0, len(parts[member])))
    end = data.draw(st.integers(start, min(len(parts[member]), start + 8)))
    parts[member] = parts[member][:start] + data.draw(st.sampled_from(ODD)) + parts[member][end:]
    assert_reads_or_says_why(name, packed(parts))


@settings(max_examples=150, deadline=None)
@given(start=st.integers(0, len(RTF)), length=st.integers(0, 40), odd=st.sampled_from(ODD))
def test_rtf_with_odd_values_anywhere_is_read_or_refused(start: int, length: int, odd: bytes) -> None:
    assert_reads_or_says_why("x.rtf", RTF[:start] + odd + RTF[start + length :])
    assert_reads_or_says_why("x.rtf", RTF[:start])


@settings(max_examples=60, deadline=None)
@given(
    name=st.sampled_from(["x.docx", "x.docm", "x.odt", "x.rtf", "x.doc"]),
    data=st.binary(max_size=200),
    share=st.floats(0, 1),
)
def test_random_bytes_and_cut_files_are_refused(name: str, data: bytes, share: float) -> None:
    assert_reads_or_says_why(name, data)
    for whole in (WORD, OPEN):
        assert_reads_or_says_why(name, whole[: int(len(whole) * share)] + data)


def test_nesting_that_word_allows_is_read_and_more_is_refused() -> None:
    nested = p("Deep.")
    for _ in range(40):
        nested = table(f"<w:tc>{nested}</w:tc><w:tc>{p('x')}</w:tc>")
    assert "Deep." in load("x.docx", docx(nested)).text
    for tag in ("w:tbl", "w:sdtContent", "m:f"):
        with pytest.raises(UnreadableFile, match="nested"):
            load("x.docx", docx(f"<{tag}>" * 400 + f"</{tag}>" * 400))


def test_bombs_of_entities_are_refused() -> None:
    bomb = '<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;">]><x>&b;</x>'
    fetched = '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/passwd">]><x>&a;</x>'
    for content in (bomb, fetched):
        with pytest.raises(UnreadableFile, match="document type"):
            load("x.docx", docx(p("Text."), extra={"word/document.xml": content}))


def test_numbers_without_end_cost_nothing() -> None:
    start = '<w:start w:val="999999"/><w:numFmt w:val="{}"/><w:lvlText w:val="%1%1%1"/>'
    for kind in ("lowerLetter", "upperRoman", "decimal"):
        numbering = (
            f'<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0">{start.format(kind)}</w:lvl></w:abstractNum>'
            '<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>'
        )
        item = p("item", '<w:numPr><w:ilvl w:val="0"/><w:numId w:val="1"/></w:numPr>')
        assert len(load("x.docx", docx(item, {"numbering": numbering})).text) < 40


def test_a_wide_table_takes_time_by_its_length() -> None:
    wide = td("word", '<w:gridSpan w:val="999999"/>')
    started = time.process_time()
    assert load("x.docx", docx(table(*[wide + wide] * 1_000))).text.count("word") < 10_000
    assert time.process_time() - started < 20
