"""Fitting: the head's two models from measured pairs, by crossed validation and for good."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from assistant.supporting.head import LEAF, Forest, Head, Linear
from assistant.supporting.train.measuring import Measured

SEED = 13
FOLDS = 5
# Weight of all derived pairs together beside the judged ones'.
DERIVED_WEIGHT = 0.3
# The threshold flags so many of the judged statements that are borne out, no more: a false alarm costs most. It is the
# most at which no more than 5% of the true restatements of `seeds/` that the rules were tuned on are flagged by both.
FLAGGED = 0.025

# Features that may only raise a score, or only lower it, whatever the trees find in few examples.
_RAISING = ("content held", "words", "pairs", "triples", "run", "mean", "all", "weighted", "least", "second", "low")
_LOWERING = ("content missing", "longest missing", "talk", "asks")

Row = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Recipe:
    """How the two models are fitted."""

    trees: int = 200
    leaves: int = 8
    rate: float = 0.06
    least_in_leaf: int = 15
    shrinking: float = 5.0
    strength: float = 0.1


def fit(judged: Measured, derived: Measured, recipe: Recipe, threshold: float = 0.5) -> Head:
    """A head from judged and derived pairs."""
    rows = np.vstack([judged.rows, derived.rows])
    right = np.concatenate([judged.borne_out, derived.borne_out])
    weights = np.concatenate([_balanced(judged.borne_out), DERIVED_WEIGHT * _balanced(derived.borne_out)])
    weights *= len(weights) / weights.sum()
    return Head(
        judged.names, _linear(rows, right, weights, recipe), _forest(judged, rows, right, weights, recipe), threshold
    )


def _balanced(right: Mask) -> Row:
    """Weights that give both sides half, all together 1."""
    found: Row = np.where(right, 0.5 / right.sum(), 0.5 / (~right).sum())
    return found


def _linear(rows: Row, right: Mask, weights: Row, recipe: Recipe) -> Linear:
    from sklearn.linear_model import LogisticRegression

    mean, scale = rows.mean(axis=0), np.maximum(rows.std(axis=0), 1e-9)
    model = LogisticRegression(C=recipe.strength, max_iter=3000).fit(
        (rows - mean) / scale, right, sample_weight=weights
    )
    coefficients = model.coef_[0] / scale
    return Linear(coefficients, float(model.intercept_[0] - coefficients @ mean))


def _forest(judged: Measured, rows: Row, right: Mask, weights: Row, recipe: Recipe) -> Forest:
    from sklearn.ensemble import HistGradientBoostingClassifier

    model = HistGradientBoostingClassifier(
        max_iter=recipe.trees,
        learning_rate=recipe.rate,
        max_leaf_nodes=recipe.leaves,
        min_samples_leaf=recipe.least_in_leaf,
        l2_regularization=recipe.shrinking,
        monotonic_cst=[_direction(name) for name in judged.names],
        early_stopping=False,
        random_state=SEED,
    ).fit(rows, right, sample_weight=weights)
    forest = _flattened([steps[0].nodes for steps in model._predictors], float(model._baseline_prediction[0, 0]))
    apart = np.abs(forest.log_odds(rows) - model.decision_function(rows)).max()
    if apart > 1e-6:
        raise ValueError(f"the forest's numbers do not say what scikit-learn says: {apart} apart")
    return forest


def _direction(name: str) -> int:
    if name.startswith(_RAISING) or name in ("sentence", "answerable") or name.startswith("cosine"):
        return 1
    return -1 if name.startswith(_LOWERING) else 0


def _flattened(trees: Sequence[npt.NDArray[np.void]], bias: float) -> Forest:
    roots = np.cumsum([0, *[len(tree) for tree in trees[:-1]]]).astype(np.int64)
    nodes = np.concatenate(list(trees))
    first = np.repeat(roots, [len(tree) for tree in trees])
    leaf = nodes["is_leaf"].astype(bool)
    return Forest(
        roots,
        np.where(leaf, LEAF, nodes["feature_idx"]).astype(np.int64),
        np.where(leaf, 0.0, nodes["num_threshold"]),
        np.where(leaf, 0, nodes["left"] + first).astype(np.int64),
        np.where(leaf, 0, nodes["right"] + first).astype(np.int64),
        np.where(leaf, nodes["value"], 0.0),
        bias,
    )


def crossed(judged: Measured, derived: Measured, recipe: Recipe) -> tuple[Row, Row]:
    """Scores of all pairs by heads that were fitted on other texts."""
    scores = np.zeros(len(judged.rows)), np.zeros(len(derived.rows))
    for (fitted, held), (others, away) in zip(_folds(judged), _folds(derived), strict=True):
        head = fit(part(judged, fitted), part(derived, others), recipe)
        scores[0][held], scores[1][away] = head.score(judged.rows[held]), head.score(derived.rows[away])
    return scores


def across(judged: Measured, derived: Measured, recipe: Recipe) -> Row:
    """Scores of the judged pairs by heads that saw no judged pair of their domain."""
    scores = np.zeros(len(judged.rows))
    for domain in np.unique(judged.kinds):
        held = judged.kinds == domain
        scores[held] = fit(part(judged, ~held), derived, recipe).score(judged.rows[held])
    return scores


def _folds(pairs: Measured) -> Iterator[tuple[Mask, Mask]]:
    from sklearn.model_selection import StratifiedGroupKFold

    cut = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=SEED)
    for _, places in cut.split(pairs.rows, pairs.borne_out, pairs.groups):
        held = np.zeros(len(pairs.rows), dtype=bool)
        held[places] = True
        yield ~held, held


def part(pairs: Measured, chosen: Mask) -> Measured:
    """Some of the pairs."""
    return Measured(pairs.names, pairs.rows[chosen], pairs.borne_out[chosen], pairs.kinds[chosen], pairs.groups[chosen])


def threshold(scores: Row, borne_out: Mask) -> float:
    """The score below which lie no more of the statements that are borne out than may be flagged."""
    return round(float(np.quantile(scores[borne_out], FLAGGED)), 3)


def balanced_accuracy(scores: Row, borne_out: Mask, least: float) -> float:
    """Mean of the shares of both sides that are told right."""
    return float((np.mean(scores[borne_out] >= least) + np.mean(scores[~borne_out] < least)) / 2)
