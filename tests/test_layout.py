"""The page map: its packed form gives it back, and the boxes of a span are one a line."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import StoreBroken
from index.layout import NO_PLACE, Layout, MarkedBox, PageShape, boxes, pack, place, unpack

SHAPES = st.builds(
    PageShape,
    number=st.integers(1, 500),
    width=st.floats(0, 14_400),
    height=st.floats(0, 14_400),
    state=st.sampled_from(["text", "blank", "scanned", "broken"]),
    margins=st.lists(st.tuples(*[st.floats(0, 900)] * 4), max_size=3).map(tuple),
)


def layout_of(*places: bytes) -> Layout:
    return Layout((PageShape(1, 600, 800), PageShape(2, 600, 800)), b"".join(places))


def letters(page: int, left: float, top: float, count: int, width: float = 5) -> list[bytes]:
    return [place(page, (left + n * width, top, left + (n + 1) * width, top + 10)) for n in range(count)]


@given(st.lists(SHAPES, max_size=3).map(tuple), st.lists(st.binary(min_size=10, max_size=10), max_size=50))
def test_packing_gives_the_layout_back(pages: tuple[PageShape, ...], places: list[bytes]) -> None:
    layout = Layout(pages, b"".join(places))
    assert unpack(pack(layout)) == layout


@given(st.binary(max_size=60))
def test_bytes_that_are_no_layout_are_told(data: bytes) -> None:
    whole = pack(layout_of(NO_PLACE))
    for packed in (data, whole[: len(data) % len(whole)], whole[:-4]):
        with pytest.raises(StoreBroken, match="page map"):
            unpack(packed)


def test_a_layout_of_text_packs_to_few_bytes_a_character() -> None:
    lines = [one for n in range(60) for one in letters(1, 70, 50 + 12 * n, 80)]
    layout = layout_of(*lines)
    assert len(pack(layout)) < len(lines) / 4


def test_a_line_is_one_box_and_spaces_do_not_part_it() -> None:
    layout = layout_of(*letters(1, 70, 50, 4), NO_PLACE, *letters(1, 95, 50, 3))
    assert boxes(layout, 0, 8) == [MarkedBox(1, 70, 50, 110, 60)]
    assert boxes(layout, 1, 3) == [MarkedBox(1, 75, 50, 85, 60)]
    assert boxes(layout, 4, 5) == []


def test_lines_columns_cells_and_pages_are_boxes_of_their_own() -> None:
    layout = layout_of(
        *letters(1, 70, 50, 40),
        *letters(1, 70, 62, 2),
        *letters(1, 300, 62, 2),
        *letters(2, 70, 62, 1),
    )
    assert [(box.page, box.left, box.top) for box in boxes(layout, 0, 45)] == [
        (1, 70, 50),
        (1, 70, 62),
        (1, 300, 62),
        (2, 70, 62),
    ]


def test_lines_from_right_to_left_and_lines_that_run_upwards_are_one_box() -> None:
    backwards = layout_of(*reversed(letters(1, 70, 50, 9)))
    assert boxes(backwards, 0, 9) == [MarkedBox(1, 70, 50, 115, 60)]
    upwards = layout_of(*(place(1, (20, 400 - 6 * n, 30, 406 - 6 * n)) for n in range(9)))
    assert boxes(upwards, 0, 9) == [MarkedBox(1, 20, 352, 30, 406)]


def test_boxes_are_rounded_outwards_and_kept_in_bounds() -> None:
    one = boxes(layout_of(place(1, (10.1, -3.0, 20.1, 99_999))), 0, 1)[0]
    assert (one.left, one.top, one.right) == (10.0, 0.0, 20.25)
    assert one.bottom > 16_000


def test_pages_without_text_are_known() -> None:
    states = ("text", "scanned", "blank", "broken")
    layout = Layout(tuple(PageShape(n, 1, 1, state) for n, state in enumerate(states, 1)), b"")  # type: ignore[arg-type]
    assert layout.pages_without_text == (2, 4)
