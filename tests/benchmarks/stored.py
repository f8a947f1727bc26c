"""Passages by the ten thousand with vectors that are made once and given to all: what is measured is not embedding.

A passage is a few sentences of `seeds/` in a new order; its vector is the mean of the sentences' own vectors with a
little noise, so that near neighbours are near in meaning too, and no two are equal.
"""

from __future__ import annotations

import datetime
import random
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.documents import digest_of
from index.embedding import Embedder
from tests.benchmarks.corpus import sentences_of_seeds

Vectors = npt.NDArray[np.float32]

IN_DOCUMENT = 10
SENTENCES = (3, 5)
NOISE = 0.02
FIRST_DAY = datetime.date(1990, 1, 1)


class StoredEmbedder:
    """`Embedder` that makes passages' vectors from those of their sentences, and questions' by the real one."""

    def __init__(self, real: Embedder) -> None:
        self._real = real
        sentences = sentences_of_seeds()
        self._vectors = dict(zip(sentences, real.embed_passages(sentences), strict=True))
        self._marks = {sentence[:24]: sentence for sentence in sentences}

    @property
    def name(self) -> str:
        """See `Embedder`."""
        return self._real.name

    @property
    def dimension(self) -> int:
        """See `Embedder`."""
        return self._real.dimension

    @property
    def max_tokens(self) -> int:
        """See `Embedder`."""
        return self._real.max_tokens

    @property
    def tokens_embedded(self) -> int:
        """Nothing is embedded here."""
        return 0

    def count(self, texts: Sequence[str]) -> list[int]:
        """See `Embedder`."""
        return self._real.count(texts)

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """The stored vectors, shape (n, dimension)."""
        return np.stack([self._vector(text) for text in texts])

    def embed_question(self, text: str) -> Vectors:
        """See `Embedder`."""
        return self._real.embed_question(text)

    def _vector(self, text: str) -> npt.NDArray[np.float32]:
        noise = np.random.default_rng(int(digest_of(text)[:12], 16)).standard_normal(self.dimension)
        made = NOISE * noise / np.sqrt(self.dimension)
        for sentence, vector in self._vectors.items():
            if sentence in text:
                made = made + vector
        unit: npt.NDArray[np.float32] = (made / np.linalg.norm(made)).astype(np.float32)
        return unit


def write_documents(folder: Path, passages: int) -> None:
    """Files of `IN_DOCUMENT` passages each, dated one day after the other."""
    sentences, chance = sentences_of_seeds(), random.Random(3)
    for number in range(passages // IN_DOCUMENT):
        below = folder / f"{number // 1000:03}"
        below.mkdir(parents=True, exist_ok=True)
        day = FIRST_DAY + datetime.timedelta(days=number)
        parts = [
            f"# Part {number}.{part}\n\n" + " ".join(chance.sample(sentences, chance.randint(*SENTENCES)))
            for part in range(IN_DOCUMENT)
        ]
        text = f"---\npublished: {day}\nlanguage: en\n---\n" + "\n\n".join(parts) + "\n"
        (below / f"{number:06}.md").write_text(text, encoding="utf-8")


def day_that_keeps(share: float, passages: int) -> datetime.date:
    """The date from which on this share of the documents was published."""
    documents = passages // IN_DOCUMENT
    return FIRST_DAY + datetime.timedelta(days=documents - max(1, round(share * documents)))
