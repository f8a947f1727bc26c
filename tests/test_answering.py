"""The spine over the sample library: real search, real reader, real conversations."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assistant.answers import (
    Answer,
    AnswerEvent,
    HitsEvent,
    QuestionEvent,
    StatementEvent,
)
from assistant.assembly import Dossier
from assistant.errors import InvalidQuestion
from index.documents import Filters
from index.errors import NotFound
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
    assert (first.question.condensed_by, second.question.condensed_by) == ("asked", "rule")
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
