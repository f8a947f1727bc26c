"""Loading PDF: reading order, paragraphs, hyphens, what is left out, and sections; files are drawn by the tests."""

from __future__ import annotations

import datetime

import pytest
from reportlab.pdfgen.canvas import Canvas

from index.documents import Loaded
from index.layout import boxes
from index.loading import load
from index.loading.pdf.glyphs import Glyph, Style
from index.loading.pdf.spelling import spelled
from tests.pdf_files import HEIGHT, Draw, drawn, lines, page_of, prose
from tests.test_loading import assert_canonical


def read(*pages: Draw, **options: object) -> Loaded:
    loaded = load("report.pdf", drawn(*pages, **options))
    assert_canonical(loaded)
    assert loaded.layout is not None
    assert len(loaded.layout.places) == 10 * len(loaded.text)
    return loaded


def in_order(loaded: Loaded, *words: str) -> None:
    """Each of the words is in the text, in this order."""
    places = [loaded.text.find(word) for word in words]
    assert -1 not in places, words[places.index(-1)]
    assert places == sorted(places), [loaded.text[place : place + 40] for place in places]


# Reading order


def test_two_columns_under_a_title_are_read_one_after_the_other_however_they_are_drawn() -> None:
    left, right = prose("left", 20), prose("right", 20)

    def by_rows(canvas: Canvas) -> None:
        lines(canvas, 60, 60, ["A title that goes over both of the columns of this page"], 18)
        for n in range(20):
            lines(canvas, 60, 100 + 12 * n, [left[n]])
            lines(canvas, 320, 100 + 12 * n, [right[n]])

    loaded = read(by_rows)
    in_order(loaded, "A title", "Left0", "left60", "Right0", "right60")
    assert " ".join(left) in loaded.text
    assert " ".join(right) in loaded.text


def test_three_columns_with_a_line_over_all_of_them_in_the_middle() -> None:
    parts = [
        (60 + 170 * n, top, prose(f"{name}{n}", 8, 150)) for name, top in (("up", 80), ("low", 240)) for n in (2, 0, 1)
    ]
    over = (60.0, 200.0, ["A line that goes over all three columns parts what is above from what is below it."])
    loaded = read(page_of(*parts, over))
    in_order(loaded, "Up00", "Up10", "Up20", "A line that goes", "Low00", "Low10", "Low20")


def test_a_paragraph_that_runs_over_columns_and_pages_is_one_and_notes_and_captions_do_not_part_it() -> None:
    text = prose("body", 44)
    first = page_of(
        (60, 80, text[:20]), (60, 340, ["Figure 1. What the camera on the quay saw."]), (320, 80, text[20:38])
    )

    def with_note(canvas: Canvas) -> None:
        first(canvas)
        lines(canvas, 60, 360, ["1 A note that stands at the foot of the first column."], 8)

    loaded = read(with_note, page_of((60, 80, text[38:]), (60, 200, prose("next", 4))))
    assert " ".join(text) in loaded.text
    in_order(loaded, "Body0", "Figure 1", "1 A note", "Next0")
    assert [section.page for section in loaded.sections] == [1, 2]
    assert loaded.text.startswith("Next0", loaded.sections[1].start)


def test_a_note_at_the_foot_of_a_column_comes_after_the_text_of_the_page() -> None:
    def draw(canvas: Canvas) -> None:
        page_of((60, 80, prose("left", 20)), (320, 80, prose("right", 20)))(canvas)
        lines(canvas, 60, 340, ["1 A note at the foot of the first column."], 8)

    in_order(read(draw), "Left0", "Right0", "1 A note")


# Paragraphs


def test_lines_are_joined_to_paragraphs_by_gap_indent_and_short_last_lines() -> None:
    one, two, three, four = (prose(name, 4) for name in ("one", "two", "three", "four"))
    part = (60, 80, [*one, *two[:-1], "short end.", *three])
    loaded = read(page_of(part, (60, 80 + 12 * 12 + 8, four[:1]), (60, 80 + 12 * 13 + 8, four[1:])))
    paragraphs = loaded.text.split("\n\n")
    assert " ".join(three) in paragraphs
    assert " ".join(four) in paragraphs
    indented = read(page_of((72, 80, one[:1]), (60, 92, one[1:]), (72, 128, two[:1]), (60, 140, two[1:])))
    assert indented.text.split("\n\n") == [" ".join(one), " ".join(two)]


