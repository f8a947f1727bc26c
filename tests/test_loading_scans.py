"""Pictures as documents: their words, the order and the places of these, and what is wrong with those not read."""

from __future__ import annotations

import io
from collections import Counter

import numpy as np
import pytest
from PIL import Image, ImageFilter
from reportlab.pdfgen.canvas import Canvas

from index.documents import Loaded
from index.errors import NotFound, NoWords, UnreadableFile
from index.layout import boxes
from index.loading import load, ocr, scans
from index.loading.pictures import page_picture
from index.loading.scans import shown_sheet
from tests.pdf_files import lines, page_of, prose
from tests.scan_files import Scan, saved, scanned
from tests.test_loading import assert_canonical
from tests.test_pictures import yellow

pytestmark = pytest.mark.slow

HEADING = "Report of the harbour police"
FIRST, SECOND = prose("one", 10, 400), prose("two", 8, 400)


def report(canvas: Canvas) -> None:
    lines(canvas, 60, 80, [HEADING], size=20, font="Helvetica-Bold")
    lines(canvas, 60, 130, FIRST)
    lines(canvas, 60, 300, SECOND)


def recovered(loaded: Loaded, scan: Scan) -> float:
    """How many of the words drawn were read."""
    wanted = Counter(word for word, _ in scan.words)
    return (wanted & Counter(loaded.text.split())).total() / wanted.total()


@pytest.fixture(scope="module")
def scan() -> Scan:
    return scanned(report)


@pytest.fixture(scope="module")
def loaded(scan: Scan) -> Loaded:
    return load("scan.png", saved(scan.picture))


def test_the_words_of_a_scan_are_read_as_paragraphs_under_their_heading(loaded: Loaded, scan: Scan) -> None:
    assert_canonical(loaded)
    assert recovered(loaded, scan) >= 0.95
    assert loaded.text.split("\n\n") == [HEADING, " ".join(FIRST), " ".join(SECOND)]
    assert (loaded.title, loaded.details.language, loaded.details.media_type) == (HEADING, "en", "image/png")
    assert [(section.heading, section.page) for section in loaded.sections] == [(HEADING, 1)]
    assert loaded.layout is not None
    assert loaded.layout.pages_read_by_ocr == (1,)
    assert [round(page.height) for page in loaded.layout.pages] == [842]


def test_the_boxes_of_words_lie_where_these_were_drawn(loaded: Loaded, scan: Scan) -> None:
    assert loaded.layout is not None
    at, checked = 0, 0
    for word, (left, top, right, bottom) in scan.words:
        start = loaded.text.find(word, at)
        if start < 0:
            continue
        at = start + len(word)
        (box,) = boxes(loaded.layout, start, at)
        wide, high = min(box.right, right) - max(box.left, left), min(box.bottom, bottom) - max(box.top, top)
        assert wide * high >= 0.85 * (right - left) * (bottom - top), word
        assert box.bottom - box.top < 2.2 * (bottom - top) + 4, word
        assert box.right - box.left < right - left + 0.6 * (box.bottom - box.top), word
        checked += 1
    assert checked >= 0.95 * len(scan.words)


def test_a_quote_is_marked_on_the_picture(loaded: Loaded, scan: Scan) -> None:
    assert loaded.layout is not None
    start = loaded.text.index(FIRST[3])
    found = boxes(loaded.layout, start, start + len(FIRST[3]))
    assert len(found) == 1
    shown = Image.open(io.BytesIO(page_picture("scan.png", saved(scan.picture), 1, found))).convert("RGB")
    marked = yellow(np.asarray(shown, dtype=np.int16))
    rows = np.argwhere(marked)[:, 0] * 842 / shown.height
    assert 152 < rows.min() < rows.max() < 173
    with pytest.raises(NotFound, match="no page 2: the document has 1"):
        page_picture("scan.png", saved(scan.picture), 2)


def test_two_columns_are_read_one_after_the_other() -> None:
    left, right = prose("left", 12), prose("right", 12)
    loaded = load("columns.jpg", saved(scanned(page_of((50, 80, left), (320, 80, right))).picture, "JPEG"))
    assert loaded.text.split() == " ".join([*left, *right]).split()


@pytest.mark.slow
@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_a_photo_is_turned_as_its_camera_was_held(orientation: int) -> None:
    text = prose("held", 5, 400)
    upright = scanned(page_of((60, 80, text))).picture.crop((0, 0, 1240, 500))
    stored = upright.rotate({3: 180, 6: 90, 8: 270}[orientation], expand=True)
    exif = Image.Exif()
    exif[0x0112] = orientation
    loaded = load("photo.jpg", saved(stored, "JPEG", exif=exif))
    assert loaded.text == " ".join(text)
    assert loaded.layout is not None
    assert loaded.layout.pages[0].width > loaded.layout.pages[0].height
    assert boxes(loaded.layout, 0, 4)[0].top < 110


