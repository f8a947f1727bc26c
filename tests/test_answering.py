"""The spine over the sample library: real search, real reader, real conversations."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.answering import Assistant, Policy
from assistant.answers import (
    Answer,
    AnswerEvent,
    Draft,
    DraftStatement,
    HitsEvent,
    Pointer,
    Question,
    QuestionEvent,
    StatementEvent,
)
from assistant.assembly import Dossier, open_dossier
from assistant.condensing import RuleCondenser
from assistant.errors import InvalidQuestion
from assistant.reading import Texts
from assistant.settings import Settings
from index.documents import Filters, Hit
from index.errors import ModelUnavailable, NotFound
from tests.conftest import SEEDS

BOMBINGS = "How many bombings were recorded in Ecuador between January and August 2022?"
QUESTIONS = [json.loads(line)["question"] for line in (SEEDS / "questions.jsonl").read_text("utf-8").splitlines()]


def check_citations(answer: Answer, dossier: Dossier) -> None:
    """What every answer promises."""
    assert [citation.number for citation in answer.citations] == list(range(1, len(answer.citations) + 1))
    for citation in answer.citations:
        text = dossier.library.document(citation.document_id).text
        assert text[citation.start : citation.end] == citation.quote
        assert text[: citation.start].endswith(citation.prefix)
        assert text[citation.end :].startswith(citation.suffix)
        if citation.highlight:
            assert citation.start <= citation.highlight.start < citation.highlight.end <= citation.end
    used = [number for statement in answer.statements for number in statement.citations]
    assert list(dict.fromkeys(used)) == [citation.number for citation in answer.citations]
    assert (answer.verdict == "declined") == (not answer.statements)


def test_the_question_of_the_readme_is_answered_with_its_quote(dossier: Dossier) -> None:
    answer = dossier.assistant.ask(BOMBINGS)
    assert answer.verdict == "grounded"
    assert "145 bombings" in answer.statements[0].text
    assert answer.statements[0].check == "verbatim"
    (citation, *_) = answer.citations
    assert citation.highlight is not None
    text = dossier.library.document(citation.document_id).text
    assert text[citation.highlight.start : citation.highlight.end] == "145"
    check_citations(answer, dossier)


def test_what_the_documents_do_not_say_is_declined_with_the_closest_passages(dossier: Dossier) -> None:
    answer = dossier.assistant.ask("Which encryption did the EncroChat telephones use?")
    assert (answer.verdict, answer.statements, answer.citations) == ("declined", (), ())
    assert answer.text == "The documents do not say."
    assert answer.closest
    for closest in answer.closest:
        assert dossier.library.document(closest.document_id).text[closest.start : closest.end] == closest.text


def test_sources_that_differ_are_both_given_newest_first(dossier: Dossier) -> None:
    answer = dossier.assistant.ask("How many tonnes of drugs were seized in Ecuador in 2021?", must_answer=True)
    assert answer.differing
    first, second = answer.citations[:2]
    assert {"196", "210"} == {quote.split(" tonnes")[0].split()[-1] for quote in (first.quote, second.quote)}
    assert first.published is not None
    assert second.published is not None
    assert first.published > second.published
    assert first.published.isoformat() in answer.text


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(QUESTIONS), st.booleans(), st.integers(1, 12))
def test_every_quote_is_a_slice_of_its_document(
    dossier: Dossier, question: str, must_answer: bool, max_passages: int
) -> None:
    check_citations(dossier.assistant.ask(question, must_answer=must_answer, max_passages=max_passages), dossier)


def test_what_was_streamed_is_what_the_answer_says(dossier: Dossier) -> None:
    events = list(dossier.assistant.stream(BOMBINGS))
    assert isinstance(events[0], QuestionEvent)
    assert isinstance(events[1], HitsEvent)
    statements = [event for event in events if isinstance(event, StatementEvent)]
    assert isinstance(events[-1], AnswerEvent)
    answer = events[-1].answer
    assert tuple(event.statement for event in statements) == answer.statements
    assert tuple(citation for event in statements for citation in event.citations) == answer.citations
    assert events[0].id == answer.id
    assert dossier.conversations.answer(answer.id) == answer


def test_closing_the_stream_keeps_nothing(dossier: Dossier) -> None:
    stream = dossier.assistant.stream(BOMBINGS)
    first = next(stream)
    assert isinstance(first, QuestionEvent)
    next(stream)
    assert isinstance(stream, Iterator)
    stream.close()  # type: ignore[attr-defined]
    with pytest.raises(NotFound):
        dossier.conversations.answer(first.id)
    with pytest.raises(NotFound):
        dossier.conversations.entry(first.conversation_id)


def test_a_follow_up_is_completed_from_its_conversation(dossier: Dossier) -> None:
    first = dossier.assistant.ask(BOMBINGS)
    second = dossier.assistant.ask("And in the whole of 2021?", conversation_id=first.conversation_id)
    assert second.question.asked == "And in the whole of 2021?"
    assert "bombings" in second.question.standalone
    assert "2021" in second.question.standalone
    assert dossier.conversations.entry(first.conversation_id).turns == 2


@pytest.mark.parametrize("question", ["", "   \n ", "x" * 2001])
def test_an_impossible_question_is_refused(dossier: Dossier, question: str) -> None:
    with pytest.raises(InvalidQuestion):
        dossier.assistant.ask(question)


def test_an_unknown_conversation_is_said(dossier: Dossier) -> None:
    with pytest.raises(NotFound, match="c-nobody"):
        dossier.assistant.ask(BOMBINGS, conversation_id="c-nobody")


def test_filters_reach_the_search(dossier: Dossier) -> None:
    spanish = dossier.assistant.ask("Guayaquil", filters=Filters(language="es"), must_answer=True)
    assert {hit.passage_id.split(":")[0] for hit in spanish.trace.hits} == {
        entry.id for entry in dossier.library.entries()[0] if entry.details.language == "es"
    }


class Pointing:
    """A reader that drafts what it is told to: a real one for the spine, without a model."""

    name = "pointing"

    def __init__(self, draft: object) -> None:
        self._draft = draft

    def read(self, question: Question, hits: tuple[Hit, ...], texts: Texts) -> Draft:
        """The draft that a function makes of the hits."""
        draft: Draft = self._draft(question, hits, texts)  # type: ignore[operator]
        return draft


def drafted(dossier: Dossier, draft: object, policy: Policy | None = None) -> Answer:
    assistant = Assistant(
        dossier.library, RuleCondenser(), Pointing(draft), dossier.conversations, policy or Policy(decline_below=0.5)
    )
    return assistant.ask(BOMBINGS)


def pointer(hit: Hit) -> Pointer:
    return Pointer(hit.passage.document_id, hit.passage.id, hit.passage.start, hit.passage.end)


def test_a_pointer_outside_its_document_or_at_no_hit_is_dropped_and_said(dossier: Dossier) -> None:
    def draft(question: Question, hits: tuple[Hit, ...], texts: Texts) -> Draft:
        good = pointer(hits[0])
        beyond = Pointer(good.document_id, good.passage_id, 10**6, 10**6 + 5)
        unseen = Pointer(good.document_id, "nowhere", good.start, good.end)
        return Draft((DraftStatement((good, beyond, unseen), 1.0), DraftStatement((beyond,), 1.0)), 0.9)

    answer = drafted(dossier, draft)
    assert answer.verdict == "partial", "a statement was left out, though it had no words of its own"
    assert len(answer.statements) == len(answer.citations) == 1
    reasons = [dropped.reason for dropped in answer.dropped]
    assert any("not in the document" in reason for reason in reasons)
    assert any("not found by the search" in reason for reason in reasons)
    assert any("points at nothing" in reason for reason in reasons)
    check_citations(answer, dossier)


def test_the_closest_passages_come_in_the_order_of_the_reader(dossier: Dossier) -> None:
    def draft(question: Question, hits: tuple[Hit, ...], texts: Texts) -> Draft:
        return Draft((), 0.0, order=(hits[4].passage.id, hits[2].passage.id))

    answer = drafted(dossier, draft)
    found = [hit.passage_id for hit in answer.trace.hits]
    assert [passage.passage_id for passage in answer.closest] == [found[4], found[2], found[0]]


def test_the_same_span_keeps_its_number(dossier: Dossier) -> None:
    def draft(question: Question, hits: tuple[Hit, ...], texts: Texts) -> Draft:
        one, two = pointer(hits[0]), pointer(hits[1])
        return Draft(tuple(DraftStatement((each,), 1.0) for each in (one, two, one)), 0.9)

    answer = drafted(dossier, draft)
    assert [statement.citations for statement in answer.statements] == [(1,), (2,), (1,)]


def test_a_statement_that_its_source_does_not_bear_out_is_shown_as_such_or_dropped(dossier: Dossier) -> None:
    def draft(question: Question, hits: tuple[Hit, ...], texts: Texts) -> Draft:
        true = DraftStatement((pointer(hits[0]),), 1.0)
        return Draft((true, DraftStatement((pointer(hits[0]),), 1.0, "Aliens bombed 9,999 castles in Bavaria.")), 0.9)

    shown = drafted(dossier, draft)
    assert (shown.verdict, shown.statements[1].check) == ("partial", "unsupported")
    assert "not borne out" in shown.text
    dropped = drafted(dossier, draft, Policy(decline_below=0.5, unsupported="drop"))
    assert (dropped.verdict, len(dropped.statements)) == ("partial", 1)
    assert dropped.dropped[0].text.startswith("Aliens")


def test_a_confidence_below_the_threshold_declines_before_anything_is_sent(dossier: Dossier) -> None:
    def draft(question: Question, hits: tuple[Hit, ...], texts: Texts) -> Draft:
        return Draft((DraftStatement((pointer(hits[0]),), 1.0),), 0.49)

    assert drafted(dossier, draft).verdict == "declined"
    assert drafted(dossier, draft, Policy(decline_below=0.4)).verdict == "grounded"


def test_a_reader_that_fails_keeps_nothing(dossier: Dossier) -> None:
    def draft(question: Question, hits: tuple[Hit, ...], texts: Texts) -> Draft:
        raise ModelUnavailable("the model does not answer: start it")

    before = dossier.conversations.entries()[0]
    with pytest.raises(ModelUnavailable):
        drafted(dossier, draft)
    assert dossier.conversations.entries()[0] == before


def test_must_answer_turns_declining_off(dossier: Dossier) -> None:
    declined = dossier.assistant.ask("Who won the football world cup of 1998?")
    given = dossier.assistant.ask("Who won the football world cup of 1998?", must_answer=True)
    assert (declined.verdict, declined.statements) == ("declined", ())
    assert given.statements
    assert given.closest == (), "the closest passages are for an answer without statements"


def test_a_confidence_at_the_threshold_is_enough_and_one_statement_cannot_differ(dossier: Dossier) -> None:
    def draft(question: Question, hits: tuple[Hit, ...], texts: Texts) -> Draft:
        return Draft((DraftStatement((pointer(hits[0]),), 1.0),), 0.5, differing=True)

    found = drafted(dossier, draft)
    assert (found.verdict, found.differing) == ("grounded", False)


@pytest.mark.parametrize(
    "fault", ["another document", "before the beginning", "across the end", "nothing", "only space"]
)
def test_a_pointer_that_is_not_sound_is_never_quoted(dossier: Dossier, fault: str) -> None:
    def draft(question: Question, hits: tuple[Hit, ...], texts: Texts) -> Draft:
        good = pointer(hits[0])
        text = texts.document(good.document_id).text
        other = next(hit for hit in hits if hit.passage.document_id != good.document_id)
        place = {
            "another document": dataclasses.replace(good, passage_id=other.passage.id),
            "before the beginning": dataclasses.replace(good, start=-20, end=len(text)),
            "across the end": dataclasses.replace(good, end=len(text) + 5),
            "nothing": dataclasses.replace(good, end=good.start),
            "only space": dataclasses.replace(good, start=text.index(" "), end=text.index(" ") + 1),
        }[fault]
        return Draft((DraftStatement((place,), 1.0),), 0.9)

    found = drafted(dossier, draft)
    assert (found.verdict, found.citations) == ("declined", ())
    assert len(found.dropped) == 2, "the pointer and its statement, each with its reason"


def test_what_was_read_is_what_is_quoted_though_the_document_changes_meanwhile(data_dir: Path, folder: Path) -> None:
    note = folder / "note.txt"
    note.write_text("A note\n\nThe quays of Manta were closed in May.", encoding="utf-8")
    with open_dossier(Settings(data_dir=data_dir)) as opened:
        opened.library.ingest([folder])

        def draft(question: Question, hits: tuple[Hit, ...], texts: Texts) -> Draft:
            texts.document(hits[0].passage.document_id)
            note.write_text("Another note\n\nIt is of the same length, but it says other things.", encoding="utf-8")
            opened.library.ingest([folder])
            return Draft((DraftStatement((pointer(hits[0]),), 1.0),), 0.9)

        found = drafted(opened, draft)
    assert "The quays of Manta" in found.citations[0].quote


def test_the_chat_reader_answers_through_the_same_spine(seeds_data_dir: Path, dossier: Dossier) -> None:
    dossier.close()  # One process, one holder: the library is opened again with another reader.
    with open_dossier(Settings(data_dir=seeds_data_dir, reader="chat", chat_model="scripted:first")) as chatting:
        answer = chatting.assistant.ask(BOMBINGS)
        assert answer.trace.reader == "chat"
        assert answer.trace.prompt
        assert answer.verdict == "grounded"
        check_citations(answer, chatting)
