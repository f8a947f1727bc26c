"""Loading OpenDocument texts: what is kept, in which order, and what is left out."""

from __future__ import annotations

import pytest

from index.documents import Loaded
from index.errors import UnreadableFile, UnsupportedFile
from index.loading import load
from tests.office_files import odt, packed

LISTS = """
<text:list-style style:name="N"><text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."
 text:start-value="3"/><text:list-level-style-number text:level="2" style:num-format="a" style:num-prefix="("
 style:num-suffix=")" text:display-levels="2"/></text:list-style>
<text:list-style style:name="B"><text:list-level-style-bullet text:level="1" text:bullet-char="*"/></text:list-style>
"""
OUTLINE = """
<text:outline-style style:name="Outline"><text:outline-level-style text:level="1" style:num-format="I"
 style:num-suffix="."/><text:outline-level-style text:level="2" style:num-format=""/></text:outline-style>
"""


def read(text: str, styles: str = "", automatic: str = "") -> Loaded:
    return load("note.odt", odt(text, styles=styles, automatic=automatic))


def h(text: str, level: int) -> str:
    return f'<text:h text:outline-level="{level}">{text}</text:h>'


def p(text: str, style: str = "") -> str:
    return f'<text:p text:style-name="{style}">{text}</text:p>'


def items(style: str, *contents: str, more: str = "") -> str:
    inside = "".join(f"<text:list-item>{content}</text:list-item>" for content in contents)
    return f'<text:list text:style-name="{style}" {more}>{inside}</text:list>'


def row(*cells: str) -> str:
    return f"<table:table-row>{''.join(cells)}</table:table-row>"


def td(text: str, more: str = "") -> str:
    return f"<table:table-cell {more}>{p(text)}</table:table-cell>"


def style(name: str, looks: str) -> str:
    return f'<style:style style:name="{name}" style:family="text"><style:text-properties {looks}/></style:style>'


COVERED = "<table:covered-table-cell/>"


def test_headings_begin_sections_and_carry_their_numbers() -> None:
    own = '<style:style style:name="P1" style:family="paragraph" style:parent-style-name="Title"/>'
    named = '<style:style style:name="Title" style:family="paragraph"/>'
    text = h("One", 1) + p("Text.") + h("Under", 2) + h("Two", 1)
    loaded = read(p("The report", "P1") + text, styles=named + OUTLINE, automatic=own)
    assert [section.heading for section in loaded.sections] == ["The report", "I. One", "Under", "II. Two"]
    assert loaded.title == "The report"


def test_lists_have_the_numbers_of_their_style() -> None:
    loaded = read(
        items("N", p("a") + items("", p("b"), p("c")), p("d") + p("more of d"))
        + p("Between.")
        + items("N", p("e"), more='text:continue-numbering="true"')
        + p("Then.")
        + items("N", p("f"))
        + items("B", p("g")),
        automatic=LISTS,
    )
    assert loaded.text == (
        "3. a\n  (3.a) b\n  (3.b) c\n4. d\n  more of d\n\nBetween.\n\n5. e\n\nThen.\n\n3. f\n- g"
    )  # fmt: skip


def test_tables_are_a_line_a_row_with_merged_cells_and_header_rows() -> None:
    loaded = read(
        "<table:table><table:table-header-rows>"
        + row(td("Country", 'table:number-rows-spanned="2"'), td("2021", 'table:number-columns-spanned="2"'), COVERED)
        + row(COVERED, td("May"), td("June"))
        + "</table:table-header-rows>"
        + row(td("Peru", 'table:number-rows-spanned="2"'), td("1"), td("2"))
        + row(COVERED, td("3", 'table:number-columns-spanned="2"'), COVERED)
        + row(td("Chile"), '<table:table-cell table:number-columns-repeated="999999"/>')
        + "</table:table>"
    )
    assert loaded.text == (
        "Country: Peru; 2021 May: 1; 2021 June: 2\nCountry: Peru; 2021 May: 3\nCountry: Chile"
    )  # fmt: skip


