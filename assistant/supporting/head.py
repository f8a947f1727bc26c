"""The head: from the features of a statement and its quotes to the probability that they bear it out.

A linear model and a forest of small decision trees; the mean of their log-odds counts. Plain numbers in `head.json`.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

FILE = Path(__file__).parent / "head.json"
LEAF = -1

Row = npt.NDArray[np.float64]
Places = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Linear:
    """Log-odds as a weighted sum; the weights are for features as they are."""

    weights: Row
    bias: float

    def log_odds(self, rows: Row) -> Row:
        """Of each row."""
        found: Row = rows @ self.weights + self.bias
        return found


@dataclass(frozen=True, slots=True)
class Forest:
    """Log-odds as a sum over trees. A node asks one feature: up to `border` it goes left, else right.

    All nodes of all trees stand in one list; `roots` says where each tree starts; `feature` is `LEAF` at leaves.
    """

    roots: Places
    feature: Places
    border: Row
    left: Places
    right: Places
    value: Row
    bias: float

    def log_odds(self, rows: Row) -> Row:
        """Of each row; all trees at once, level by level."""
        places = np.broadcast_to(self.roots, (len(rows), len(self.roots)))
        while (self.feature[places] != LEAF).any():
            asked = np.take_along_axis(rows, np.maximum(self.feature[places], 0), axis=1)
            onward = np.where(asked <= self.border[places], self.left[places], self.right[places])
            places = np.where(self.feature[places] == LEAF, places, onward)
        found: Row = self.value[places].sum(axis=1) + self.bias
        return found


@dataclass(frozen=True, slots=True)
class Head:
    """The whole: which features, the two models, and the score below which a statement is not supported."""

    names: tuple[str, ...]
    linear: Linear
    forest: Forest
    threshold: float

    def score(self, rows: Row) -> Row:
        """Probabilities of rows of features, in the order of `names`."""
        odds = (self.linear.log_odds(rows) + self.forest.log_odds(rows)) / 2
        found: Row = 1 / (1 + np.exp(-odds))
        return found


@cache
def load_head(file: Path = FILE) -> Head:
    """The head that ships with Dossier, or another one."""
    saved: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    linear, forest = saved["linear"], saved["forest"]
    roots, feature, left, right = (
        np.array(forest[name], dtype=np.int64) for name in ("roots", "feature", "left", "right")
    )
    border, value = (np.array(forest[name], dtype=np.float64) for name in ("border", "value"))
    return Head(
        tuple(saved["names"]),
        Linear(np.array(linear["weights"], dtype=np.float64), float(linear["bias"])),
        Forest(roots, feature, border, left, right, value, float(forest["bias"])),
        float(saved["threshold"]),
    )


def write_head(head: Head, file: Path = FILE) -> None:
    """Write a head; what is read back scores the same."""
    linear, forest = head.linear, head.forest
    saved = {
        "threshold": head.threshold,
        "names": list(head.names),
        "linear": {"bias": linear.bias, "weights": linear.weights.tolist()},
        "forest": {
            "bias": forest.bias,
            **{name: getattr(forest, name).tolist() for name in ("roots", "feature", "left", "right")},
            **{name: getattr(forest, name).tolist() for name in ("border", "value")},
        },
    }
    lines = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in saved.items()]
    file.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
    load_head.cache_clear()
