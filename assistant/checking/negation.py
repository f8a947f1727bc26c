"""Negation: whether a statement denies what its sources say, or says what they deny.

A word of denial reaches over the content words of its clause that follow it ("not", "without"), or over all of them
("nobody", "none", "no"). Words that deny without "not" ("failed", "refused", "left out", "unknown") answer it on the
other side. Not done: "not only", irony, double negations, languages other than English.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from assistant.checking.clauses import Clause, clauses
from index.words import stems

_FORWARD = r"not|never|without|cannot|\w+n['’]t|no\s+longer|neither|nor"
_WHOLE = r"nobody|nothing|none|nowhere|no[\s-]one|no"
_STRONG = re.compile(rf"\b(?:(?P<forward>{_FORWARD})|(?P<whole>{_WHOLE}))\b", re.IGNORECASE)
# "no more than", "not only", "No. 2", "whether or not" deny nothing.
_IDLE = re.compile(
    r"\bno[t]?\s+(?:more|less|fewer|later|longer|exceeding|only|least|all|every)\s+than\b|\bnot\s+(?:only|just|merely)\b|"
    r"\bno\s+(?:more|less|fewer|later)\s+than\b|\bnot\s+(?:more|less|fewer)\s+than\b|\b[Nn]os?\.\s*\d+|"
    r"\bor\s+not\b|\bno\s+(?:doubt|wonder)\b|\bnothing\s+but\b",
    re.IGNORECASE,
)
_WEAK = re.compile(
    r"\b(?:unable|unknown|unlikely|impossible|unclear|fail(?:s|ed|ing|ure)?|refus\w+|den(?:y|ies|ied|ying)|reject\w*|"
    r"turn(?:s|ed)?\s+(?:\w+\s+)?down|declin\w+|lack(?:s|ed|ing)?|absen\w+|miss(?:ing|ed)|exclu\w+|omit\w*|left\s+out|"
    r"leaves?\s+out|left\s+unanswered|ignor\w+|ban(?:s|ned)?|prohibit\w*|prevent\w*|avoid\w*|stop(?:s|ped)?|ceas\w+|"
    r"rather\s+than|instead\s+of|except|neither|barely|hardly|scarcely|seldom|rarely|few|little|clear(?:s|ed)|free|"
    r"anonym\w+|acquit\w+|dismiss\w+|withdr[ae]w\w*|cancel\w*|abandon\w*|ends?|ended|zero|unless|too\s+\w+\s+to|"
    r"secretly|false|wrong\w*|contrary|contradict\w*|other\s+than|un\w{4,}ed|used\s+to|former\w*)\b",
    re.IGNORECASE,
)
# A denial of a denial.
_TWICE = re.compile(
    r"\b(?:not|never|\w+n['’]t)\s+(?:\w+\s+)?(?:unable|unknown|impossible|unclear|fail\w*|refus\w*|den(?:y|ied)|reject\w*|"
    r"exclud\w*|left\s+out|leave\s+out|omit\w*|seldom|rarely|ignor\w*)\b",
    re.IGNORECASE,
)
# Words of so little meaning that what is said of them is said of nothing.
_EMPTY = frozenset(["have", "had", "say", "said", "make", "made", "do", "done", "one", "ani", "all", "who", "whom"])
_REACH = 6


def denials(text: str, quotes: Sequence[str]) -> list[str]:
    """What a statement denies and its sources do not, and the other way round."""
    said, source = _without_idle(text), _without_idle("\n".join(quotes))
    faults = []
    if any(_is_strange(reach, source) for reach in _reaches(said)) or (
        _TWICE.search(said) and not _TWICE.search(source)
    ):
        faults.append("it denies what the sources say")
    if any(_is_affirmed(reach, said) for reach in _reaches(source)):
        faults.append("the sources deny it")
    return faults


def denies(text: str) -> bool:
    """Whether a text denies something outright."""
    return bool(_STRONG.search(_without_idle(text)))


@dataclass(frozen=True, slots=True)
class Reach:
    """The words that a denial reaches over; `first` is the one right behind it, "" where it reaches over a clause."""

    words: frozenset[str]
    first: str


def _reaches(text: str) -> list[Reach]:
    return [_reach(clause, match, text) for clause in clauses(text) for match in _STRONG.finditer(clause.text)]


def _reach(clause: Clause, match: re.Match[str], text: str) -> Reach:
    after = _telling(" ".join(clause.text[match.end() :].split()[: 2 * _REACH]))
    if match["whole"]:
        return Reach(frozenset(after) | frozenset(_telling(clause.text)), "")
    # "said that not": what stands behind the edge is what is denied.
    after = after or _telling(" ".join(text[clause.end :].split()[:_REACH]))
    return Reach(frozenset(after), after[0] if after else "")


def _telling(text: str) -> list[str]:
    return [stem for stem in stems(text) if stem not in _EMPTY]


def _is_strange(reach: Reach, source: str) -> bool:
    """Whether the sources say what a statement denies, and deny nothing of it."""
    denying = _denying(source, reach)
    if not denying:
        return True
    reached = frozenset().union(*(frozenset(stems(clause.text)) or frozenset(stems(source)) for clause in denying))
    return not reach.words & reached and bool(reach.words & frozenset(stems(source)))


def _is_affirmed(reach: Reach, said: str) -> bool:
    """Whether a statement says what its sources deny, and denies nothing of it."""
    shared = reach.words & frozenset(stems(said))
    if reach.first not in shared and 2 * len(shared) < max(2, len(reach.words)):
        return False
    denying = _denying(said, reach)
    reached = frozenset().union(*(frozenset(stems(clause.text)) for clause in denying))
    return not reach.words & reached


def _denying(text: str, reach: Reach) -> list[Clause]:
    """The clauses of a text that deny; a word that is itself denied ("did not refuse") does not answer its denial."""
    return [
        clause
        for clause in clauses(text)
        if _STRONG.search(clause.text)
        or any(not set(stems(match[0])) <= reach.words for match in _WEAK.finditer(clause.text))
    ]


def _without_idle(text: str) -> str:
    return _IDLE.sub(lambda match: "\u00b7" * len(match[0]), text)
