"""The figures of an evaluation, against worked examples and against their definitions by brute force."""

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.evaluation.metrics import auroc, mean_reciprocal_rank, ndcg, percentile, recall

# Few distinct values, so that there are ties.
scores = st.lists(st.sampled_from([0.0, 0.1, 0.25, 0.5, 0.9, 1.0]), min_size=1, max_size=12)


def test_recall_is_the_share_of_questions_with_a_right_hit() -> None:
    assert recall([1, None, 8, None]) == 0.5
    assert recall([None]) == 0.0
    assert recall([]) is None


def test_the_mean_reciprocal_rank_of_a_worked_example() -> None:
    assert mean_reciprocal_rank([1, 2, None, 4]) == pytest.approx((1 + 1 / 2 + 0 + 1 / 4) / 4)
    assert mean_reciprocal_rank([]) is None


def test_ndcg_of_one_right_hit_falls_with_its_rank() -> None:
    assert ndcg([1], 1) == 1.0
    assert ndcg([2], 1) == pytest.approx(1 / math.log2(3))
    assert ndcg([11], 1) == 0.0
    assert ndcg([], 1) == 0.0


def test_ndcg_of_several_right_hits_is_held_against_the_best_order() -> None:
    worked = (1 / math.log2(2) + 1 / math.log2(4)) / (1 / math.log2(2) + 1 / math.log2(3))
    assert ndcg([1, 3], 2) == pytest.approx(worked)
    assert ndcg([1, 2], 2) == 1.0
    assert ndcg(range(1, 11), 40) == pytest.approx(1.0)


def test_ndcg_of_nothing_right_is_an_error() -> None:
    with pytest.raises(ValueError, match="no nDCG"):
        ndcg([], 0)


def test_auroc_of_a_worked_example() -> None:
    # Of six pairs, four in order, one tied, one not.
    assert auroc([0.9, 0.5, 0.3], [0.5, 0.2]) == pytest.approx(4.5 / 6)
    assert auroc([0.9], [0.1]) == 1.0
    assert auroc([0.1], [0.9]) == 0.0


def test_auroc_needs_both_kinds() -> None:
    assert auroc([], [0.5]) is None
    assert auroc([0.5], []) is None


@given(positives=scores, negatives=scores)
def test_auroc_is_the_share_of_pairs_in_order(positives: list[float], negatives: list[float]) -> None:
    pairs = list(itertools.product(positives, negatives))
    brute = sum(1.0 if one > other else 0.5 if one == other else 0.0 for one, other in pairs) / len(pairs)
    assert auroc(positives, negatives) == pytest.approx(brute)


def test_percentiles_are_interpolated() -> None:
    values = [4.0, 1.0, 3.0, 2.0]
    assert percentile(values, 50) == 2.5
    assert percentile(values, 95) == pytest.approx(float(np.quantile(values, 0.95)))
    assert percentile([], 50) is None
