"""Loading Word documents: what is kept, in which order, and what is left out."""

from __future__ import annotations

import datetime

import pytest

from index.documents import Loaded
from index.errors import UnreadableFile, UnsupportedFile
from index.loading import load
from tests.office_files import docx, p, packed, style, styled, table, td

COVER = 'xmlns:c="http://schemas.microsoft.com/office/2006/coverPageProps"'
NUMBERING = """
<w:abstractNum w:abstractNumId="1">
<w:lvl w:ilvl="0"><w:start w:val="3"/><w:numFmt w:val="decimal"/><w:lvlText w:val="%1."/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerRoman"/><w:lvlText w:val="(%2)"/></w:lvl>
<w:lvl w:ilvl="2"><w:start w:val="1"/><w:numFmt w:val="upperLetter"/><w:lvlText w:val="%1.%2.%3"/></w:lvl>
</w:abstractNum>
<w:abstractNum w:abstractNumId="2"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/></w:lvl></w:abstractNum>
<w:abstractNum w:abstractNumId="3"><w:lvl w:ilvl="0"><w:pStyle w:val="H1"/><w:lvlText w:val="Article %1"/></w:lvl>
<w:lvl w:ilvl="1"><w:pStyle w:val="H2"/><w:lvlText w:val="%1.%2"/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="1"/></w:num>
<w:num w:numId="2"><w:abstractNumId w:val="2"/></w:num>
<w:num w:numId="3"><w:abstractNumId w:val="3"/></w:num>
<w:num w:numId="4"><w:abstractNumId w:val="1"/>
<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>
"""


def read(body: str, **parts: str) -> Loaded:
    return load("note.docx", docx(body, parts))


