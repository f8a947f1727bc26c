"""Roles: who did what to whom, where the order of two names tells it, and from what to what.

Only the plain cases: two names with one verb between them, active on one side and with the names the other way round in
the source; and "from A to B". Not done: pronouns, relative clauses, names that the source has in different sentences.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from assistant.checking.clauses import content
from assistant.checking.names import names

_FROM_TO = re.compile(
    r"\bfrom\s+(?P<one>(?:[^\W_][\w.,$€£%’'-]*\s+){0,2}?[^\W_$€£][\w.,$€£%’'-]*)\s+(?:[^.;]{0,40}?\s)?(?:to|into)\s+"
    r"(?P<other>[$€£]?[^\W_][\w.,%’'-]*)"
)
_PASSIVE = re.compile(r"\b(?:is|are|was|were|been|being|be|got)\s+(?:\w+\s+)?\w+(?:ed|en|t|d|n)\s+by\b|\bby\s*\Z")
_LONGEST = 60


def swapped_roles(text: str, quotes: Sequence[str]) -> list[str]:
    """Names or ends that stand the other way round in the sources."""
    faults = [f"the sources have it the other way round: {one}" for one in _swapped_names(text, quotes)]
    for match in _FROM_TO.finditer(text):
        one, other = _plain(match["one"]), _plain(match["other"])
        back = re.compile(rf"\bfrom\s+(?:\w+\s+)?{re.escape(other)}\b.*?\b(?:to|into)\s+{re.escape(one)}(?!\w)")
        forth = re.compile(rf"\bfrom\s+(?:\w+\s+)?{re.escape(one)}\b.*?\b(?:to|into)\s+{re.escape(other)}(?!\w)")
        if any(back.search(quote) for quote in quotes) and not any(forth.search(quote) for quote in quotes):
            faults.append(f"the sources say from {other} to {one}")
    return faults


def _swapped_names(text: str, quotes: Sequence[str]) -> list[str]:
    found = names(text)
    swapped = []
    for one, other in itertools.pairwise(found):
        between = text[one.end : other.start]
        verbs = content(between)
        if not verbs or len(between) > _LONGEST or "," in between:
            continue
        turned = re.compile(
            rf"\b{re.escape(other.word)}\b(?P<between>[^.;,]{{1,{_LONGEST}}}?)\b{re.escape(one.word)}\b"
        )
        straight = re.compile(rf"\b{re.escape(one.word)}\b[^.;]{{1,200}}?\b{re.escape(other.word)}\b")
        for quote in quotes:
            back = turned.search(quote)
            if (
                back
                and not straight.search(quote)
                and verbs & content(back["between"])
                and bool(_PASSIVE.search(between)) == bool(_PASSIVE.search(back["between"]))
            ):
                swapped.append(text[one.start : other.end])
    return swapped


def _plain(word: str) -> str:
    return word.rstrip(".,’'")
