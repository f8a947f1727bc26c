"""The figures of the README for the score of support are kept."""

from __future__ import annotations

import random
import re
from pathlib import Path

import numpy as np
import pytest

from assistant.checking import Checker
from assistant.supporting.features import measured
from assistant.supporting.head import load_head
from assistant.supporting.own_support import OwnSupport
from assistant.supporting.states import StateReader
from assistant.supporting.train.begin import DOMAINS, HELD_OUT, begin
from assistant.supporting.train.fitting import Recipe, balanced_accuracy, fit
from assistant.supporting.train.measuring import Measured, measure
from assistant.supporting.train.pairs import COUNTS, derived
from assistant.supporting.train.rewording import as_in_chat, declared, reworded, shortened
from tests.benchmarks.altering import restated
from tests.benchmarks.checking import HELD_OUT as OTHERS
from tests.benchmarks.checking import TUNED, flagged

pytestmark = pytest.mark.slow

# Slightly beside what was measured (README, "Checking").
LEAST_ACCURACY = 0.79
MOST_FLAGGED = 0.05


def test_true_restatements_are_not_flagged() -> None:
    checker = Checker(OwnSupport(threads=1))
    for among in (TUNED, OTHERS):
        assert flagged(restated(), among, checker)[0] <= MOST_FLAGGED


def test_statements_of_chat_models_are_told_on_a_domain_that_nothing_was_fitted_on(
    public_data: Path, tmp_path: Path
) -> None:
    held = measure(begin(public_data, HELD_OUT), StateReader(threads=1), tmp_path)
    head = load_head()
    assert len(held.rows) == 430
    assert balanced_accuracy(head.score(held.rows), held.borne_out, head.threshold) >= LEAST_ACCURACY


def test_what_was_measured_is_taken_from_its_file(public_data: Path, tmp_path: Path) -> None:
    reader = StateReader(threads=1)
    pairs = begin(public_data, HELD_OUT)[:5]
    first = measure(pairs, reader, tmp_path)
    (kept,) = tmp_path.iterdir()
    again = measure(pairs, reader, tmp_path)
    assert list(tmp_path.iterdir()) == [kept]
    assert np.array_equal(first.rows, again.rows)
    measure(pairs[:4], reader, tmp_path)
    assert len(list(tmp_path.iterdir())) == 2


def test_the_held_out_domain_shares_no_text_with_the_others(public_data: Path) -> None:
    known = {pair.group for domain in DOMAINS for pair in begin(public_data, domain)}
    assert not known & {pair.group for pair in begin(public_data, HELD_OUT)}


def test_the_same_seed_makes_the_same_pairs_of_every_kind(public_data: Path) -> None:
    first, again = (derived(public_data, random.Random(13)) for _ in range(2))
    assert first == again
    assert len(first) == sum(COUNTS.values())
    assert {pair.kind for pair in first} == set(COUNTS)


def toy(names: tuple[str, ...], seed: int) -> Measured:
    """Pairs that are borne out where the first feature is high; the second says nothing."""
    rows = np.random.default_rng(seed).normal(size=(200, len(names)))
    kinds = np.array(["one", "other"] * 100)
    return Measured(names, rows, rows[:, 0] > 0, kinds, np.array([str(number // 4) for number in range(200)]))


def test_a_fitted_head_goes_up_with_what_bears_a_statement_out_and_is_the_same_every_time() -> None:
    names = ("content held", "length")
    head, again = (fit(toy(names, 1), toy(names, 2), Recipe(trees=20), 0.4) for _ in range(2))
    fresh = toy(names, 3)
    scores = head.score(fresh.rows)
    assert balanced_accuracy(scores, fresh.borne_out, 0.5) > 0.9
    assert np.array_equal(scores, again.score(fresh.rows))
    along = np.column_stack([np.linspace(-3, 3, 50), np.zeros(50)])
    assert (np.diff(head.forest.log_odds(along)) >= 0).all()


@pytest.mark.parametrize(
    ("question", "answer", "said"),
    [
        ("Who designed the harbour of Manta?", "Ana Pérez", "Ana Pérez designed the harbour of Manta."),
        ("What is the capital of Ecuador?", "Quito", "The capital of Ecuador is Quito."),
        ("where was the treaty signed", "Quito", "The treaty was signed in Quito."),
        ("How many inmates died in 2021?", "316", "316 inmates died in 2021."),
        ("Why did the minister resign?", "He was ill.", None),
    ],
)
def test_a_question_and_its_answer_are_one_statement(question: str, answer: str, said: str | None) -> None:
    assert declared(question, answer) == said


def test_a_sentence_loses_its_last_clause_and_is_never_only_copied() -> None:
    sentence = "The harbour of Manta was dredged in 2021, which cost twelve million dollars."
    assert shortened(sentence) == "The harbour of Manta was dredged in 2021."
    assert reworded(sentence, random.Random(1)) not in (None, sentence)
    assert reworded("It rained.", random.Random(1)) is None


def test_chat_style_changes_no_word() -> None:
    said = as_in_chat("The harbour (of Manta) was dredged, they say.", random.Random(2))
    assert re.findall(r"\w+", said) == ["the", "harbour", "of", "manta", "was", "dredged", "they", "say"]


def test_features_do_not_depend_on_how_numbers_are_written() -> None:
    reader = StateReader(threads=1)
    one = measured("They paid 1500 dollars.", ["They paid 1,500 dollars."], reader)
    other = measured("They paid 1,500 dollars.", ["They paid 1,500 dollars."], reader)
    words = ("content held", "content missing", "words held", "pairs held", "run")
    assert [one[name] for name in words] == [other[name] for name in words]
