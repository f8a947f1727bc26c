"""Clauses of a text and their content words: what a "not", a "may" or a "said" reaches over."""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass
from functools import lru_cache

from index.words import stems

_EDGE = re.compile(
    r"[;:!?–—()“”\"]|,(?!\d)|(?<![A-Z])\.(?=\s|\Z)|"
    r"\b(?:but|while|whereas|although|though|because|since|which|who|whom|where|when|if|unless|until|so\s+that|yet|and|"
    r"as|after|before|(?<!rather )(?<!other )than|that)\b",
    re.IGNORECASE,
)

# Words that say next to nothing, beside those that the index leaves out.
_LITTLE = frozenset("had been has have did doe do be he she his her him we our who whom which from".split())  # noqa: SIM905


@dataclass(frozen=True, slots=True)
class Clause:
    """A stretch of a text without a smaller sentence in it."""

    text: str
    start: int
    end: int

    @property
    def content(self) -> frozenset[str]:
        """The stems of its words."""
        return content(self.text)


@lru_cache(maxsize=4096)
def content(text: str) -> frozenset[str]:
    """The stems of the words of a text that say something."""
    return frozenset(stem for stem in stems(text) if not stem.isdigit() and len(stem) > 1 and stem not in _LITTLE)


@lru_cache(maxsize=1024)
def clauses(text: str) -> tuple[Clause, ...]:
    """The clauses of a text in order."""
    edges = [0, *(match.start() for match in _EDGE.finditer(text)), len(text)]
    return tuple(
        Clause(text[start:end], start, end) for start, end in itertools.pairwise(edges) if text[start:end].strip()
    )