def test_words_repeated_a_thousand_times_are_read_once() -> None:
    cell = td("word", 'table:number-columns-repeated="100000"')
    loaded = read(f'<table:table>{row(td("A"), td("B"))}<table:table-row table:number-rows-repeated="9999">{cell}{cell}'
                  "</table:table-row></table:table>")  # fmt: skip
    assert loaded.text == "A: word; B: word"


def test_notes_and_text_boxes_follow_their_paragraph() -> None:
    note = (
        '<text:note text:note-class="footnote"><text:note-citation>12</text:note-citation><text:note-body>'
        f"{p('See page 4.')}</text:note-body></text:note>"
    )
    box = f"<draw:frame><draw:text-box>{p('In the box.')}</draw:text-box></draw:frame>"
    assert read(p(f"It fell{note} by{box} half.") + p("After.")).text == (
        "It fell by half.\n\nIn the box.\n\n¹² See page 4.\n\nAfter."
    )


def test_white_space_is_what_the_elements_say() -> None:
    raised = style("T1", 'style:text-position="super 58%"')
    loaded = read(
        p("a\n   b<text:tab/>c<text:line-break/>d <text:span text:style-name='T1'>2</text:span>")
        + p("if x:", "Preformatted_20_Text")
        + p("<text:s text:c='4'/>y()", "Preformatted_20_Text"),
        automatic=raised,
    )
    assert loaded.text == "a b\tc\nd ²\n\nif x:\n    y()"


def test_deletions_annotations_hidden_words_and_contents_are_left_out() -> None:
    hidden = style("H", 'text:display="none"')
    loaded = read(
        f"<text:tracked-changes><text:changed-region><text:deletion>{p('gone')}</text:deletion></text:changed-region>"
        "</text:tracked-changes><text:table-of-content><text:index-body>"
        + p("One 3")
        + "</text:index-body></text:table-of-content>"
        + p(f"Kept <office:annotation>{p('remark')}</office:annotation>")[:-9]
        + "<text:span text:style-name='H'>secret</text:span>end.</text:p>"
        + f'<text:section text:display="none">{p("not shown")}</text:section>'
        + f"<text:section>{p('Shown.')}</text:section>",
        automatic=hidden,
    )
    assert loaded.text == "Kept end.\n\nShown."


def test_equations_are_shown_as_they_were_typed() -> None:
    mathml = (
        '<math xmlns="http://www.w3.org/1998/Math/MathML"><semantics><mi>a</mi><annotation>{a + b} over c</annotation>'
        "</semantics></math>"
    )
    link = 'xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="./Object 1"'
    content = odt(p(f"<draw:frame><draw:object {link}/></draw:frame>"), extra={"Object 1/content.xml": mathml})
    assert load("x.odt", content).text == "{a + b} over c"


def test_details_come_from_the_meta_data_where_they_can_be_believed() -> None:
    meta = "<dc:title>Ports</dc:title><meta:initial-creator>A. Writer</meta:initial-creator><dc:creator>B</dc:creator>"
    loaded = load("x.odt", odt(p("Text."), meta=f"{meta}<dc:language>es-EC</dc:language><dc:date>2022-09-30</dc:date>"))
    details = loaded.details
    assert (loaded.title, details.author, details.language, details.published) == ("Ports", "A. Writer", "es", None)


def test_what_is_no_open_document_text_is_said() -> None:
    with pytest.raises(UnsupportedFile, match=r"x\.odt is no OpenDocument text"):
        load("x.odt", packed({"word/document.xml": "<a/>"}))
    with pytest.raises(UnreadableFile, match="password"):
        load("x.odt", packed({"META-INF/manifest.xml": "<manifest:encryption-data/>", "content.xml": b"\x00\x01"}))
    with pytest.raises(UnreadableFile, match="holds no text"):
        load("x.odt", odt(p(" ")))
    with pytest.raises(UnreadableFile, match="document type"):
        load("x.odt", packed({"content.xml": '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}))
