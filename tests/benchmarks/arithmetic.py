"""How near embedding comes to the machine's own rate of matrix products, which bounds it.

A token costs the products of the model's layers, the same for every text, and those of attention, which grow with the
text's length; padding is not counted, for it makes nothing.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

import numpy as np

from index.embedding import Embedder
from tests.benchmarks.figures import Figures, middle

# Of all-MiniLM-L6-v2 (its config.json).
LAYERS, HIDDEN, INNER = 6, 384, 1536
# Large enough that a product is bound by arithmetic, small enough for a second or so.
SIDE = 2048
REPEATS = 5


def operations(lengths: Sequence[int]) -> float:
    """The floating-point operations of embedding texts of so many tokens; a multiplication and an addition are two."""
    each = 2 * LAYERS * (4 * HIDDEN * HIDDEN + 2 * HIDDEN * INNER)
    attention = 2 * LAYERS * 2 * HIDDEN
    return float(sum(length * each + length * length * attention for length in lengths))


def measure(embedder: Embedder, texts: Sequence[str], ingest_seconds: float) -> Figures:
    """Products by NumPy and by torch, embedding alone, and a whole ingest of the same texts."""
    work = operations(embedder.count(texts))
    machine = {"products, NumPy": _rate(_numpy()), "products, torch": _rate(_torch())}
    begun = time.perf_counter()
    embedder.embed_passages(texts)
    rates = {
        **machine,
        "embedding alone": work / (time.perf_counter() - begun),
        "whole ingest": work / ingest_seconds,
    }
    fastest = max(machine.values())
    return Figures(
        name="arithmetic",
        title=f"{len(texts)} passages beside products of {SIDE} by {SIDE} matrices of 32-bit numbers",
        columns=("what", "GFLOP/s", "share of the faster product"),
        rows=tuple((name, rate / 1e9, rate / fastest) for name, rate in rates.items()),
    )


def _rate(multiply: Callable[[], object]) -> float:
    multiply()
    taken = []
    for _ in range(REPEATS):
        begun = time.perf_counter()
        multiply()
        taken.append(time.perf_counter() - begun)
    return 2.0 * SIDE**3 / middle(taken)


def _numpy() -> Callable[[], object]:
    one, other = np.random.default_rng(1).standard_normal((2, SIDE, SIDE), dtype=np.float32)
    return lambda: one @ other


def _torch() -> Callable[[], object]:
    import torch

    one, other = torch.randn(2, SIDE, SIDE, generator=torch.Generator().manual_seed(1))
    return lambda: one @ other
