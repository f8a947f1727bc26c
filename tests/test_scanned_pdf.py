"""PDF files with pages that are pictures: these are read by OCR, the others as before, and each has its places."""

from __future__ import annotations

import pytest
from reportlab.pdfgen.canvas import Canvas

from index.errors import UnreadableFile
from index.layout import Layout, boxes, pack, unpack
from index.loading import load, pdf
from index.loading.apart import Loaders
from index.settings import IndexSettings
from tests.pdf_files import drawn, lines, page_of, pdf_of, prose
from tests.scan_files import picture_of, scanned

TYPED, SCANNED = prose("typed", 6, 400), prose("scanned", 6, 400)
SCAN = scanned(page_of((60, 80, SCANNED)))


def layout_of(data: bytes) -> tuple[str, Layout]:
    loaded = load("mixed.pdf", data)
    assert loaded.layout is not None
    return loaded.text, loaded.layout


def test_scanned_pages_are_read_beside_those_with_text() -> None:
    text, layout = layout_of(drawn(page_of((60, 80, TYPED)), picture_of(SCAN), page_of()))
    assert text == " ".join(TYPED) + "\n\n" + " ".join(SCANNED)
    assert [page.state for page in layout.pages] == ["text", "ocr", "blank"]
    assert (layout.pages_read_by_ocr, layout.pages_without_text) == ((2,), ())
    assert unpack(pack(layout)) == layout


def test_a_quote_from_a_scanned_page_has_its_boxes_in_points_of_the_page() -> None:
    text, layout = layout_of(drawn(picture_of(SCAN)))
    start = text.index(SCANNED[2])
    (box,) = boxes(layout, start, start + len(SCANNED[2]))
    # The third line is drawn from (60, 80 + 24) on, its letters reach 7 up and 2 down.
    assert box.page == 1
    assert box.left == pytest.approx(60, abs=3)
    assert box.top < 97.5
    assert 106 < box.bottom < 109


def test_a_page_that_lay_on_its_side_and_is_shown_turned_has_its_boxes_as_shown() -> None:
    def draw(canvas: Canvas) -> None:
        # The page is stored 842 wide and 595 high, and shown turned clockwise.
        canvas.setPageRotation(90)
        canvas.translate(842, 0)
        canvas.rotate(90)
        picture_of(SCAN)(canvas)

    text, layout = layout_of(drawn(draw))
    assert text == " ".join(SCANNED)
    assert (layout.pages[0].width, layout.pages[0].height) == (595, 842)
    box = boxes(layout, 0, len(text))[0]
    assert (box.left, (box.top + box.bottom) / 2) == pytest.approx((60, 77), abs=3)


def test_a_stamp_on_a_scan_does_not_pass_for_its_text() -> None:
    def draw(canvas: Canvas) -> None:
        picture_of(SCAN)(canvas)
        lines(canvas, 60, 780, ["Released to the public on 2 May 2019"])

    text, layout = layout_of(drawn(draw))
    assert text == " ".join(SCANNED) + "\n\nReleased to the public on 2 May 2019"
    assert layout.pages_read_by_ocr == (1,)


def test_text_over_a_picture_of_a_page_is_not_read_anew() -> None:
    def draw(canvas: Canvas) -> None:
        picture_of(SCAN)(canvas)
        lines(canvas, 60, 80, SCANNED)

    text, layout = layout_of(drawn(draw))
    assert text == " ".join(SCANNED)
    assert layout.pages_read_by_ocr == ()


def test_more_scanned_pages_than_are_read_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf, "MOST_SCANS", 1)
    with pytest.raises(UnreadableFile, match=r"mixed\.pdf has 2 scanned pages, more than the 1 that are read"):
        load("mixed.pdf", pdf_of("1 0 0 RG 10 10 m 90 90 l S", count=2))


@pytest.mark.slow
def test_a_scan_is_read_and_shown_within_the_memory_of_a_process() -> None:
    settings = IndexSettings(parse_seconds=60, parse_processes=1)
    with Loaders(settings) as loaders:
        loaded = loaders.load("scan.pdf", drawn(*[picture_of(SCAN)] * 2))
        picture = loaders.picture("scan.pdf", drawn(picture_of(SCAN)), 1, [])
    assert loaded.text.count("Scanned0") == 2
    assert picture.startswith(b"\x89PNG")


@pytest.mark.slow
def test_too_little_memory_for_ocr_is_one_file_refused_with_its_reason() -> None:
    with Loaders(IndexSettings(parse_memory_mb=700, parse_processes=1)) as loaders:
        with pytest.raises(UnreadableFile, match=r"scan\.pdf.*700 MB.*ASSISTANT_INDEX__PARSE_MEMORY_MB"):
            loaders.load("scan.pdf", drawn(picture_of(SCAN)))
        assert loaders.load("note.pdf", drawn(page_of((60, 80, TYPED)))).text == " ".join(TYPED)
