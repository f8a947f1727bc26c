"""The score of support that ships with Dossier: a head on the states of its reader model (see MODEL_CARD.md)."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from assistant.supporting import DEFAULT_SUPPORT_MODEL
from assistant.supporting.features import measured, nearest
from assistant.supporting.head import Head, load_head
from assistant.supporting.states import StateReader


class OwnSupport:
    """`Support` of this project. Thread-safe. Raises `ModelUnavailable` where the reader model cannot be loaded."""

    name = DEFAULT_SUPPORT_MODEL

    def __init__(self, head: Head | None = None, threads: int = 0) -> None:
        self._reader = StateReader(threads=threads)
        self._head = head or load_head()

    @property
    def threshold(self) -> float:
        """A statement whose score is lower is not supported."""
        return self._head.threshold

    def score(self, text: str, quotes: Sequence[str]) -> float:
        """The probability that the quotes bear a statement out; 0 where there is nothing to compare.

        Raises `ModelUnavailable`.
        """
        if not text.strip() or not any(quote.strip() for quote in quotes):
            return 0.0
        found = measured(text, nearest(text, quotes, self._reader), self._reader)
        return float(self._head.score(np.array([[found[name] for name in self._head.names]]))[0])
