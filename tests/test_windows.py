"""Which windows a reader model is shown, and what is made of what it says: with a model that judges by rule."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest

from assistant.reading.evidence import EVIDENCE, Asked, Candidate, counted
from assistant.reading.models import Judged, Lengths, ShortAnswer, Window
from assistant.reading.weighing import (
    CHOOSING,
    COMPARED,
    CONFIDING,
    LEADING,
    Looked,
    Weights,
    compared,
    confiding_features,
    load_fitted,
    look,
    probability,
)
from assistant.reading.windows import WINDOWS, windows

ROOM = 12


class Rule:
    """A reader model that counts words, and finds an answer where "gold" stands."""

    name = "rule"
    calibrated = True

    def __init__(self) -> None:
        self.shown: list[Window] = []

    def lengths(self, question: str, contexts: Sequence[str], sentences: Sequence[str]) -> Lengths:
        return Lengths(tuple(len(one.split()) for one in sentences), (ROOM,) * len(contexts))

    def judge(self, question: str, windows: Sequence[Window]) -> list[Judged]:
        self.shown += windows
        return [self._judged(one) for one in windows]

    def _judged(self, window: Window) -> Judged:
        scores = tuple(3.0 if "gold" in sentence else -3.0 for sentence in window.sentences)
        spans = tuple(ShortAnswer(0, 1, -0.1) for _ in window.sentences)
        return Judged(scores, max(scores), spans)


def line(document: str, *sentences: str, context: str = "A report", apart: int = 1) -> list[Candidate]:
    """The sentences of one document, one after the other, as candidates."""
    found, start = [], 0
    for text in sentences:
        found.append(
            Candidate(
                document, f"{document}:p", start, start + len(text), text, start, text, "", "", text, 1, 0.5, context
            )
        )
        start += len(text) + apart
    return found


def shown(candidates: list[Candidate], ranked: Sequence[int]) -> list[tuple[str, ...]]:
    return [one.window.sentences for one in windows("Where is gold?", candidates, ranked, Rule())]


def test_a_window_is_built_around_the_best_and_holds_its_neighbours() -> None:
    found = line("d", "one two three four", "five six seven eight", "nine ten eleven", "twelve thirteen fourteen")
    assert shown(found, [1]) == [("one two three four", "five six seven eight", "nine ten eleven")]


def test_what_an_earlier_window_holds_gets_none_of_its_own() -> None:
    found = line("d", "a b c d", "e f g h", "i j k l", "m n o p")
    assert shown(found, [1, 0, 2, 3]) == [("a b c d", "e f g h", "i j k l"), ("e f g h", "i j k l", "m n o p")]


@pytest.mark.parametrize(
    "other",
    [line("e", "x y"), line("d", "x y", context="Another heading"), line("d", "x" * 300, "x y")[1:]],
    ids=["another document", "under another heading", "far away"],
)
def test_a_window_holds_no_sentence_of_elsewhere(other: list[Candidate]) -> None:
    found = [*line("d", "a b"), *other]
    assert shown(found, [0, 1]) == [("a b",), (found[1].text,)]


def test_no_more_windows_are_shown_than_may_be() -> None:
    found = [one for number in range(12) for one in line(f"d{number}", "a b")]
    assert len(shown(found, range(12))) == WINDOWS


def test_the_sentence_that_the_model_prefers_is_seen_with_its_span() -> None:
    found = line("d", "There was silver.", "There was gold.")
    asked = Asked("Where was gold?", [found[0].text])
    looked = look(asked, found, Rule(), load_fitted().promising)
    best = int(np.argmax(looked.column("sentence")))
    assert looked.candidates[best].text == "There was gold."
    assert looked.spans[best] == ShortAnswer(0, 1, -0.1)
    assert looked.none == pytest.approx(-np.log(1 + np.exp(3) + np.exp(-3)))


def test_a_sentence_keeps_the_best_of_its_windows() -> None:
    found = line("d", "a b c d e f", "g h i j k l", "gold m n o p q")
    looked = look(Asked("Where is gold?", []), found, Rule(), Weights(EVIDENCE, np.zeros(len(EVIDENCE)), 0.0))
    assert looked.column("answerable").tolist() == [-3.0, 3.0, 3.0] or looked.column("sentence").tolist() == [-3, -3, 3]
    assert looked.elsewhere[0] == 3.0


def test_the_lead_is_over_the_best_other_sentence_and_not_over_its_copy() -> None:
    found = [*line("d", "gold here"), *line("e", "gold here"), *line("f", "silver there")]
    asked = Asked("Where is gold?", [])
    looked = look(asked, found, Rule(), load_fitted().promising)
    evidence = confiding_features(asked, with_likeness(looked), np.array([5.0, 4.9, 1.0]))
    assert evidence[CONFIDING.index("margin")] == pytest.approx(4.0)


@pytest.mark.parametrize(
    ("question", "absent"),
    [
        ("How much gold was found in Manta in 2021?", [0, 0, 0, 0, 0]),
        ("How much gold was found in Manta in 2019?", [1, 1, 0, 0, 0]),
        ("How much gold was found in Quito in 2021?", [0, 0, 1, 1, 1]),
        ("How much gold was found in Machala and Manta in 2021?", [0, 0, 1, 0.5, 0]),
        ("How much gold was found in Ecuador in 2021?", [0, 0, 0, 0, 0]),
        ("How much gold was found?", [0, 0, 0, 0, 0]),
    ],
    ids=["all said", "another year", "another town", "said nearby only", "said by the title", "nothing named"],
)
def test_a_name_or_number_of_the_question_that_is_not_said_is_noticed(question: str, absent: list[float]) -> None:
    text = "In 2021 some gold was found in Manta."
    surroundings = f"Ecuador\n{text} There was silver in Machala."
    candidate = Candidate("d", "p", 0, len(text), text, 0, text, "", "", surroundings, 1, 0.5, "Ecuador")
    asked = Asked(question, [text])
    looked = look(asked, [candidate], Rule(), load_fitted().promising)
    evidence = confiding_features(asked, with_likeness(looked), np.array([1.0]))
    first = CONFIDING.index("number_absent")
    assert evidence[first : first + 5].tolist() == absent


@pytest.mark.parametrize(
    ("question", "absent"),
    [
        ("How many bars of gold were found?", [0, 0]),
        ("How many coins of gold were found?", [1, 0]),
        ("How many prison guards were hurt?", [1, 1]),
        ("How much gold was found?", [0, 0]),
    ],
    ids=["said", "said nearby only", "not said", "nothing to count"],
)
def test_a_kind_of_thing_to_be_counted_that_is_not_said_is_noticed(question: str, absent: list[float]) -> None:
    text = "In 2021 nine bars of gold were found in Manta."
    candidate = Candidate("d", "p", 0, len(text), text, 0, text, "", "", f"{text} Coins were none.", 1, 0.5, "Ecuador")
    asked = Asked(question, [text])
    looked = look(asked, [candidate], Rule(), load_fitted().promising)
    evidence = confiding_features(asked, with_likeness(looked), np.array([1.0]))
    assert evidence[CONFIDING.index("counted_absent") :].tolist() == absent


@pytest.mark.parametrize(
    ("question", "thing"),
    [
        ("How many prison guards were killed in 2021?", "guards"),
        ("How many tonnes of cocaine were seized?", "tonnes"),
        ("How many people died in the prisons?", "people"),
        ("How many of the requests were answered?", "requests"),
        ("How many was it?", None),
        ("What was the class of the ships?", None),
    ],
)
def test_what_is_to_be_counted_is_the_first_plural_after_how_many(question: str, thing: str | None) -> None:
    place = counted(question)
    assert (question[slice(*place)] if place else None) == thing


def test_the_shipped_weights_are_for_these_features() -> None:
    fitted = load_fitted()
    assert (fitted.promising.names, fitted.leading.names) == (EVIDENCE, LEADING)
    assert (fitted.choosing.names, fitted.confiding.names) == (CHOOSING, CONFIDING)


def test_the_leading_few_are_compared_by_meaning_and_the_others_count_as_the_least_alike() -> None:
    found = line("d", *(f"gold {'x ' * number}" for number in range(COMPARED + 2)))
    asked, asked_about = Asked("Where is gold?", []), list[tuple[str, str]]()

    def alike(question: str, texts: Sequence[str]) -> list[float]:
        asked_about.extend((question, text) for text in texts)
        return [0.9 - 0.1 * place for place in range(len(texts))]

    looked = look(asked, found, Rule(), load_fitted().promising)
    # What is longest leads.
    last_first = Weights(LEADING, np.array([float(name == "new_words") for name in LEADING]), 0.0)
    leading = replace(looked, rows=looked.rows.copy())
    leading.rows[:, LEADING.index("new_words")] = np.arange(len(found))
    seen = compared(asked, leading, last_first, alike)
    assert [text for _, text in asked_about] == [
        f"{one.context}. {one.shown}" for one in reversed(looked.candidates[-COMPARED:])
    ]
    assert {question for question, _ in asked_about} == {"Where is gold?"}
    column = seen.column("alike")
    assert column[::-1][:COMPARED] == pytest.approx([0.9 - 0.1 * place for place in range(COMPARED)])
    assert column[:2] == pytest.approx([0.9 - 0.1 * (COMPARED - 1)] * 2)


def with_likeness(looked: Looked) -> Looked:
    """As if all were equally alike."""
    return replace(looked, rows=np.hstack([looked.rows, np.zeros((len(looked.candidates), 1))]))


def test_a_probability_does_not_overflow() -> None:
    assert probability(-1000.0) == 0.0
    assert probability(1000.0) == 1.0
    assert probability(0.0) == 0.5
