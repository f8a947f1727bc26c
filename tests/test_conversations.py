from __future__ import annotations

import dataclasses
import datetime
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.answers import Answer, Citation, Closest, Dropped, Question, Shown, Statement, Trace, TracedHit
from assistant.blanking import BLANK
from assistant.conversations import SqliteConversations, new_id
from index.errors import InvalidInput, NotFound

QUOTE = "In 2021, some 316 inmates were killed."


@pytest.fixture
def store(tmp_path: Path) -> Iterator[SqliteConversations]:
    opened = SqliteConversations(tmp_path)
    yield opened
    opened.close()


def answer(conversation_id: str, asked: str = "How many?", document_id: str = "d1") -> Answer:
    citation = Citation(
        number=1, passage_id=f"{document_id}:0:0-9", document_id=document_id, title="Prisons", source="reports/p.md",
        heading="Deaths", page=None, published=datetime.date(2022, 1, 3), reliability="B", credibility=2, quote=QUOTE,
        start=3, end=3 + len(QUOTE), highlight=None, prefix="…", suffix=" Guards", digest="sha256:0", link="/",
    )  # fmt: skip
    closest = Closest("d2:0:0-9", "d2", "Ports", "reports/q.md", "", None, None, "The port is large.", 0, 18, 0.3)
    return Answer(
        id=new_id("a"), conversation_id=conversation_id, question=Question(asked, asked), verdict="grounded",
        confidence=0.9, text=f"{QUOTE} [1]", statements=(Statement(QUOTE, (1,), "verbatim", 1.0),),
        citations=(citation,), closest=(closest,), dropped=(), differing=False,
        asked_at=datetime.datetime.now(datetime.UTC),
        trace=Trace("extractive", None, None, "e", 1, {"total": 1.0}, (TracedHit("d3:0:0-9", 0.5, 1, "both"),)),
    )  # fmt: skip


def test_an_answer_comes_back_as_it_was_given(store: SqliteConversations) -> None:
    given = answer("c1")
    store.keep(given, "default")
    assert store.answer(given.id) == given
    assert store.answers("c1") == (given,)
    entry = store.entry("c1")
    assert (entry.title, entry.turns, entry.collection) == ("How many?", 1, "default")


def test_the_latest_conversation_is_first_and_lists_are_paged(store: SqliteConversations) -> None:
    for number in (1, 2, 3):
        store.keep(answer(f"c{number}"), "default")
    store.keep(answer("c1", "And then?"), "default")
    first, after = store.entries(limit=2)
    rest, end = store.entries(limit=2, after=after)
    assert [entry.id for entry in (*first, *rest)] == ["c1", "c3", "c2"]
    assert end is None
    assert first[0].title == "How many?", "the first question names it"
    with pytest.raises(InvalidInput, match="cursor"):
        store.entries(after="x")


def test_what_was_kept_is_there_after_a_restart(store: SqliteConversations, tmp_path: Path) -> None:
    given = answer("c1")
    store.keep(given, "default")
    store.close()
    assert SqliteConversations(tmp_path).answer(given.id) == given


def test_a_removed_document_leaves_none_of_its_words(store: SqliteConversations, tmp_path: Path) -> None:
    given, other = answer("c1"), answer("c2", document_id="d9")
    store.keep(given, "default")
    store.keep(other, "default")
    assert store.forget_document("d1") == 1
    left = store.answer(given.id)
    assert left.statements[0].text == left.text == BLANK
    assert (left.citations[0].quote, left.citations[0].title, left.citations[0].prefix) == ("", "", "")
    assert left.closest == given.closest, "another document's passage stays"
    assert store.answer(other.id) == other
    assert store.forget_document("d2") == 2
    assert store.answer(given.id).closest[0].text == ""
    store.forget_document("d9")
    store.close()
    assert QUOTE.encode() not in (tmp_path / "conversations.sqlite").read_bytes()


