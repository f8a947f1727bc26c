"""Rendering: an answer is the contract's object, and comes back from it as it was."""

from __future__ import annotations

import datetime
import json

from hypothesis import given
from hypothesis import strategies as st

from assistant.answers import (
    Answer,
    AnswerEvent,
    Citation,
    Closest,
    Dropped,
    Event,
    HitsEvent,
    Question,
    QuestionEvent,
    Span,
    Statement,
    StatementEvent,
    Trace,
    TracedHit,
)
from assistant.rendering import contract, event_contract, from_contract
from index.documents import Hit, Passage

# Any text that can be kept: lone surrogates cannot.
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
numbers = st.integers(0, 10**9)
scores = st.floats(-10, 10)
dates = st.none() | st.dates()
spans = st.builds(Span, numbers, numbers)
citations = st.builds(
    Citation,
    number=numbers, passage_id=texts, document_id=texts, title=texts, source=texts, heading=texts,
    page=st.none() | numbers, published=dates, reliability=st.none() | st.sampled_from("ABCDEF"),
    credibility=st.none() | st.integers(1, 6), quote=texts, start=numbers, end=numbers,
    highlight=st.none() | spans, prefix=texts, suffix=texts, digest=texts, link=texts,
    warning=st.none() | texts,
)  # fmt: skip
statements = st.builds(
    Statement,
    text=texts,
    citations=st.lists(numbers, max_size=3).map(tuple),
    check=st.sampled_from(["verbatim", "supported", "unsupported"]),
    score=scores,
    faults=st.lists(texts, max_size=2).map(tuple),
    notes=st.lists(texts, max_size=2).map(tuple),
)
closest = st.builds(
    Closest,
    passage_id=texts, document_id=texts, title=texts, source=texts, heading=texts, page=st.none() | numbers,
    published=dates, text=texts, start=numbers, end=numbers, score=scores,
)  # fmt: skip
traces = st.builds(
    Trace,
    reader=texts, model=st.none() | texts, prompt=st.none() | texts, embedder=texts, index_version=numbers,
    milliseconds=st.dictionaries(texts, scores, max_size=3),
    hits=st.lists(
        st.builds(TracedHit, texts, scores, numbers, st.sampled_from(["meaning", "words", "both"])), max_size=3
    ).map(tuple),
)  # fmt: skip
questions = st.builds(
    Question, texts, texts, st.none() | texts, st.sampled_from(("asked", "rule", "model")), st.none() | texts
)
answers = st.builds(
    Answer,
    id=texts, conversation_id=texts, question=questions,
    verdict=st.sampled_from(["grounded", "partial", "declined"]), confidence=st.floats(0, 1), text=texts,
    statements=st.lists(statements, max_size=3).map(tuple), citations=st.lists(citations, max_size=3).map(tuple),
    closest=st.lists(closest, max_size=3).map(tuple),
    dropped=st.lists(st.builds(Dropped, texts, texts, st.none() | texts), max_size=3).map(tuple),
    differing=st.booleans(), asked_at=st.datetimes(timezones=st.just(datetime.UTC)), trace=traces,
)  # fmt: skip

CITATION = Citation(
    number=1, passage_id="d1:abc:0-40", document_id="d1", title="Report", source="seeds/report.md", heading="Summary",
    page=None, published=datetime.date(2022, 12, 5), reliability="B", credibility=2, quote="It was 145.", start=10,
    end=21, highlight=Span(17, 20), prefix="before ", suffix=" after", digest="sha256:abc",
    link="/answers/a1/citations/1",
)  # fmt: skip
QUESTION = Question("How many?", "How many bombings?", "c1", "rule", "no question")
ANSWER = Answer(
    id="a1", conversation_id="c1", question=QUESTION, verdict="grounded",
    confidence=0.94, text="It was 145. [1]", statements=(Statement("It was 145.", (1,), "verbatim", 0.97),),
    citations=(CITATION,), closest=(), dropped=(), differing=False,
    asked_at=datetime.datetime(2022, 12, 6, 8, 30, tzinfo=datetime.UTC),
    trace=Trace("extractive", None, None, "all-MiniLM-L6-v2", 42, {"total": 93.0}, (TracedHit("p", 0.7, 1, "both"),)),
)  # fmt: skip


@given(answers)
def test_an_answer_comes_back_from_the_contract_as_it_was(answer: Answer) -> None:
    assert from_contract(json.loads(json.dumps(contract(answer)))) == answer


def test_the_contract_has_every_field_under_its_name() -> None:
    found = json.loads(json.dumps(contract(ANSWER)))
    assert found["question"] == {
        "asked": "How many?",
        "standalone": "How many bombings?",
        "conversation_id": "c1",
        "condensed_by": "rule",
        "set_aside": "no question",
    }
    statement = {"text": "It was 145.", "citations": [1], "check": "verbatim", "score": 0.97}
    assert found["statements"] == [{**statement, "faults": [], "notes": []}]
    assert found["citations"][0]["published"] == "2022-12-05"
    assert found["citations"][0]["highlight"] == {"start": 17, "end": 20}
    assert found["asked_at"] == "2022-12-06T08:30:00+00:00"
    assert found["trace"]["hits"] == [{"passage_id": "p", "score": 0.7, "rank": 1, "found_by": "both"}]
    assert {"id", "conversation_id", "verdict", "confidence", "text", "closest", "dropped", "differing"} < set(found)


def test_a_statement_of_an_earlier_version_has_no_faults() -> None:
    found = json.loads(json.dumps(contract(ANSWER)))
    for statement in found["statements"]:
        del statement["faults"], statement["notes"]
    assert from_contract(found) == ANSWER


def test_events_are_sent_under_their_names() -> None:
    passage = Passage("d1:abc:0-40", "d1", "Summary", None, "It was 145.", 10, 21)
    events: list[Event] = [
        QuestionEvent("a1", "c1", ANSWER.question),
        HitsEvent((Hit(passage, 0.7, 1, "both"),)),
        StatementEvent(ANSWER.statements[0], ANSWER.citations),
        AnswerEvent(ANSWER),
    ]
    sent = [event_contract(event) for event in events]
    assert [name for name, _ in sent] == ["question", "hits", "statement", "answer"]
    assert sent[3][1] == contract(ANSWER)
    question, hits, statement, answer = (json.loads(json.dumps(data)) for _, data in sent)
    assert question["id"] == answer["id"]
    assert hits["hits"][0]["passage_id"] == passage.id
    assert statement["statement"] == answer["statements"][0]
    assert statement["citations"] == answer["citations"]
