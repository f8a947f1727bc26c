"""From the JSON that a model writes to statements, each as soon as it stands whole."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.reading.markers import Markers, Written
from assistant.reading.statements import Statements
from tests.test_chat_streaming import pieces_of


def read(*pieces: str) -> list[Written]:
    statements = Statements()
    return [*(one for piece in pieces for one in statements.feed(piece)), *statements.close()]


def test_a_statement_comes_out_with_its_closing_brace() -> None:
    statements = Statements()
    assert statements.feed('{"statements": [{"text": "There were 316.", "sentences": ["1.') == []
    assert statements.feed('1"]') == []
    assert statements.feed("}, {") == [Written("There were 316.", ("1.1",))]
    assert statements.feed('"text": "More.", "sentences": ["1.2", "2.1"]}]}') == [Written("More.", ("1.2", "2.1"))]
    assert statements.close() == []


@pytest.mark.parametrize("text", ['{"statements": []}', '```json\n{ "statements" : [ ] }\n```'])
def test_no_statements_are_silence(text: str) -> None:
    assert read(text) == []


def test_a_statement_that_was_cut_off_has_no_ordinals() -> None:
    whole = '{"statements": [{"text": "One.", "sentences": ["1.1"]}, '
    assert read(whole + '{"text": "Two \\"quoted\\", and \\u00e') == [
        Written("One.", ("1.1",)),
        Written('Two "quoted", and', ()),
    ]
    assert read(whole + '{"text": "Two.", "sentences": ["1.') == [Written("One.", ("1.1",)), Written("Two.", ())]


def test_markers_in_a_text_are_taken_out_and_count() -> None:
    assert read('{"statements": [{"text": "One. [9.9]", "sentences": ["1.1"]}]}') == [Written("One.", ("1.1", "9.9"))]


@pytest.mark.parametrize(
    "text", ["There were 316. [1.1]", "[1.1] is the one that says it, of all of them, I think. [1.2]"]
)
def test_what_is_no_json_is_read_as_text(text: str) -> None:
    markers = Markers()
    assert read(text) == read(*text) == [*markers.feed(text), *markers.close()]


@pytest.mark.parametrize(
    "item",
    ["1", "null", '"text"', '{"text": 1}', '{"sentences": ["1.1"]}', "[" * 100_000, '{"text": "x", "sentences": 1}'],
)
def test_what_is_no_statement_points_at_nothing(item: str) -> None:
    assert [one.ordinals for one in read(f'{{"statements": [{item}]}}')] in ([], [()])


STATEMENTS = st.lists(
    st.fixed_dictionaries(
        {"text": st.text(alphabet=st.characters(exclude_characters="[]【】［］`\n", codec="utf-8"), max_size=30),
         "sentences": st.lists(st.sampled_from(["1.1", "2.10"]), max_size=3, unique=True)}
    ), max_size=4,
)  # fmt: skip


@given(STATEMENTS, st.lists(st.integers(min_value=0, max_value=1000), max_size=12), st.sampled_from([None, 1]))
def test_how_the_text_was_cut_changes_nothing(
    said: list[dict[str, object]], cuts: list[int], indent: int | None
) -> None:
    text = json.dumps({"statements": said}, indent=indent, ensure_ascii=bool(indent))
    whole = read(text)
    assert read(*pieces_of(text, cuts)) == read(*text) == whole
    assert [one.ordinals for one in whole] == [tuple(one["sentences"]) for one in said]  # type: ignore[arg-type]


@given(st.text(alphabet=st.sampled_from('{}[]",:\\ \nstatementsx1.'), max_size=80), st.lists(st.integers(0, 100)))
def test_whatever_is_written_is_read_without_a_fault_and_alike(text: str, cuts: list[int]) -> None:
    for beginning in ("", '{"statements": ['):
        assert read(*pieces_of(beginning + text, cuts)) == read(beginning + text)
