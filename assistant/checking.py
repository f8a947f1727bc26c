"""Checking: whether what a statement says is borne out by the words that it cites. Reads the quotes and no more.

`verbatim`: the statement is the document's words. `supported`: another's words, and every number and name in them, and
most of their content, stand in the cited sentences. `unsupported`: they do not.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answers import Check
from index.words import stems

# Share of a statement's content words that its sources must hold; below it is another story than theirs.
MOST_CONTENT = 0.6

_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NEGATION = re.compile(r"\b(?:no|not|never|none|neither|nor|without|cannot|\w+n['’]t)\b", re.IGNORECASE)


def check(text: str, quotes: Sequence[str]) -> tuple[Check, float]:
    """Check a statement against the words that it cites; the score (0 to 1) is the share of it that they hold."""
    if not quotes:
        return "unsupported", 0.0
    if _plain(text) in {_plain(quote) for quote in quotes} | {_plain(" ".join(quotes))}:
        return "verbatim", 1.0
    source = " ".join(quotes)
    content, held = _content(text), _content(source)
    score = len(content & held) / len(content) if content else 0.0
    borne_out = (
        _numbers(text) <= _numbers(source)
        and _names(text) <= _names(source) | held
        and bool(_NEGATION.search(text)) == bool(_NEGATION.search(source))
        and score >= MOST_CONTENT
    )
    return ("supported" if borne_out else "unsupported"), score


def _plain(text: str) -> str:
    return " ".join(text.split())


def _content(text: str) -> set[str]:
    """The stems of the words that say something."""
    return {stem for stem in stems(text) if not stem.isdigit()}


def _numbers(text: str) -> set[str]:
    return {number.replace(",", "") for number in _NUMBER.findall(text)}


def _names(text: str) -> set[str]:
    """The stems of capitalised words that do not merely begin the sentence."""
    return {stem for word in _WORD.findall(text)[1:] if word[0].isupper() for stem in stems(word)}
