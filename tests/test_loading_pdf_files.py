"""PDF files that are scanned, broken, protected, turned or written by hand: each is read, or it is said why not."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

from index.documents import Loaded
from index.errors import DossierError, UnreadableFile, UnsupportedFile
from index.layout import boxes
from index.loading import load
from index.loading.pdf import pdfium
from tests.pdf_files import HEIGHT, drawn, lines, page_of, pdf_of, picture_page, prose
from tests.test_loading import assert_canonical, assert_loads_or_says_why

pytestmark = pytest.mark.slow

PAGE = page_of((60, 80, prose("text", 12)))
BLANK = page_of()


def layout_of(loaded: Loaded) -> list[tuple[int, str]]:
    assert loaded.layout is not None
    return [(page.number, page.state) for page in loaded.layout.pages]


def test_a_file_of_pictures_without_text_is_refused() -> None:
    with pytest.raises(UnreadableFile, match=r"scan\.pdf is scanned: 2 pages in which OCR could read nothing"):
        load("scan.pdf", drawn(picture_page, picture_page))


def test_a_file_with_some_scanned_pages_loads_and_says_which() -> None:
    loaded = load("mixed.pdf", drawn(picture_page, PAGE, BLANK, picture_page))
    assert layout_of(loaded) == [(1, "scanned"), (2, "text"), (3, "blank"), (4, "scanned")]
    assert loaded.layout is not None
    assert loaded.layout.pages_without_text == (1, 4)
    assert [section.page for section in loaded.sections] == [2]


def test_a_file_of_blank_pages_holds_no_text() -> None:
    with pytest.raises(UnreadableFile, match="holds no text"):
        load("blank.pdf", drawn(BLANK))


def test_the_text_under_a_scan_is_read_though_it_is_not_drawn() -> None:
    def scanned(canvas: Canvas) -> None:
        picture_page(canvas)
        text = canvas.beginText(60, HEIGHT - 80)
        text.setFont("Helvetica", 10)
        text.setTextRenderMode(3)
        text.textLine("What the camera saw.")
        canvas.drawText(text)

    loaded = load("scan.pdf", drawn(scanned))
    assert loaded.text == "What the camera saw."
    assert loaded.layout is not None
    assert boxes(loaded.layout, 0, 4)[0].left == pytest.approx(60, abs=1)


def test_a_file_with_a_password_is_refused_and_one_without_a_need_for_it_is_read() -> None:
    with pytest.raises(UnreadableFile, match=r"secret\.pdf is protected by a password: save it without"):
        load("secret.pdf", drawn(PAGE, password="open sesame"))


@pytest.mark.parametrize("data", [b"", b"plain text", b"PK\x03\x04 a zip", b" " * 2000 + b"%PDF-1.7"])
def test_what_is_no_pdf_is_said_to_be_none(data: bytes) -> None:
    with pytest.raises(UnsupportedFile, match=r"note\.pdf is not a PDF document"):
        load("note.pdf", data)


@pytest.mark.parametrize("data", [b"%PDF-1.7\n", b"%PDF-1.7\n%%EOF", drawn(PAGE)[:200]])
def test_a_broken_file_is_said_to_be_broken(data: bytes) -> None:
    with pytest.raises(UnreadableFile, match=r"note\.pdf is broken and cannot be read as PDF"):
        load("note.pdf", data)


def test_a_page_that_is_broken_does_not_lose_the_others() -> None:
    data = pdf_of("BT /F1 12 Tf 72 700 Td (What can be read.) Tj ET", count=2)
    at = data.rindex(b"/Type /Page ")
    loaded = load("note.pdf", data[:at] + b"/Type /Pagf " + data[at + 12 :])
    assert loaded.text.startswith("What can be read.")
    assert layout_of(loaded)[0] == (1, "text")


def test_a_page_with_more_characters_than_any_page_has_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdfium, "MOST_CHARACTERS_ON_PAGE", 100)
    with pytest.raises(UnreadableFile, match=r"note\.pdf has \d+ characters on page 1"):
        load("note.pdf", drawn(PAGE))


WITHOUT_MEANING = (
    "<< /Type /Font /Subtype /Type0 /BaseFont /Foo /Encoding /Identity-H /DescendantFonts [<< /Type /Font "
    "/Subtype /CIDFontType2 /BaseFont /Foo /CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> "
    "/FontDescriptor << /Type /FontDescriptor /FontName /Foo /Flags 4 >> >>] >>"
)


def test_signs_that_their_font_does_not_explain_are_unknown_and_no_letters() -> None:
    fonts = f"/Resources << /Font << /F1 3 0 R /F2 {WITHOUT_MEANING} >> >>"
    with pytest.raises(UnreadableFile, match="OCR could read nothing"):
        load("note.pdf", pdf_of("BT /F2 12 Tf 72 700 Td <00410042004300440045> Tj ET", fonts))
    mixed = "BT /F1 12 Tf 72 700 Td (What was seen is ) Tj /F2 12 Tf <00410042> Tj 0 -30 Td <0043> Tj ET"
    assert load("note.pdf", pdf_of(mixed, fonts)).text == "What was seen is \ufffd\ufffd\n\n•"


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_turned_pages_have_their_boxes_where_the_words_are_shown(turn: int) -> None:
    text = "BT /F1 12 Tf 72 700 Td (First words here.) Tj 0 -30 Td (Last) Tj ET"
    loaded = load("turned.pdf", pdf_of(text, f"/Rotate {turn} /CropBox [20 30 600 780]"))
    assert loaded.text == "First words here.\n\nLast"
    assert loaded.layout is not None
    shape = loaded.layout.pages[0]
    assert (shape.width, shape.height) == ((580, 750) if turn in (0, 180) else (750, 580))
    (first,) = boxes(loaded.layout, 0, 17)
    middle = (first.left + first.right) / 2, (first.top + first.bottom) / 2
    # In the PDF's own coordinates the words are about 92 wide, around (118, 704); the crop box begins at (20, 30).
    expected = {0: (98, 76), 90: (674, 98), 180: (482, 674), 270: (76, 482)}[turn]
    assert middle == pytest.approx(expected, abs=4)


@pytest.mark.parametrize(
    ("matrix", "place"), [("0 1 -1 0 100 300", "upwards"), ("0 -1 1 0 100 300", "down"), ("-1 0 0 -1 300 300", "over")]
)
def test_lines_that_run_in_other_directions_are_read_with_their_boxes(matrix: str, place: str) -> None:
    text = f"BT /F1 10 Tf {matrix} Tm (The first line) Tj 0 -12 Td (and the second.) Tj ET"
    loaded = load(f"{place}.pdf", pdf_of(text))
    assert loaded.text == "The first line and the second."
    assert loaded.layout is not None
    one, other = boxes(loaded.layout, 0, len(loaded.text))
    upright = place != "over"
    for box in (one, other):
        assert (box.right - box.left < box.bottom - box.top) == upright


def test_a_landscape_page_that_is_stored_upright_and_turned_is_read_along_its_lines() -> None:
    text = "BT /F1 10 Tf 0 1 -1 0 100 100 Tm (The first line) Tj 0 -12 Td (and the second.) Tj ET"
    loaded = load("landscape.pdf", pdf_of(text, "/Rotate 90"))
    assert loaded.text == "The first line and the second."
    assert loaded.layout is not None
    assert all(box.right - box.left > box.bottom - box.top for box in boxes(loaded.layout, 0, len(loaded.text)))


def test_every_visible_character_of_prose_has_a_box_that_follows_its_line() -> None:
    loaded = load("note.pdf", drawn(PAGE, PAGE))
    assert loaded.layout is not None
    for place, char in enumerate(loaded.text):
        found = boxes(loaded.layout, place, place + 1)
        assert found or char.isspace()
        assert not found or found[0].right > found[0].left
    tops = [box.top for box in boxes(loaded.layout, 0, len(loaded.text)) if box.page == 1]
    assert len(tops) == 12
    assert all(5 < under - over < 20 for over, under in itertools.pairwise(tops))


SMALL = (drawn(PAGE, picture_page), pdf_of("BT /F1 12 Tf 72 700 Td (Some words.) Tj ET"))


@settings(max_examples=80, deadline=None)
@given(data=st.data(), which=st.sampled_from(SMALL))
def test_mutated_files_load_or_say_why(data: st.DataObject, which: bytes) -> None:
    changed = bytearray(which[: data.draw(st.integers(0, len(which)))] if data.draw(st.booleans()) else which)
    for _ in range(data.draw(st.integers(0, 20))):
        if changed:
            changed[data.draw(st.integers(0, len(changed) - 1))] = data.draw(st.integers(0, 255))
    assert_loads_or_says_why("file.pdf", bytes(changed))


def test_the_public_files_cut_off_anywhere_load_or_say_why(public_data: Path) -> None:
    for path in sorted((public_data / "loaders" / "pdf").glob("*.pdf")):
        whole = path.read_bytes()
        for part in range(1, 12):
            assert_loads_or_says_why("file.pdf", whole[: len(whole) * part // 12])
    with pytest.raises(DossierError):
        load("file.pdf", b"%PDF-1.4")
    assert_canonical(load("file.pdf", SMALL[0]))


def test_a_line_drawn_twice_for_bold_type_is_read_once() -> None:
    def draw(canvas: Canvas) -> None:
        for shift in (0.0, 0.25):
            lines(canvas, 60 + shift, 80, ["Printed twice to look bold."])

    assert load("bold.pdf", drawn(draw)).text == "Printed twice to look bold."
