"""Pictures of pages: what is marked is yellow, and what is not stays as it was."""

from __future__ import annotations

import io
import threading
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from index.errors import NotFound, UnreadableFile, UnsupportedFile
from index.layout import MarkedBox, boxes
from index.loading import load
from index.loading.pictures import MOST_PIXELS, page_picture
from tests.pdf_files import drawn, page_of, pdf_of, prose

DATA = drawn(page_of((60, 80, prose("one", 9))), page_of((60, 80, prose("two", 9))))


Pixels = npt.NDArray[np.int16]


def picture(number: int, found: Sequence[MarkedBox] = (), scale: float = 2) -> Pixels:
    """The page as rows of pixels of red, green and blue."""
    opened = Image.open(io.BytesIO(page_picture("two.pdf", DATA, number, found, scale)))
    assert opened.format == "PNG"
    return np.asarray(opened.convert("RGB"), dtype=np.int16)


def yellow(pixels: Pixels) -> npt.NDArray[np.bool_]:
    """Which pixels are of the colour of a mark on white."""
    return (pixels[..., 0] > 240) & (pixels[..., 1] > 220) & (pixels[..., 2] < 190)


def test_a_page_is_as_large_as_its_scale_says() -> None:
    assert picture(1, scale=1).shape == (842, 595, 3)
    assert picture(1, scale=2).shape == (1684, 1190, 3)
    assert not yellow(picture(1)).any()


def test_the_boxes_of_a_quote_are_marked_over_its_words_only() -> None:
    loaded = load("two.pdf", DATA)
    assert loaded.layout is not None
    start = loaded.text.index("two8")
    found = boxes(loaded.layout, start, start + 40)
    assert {box.page for box in found} == {2}
    plain, marked = picture(2), picture(2, found)
    inside = np.zeros(plain.shape[:2], dtype=bool)
    for box in found:
        inside[int(box.top * 2) - 2 : int(box.bottom * 2) + 3, int(box.left * 2) - 2 : int(box.right * 2) + 3] = True
    changed = (plain != marked).any(axis=2)
    assert not (changed & ~inside).any()
    assert yellow(marked).sum() > 0.5 * inside.sum()
    # What is dark under a mark is still dark: the words can be read.
    dark = inside & (plain.max(axis=2) < 16)
    assert dark.sum() > 20
    assert marked[dark].max() < 128


def test_boxes_of_other_pages_are_not_marked() -> None:
    assert not yellow(picture(1, [MarkedBox(2, 60, 60, 200, 90)])).any()


@pytest.mark.parametrize("number", [0, 3, -1])
def test_a_page_that_is_not_there_is_not_found(number: int) -> None:
    with pytest.raises(NotFound, match=f"no page {number}: the document has 2"):
        picture(number)


def test_a_page_of_any_size_gives_a_picture_of_a_bounded_one() -> None:
    huge = pdf_of(
        "BT /F1 12 Tf 72 700 Td (Some words.) Tj ET", "/CropBox [0 0 14400 14400] /MediaBox [0 0 14400 14400]"
    )
    size = Image.open(io.BytesIO(page_picture("huge.pdf", huge, 1))).size
    assert size[0] * size[1] <= MOST_PIXELS * 1.01


def test_other_files_give_the_errors_of_the_loader() -> None:
    with pytest.raises(UnsupportedFile):
        page_picture("text.pdf", b"text", 1)
    with pytest.raises(UnreadableFile, match="password"):
        page_picture("a.pdf", drawn(page_of((60, 80, ["Text"])), password="secret"), 1)


def test_pages_are_drawn_and_files_read_at_the_same_time() -> None:
    problems: list[BaseException] = []

    def work(number: int) -> None:
        try:
            for _ in range(5):
                assert page_picture("two.pdf", DATA, 1 + number % 2, scale=0.5)
                assert load("two.pdf", DATA).text.startswith("One0")
        except BaseException as error:  # noqa: BLE001 - whatever it is, the test shall show it
            problems.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not problems
