"""The sample library and its questions hold together: answers stand in quotes, and quotes in their sources."""

import datetime
import json
from pathlib import Path
from typing import Any

import pytest
import yaml

SEEDS = Path(__file__).resolve().parent.parent / "seeds"
QUESTIONS_FILE = SEEDS / "questions.jsonl"
DOCUMENTS = {path.name: path.read_text(encoding="utf-8") for path in SEEDS.iterdir() if path.suffix in {".md", ".txt"}}
QUESTIONS: list[dict[str, Any]] = [
    json.loads(line) for line in QUESTIONS_FILE.read_text(encoding="utf-8").splitlines() if line
]
ANSWERABLE = [question for question in QUESTIONS if question["answers"] is not None]
UNANSWERABLE = [question for question in QUESTIONS if question["answers"] is None]

DETAILS = {"title", "published", "author", "language", "reliability", "credibility", "sample"}
KEYS = {"id", "question", "answers", "quote", "source", "history"}


def identifier(question: dict[str, Any]) -> str:
    return str(question["id"])


def evidence(question: dict[str, Any]) -> list[tuple[str, str]]:
    """Every (quote, source) that answers a question: the first one, then those of sources that say otherwise."""
    entries = [question, *question.get("also", [])]
    return [(entry["quote"], entry["source"]) for entry in entries]


def front_matter(text: str) -> dict[str, Any]:
    opening, block, _ = text.split("---\n", 2)
    assert opening == ""
    details = yaml.safe_load(block)
    assert isinstance(details, dict)
    return details


def test_the_library_is_large_enough_and_has_both_formats() -> None:
    assert len(DOCUMENTS) >= 12
    assert sum(name.endswith(".txt") for name in DOCUMENTS) >= 3


@pytest.mark.parametrize("name", sorted(DOCUMENTS))
def test_every_document_says_when_it_was_published_and_that_it_is_a_sample(name: str) -> None:
    text = DOCUMENTS[name]
    details = front_matter(text)
    assert set(details) <= DETAILS
    assert isinstance(details["published"], datetime.date)
    assert details["sample"] is True
    assert "\nSample material: " in text or "\nMaterial de muestra: " in text


def test_there_are_enough_questions_of_every_kind() -> None:
    assert len(QUESTIONS) >= 60
    assert len(UNANSWERABLE) >= 20
    assert sum(bool(question["history"]) for question in QUESTIONS) >= 8
    assert sum(question["why"].startswith("near miss: ") for question in UNANSWERABLE) >= 12


def test_no_identifier_and_no_question_of_a_conversation_is_used_twice() -> None:
    assert len({question["id"] for question in QUESTIONS}) == len(QUESTIONS)
    asked = {(question["question"], *question["history"]) for question in QUESTIONS}
    assert len(asked) == len(QUESTIONS)


def test_every_question_has_the_agreed_keys() -> None:
    for question in QUESTIONS:
        assert question.keys() >= KEYS, question["id"]
        assert question.keys() <= KEYS | {"also", "why"}, question["id"]


@pytest.mark.parametrize("question", UNANSWERABLE, ids=identifier)
def test_an_unanswerable_question_has_no_evidence_and_says_why(question: dict[str, Any]) -> None:
    assert question["quote"] is None
    assert question["source"] is None
    assert question["why"]


@pytest.mark.parametrize("question", ANSWERABLE, ids=identifier)
def test_every_quote_occurs_exactly_once_in_its_source(question: dict[str, Any]) -> None:
    for quote, source in evidence(question):
        assert source in DOCUMENTS
        assert DOCUMENTS[source].count(quote) == 1


@pytest.mark.parametrize("question", ANSWERABLE, ids=identifier)
def test_every_quote_is_plain_text_on_one_line(question: dict[str, Any]) -> None:
    for quote, _ in evidence(question):
        assert not set("*`[]_|\n") & set(quote)


@pytest.mark.parametrize("question", ANSWERABLE, ids=identifier)
def test_every_gold_answer_occurs_in_a_quote_and_every_quote_holds_one(question: dict[str, Any]) -> None:
    quotes = [quote.lower() for quote, _ in evidence(question)]
    answers = [answer.lower() for answer in question["answers"]]
    assert answers
    assert all(any(answer in quote for quote in quotes) for answer in answers)
    assert all(any(answer in quote for answer in answers) for quote in quotes)


def test_every_document_answers_at_least_one_question() -> None:
    cited = {source for question in ANSWERABLE for _, source in evidence(question)}
    assert cited == set(DOCUMENTS)


def test_the_count_of_the_readme_example_has_exactly_one_source() -> None:
    holders = [name for name, text in DOCUMENTS.items() if "145 bombings" in text]
    assert holders == ["situation-report-2022-09.md"]
