"""What every embedder does, and the checks that all of them make."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
import numpy.typing as npt

from index.errors import InvalidInput

Vectors = npt.NDArray[np.float32]


class Embedder(Protocol):
    """Turns texts into vectors of length 1. Safe to use from many threads.

    `name` is the model as configured, `max_tokens` the longest text it takes (special tokens included), and
    `tokens_embedded` counts the tokens of all texts embedded so far, padding left out.
    """

    @property
    def name(self) -> str:
        """The model as configured."""
        ...

    @property
    def dimension(self) -> int:
        """Numbers in a vector."""
        ...

    @property
    def max_tokens(self) -> int:
        """The longest text, in tokens, special ones included."""
        ...

    @property
    def tokens_embedded(self) -> int:
        """Tokens of all texts embedded so far, without padding."""
        ...

    def count(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text as a passage, special tokens and the model's prompt included; nothing is truncated."""
        ...

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of shape (number of texts, dimension), in order. Raises `InvalidInput` over `max_tokens`."""
        ...

    def embed_question(self, text: str) -> Vectors:
        """A vector of shape (dimension,). Raises `InvalidInput` for a question over `max_tokens`."""
        ...


def refuse_long_passages(counts: Sequence[int], max_tokens: int) -> None:
    """Raise `InvalidInput` where a text would be truncated."""
    for place, count in enumerate(counts):
        if count > max_tokens:
            raise InvalidInput(
                f"text {place} has {count} tokens, more than the {max_tokens} that the embedder takes: split it first"
            )


def refuse_long_question(count: int, max_tokens: int) -> None:
    """Raise `InvalidInput` where a question would be truncated."""
    if count > max_tokens:
        raise InvalidInput(f"the question has {count} tokens, more than the {max_tokens} that fit: ask a shorter one")
