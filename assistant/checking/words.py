"""The content words of a statement, and how many of them its sources hold."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.checking.numerals import ORDINALS, SCALES, UNITS
from index.words import stems

# Numbers are a rule's to judge, and say little of what is told.
_NUMBERS = {stem for word in (*UNITS, *SCALES, *ORDINALS) for stem in stems(word)}


def share(text: str, quotes: Sequence[str]) -> float:
    """The share of a statement's content words that its quotes hold, 0 to 1."""
    content, held = _content(text), _content(" ".join(quotes))
    return len(content & held) / len(content) if content else 0.0


def _content(text: str) -> set[str]:
    """The stems of the words that say something."""
    return {stem for stem in stems(text) if not stem.isdigit() and stem not in _NUMBERS}
