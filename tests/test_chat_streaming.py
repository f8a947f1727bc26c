"""The law of the chat reader: whatever the model writes, in any pieces, and each statement as soon as it stands."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from hypothesis import given
from hypothesis import strategies as st

from assistant.reading.chat import ChatReader, Page
from assistant.reading.markers import SILENCE, Markers, Written
from tests.test_chat_reader import FIRST, PROMPT, QUESTION, SECOND, Shelf, Writing, read

TOKENS = [
    "[1.1]",
    "`",
    "```",
    "[1.2]",
    "[2.1, 1.1]",
    "[9.9]",
    "【1.2】",
    "[",
    "]",
    "1",
    ".",
    " ",
    "\n",
    ",",
    '"',
    "There",
    "Dr.",
]
WRITTEN = st.one_of(
    st.text(max_size=60), st.lists(st.sampled_from([*TOKENS, SILENCE, "- ", "2.2", "```"]), max_size=25).map("".join)
)


def pieces_of(text: str, cuts: list[int]) -> list[str]:
    places = sorted({0, len(text), *(place % (len(text) + 1) for place in cuts)})
    return [text[start:end] for start, end in itertools.pairwise(places)]


@given(WRITTEN, st.lists(st.integers(min_value=0, max_value=1000), max_size=12))
def test_every_pointer_is_a_sentence_that_was_shown_and_pieces_change_nothing(text: str, cuts: list[int]) -> None:
    shelf = Shelf(FIRST, SECOND)
    sentences = set(Page(shelf.hits(), shelf, 1).sentences.values())
    whole = read([text], shelf)
    for statement in whole.statements:
        assert statement.pointers
        assert set(statement.pointers) <= sentences
    assert whole.confidence is None
    assert read(pieces_of(text, cuts), shelf) == whole
    assert read(list(text), shelf) == whole


def test_a_draft_grows_by_each_statement_as_soon_as_it_stands_whole() -> None:
    shelf, came = Shelf(FIRST, SECOND), []

    def writing() -> Iterator[str]:
        for piece in ["There were 316 in 2021. [1.", "1] Three", " prosecutors were murdered. [2.1]", " Nobody", "."]:
            came.append(piece)
            yield piece

    model = Writing(())
    model.write = lambda *_: writing()  # type: ignore[method-assign]
    drafts = ChatReader(model, PROMPT).read(QUESTION, shelf.hits(), shelf)
    first, second = next(drafts), next(drafts)
    assert ([len(draft.statements) for draft in (first, second)], len(came)) == ([1, 2], 4)
    *_, last = drafts
    assert last.statements == second.statements
    assert last.written == "".join(came)
    assert [shelf.document(one.document_id).text[one.start : one.end] for one in last.shown] == [
        "Some 316 inmates were killed in 2021.", "The guards had left.",
        "Three prosecutors were murdered in Manabí.", "Nobody was charged.",
    ]  # fmt: skip


def test_a_statement_comes_out_as_soon_as_it_stands_whole() -> None:
    markers = Markers()
    assert markers.feed("There were 316. [1.") == []
    assert markers.feed("1]") == []
    assert markers.feed(" And ") == [Written("There were 316.", ("1.1",))]
    assert markers.feed("more. [1.2]\n") == [Written("And more.", ("1.2",))]
    assert markers.close() == []