@pytest.mark.slow
@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_that_lies_on_its_side_or_its_head_is_read_where_it_lies(turn: int) -> None:
    text = prose("side", 6, 400)
    picture = scanned(page_of((60, 80, text))).picture
    loaded = load("side.png", saved(picture.rotate(turn, expand=True)))
    assert loaded.text == " ".join(text)
    assert loaded.layout is not None
    found = boxes(loaded.layout, 0, len(text[0]))
    # In points of the upright page the first line begins at (60, 80 - 10).
    middle = (found[0].left + found[0].right) / 2, (found[0].top + found[0].bottom) / 2
    x, y = 60 + len(text[0]) * 2.4, 77
    expected = {90: (y, 595 - x), 180: (595 - x, 842 - y), 270: (842 - y, x)}[turn]
    assert middle == pytest.approx(expected, abs=25)
    assert all((box.right - box.left < box.bottom - box.top) == (turn != 180) for box in found)


@pytest.mark.slow
def test_each_picture_of_a_tiff_file_is_a_page() -> None:
    sheets = [scanned(page_of((60, 80, prose(name, 4, 400)))).picture for name in ("one", "two")]
    data = saved(sheets[0], "TIFF", save_all=True, append_images=sheets[1:], compression="tiff_lzw")
    loaded = load("fax.tiff", data)
    assert [section.page for section in loaded.sections] == [1, 2]
    assert loaded.text.count("One0") == loaded.text.count("Two0") == 1
    assert loaded.details.media_type == "image/tiff"
    assert Image.open(io.BytesIO(page_picture("fax.tiff", data, 2))).size == (1190, 1684)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "mode"),
    [("BMP", "RGB"), ("WEBP", "RGB"), ("PNG", "RGBA"), ("TIFF", "1"), ("PNG", "I;16"), ("JPEG", "CMYK")],
)
def test_pictures_of_every_kind_are_read(kind: str, mode: str) -> None:
    text = prose("kind", 3, 400)
    picture = scanned(page_of((60, 80, text))).picture.crop((0, 100, 1240, 400))
    if mode == "RGBA":
        # Black letters on nothing at all.
        clear = Image.new("RGBA", picture.size, (0, 0, 0, 0))
        clear.putalpha(picture.convert("L").point(lambda value: 255 - value))
        picture = clear
    elif mode == "I;16":
        picture = picture.convert("I").point(lambda value: value * 200).convert("I;16")
    loaded = load(f"a.{kind.lower()}", saved(picture.convert(mode) if mode != "I;16" else picture, kind))
    assert loaded.text == " ".join(text)


def test_an_empty_picture_has_no_text() -> None:
    for picture in (Image.new("RGB", (600, 400), "white"), Image.effect_noise((400, 400), 60), Image.new("L", (1, 1))):
        with pytest.raises(UnreadableFile, match=r"blank\.png is a picture in which no text could be read"):
            load("blank.png", saved(picture))


def test_words_that_can_only_be_guessed_are_left_out() -> None:
    clear = scanned(page_of((60, 80, prose("held", 4, 400)))).picture.crop((0, 100, 1240, 400))
    blurred = clear.filter(ImageFilter.GaussianBlur(3))
    assert [line.text for line in ocr._read(blurred, 0).lines]
    with pytest.raises(NoWords):
        load("blurred.png", saved(blurred))


def test_a_file_of_more_sheets_than_are_read_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(scans, "MOST_SHEETS", 1)
    blank = Image.new("1", (40, 40), 1)
    with pytest.raises(UnreadableFile, match="more than 1 pages"):
        load("fax.tif", saved(blank, "TIFF", save_all=True, append_images=[blank]))


def test_a_page_is_shown_without_those_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    sheets = [Image.effect_noise((60 - 10 * place, 40), 60) for place in range(3)]
    data = bytearray(saved(sheets[0], "TIFF", save_all=True, append_images=sheets[1:], compression="tiff_deflate"))
    with Image.open(io.BytesIO(data)) as picture:
        start = picture.getexif()[273]  # Where its pixels begin: those of the first sheet are damaged.
    place = start[0] if isinstance(start, tuple) else start
    data[place : place + 20] = bytes(20)
    fax = bytes(data)
    with pytest.raises(UnreadableFile, match="broken or cut off"):
        shown_sheet("fax.tif", fax, 1)
    assert shown_sheet("fax.tif", fax, 3)[0].size == (40, 40)
    monkeypatch.setattr(scans, "MOST_PIXELS", 40 * 40)
    assert shown_sheet("fax.tif", fax, 3)[0].size == (40, 40)
    with pytest.raises(UnreadableFile, match="million pixels"):
        shown_sheet("fax.tif", fax, 2)
    for number in (-1, 0, 4, 10**9):
        with pytest.raises(NotFound, match=f"no page {number}: the document has 3"):
            shown_sheet("fax.tif", fax, number)


def test_only_a_tiff_file_has_more_than_one_page() -> None:
    moving = saved(Image.new("L", (9, 9)), "WEBP", save_all=True, append_images=[Image.new("L", (9, 9), 200)])
    with pytest.raises(NotFound, match="no page 2: the document has 1"):
        shown_sheet("moving.webp", moving, 2)
