from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.fusion import fuse

IDS = st.text("abcdefgh", min_size=1, max_size=3)
MEANING = st.dictionaries(IDS, st.floats(-1, 1), max_size=12)
WORDS = st.dictionaries(IDS, st.floats(0.001, 6), max_size=12)


@given(MEANING, WORDS, st.randoms(use_true_random=False))
def test_the_order_of_the_lists_does_not_matter(
    meaning: dict[str, float], words: dict[str, float], random: object
) -> None:
    shuffled_meaning, shuffled_words = list(meaning.items()), list(words.items())
    random.shuffle(shuffled_meaning)  # type: ignore[attr-defined]
    random.shuffle(shuffled_words)  # type: ignore[attr-defined]
    assert fuse(meaning.items(), words.items()) == fuse(shuffled_meaning, shuffled_words)


@given(MEANING, WORDS)
def test_every_passage_of_either_list_is_there_once_and_scores_fall(
    meaning: dict[str, float], words: dict[str, float]
) -> None:
    fused = fuse(meaning.items(), words.items())
    assert sorted(hit.passage_id for hit in fused) == sorted(meaning.keys() | words.keys())
    scores = [hit.score for hit in fused]
    assert scores == sorted(scores, reverse=True)


def test_a_passage_near_in_both_ways_goes_before_one_that_is_first_in_one() -> None:
    fused = fuse([("meaning-only", 0.62), ("both", 0.60), ("far", 0.1)], [("words-only", 1.2), ("both", 1.1)])
    assert [hit.passage_id for hit in fused] == ["both", "meaning-only", "words-only", "far"]
    assert [hit.found_by for hit in fused] == ["both", "meaning", "words", "meaning"]


def test_scores_are_similarity_and_a_share_of_the_words() -> None:
    scores = {hit.passage_id: hit.score for hit in fuse([("a", 0.5), ("b", 0.25)], [("a", 0.4), ("c", 2.0)])}
    assert scores == pytest.approx({"a": 0.5 + 0.35 * 0.4, "b": 0.25, "c": 0.25 + 0.35 * 2.0})


def test_words_that_say_little_do_not_outdo_meaning_by_being_the_best_there_are() -> None:
    fused = fuse([("near", 0.6), ("common", 0.4)], [("common", 0.2)])
    assert [hit.passage_id for hit in fused] == ["near", "common"]


def test_nothing_found_is_nothing_fused() -> None:
    assert fuse([], []) == []
