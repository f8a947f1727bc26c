"""What a reader chooses from, and which figures it holds against each other: without a search and a model."""

from __future__ import annotations

import datetime

import pytest

from assistant.reading.candidates import candidates
from assistant.reading.differing import Scored, differing
from assistant.reading.evidence import Asked, Candidate
from assistant.reading.expecting import Expected, short_answer
from index.documents import Details, Document, Hit, Passage, Section, digest_of

QUESTION = "How many inmates were killed in prisons in 2021?"


class Shelf:
    """One document: `Texts`."""

    def __init__(self, text: str, *headings: str) -> None:
        sections = tuple(Section(text.index(heading), heading, None) for heading in headings)
        self._document = Document(
            "d1", "default", ("s",), "A report", text, digest_of(text), "", sections, Details(language="en")
        )

    def document(self, document_id: str) -> Document:
        assert document_id == "d1"
        return self._document

    def hit(self, words: str) -> Hit:
        start = self._document.text.index(words)
        return Hit(Passage("p1", "d1", "", None, words, start, start + len(words)), 1.0, 1, "both")


def read(text: str, words: str, *headings: str) -> dict[str, str]:
    """The candidates of one hit: each sentence with what is shown of it."""
    shelf = Shelf(text, *headings)
    return {item.text.strip(): item.shown.strip() for item in candidates([shelf.hit(words)], shelf)}


def scored(text: str, document_id: str, published: int, score: float = 0.0) -> Scored:
    candidate = Candidate(document_id, f"{document_id}:p", 0, len(text), text, 0, text, "", "", text, 1, 1.0)
    return Scored(candidate, score, None, datetime.date(published, 1, 1))


BEST = scored("In 2021 some 316 inmates were killed in prisons.", "d1", 2022)
OTHER = "In 2021 some 330 inmates were killed in prisons."


def told(question: str, *others: Scored, alike: float = 0.9) -> list[str]:
    asked = Asked(question, [BEST.candidate.text])
    return [item.candidate.document_id for item in differing(asked, [BEST, *others], lambda _one, _other: alike)]


def test_a_heading_and_a_question_answer_nothing() -> None:
    text = "Deaths in prisons\n\nWho was killed? Some 316 inmates were killed."
    assert list(read(text, text, "Deaths in prisons")) == ["Some 316 inmates were killed."]


def test_half_a_sentence_at_the_edge_of_the_window_is_no_neighbour() -> None:
    long = "The first " + "very " * 200 + "long sentence ends."
    assert list(read(f"{long} The port is large.", "The port is large.")) == ["The port is large."]


def test_a_pronoun_is_shown_with_the_sentence_that_it_leans_on() -> None:
    text = "Fito escaped in January. He was caught in June. Guards were tried."
    found = read(text, text)
    assert found["He was caught in June."] == "Fito escaped in January. He was caught in June."
    assert found["Guards were tried."] == "Guards were tried."


def test_a_pronoun_leans_on_nothing_across_the_border_of_a_paragraph() -> None:
    text = "Fito escaped in January.\n\nHe was caught in June."
    assert read(text, text)["He was caught in June."] == "He was caught in June."


def test_another_figure_for_the_same_differs_and_the_newest_comes_first() -> None:
    assert told(QUESTION, scored(OTHER, "d2", 2023)) == ["d2", "d1"]


@pytest.mark.parametrize(
    ("question", "other"),
    [
        ("Who was killed in prisons in 2021?", scored(OTHER, "d2", 2023)),
        (QUESTION, scored(OTHER, "d1", 2023)),
        (QUESTION, scored(OTHER.replace("2021", "2020"), "d2", 2023)),
        (QUESTION, scored(OTHER.replace("In 2021", "By June 2021"), "d2", 2023)),
        (QUESTION, scored(OTHER, "d2", 2023, score=-3.0)),
        (QUESTION, scored(BEST.candidate.text, "d2", 2023)),
    ],
    ids=["no number", "same document", "other year", "part of the year", "far behind", "same figure"],
)
def test_what_is_not_the_same_thing_does_not_differ(question: str, other: Scored) -> None:
    assert told(question, other) == []


def test_what_does_not_mean_nearly_the_same_does_not_differ() -> None:
    assert told(QUESTION, scored(OTHER, "d2", 2023), alike=0.2) == []


@pytest.mark.parametrize(
    ("sentence", "question", "answer"),
    [
        ("In 2021 some 316 inmates were killed.", QUESTION, "316"),
        ("In 2021 some 316 inmates and 12 guards were killed.", "How many guards were killed in 2021?", "12"),
        ("Of 20 prisons 12 were searched.", "How many of the 20 prisons were searched?", "12"),
        ("There were 12 killed here and 14 killed there.", "How many were killed?", None),
    ],
)
def test_the_short_answer_is_marked_where_it_is_clear(sentence: str, question: str, answer: str | None) -> None:
    span = short_answer(sentence, Expected.NUMBER, question)
    assert (sentence[slice(*span)] if span else None) == answer
