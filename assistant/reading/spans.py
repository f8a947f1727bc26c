"""Spans: the short answer in a sentence, from a model's scores for where it starts and ends."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from assistant.reading.models import ShortAnswer

Scores = npt.NDArray[np.float32]


def best_span(start: Scores, end: Scores, places: Sequence[tuple[int, int]], longest: int) -> ShortAnswer | None:
    """The best pair of a first and a last token, at most `longest` apart; None where there is no token.

    `start` and `end` have shape (tokens of the sentence,), `places` are the tokens' [start, end) in the sentence.
    """
    if not len(start):
        return None
    pairs = start[:, None] + end[None, :]
    allowed = np.triu(np.ones_like(pairs, dtype=bool)) & ~np.triu(np.ones_like(pairs, dtype=bool), longest)
    first, last = divmod(int(np.argmax(np.where(allowed, pairs, -np.inf))), pairs.shape[1])
    return ShortAnswer(int(places[first][0]), int(places[last][1]), float(pairs[first, last]))
