"""Checking: whether what a statement says is borne out by the words that it cites. Reads the quotes and no more.

`verbatim`: the statement is the document's words. `supported`: another's words, no rule finds a fault with them, and
the score of support is high enough. `unsupported`: else, and `faults` says why.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.answers import Check
from assistant.checking.rules import faults_of, notes_of
from assistant.checking.words import share

__all__ = ["Checked", "Checker", "Support"]

# Share of a statement's content words that its sources must hold; below it is another story than theirs.
MOST_CONTENT = 0.4

# Letters that patterns without regard to case take for others, and that no lower case brings there: the rules read
# those others. One for one, so that places stay.
_FOLDED = str.maketrans("ſıİK", "siIK")

NOT_BORNE_OUT = "the cited sentences do not bear it out"
TOO_LONG = "it is too long to be checked"

# A statement is one sentence. Of a longer source the rules read the beginning: what is said from the rest is a fault.
LONGEST_STATEMENT, LONGEST_QUOTES = 1_500, 6_000


class Support(Protocol):
    """A learned score of support."""

    @property
    def threshold(self) -> float:
        """A statement whose score is lower is not supported."""
        ...

    def score(self, text: str, quotes: Sequence[str]) -> float:
        """The probability that the quotes bear a statement out."""
        ...


@dataclass(frozen=True, slots=True)
class Checked:
    """What came of checking a statement.

    `faults` says what is not borne out, `notes` what must be said beside a supported statement, both in words for a
    reader. `score` is 1 for the document's words, 0 where a rule finds a fault, else the score of support.
    """

    check: Check
    score: float
    faults: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


class Checker:
    """Checks by rules first, then by a learned score; without one, by the share of the content words."""

    def __init__(self, support: Support | None = None) -> None:
        self._support = support

    def check(self, text: str, quotes: Sequence[str]) -> Checked:
        """Check a statement against the words that it cites."""
        if not quotes:
            return Checked("unsupported", 0.0, ("it cites nothing",))
        if _plain(text) in {_plain(quote) for quote in quotes} | {_plain(" ".join(quotes))}:
            return Checked("verbatim", 1.0)
        if len(text) > LONGEST_STATEMENT:
            return Checked("unsupported", 0.0, (TOO_LONG,))
        read = [quote.translate(_FOLDED) for quote in _beginnings(quotes)]
        text = text.translate(_FOLDED)
        faults = faults_of(text, read)
        if faults:
            return Checked("unsupported", 0.0, faults)
        score, threshold = share(text, quotes), MOST_CONTENT
        if self._support is not None:
            score, threshold = self._support.score(text, quotes), self._support.threshold
        if score < threshold:
            return Checked("unsupported", score, (NOT_BORNE_OUT,))
        return Checked("supported", score, notes=notes_of(text, read))


def _beginnings(quotes: Sequence[str]) -> list[str]:
    """The quotes as far as the rules read them, each with an equal part."""
    return [quote[: LONGEST_QUOTES // len(quotes)] for quote in quotes]


def _plain(text: str) -> str:
    return " ".join(text.split())