def test_a_conversation_is_renamed_and_removed_with_its_answers(store: SqliteConversations) -> None:
    given = answer("c1")
    store.keep(given, "default")
    assert store.rename("c1", "  Prison\ndeaths ").title == "Prison deaths"
    with pytest.raises(InvalidInput, match="1 to 200"):
        store.rename("c1", "   ")
    store.feedback(given.id, True, "useful")
    store.feedback(given.id, False, None)
    store.remove("c1")
    with pytest.raises(NotFound):
        store.answer(given.id)
    with pytest.raises(NotFound):
        store.answers("c1")


def test_unknown_ids_are_said(store: SqliteConversations) -> None:
    for call in (store.entry, store.answers, store.answer, store.remove):
        with pytest.raises(NotFound, match="nobody"):
            call("nobody")
    with pytest.raises(NotFound):
        store.rename("nobody", "x")
    with pytest.raises(NotFound):
        store.feedback("nobody", True, None)


def test_an_answer_may_name_no_document(store: SqliteConversations) -> None:
    bare = answer("c1")
    bare = dataclasses.replace(bare, citations=(), closest=(), statements=(), trace=Trace("x", None, None, "e", 1))
    store.keep(bare, "default")
    assert store.answer(bare.id) == bare


def test_only_what_rests_on_a_removed_document_is_blanked(store: SqliteConversations) -> None:
    given = answer("c1")
    two = dataclasses.replace(given.citations[0], number=2, document_id="d8", quote="Guards fled.")
    given = dataclasses.replace(
        given, citations=(*given.citations, two),
        statements=(*given.statements, Statement("Guards fled.", (2,), "verbatim", 1.0)),
    )  # fmt: skip
    store.keep(given, "default")
    store.forget_document("d1")
    assert [statement.text for statement in store.answer(given.id).statements] == [BLANK, "Guards fled."]
    assert store.forget_document("d3") == 1, "what was only found is remembered too"
    assert store.forget_document("d3") == 0


def test_faults_notes_and_reasons_go_with_the_words_that_they_name(store: SqliteConversations) -> None:
    given = answer("c1")
    faulty = Statement("Quito burnt.", (1,), "unsupported", 0.0, ("Quito is not in the sources",), ("police said",))
    dropped = Dropped("In Quito.", "the sentences do not bear it out: Quito is not in the sources")
    given = dataclasses.replace(given, statements=(faulty,), dropped=(dropped,))
    store.keep(given, "default")
    store.forget_document("d1")
    kept = store.answer(given.id)
    assert (kept.statements[0].faults, kept.statements[0].notes) == ((), ())
    assert kept.dropped == (Dropped("", "the sentences do not bear it out"),)


def test_a_question_that_was_completed_with_words_of_a_removed_document_is_as_it_was_asked(
    store: SqliteConversations,
) -> None:
    store.keep(answer("c1"), "default")
    asked = dataclasses.replace(answer("c1").question, asked="Who is he?", standalone="Who is Kapetan?")
    later = dataclasses.replace(
        answer("c1"), id="a9", question=asked, citations=(), closest=(), statements=(),
        trace=Trace("x", None, None, "e", 1, fallback="it refused: Kapetan said"),
    )  # fmt: skip
    store.keep(later, "default")
    store.forget_document("d1")
    kept = store.answer("a9")
    assert kept.question.standalone == "Who is he?"
    assert kept.trace.fallback == BLANK


def test_a_title_is_not_over_long(store: SqliteConversations) -> None:
    store.keep(answer("c1"), "default")
    assert store.rename("c1", "x" * 200).title == "x" * 200
    with pytest.raises(InvalidInput, match="this one 201"):
        store.rename("c1", "x" * 201)


def test_what_a_model_wrote_is_blanked_with_any_document_that_it_was_shown(store: SqliteConversations) -> None:
    given = answer("c1")
    trace = dataclasses.replace(
        given.trace, written="Guards fled. [3.1]", shown=(Shown("3.1", given.trace.hits[0].passage_id, "d3", 0, 12),)
    )
    given = dataclasses.replace(given, trace=trace, dropped=(Dropped("Guards fled.", "it points at no sentence"),))
    store.keep(given, "default")
    assert store.answer(given.id) == given
    store.forget_document(given.trace.hits[0].passage_id.split(":")[0])
    kept = store.answer(given.id)
    assert (kept.trace.written, [one.text for one in kept.dropped]) == (BLANK, [""])
