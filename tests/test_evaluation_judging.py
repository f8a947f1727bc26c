"""Answers whose place is known: a citation is right where it stands over that place, and nowhere else."""

from __future__ import annotations

import dataclasses

import pytest

from assistant.answers import Span
from assistant.evaluation.cases import Case, Evidence
from assistant.evaluation.judging import find_places, judge, shared_words
from assistant.evaluation.metrics import measure_confidence
from assistant.evaluation.saved import saved
from tests.test_judging import CASE, DOCUMENT, QUOTE, TEXT, OneText, answer, citation, judged


def placed(*answers: str) -> Case:
    """A case whose right answers stand at known places of the document's text."""
    found = [(TEXT.index(one), TEXT.index(one) + len(one)) for one in answers]
    evidence = tuple(Evidence(TEXT, None, within) for within in found)
    return Case("c1", "What?", tuple(dict.fromkeys(answers)), evidence)


def test_the_place_of_an_answer_is_narrower_than_its_quote() -> None:
    in_may, in_2021 = citation(0, 25), citation(26, 69)
    assert judged(placed("May"), answer(in_may)).first is True
    assert judged(placed("May"), answer(in_2021)).first is False
    assert judged(placed("May", "46 tonnes"), answer(in_2021)).first is True


def test_an_answer_may_be_part_of_a_word() -> None:
    assert TEXT[13:16] == "shu"
    assert judged(placed("shu"), answer(citation(0, 25))).first is True
    assert judged(placed("shu"), answer(citation(14, 25))).first is False


def test_the_answer_of_one_place_is_not_right_at_another() -> None:
    # It overlaps the place of "seized 46" alone, and holds the words of the other answer alone.
    cut = citation(TEXT.index("46"), TEXT.index("cocaine") + len("cocaine"))
    case = dataclasses.replace(placed("seized 46"), answers=("seized 46", "cocaine"))
    assert judged(case, answer(cut)).first is False
    assert judged(placed("seized 46", "cocaine"), answer(cut)).first is True


def test_an_answer_below_the_threshold_is_not_given_but_known() -> None:
    places = find_places(CASE, [DOCUMENT], "default")
    given = answer(citation(TEXT.index(QUOTE), TEXT.index(QUOTE) + len(QUOTE)), confidence=0.4)
    below, at = (judge(CASE, given, (), places, OneText(), level) for level in (0.41, 0.4))
    assert (below.declined, below.first, below.anywhere, below.hit, below.verdict) == (
        True, False, False, True, "declined",
    )  # fmt: skip
    assert (at.declined, at.first, at.anywhere, at.hit, at.verdict) == (False, True, True, True, "grounded")
    assert below.fault == "declined, although the documents say it"


def test_no_threshold_declines_an_answer_whose_confidence_is_not_measured() -> None:
    given = answer(citation(TEXT.index(QUOTE), TEXT.index(QUOTE) + len(QUOTE)), confidence=0.1)
    given = dataclasses.replace(given, trace=dataclasses.replace(given.trace, measured=False))
    places = find_places(CASE, [DOCUMENT], "default")
    assert not judge(CASE, given, (), places, OneText(), 0.9).declined


def test_an_answer_without_a_statement_is_declined_at_every_threshold() -> None:
    nothing = judge(CASE, answer(confidence=0.9), (), find_places(CASE, [DOCUMENT], "default"), OneText(), 0.0)
    assert (nothing.declined, nothing.hit) == (True, False)


def test_the_marked_words_of_a_right_quote_are_held_against_the_short_answers() -> None:
    start = TEXT.index(QUOTE)
    quote = (start, start + len(QUOTE))
    marks = [None, "46 tonnes", "seized 46 tonnes of cocaine", "2021"]
    given = [judged(CASE, answer(citation(*quote, highlight=_place(mark) if mark else None))) for mark in marks]
    given.append(judged(CASE, answer(citation(0, 25, highlight=_place("May")))))
    figures = {metric.name: metric for metric in measure_confidence(given)}
    assert [saved(one).marked_right for one in given] == [None, 1.0, pytest.approx(4 / 7), 0.0, None]
    assert (figures["marked"].value, figures["marked"].n) == (0.75, 4)
    assert figures["marked_right"].value == pytest.approx(11 / 21)
    assert figures["marked_right"].n == 3


def _place(words: str) -> Span:
    return Span(TEXT.index(words), TEXT.index(words) + len(words))


@pytest.mark.parametrize(
    ("given", "answers", "shared"),
    [
        ("the Port of Manta", ["Port of Manta"], 1.0),
        ("Manta.", ["Quito", "manta"], 1.0),
        ("Manta", ["Quito"], 0.0),
        ("ten ten", ["ten"], 2 / 3),
        ("...", ["ten"], 0.0),
        ("ten", [], 0.0),
    ],
)
def test_words_are_shared_whatever_their_case_marks_and_articles(given: str, answers: list[str], shared: float) -> None:
    assert shared_words(given, answers) == pytest.approx(shared)
