"""The rules, one after the other: what they find in a statement that its sources do not bear out, and what to note."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.words import stems

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NEGATION = re.compile(r"\b(?:no|not|never|none|neither|nor|without|cannot|\w+n['’]t)\b", re.IGNORECASE)


def faults_of(text: str, quotes: Sequence[str]) -> tuple[str, ...]:
    """What is not borne out, in words for a reader; empty where no rule finds anything."""
    source = " ".join(quotes)
    faults = [f"the sources do not say {number}" for number in sorted(_numbers(text) - _numbers(source))]
    held = set(stems(source))
    faults += [
        f"{word} is not in the sources"
        for word in _WORD.findall(text)[1:]
        if word[0].isupper() and not set(stems(word)) <= held
    ]
    if bool(_NEGATION.search(text)) != bool(_NEGATION.search(source)):
        faults.append("the sources deny it" if _NEGATION.search(source) else "it denies what the sources say")
    return tuple(faults)


def _numbers(text: str) -> set[str]:
    return {number.replace(",", "") for number in _NUMBER.findall(text)}
