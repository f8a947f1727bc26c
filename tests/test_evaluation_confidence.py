"""What a confidence is worth: AUROC, AURC, calibration error and the curves, against numbers worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.evaluation.confidence import (
    Bools,
    Floats,
    aurc,
    auroc,
    calibration,
    expected_calibration_error,
    risk_coverage,
)

# Few distinct confidences, so that there are ties.
CASES = st.lists(
    st.tuples(st.sampled_from([0.0, 0.1, 0.3, 0.55, 0.9, 1.0]), st.booleans(), st.integers(0, 3)),
    min_size=1,
    max_size=10,
)


def columns(*cases: tuple[float, bool]) -> tuple[Floats, Bools]:
    return np.array([one for one, _ in cases], dtype=float), np.array([right for _, right in cases], dtype=bool)


def once(confidence: Floats) -> Floats:
    return np.ones((1, len(confidence)))


def test_auroc_counts_a_tie_half() -> None:
    confidence, right = columns((0.9, True), (0.5, True), (0.5, False), (0.2, False))
    # Of four pairs three are in order and one ties.
    assert auroc(confidence, right, ~right, once(confidence)) == pytest.approx([3.5 / 4])


def test_auroc_leaves_out_what_is_neither() -> None:
    confidence, right = columns((0.9, True), (0.1, False), (0.0, True))
    neither = np.array([False, False, True])
    assert auroc(confidence, right & ~neither, ~right, once(confidence)) == pytest.approx([1.0])


def test_the_area_under_the_risk_coverage_curve_is_the_mean_risk() -> None:
    confidence, right = columns((0.7, True), (0.9, True), (0.8, False))
    # Of the first 1, 2, 3 by confidence: none wrong, 1 of 2, 1 of 3.
    assert aurc(confidence, right, once(confidence)) == pytest.approx([(0 + 1 / 2 + 1 / 3) / 3])


def test_the_area_does_not_depend_on_the_order_of_ties() -> None:
    confidence, right = columns((0.9, True), (0.5, False), (0.5, True))
    # Either of the two may come second: half an error there, on average.
    expected = pytest.approx([(0 + 0.5 / 2 + 1 / 3) / 3])
    assert aurc(confidence, right, once(confidence)) == expected
    assert aurc(confidence[::-1].copy(), right[::-1].copy(), once(confidence)) == expected


def test_a_confidence_without_meaning_has_the_share_of_wrong_cases_as_its_area() -> None:
    confidence, right = columns((0.5, True), (0.5, False), (0.5, False), (0.5, True))
    assert aurc(confidence, right, once(confidence)) == pytest.approx([0.5])


def test_the_calibration_error_of_a_worked_example() -> None:
    confidence, right = columns((0.95, True), (0.85, False), (0.15, False), (0.12, True))
    # Bins of 1, 1 and 2 cases: off by 0.05, 0.85, and |0.135 - 0.5|.
    expected = (0.05 + 0.85 + 2 * 0.365) / 4
    assert expected_calibration_error(confidence, right, once(confidence)) == pytest.approx([expected])


def test_within_a_bin_errors_of_both_kinds_cancel_and_between_bins_they_do_not() -> None:
    within = columns((0.52, False), (0.56, True))
    between = columns((0.45, True), (0.55, False))
    assert expected_calibration_error(*within, once(within[0])) == pytest.approx([0.04])
    assert expected_calibration_error(*between, once(between[0])) == pytest.approx([0.55])


def test_a_bin_holds_its_upper_edge_and_the_first_holds_zero() -> None:
    confidence, right = columns((0.0, False), (0.1, False), (0.3, True), (0.7, True), (1.0, True))
    assert [one.n for one in calibration(confidence, right)] == [2, 0, 1, 0, 0, 0, 1, 0, 0, 1]


def test_an_empty_bin_has_no_means() -> None:
    first, *_, last = calibration(*columns((0.95, True), (0.93, False)))
    assert (first.n, first.confidence, first.right) == (0, None, None)
    assert (last.n, last.right) == (2, 0.5)
    assert last.confidence == pytest.approx(0.94)


def test_the_curve_has_a_point_for_each_distinct_confidence() -> None:
    points = risk_coverage(*columns((0.5, False), (0.9, True), (0.5, True), (0.1, False)))
    assert [(one.threshold, one.coverage, one.risk) for one in points] == [
        (0.9, 0.25, 0.0),
        (0.5, 0.75, pytest.approx(1 / 3)),
        (0.1, 1.0, 0.5),
    ]


def test_of_no_case_there_is_nothing() -> None:
    confidence, right = columns()
    nothing = np.ones((1, 0))
    assert risk_coverage(confidence, right) == ()
    assert np.isnan(aurc(confidence, right, nothing)).all()
    assert np.isnan(auroc(confidence, right, ~right, nothing)).all()
    assert np.isnan(expected_calibration_error(confidence, right, nothing)).all()


@given(CASES)
def test_a_weight_counts_a_case_as_often(cases: list[tuple[float, bool, int]]) -> None:
    confidence, right = columns(*((one, held) for one, held, _ in cases))
    weights = np.array([[count for *_, count in cases]], dtype=float)
    repeated = columns(*((one, held) for one, held, count in cases for _ in range(count)))
    for weighted, plain in (
        (auroc(confidence, right, ~right, weights), auroc(*repeated, ~repeated[1], once(repeated[0]))),
        (aurc(confidence, right, weights), aurc(*repeated, once(repeated[0]))),
        (
            expected_calibration_error(confidence, right, weights),
            expected_calibration_error(*repeated, once(repeated[0])),
        ),
    ):
        assert weighted == pytest.approx(plain, nan_ok=True)
