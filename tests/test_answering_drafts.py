"""The spine with readers that draft what they are told to: cited, checked, dropped, declined."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.answering import Assistant, Policy
from assistant.answers import (
    Answer,
    Draft,
    DraftStatement,
    Pointer,
    Question,
)
from assistant.assembly import Dossier, open_dossier
from assistant.checking import Checker
from assistant.condensing import RuleCondenser
from assistant.reading import Texts
from assistant.settings import Settings
from index.documents import Hit
from index.errors import ModelUnavailable
from tests.test_answering import BOMBINGS, check_citations


class Pointing:
    """A reader that drafts what it is told to: a real one for the spine, without a model."""

    name = "pointing"

    def __init__(self, draft: object) -> None:
        self._draft = draft

    def read(self, question: Question, hits: tuple[Hit, ...], texts: Texts) -> Iterator[Draft]:
        """The draft that a function makes of the hits."""
        yield self._draft(question, hits, texts)  # type: ignore[operator]


def drafted(dossier: Dossier, draft: object, policy: Policy | None = None) -> Answer:
    assistant = Assistant(
        dossier.library,
        RuleCondenser(),
        Pointing(draft),
        dossier.conversations,
        Checker(),
        policy or Policy(decline_below=0.5),
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
    assert dropped.dropped[0].reason == (
        f"the sentences that it points at do not bear it out: {'; '.join(shown.statements[1].faults)}"
    )
    assert "the sources do not say 9,999" in shown.statements[1].faults


def test_a_confidence_below_the_threshold_declines_before_anything_is_sent(dossier: Dossier) -> None:
    def draft(question: Question, hits: tuple[Hit, ...], texts: Texts) -> Draft:
        return Draft((DraftStatement((pointer(hits[0]),), 1.0),), 0.49)

    assert drafted(dossier, draft).verdict == "declined"
    assert drafted(dossier, draft, Policy(decline_below=0.4)).verdict == "grounded"


def test_a_statement_is_sent_before_the_next_one_is_read(dossier: Dossier) -> None:
    read: list[int] = []

    class Growing:
        name = "growing"

        def read(self, question: Question, hits: tuple[Hit, ...], texts: Texts) -> Iterator[Draft]:
            for count in (1, 2, 2):
                read.append(count)
                yield Draft(tuple(DraftStatement((pointer(hit),), 1.0) for hit in hits[:count]), 0.9)

    parts = (dossier.library, RuleCondenser(), Growing(), dossier.conversations, Checker())
    assistant = Assistant(*parts, Policy(decline_below=0.5))
    stream = assistant.stream(BOMBINGS)
    seen = [(type(event).__name__, len(read)) for event in stream]
    assert seen[2:] == [("StatementEvent", 1), ("StatementEvent", 2), ("AnswerEvent", 3)]


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
