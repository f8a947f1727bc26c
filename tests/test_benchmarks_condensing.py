"""What condensing is measured with: conversations read as they stand, and measures that say what they mean."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.condensing.words import words
from assistant.evaluation.cases import Evidence
from tests.benchmarks import cast, condensing, followups, misrewriting
from tests.benchmarks.cast import Turn

TALK = (
    Turn("What is throat cancer?", "What is throat cancer?"),
    Turn("Is it treatable?", "Is throat cancer treatable?"),
    Turn("Why?", "Why is throat cancer treatable?"),
)
OTHER = (Turn("Who was Comte?", "Who was Comte?"), Turn("What did he write?", "What did Comte write?"))


def test_the_conversations_of_a_year_are_read_with_what_a_person_made_of_them(tmp_path: Path) -> None:
    topics, resolved = cast.FILES[2019]
    turns = [{"number": 1, "raw_utterance": "What is rum? "}, {"number": 2, "raw_utterance": "Is it sweet?"}]
    (tmp_path / topics).write_text(json.dumps([{"number": 31, "turn": turns}]), encoding="utf-8")
    (tmp_path / resolved).write_text("31_1\tWhat is rum?\n31_2\tIs rum sweet?\n\n", encoding="utf-8")
    assert cast.read(tmp_path, 2019) == [(Turn("What is rum?", "What is rum?"), Turn("Is it sweet?", "Is rum sweet?"))]
    turn = {"raw_utterance": "Hm?", "manual_rewritten_utterance": "Rum?", "automatic_rewritten_utterance": "Gin?"}
    (tmp_path / cast.FILES[2020][0]).write_text(json.dumps([{"turn": [turn]}]), encoding="utf-8")
    assert cast.read(tmp_path, 2020) == [(Turn("Hm?", "Rum?", "Gin?"),)]


def test_scores_are_means_over_content_words_and_the_same_words_count_as_exact() -> None:
    found = condensing.scored(
        [
            ("is throat cancer TREATABLE", "Is throat cancer treatable?"),  # All, and the same words.
            ("Is it treatable at home?", "Is throat cancer treatable?"),  # One of three, one of two.
        ]
    )
    assert (found.turns, found.exact) == (2, 0.5)
    assert found.recall == pytest.approx((1 + 1 / 3) / 2)
    assert found.precision == pytest.approx((1 + 1 / 2) / 2)


def test_a_sample_is_whole_conversations_and_the_same_each_time() -> None:
    conversations = [TALK, OTHER, TALK]
    sample = condensing.sampled(conversations, 3)
    assert sample == condensing.sampled(conversations, 3)
    assert sum(len(one) - 1 for one in sample) >= 3
    assert all(one in conversations for one in sample)
    assert condensing.sampled(conversations, 100) == condensing.sampled(conversations, 5)


def test_the_rules_are_measured_on_their_own_chain_of_questions() -> None:
    rows = condensing._without_model([TALK])
    assert rows["as asked"].exact == 0
    assert rows["by rule"].exact == 1, "the last leans on what became of the second"


def test_another_program_is_measured_as_it_came_and_checked() -> None:
    replayed = tuple(
        Turn(one.asked, one.completed, automatic)
        for one, automatic in zip(
            TALK,
            ("", "Is throat cancer treatable?", "Why is Comte treatable?"),
            strict=True,
        )
    )
    rows = condensing._without_model([replayed])
    assert rows["by the organisers' program, as it came"].exact == 0.5
    assert rows["by the organisers' program, checked"].exact == 1


def test_altered_rewrites_are_wrong_and_are_counted_by_what_was_altered() -> None:
    rows = {str(name): (count, share) for name, count, share in misrewriting.caught([TALK, OTHER])}
    assert rows.pop(misrewriting.RIGHT) == (3, 0)
    assert len(rows) == 8
    assert all(count == 3 and share == 1 for count, share in rows.values())


def test_every_follow_up_over_seeds_has_a_quote_and_what_a_person_makes_of_it() -> None:
    found = followups.read()
    assert len(found) == len({one.case.id for one in found}) == 40
    for one in found:
        assert one.case.history
        (evidence,) = one.case.evidence
        assert _stands(evidence), one.case.id
    same = [one.case.id for one in found if words(one.standalone) == words(one.case.question)]
    assert same == ["f13"], "one changes the topic, all others lean on their conversation"


def _stands(evidence: Evidence) -> bool:
    text = (followups.SEEDS / str(evidence.source)).read_text(encoding="utf-8")
    return " ".join(evidence.quote.split()) in " ".join(text.split())