def item(text: str, number: int, level: int = 0) -> str:
    return p(text, f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>')


def test_headings_come_from_styles_by_name_base_and_outline_level() -> None:
    styles = (
        style("berschrift1", "heading 1")
        + style("Own", "Kapitel", '<w:basedOn w:val="berschrift1"/>')
        + style("T", "Title")
        + style("L2", "Título 2")
        + style("Circle", "Circle", '<w:basedOn w:val="Circle"/>')
    )
    loaded = read(
        styled("The report", "T")
        + styled("One", "berschrift1")
        + p("Text one.")
        + styled("Two", "Own")
        + styled("Three", "L2")
        + p("Four", '<w:outlineLvl w:val="3"/>')
        + p("A sentence. " * 40, '<w:outlineLvl w:val="0"/>')
        + styled("Round", "Circle")
        + p("Not one", '<w:pStyle w:val="berschrift1"/><w:outlineLvl w:val="9"/>'),
        styles=styles,
    )
    assert [section.heading for section in loaded.sections] == ["The report", "One", "Two", "Three", "Four"]
    assert loaded.title == "The report"
    assert loaded.text.endswith("Round\n\nNot one")


def test_lists_have_the_numbers_that_word_draws() -> None:
    loaded = read(
        item("a", 1) + item("b", 1, 1) + item("c", 1, 1) + item("d", 1, 2) + p("Between.")
        + item("e", 1, 1) + item("f", 1) + item("g", 2) + item("h", 4) + item("i", 1) + item("none", 0),
        numbering=NUMBERING,
    )  # fmt: skip
    assert loaded.text == (
        "3. a\n  (i) b\n  (ii) c\n    3.ii.A d\n\nBetween.\n\n(iii) e\n4. f\n- g\n1. h\n2. i\n\nnone"
    )


def test_headings_carry_the_number_of_their_style() -> None:
    numbered = '<w:pPr><w:outlineLvl w:val="{}"/><w:numPr><w:numId w:val="3"/></w:numPr></w:pPr>'
    styles = style("H1", "heading 1", numbered.format(0)) + style("H2", "heading 2", numbered.format(1))
    loaded = read(
        styled("Scope", "H1") + styled("Means", "H2") + styled("Ends", "H2"), styles=styles, numbering=NUMBERING
    )
    assert loaded.text == "Article 1 Scope\n\n1.1 Means\n\n1.2 Ends"


def test_a_level_that_was_passed_over_counts_as_begun() -> None:
    loaded = read(item("a", 1, 2) + item("b", 1, 1), numbering=NUMBERING)
    assert loaded.text == "3.i.A a\n(ii) b"


def test_tables_are_a_line_a_row_with_merged_cells_and_two_header_rows() -> None:
    merged, below, wide = '<w:vMerge w:val="restart"/>', "<w:vMerge/>", '<w:gridSpan w:val="2"/>'
    loaded = read(
        table(
            td("Country", merged) + td("2021", wide),
            td("", below) + td("May") + td("June"),
            td("Peru", merged) + td("1") + td("2"),
            td("", below) + td("3", wide),
            td("Totals", '<w:gridSpan w:val="3"/>'),
            td("Chile") + td("") + td("5"),
        )
    )
    assert loaded.text == (
        "Country: Peru; 2021 May: 1; 2021 June: 2\nCountry: Peru; 2021 May: 3\nTotals\nCountry: Chile; 2021 June: 5"
    )


def test_tables_of_names_and_values_have_no_header_and_layout_tables_are_text() -> None:
    assert read(table(td("Name:") + td("Ana"), td("Age:") + td("34"))).text == "Name: Ana\nAge: 34"
    bold = "<w:b/>"
    assert read(table(td("Name", run=bold) + td("Ana"), td("Age", run=bold) + td("34"))).text == "Name: Ana\nAge: 34"
    assert read(table(td("All in one cell."))).text == "All in one cell."
    nested = f"<w:tc>{table(td('A') + td('B'), td('1') + td('2'))}{p('After.')}</w:tc>"
    assert read(table(nested)).text == "A: 1; B: 2\n\nAfter."
    assert read(table(td("H") + td("I"), td("x") + nested)).text == "H: x; I: A: 1; B: 2 After."


def test_a_cell_that_says_it_spans_a_billion_columns_does_no_harm() -> None:
    wide = '<w:gridSpan w:val="999999"/>'
    assert len(read(table(td("A", wide) + td("B"), td("1", wide) + td("2"))).text) < 100


def test_notes_follow_their_paragraph_and_leave_no_mark_in_it() -> None:
    note = '<w:footnote w:id="2">{}</w:footnote><w:footnote w:type="separator" w:id="0">{}</w:footnote>'
    reference = '<w:r><w:footnoteReference w:id="2"/></w:r>'
    endnote = '<w:r><w:endnoteReference w:id="2"/></w:r>'
    paragraph = f"<w:p><w:r><w:t>It fell</w:t></w:r>{reference}<w:r><w:t> by half.</w:t></w:r>{endnote}</w:p>"
    cell = f"<w:tc><w:p><w:r><w:t>B</w:t></w:r>{reference}</w:p></w:tc>"
    loaded = read(
        paragraph + table(td("A") + cell, td("1") + td("2")) + p("After."),
        footnotes=note.format(p("See page 4."), p("rule")),
        endnotes='<w:endnote w:id="2"><w:p><w:r><w:endnoteReference w:id="2"/><w:t>End.</w:t></w:r></w:p></w:endnote>',
    )
    assert loaded.text == "It fell by half.\n\n¹ See page 4.\n\n¹ End.\n\nA: 1; B: 2\n\n² See page 4.\n\nAfter."


def test_deletions_comments_hidden_words_and_contents_are_left_out_and_insertions_kept() -> None:
    loaded = read(
        '<w:p><w:r><w:t xml:space="preserve">Kept </w:t></w:r><w:del><w:r><w:delText>gone</w:delText></w:r></w:del>'
        '<w:ins><w:r><w:t>new</w:t></w:r></w:ins><w:moveFrom><w:r><w:t>moved</w:t></w:r></w:moveFrom>'
        '<w:r><w:rPr><w:vanish/></w:rPr><w:t>secret</w:t></w:r><w:r><w:commentReference w:id="1"/></w:r></w:p>'
        '<w:p><w:pPr><w:rPr><w:del/></w:rPr></w:pPr><w:r><w:t xml:space="preserve">One </w:t></w:r></w:p>'
        + p("paragraph.")
        + styled("One .... 3", "TOC1")
        + '<w:sdt><w:sdtPr><w:showingPlcHdr/></w:sdtPr><w:sdtContent>' + p("Click here.") + "</w:sdtContent></w:sdt>"
        + "<w:sdt><w:sdtContent>" + p("Filled in.") + "</w:sdtContent></w:sdt>",
        styles=style("TOC1", "toc 1"),
    )  # fmt: skip
    assert loaded.text == "Kept new\n\nOne paragraph.\n\nFilled in."


def test_what_stands_in_runs_is_read_as_it_is_drawn() -> None:
    loaded = read(
        '<w:p><w:hyperlink><w:r><w:t>A link</w:t></w:r></w:hyperlink><w:r><w:tab/><w:tab/><w:t>tab</w:t><w:br/>'
        '<w:t>non</w:t><w:noBreakHyphen/><w:t xml:space="preserve">breaking  10</w:t></w:r>'
        '<w:r><w:rPr><w:vertAlign w:val="superscript"/></w:rPr><w:t>6</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="begin"><w:ffData><w:checkBox><w:checked/></w:checkBox></w:ffData></w:fldChar>'
        '<w:instrText>FORMCHECKBOX</w:instrText><w:sym w:font="Symbol" w:char="F061"/></w:r></w:p>'
    )  # fmt: skip
    assert loaded.text == "A link\ttab\nnon-breaking 10⁶☒α"


def test_text_boxes_follow_the_paragraph_and_are_read_once() -> None:
    box = f"<w:txbxContent>{p('In the box.')}</w:txbxContent>"
    assert (
        read(
            f"<w:p><w:r><mc:AlternateContent><mc:Choice><w:drawing><wps:txbx>{box}</wps:txbx></w:drawing></mc:Choice>"
            f"<mc:Fallback><w:pict>{box}</w:pict></mc:Fallback></mc:AlternateContent></w:r><w:r><w:t>Around.</w:t></w:r></w:p>"
        ).text
        == "Around.\n\nIn the box."
    )


def test_code_keeps_its_lines_and_prose_in_a_typewriters_font_does_not_become_code() -> None:
    mono = '<w:rFonts w:ascii="Courier New"/>'
    loaded = read(
        p("if x:", run=mono) + p("    y()", run=mono) + p("Then.") + p("Dear Ana,", run=mono) + p("hello.", run=mono)
    )
    assert loaded.text == "if x:\n    y()\n\nThen.\n\nDear Ana,\n\nhello."


def test_charts_say_their_values() -> None:
    series = (
        "<c:ser><c:tx><c:v>Dead</c:v></c:tx><c:cat><c:pt idx='0'><c:v>2021</c:v></c:pt></c:cat>"
        "<c:val><c:pt idx='0'><c:v>4.4000000000000004</c:v></c:pt></c:val></c:ser>"
    )
    title = "<c:title><a:p><a:r><a:t>By year</a:t></a:r></a:p></c:title>"
    drawing = '<w:p><w:r><w:drawing><c:chart r:id="chart"/></w:drawing></w:r></w:p>'
    assert read(drawing, chart=title + series).text == "By year\n2021; Dead: 4.4"


def test_details_come_from_the_properties_where_they_can_be_believed() -> None:
    def with_details(core: str, published: str) -> Loaded:
        cover = f"<c:CoverPageProperties {COVER}><c:PublishDate>{published}</c:PublishDate></c:CoverPageProperties>"
        return load("n.docx", docx(p("Text."), core=core, extra={"customXml/item1.xml": cover}))

    loaded = with_details(
        "<dc:title>Ports</dc:title><dc:creator>A. Writer</dc:creator><dc:language>es-EC</dc:language>",
        "2022-09-30T00:00:00",
    )
    details = loaded.details
    assert (loaded.title, details.author, details.language) == ("Ports", "A. Writer", "es")
    assert details.published == datetime.date(2022, 9, 30)
    made_up = "<dc:title>Microsoft Word - x.doc</dc:title><dc:creator>python-docx</dc:creator>"
    loaded = with_details(made_up, "2022-02-31")
    assert (loaded.title, loaded.details.author, loaded.details.published) == ("n", None, None)


def test_strict_files_are_read_like_others() -> None:
    body = docx(styled("One", "H") + p("Text."), {"styles": style("H", "heading 1")})
    strict = {
        "word/document.xml": '<d:document xmlns:d="http://purl.oclc.org/ooxml/wordprocessingml/main"><d:body><d:p><d:r>'
        "<d:t>Strict text.</d:t></d:r></d:p></d:body></d:document>"
    }
    assert load("x.docx", packed(strict)).text == "Strict text."
    assert load("x.docm", body).sections


def test_what_is_no_word_document_is_said() -> None:
    with pytest.raises(UnsupportedFile, match=r"x\.docx is no Word document"):
        load("x.docx", packed({"xl/workbook.xml": "<a/>"}))
    with pytest.raises(UnsupportedFile, match="save it as DOCX"):
        load("x.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
    with pytest.raises(UnreadableFile, match="holds no text"):
        load("x.docx", docx(p(" ")))
