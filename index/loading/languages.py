"""Which language a text is written in, by py3langid; says nothing where the text is short or the guess weak."""

from __future__ import annotations

import functools
from typing import Any

_FEWEST_LETTERS = 40
_SAMPLE = 10_000
_LEAST_CONFIDENCE = 0.35
# One language to a detector of letter sequences: their confidence is split three ways.
_ALIKE = frozenset({"bs", "hr", "sr"})


def detect_language(text: str) -> str | None:
    """The ISO 639-1 code of the text's language; None where it has under 40 letters or no language is likely."""
    sample = text[:_SAMPLE]
    if sum(char.isalpha() for char in sample) < _FEWEST_LETTERS:
        return None
    ranks = dict(_identifier().rank(sample))
    best = max(ranks, key=ranks.__getitem__)
    confidence = sum(ranks.get(code, 0.0) for code in (_ALIKE if best in _ALIKE else {best}))
    return str(best) if len(best) == 2 and confidence >= _LEAST_CONFIDENCE else None


@functools.cache
def _identifier() -> Any:
    """The detector with probabilities; loading it takes half a second, so only when it is needed."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # type: ignore[import-untyped]

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