def test_hyphens_at_line_ends_are_undone_but_those_of_compounds_are_kept() -> None:
    texts = [
        "The long line that is here says that the authorities con-",
        "firmed what was known of the self-locking nut and of self-",
        "made boats, of state-of-the-art ships and state-of-the-",
        "art cranes, and of COVID-19 and of the illness COVID-",
        "19 and of nonstop work and non-",
        "stop play, and of the agreement between Anglo-",
        "Saxon and other sailors who met at the har-",
        "bour, and at the load-carrying crane or load-",
        "carrying beam of the harbour.",
    ]
    loaded = read(page_of((60, 80, texts)))
    assert loaded.text == (
        "The long line that is here says that the authorities confirmed what was known of the self-locking nut and of "
        "self-made boats, of state-of-the-art ships and state-of-the-art cranes, and of COVID-19 and of the illness "
        "COVID-19 and of nonstop work and nonstop play, and of the agreement between Anglo-Saxon "
        "and other sailors who met at the harbour, and at the load-carrying crane or load-carrying beam of the harbour."
    )
    start = loaded.text.index("confirmed")
    assert loaded.layout is not None
    first, second = boxes(loaded.layout, start, start + len("confirmed"))
    assert first.left > second.left
    assert second.top - first.top == pytest.approx(12, abs=0.5)


def test_lists_keep_their_items_apart() -> None:
    items = ["• The first item is longer than the others and goes on in a", "second line.", "• The second.", "• Third"]
    loaded = read(page_of((60, 80, [*prose("before", 3)]), (60, 130, items)))
    assert loaded.text.endswith(
        "\n\n- The first item is longer than the others and goes on in a second line.\n- The second.\n- Third"
    )


def test_letters_with_spaces_between_are_read_as_words() -> None:
    spaced = page_of((60, 80, ["S U M M A R Y"]), (60, 110, ["I said A or B."]))
    assert read(spaced).text == "SUMMARY\n\nI said A or B."


def test_ligatures_are_spelled_out_and_soft_hyphens_and_controls_dropped() -> None:
    def glyphs(text: str, step: float) -> list[Glyph]:
        boxes_of = [(n * step, 0, (n + 1) * step, 10) for n in range(len(text))]
        return [Glyph(char, box, (box[0], 10), Style(10)) for char, box in zip(text, boxes_of, strict=True)]

    def read_as(drawn_glyphs: list[Glyph]) -> str:
        return "".join(char for char, _ in spelled(drawn_glyphs, [glyph.box for glyph in drawn_glyphs]))

    assert read_as(glyphs("o\ufb03ce wa\u00adre\x03\u00a0\ufefb\uf0b7", 5)) == "office ware لا•"
    # pdfium gives both letters of a ligature its box, and those of this one the wrong way round.
    assert read_as(glyphs("كال", 0)) == "كلا"
    assert read_as(glyphs("كال", 5)) == "كال"


# Tables


def rows_at(canvas: Canvas, xs: tuple[float, ...], top: float, rows: list[list[str]]) -> None:
    for n, row in enumerate(rows):
        for x, cell in zip(xs, row, strict=True):
            lines(canvas, x, top + 16 * n, [cell])


ROWS = [["Port", "Seized", "Year"], ["Durres", "137", "2018"], ["Bar", "1,400", "2021"], ["Ploce", "575", "2021"]]


def test_a_table_is_a_line_a_row_with_its_headers() -> None:
    def draw(canvas: Canvas) -> None:
        lines(canvas, 60, 60, prose("before", 5))
        rows_at(canvas, (60, 200, 300), 150, ROWS)
        lines(canvas, 60, 240, prose("after", 5))

    loaded = read(draw)
    assert "\n\nPort: Durres; Seized: 137; Year: 2018\nPort: Bar; Seized: 1,400; Year: 2021\nPort: Ploce" in loaded.text
    assert loaded.layout is not None
    start = loaded.text.index("Seized: 1,400")
    header, cell = boxes(loaded.layout, start, start + len("Seized: 1,400"))
    assert header.top < cell.top


def test_a_label_that_stands_between_two_rows_makes_no_columns() -> None:
    def draw(canvas: Canvas) -> None:
        lines(canvas, 60, 60, prose("before", 5))
        for n, port in enumerate(("Durres", "Bar", "Ploce", "Kotor")):
            lines(canvas, 60, 156 + 32 * n, [port])
            rows_at(canvas, (200, 240, 280, 320), 148 + 32 * n, [[f"{n}{m}{k}" for k in "abcd"] for m in (0, 1)])

    in_order(read(draw), "Durres", "01d", "Bar", "11d", "Ploce", "21d", "Kotor", "31d")


