"""Measuring: the features of many pairs, kept in a file so that fitting again does not read them again."""

from __future__ import annotations

import hashlib
import inspect
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.supporting import features, states
from assistant.supporting.features import measured, nearest
from assistant.supporting.states import StateReader
from assistant.supporting.train.pairs import Pair

PROGRESS = 500


@dataclass(frozen=True, slots=True)
class Measured:
    """Pairs as numbers: `rows` of shape (pairs, features), and of each whether it is borne out, its kind and group."""

    names: tuple[str, ...]
    rows: npt.NDArray[np.float64]
    borne_out: npt.NDArray[np.bool_]
    kinds: npt.NDArray[np.str_]
    groups: npt.NDArray[np.str_]


def measure(pairs: Sequence[Pair], reader: StateReader, work: Path) -> Measured:
    """The features of pairs, from `work` where they were measured before in the same way."""
    file = work / f"features-{_fingerprint(pairs)}.npz"
    if not file.exists():
        found = []
        for number, pair in enumerate(pairs, start=1):
            found.append(measured(pair.text, nearest(pair.text, pair.quotes, reader), reader))
            if number % PROGRESS == 0:
                print(f"  {number} of {len(pairs)} pairs read", flush=True)
        rows = np.array([list(one.values()) for one in found], dtype=np.float64)
        np.savez_compressed(file, rows=rows, names=np.array(list(found[0])))
    with np.load(file) as saved:
        rows, names = saved["rows"], tuple(str(name) for name in saved["names"])
    return Measured(
        names,
        rows,
        np.array([pair.borne_out for pair in pairs]),
        np.array([pair.kind for pair in pairs]),
        np.array([hashlib.sha256(pair.group.encode()).hexdigest()[:16] for pair in pairs]),
    )


def _fingerprint(pairs: Sequence[Pair]) -> str:
    """Of the pairs, and of the code that measures them."""
    made = hashlib.sha256()
    for module in (features, states):
        made.update(inspect.getsource(module).encode())
    for pair in pairs:
        made.update(repr((pair.text, pair.quotes)).encode())
    return made.hexdigest()[:16]
