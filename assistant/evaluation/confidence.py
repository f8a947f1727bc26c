"""What a confidence is worth: does it rank, does it mean what it says, and what does declining by it cost?

Pure functions over arrays of shape (cases,): `confidence`, and `right`, True where the first statement answers the
question. `weights` of shape (runs, cases) says how often each case is counted in each run: ones for the run itself,
the counts of a bootstrap's resamples else. Results are of shape (runs,), NaN where there is nothing to measure.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """The cases whose confidence is in (low, high]: how many, their mean confidence, and the share that is right."""

    low: float
    high: float
    n: int
    confidence: float | None
    right: float | None


@dataclass(frozen=True, slots=True)
class RiskPoint:
    """Answering only from this confidence up: the share of cases answered, and the share of these that is wrong."""

    threshold: float
    coverage: float
    risk: float


def ratio(numerator: Floats, denominator: Floats) -> Floats:
    """Elementwise quotient, NaN where the denominator is 0."""
    empty = np.full(np.broadcast_shapes(numerator.shape, denominator.shape), np.nan)
    np.divide(numerator, denominator, out=empty, where=denominator != 0)
    return empty


def auroc(scores: Floats, positive: Bools, negative: Bools, weights: Floats) -> Floats:
    """The probability that a positive scores above a negative, ties counted half (the Mann-Whitney statistic).

    All arrays but `weights` are of shape (cases,); a case may be neither positive nor negative.
    """
    if not scores.size:
        return np.full(len(weights), np.nan)
    order, starts = _tied(scores)
    positives = np.add.reduceat((weights * positive)[:, order], starts, axis=1)
    negatives = np.add.reduceat((weights * negative)[:, order], starts, axis=1)
    below = np.cumsum(negatives, axis=1) - negatives / 2
    pairs = positives.sum(axis=1) * negatives.sum(axis=1)
    return ratio((positives * below).sum(axis=1), pairs)


def aurc(confidence: Floats, right: Bools, weights: Floats) -> Floats:
    """Area under the risk-coverage curve: the mean, over k = 1..n, of the risk among the k most confident cases.

    Where confidences tie, the mean over every order of them, which is the expected number of errors. 0 is perfect; the
    share of wrong cases is what a confidence without any meaning gets. Source: Geifman, Uziel and El-Yaniv,
    "Bias-Reduced Uncertainty Estimation for Deep Neural Classifiers", ICLR 2019.
    """
    if not confidence.size:
        return np.full(len(weights), np.nan)
    order, starts = _tied(-confidence)
    counts = np.cumsum(np.add.reduceat(weights[:, order], starts, axis=1), axis=1)
    errors = np.cumsum(np.add.reduceat((weights * ~right)[:, order], starts, axis=1), axis=1)
    return np.array([_mean_risk(*run) for run in zip(counts, errors, strict=True)])


def _mean_risk(counts: Floats, errors: Floats) -> float:
    """Of one run: cases and errors down to each distinct confidence. Between two of these, errors grow evenly."""
    if not counts[-1]:
        return float("nan")
    taken = np.arange(1, round(counts[-1]) + 1)
    return float(np.mean(np.interp(taken, [0, *counts], [0, *errors]) / taken))


def expected_calibration_error(confidence: Floats, right: Bools, weights: Floats) -> Floats:
    """How far the confidence is from the share that is right, on average over the cases: ECE in 10 equal-width bins.

    A bin is (i/10, (i+1)/10], the first holds 0 too; bins weigh as their cases. Source: Guo, Pleiss, Sun and
    Weinberger, "On Calibration of Modern Neural Networks", ICML 2017.
    """
    # Within a bin the two means differ by the mean of the differences: one sum a bin is enough.
    bins = _bins(confidence)
    sums = [weights[:, bins == number] @ (confidence - right)[bins == number] for number in range(BINS)]
    return ratio(np.abs(np.stack(sums)).sum(axis=0), weights.sum(axis=1))


def calibration(confidence: Floats, right: Bools) -> tuple[Bin, ...]:
    """The bins of `expected_calibration_error`, for a reliability diagram; means are None in an empty one."""
    bins = _bins(confidence)
    found = []
    for number in range(BINS):
        held = bins == number
        n = int(held.sum())
        means = (float(confidence[held].mean()), float(right[held].mean())) if n else (None, None)
        found.append(Bin(number / BINS, (number + 1) / BINS, n, *means))
    return tuple(found)


def risk_coverage(confidence: Floats, right: Bools) -> tuple[RiskPoint, ...]:
    """The risk-coverage curve: a point for each distinct confidence, the highest first."""
    if not confidence.size:
        return ()
    order, starts = _tied(-confidence)
    counts = np.cumsum(np.add.reduceat(np.ones(len(order)), starts))
    errors = np.cumsum(np.add.reduceat((~right[order]).astype(np.float64), starts))
    return tuple(
        RiskPoint(float(threshold), float(count / len(order)), float(wrong / count))
        for threshold, count, wrong in zip(confidence[order][starts], counts, errors, strict=True)
    )


def _bins(confidence: Floats) -> npt.NDArray[np.intp]:
    """The number of each case's bin. Edges are divided, not multiplied: 3 * 0.1 is more than 0.3."""
    return np.searchsorted(np.arange(1, BINS) / BINS, confidence, side="left")


def _tied(scores: Floats) -> tuple[npt.NDArray[np.intp], npt.NDArray[np.intp]]:
    """The order of rising scores, and where in it each distinct score begins."""
    order = np.argsort(scores, kind="stable")
    ordered = scores[order]
    starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    return order, starts
