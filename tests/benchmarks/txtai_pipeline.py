"""txtai's hybrid search as its own pages show it, on the same model, or on vectors that are given."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from tests.benchmarks.plain import weights

Vectors = npt.NDArray[np.float32]


def open_model() -> Any:
    """An empty index whose vectors the shared model makes."""
    return _quietly(path=str(weights()))


def open_given(embed: Callable[[Sequence[str]], Vectors]) -> Any:
    """An empty index whose vectors are given: `embed` turns texts into an array of shape (n, dimension)."""
    return _quietly(transform=lambda texts: embed([text if isinstance(text, str) else str(text) for text in texts]))


def ingest(index: Any, texts: Sequence[str], published: Sequence[str] | None = None) -> None:
    """Take passages in, each with its date where dates are given."""
    dates = published or [""] * len(texts)
    rows = (
        (number, {"text": text, "published": date})
        for number, (text, date) in enumerate(zip(texts, dates, strict=True))
    )
    index.index(rows)


def search(index: Any, question: str, limit: int, published_from: str | None = None) -> list[int]:
    """The numbers of the best passages, of those from a date on where one is given."""
    where = "similar(:question)" + (f" AND published >= '{published_from}'" if published_from else "")
    # As a parameter: inside the statement a question with signs of SQL would be an error.
    found = index.search(f"SELECT id, score FROM txtai WHERE {where}", limit, parameters={"question": question})
    return [int(row["id"]) for row in found]


def save(index: Any, folder: Path) -> None:
    """Write an index down, as ours is when an ingest ends."""
    index.save(str(folder))


def _quietly(**configuration: Any) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from txtai import Embeddings

        return Embeddings(hybrid=True, content=True, **configuration)