def test_cells_between_lines_may_hold_several_lines_and_stand_close() -> None:
    def draw(canvas: Canvas) -> None:
        lines(canvas, 60, 60, prose("before", 5))
        canvas.grid([58, 150, 260], [HEIGHT - y for y in (140, 170, 200, 230)])
        lines(canvas, 60, 162, ["who was seen"], 8)
        canvas.drawRightString(149, HEIGHT - 152, "Name of the one")
        lines(canvas, 152, 152, ["Nothing is known", "of this"], 8)
        lines(canvas, 60, 182, ["Second"], 8)
        lines(canvas, 152, 182, ["Seen on the quay"], 8)
        lines(canvas, 60, 212, ["Third"], 8)

    assert read(draw).text.endswith(
        "\n\nName of the one who was seen; Nothing is known of this\nSecond; Seen on the quay\nThird"
    )


# What is left out


def framed(number: int, count: int) -> Draw:
    def draw(canvas: Canvas) -> None:
        lines(canvas, 60, 40, ["Harbour Watch Quarterly"], 8)
        lines(canvas, 60, 80, prose("abcd"[number - 1] * 3, 30))
        lines(canvas, 280, 810, [f"Page {number} of {count}"], 8)

    return draw


def test_running_heads_and_page_numbers_are_left_out_and_their_boxes_kept() -> None:
    loaded = read(*(framed(n, 4) for n in range(1, 5)))
    assert "Quarterly" not in loaded.text
    assert "of 4" not in loaded.text
    assert all(word in loaded.text for word in ("Aaa0", "Bbb0", "Ccc0", "Ddd0"))
    assert loaded.layout is not None
    for page in loaded.layout.pages:
        assert [round(box[0]) for box in page.margins] == [60, 280]


def test_the_words_of_a_form_that_is_on_every_page_are_no_running_heads() -> None:
    forms = [framed(n, 9) for n in (1, 1, 1)]
    loaded = read(*forms)
    assert loaded.text.count("Aaa0 ") == 3


def test_the_headers_of_a_table_at_the_top_of_every_page_are_not_taken_for_running_heads() -> None:
    def draw(canvas: Canvas) -> None:
        rows_at(canvas, (60, 200, 300), 60, ROWS)

    assert read(draw, draw, draw).text.count("Port: Durres") == 3


def test_text_that_nobody_can_see_is_left_out() -> None:
    def draw(canvas: Canvas) -> None:
        lines(canvas, 60, 80, ["What is seen."])
        lines(canvas, 60, 120, ["Far too small"], 0.3)
        lines(canvas, 60, -60, ["Off the page"])
        canvas.setFillColorRGB(1, 1, 1)
        lines(canvas, 60, 160, ["White on white"])
        canvas.setFillColorRGB(0, 0, 0)
        canvas.rect(50, HEIGHT - 220, 300, 40, fill=1)
        canvas.setFillColorRGB(1, 1, 1)
        lines(canvas, 60, 205, ["White on black."])
        canvas.setFillColorRGB(0, 0, 0)
        canvas.setFillAlpha(0)
        lines(canvas, 60, 300, ["Transparent"])

    assert read(draw).text == "What is seen.\n\nWhite on black."


# Sections and details


def test_headings_are_told_by_size_by_bold_type_and_by_the_outline() -> None:
    def draw(canvas: Canvas) -> None:
        lines(canvas, 60, 60, ["The report on the harbour"], 20)
        lines(canvas, 60, 100, prose("first", 6))
        lines(canvas, 60, 190, ["2.1 Findings"], 10, "Helvetica-Bold")
        lines(canvas, 60, 210, prose("second", 6))
        canvas.bookmarkPage("plain")
        canvas.addOutlineEntry("Sources", "plain", 1 - 1)
        lines(canvas, 60, 310, ["Sources"])
        lines(canvas, 60, 330, prose("third", 6))
        lines(canvas, 60, 430, ["This sentence is set in bold type."], 10, "Helvetica-Bold")

    loaded = read(draw, page_of((60, 60, prose("fourth", 6))))
    headings = ["The report on the harbour", "2.1 Findings", "Sources", "Sources"]
    assert [section.heading for section in loaded.sections] == headings
    assert [section.page for section in loaded.sections] == [1, 1, 1, 2]
    assert loaded.text.startswith("Fourth0", loaded.sections[-1].start)
    assert loaded.title == "The report on the harbour"


def test_details_are_those_of_the_file_where_they_say_something() -> None:
    page = page_of((60, 80, prose("text", 6)))
    loaded = read(page, title="Ports of the south", author="A. Writer")
    assert (loaded.title, loaded.details.author) == ("Ports of the south", "A. Writer")
    assert loaded.details.media_type == "application/pdf"
    assert loaded.details.published == datetime.date(2000, 1, 1)
    for title in ("untitled", "Microsoft Word - final_v2.docx", "scan0001.pdf"):
        assert read(page, title=title, author="anonymous").title == "report"
        assert read(page, title=title, author="anonymous").details.author is None
