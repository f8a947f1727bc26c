"""Negation: whether a statement denies what its sources say, or says what they deny.

A word of denial reaches over the content words of its clause that follow it ("not", "without"), or over all of them
("nobody", "none", "no"). Words that deny without "not" ("failed", "refused", "left out", "unknown") answer it on the
other side. Not done: "not only", irony, double negations, languages other than English.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.checking.clauses import Clause, clauses, content

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
    r"anonym\w+|acquit\w+|dismiss\w+|withdr[ae]w\w*|cancel\w*|abandon\w*|ends?|ended|zero|only|unless|too\s+\w+\s+to|"
    r"secretly|false|wrong\w*|contrary|contradict\w*|other\s+than|un\w{4,}ed|used\s+to|former\w*)\b",
    re.IGNORECASE,
)
# Words of so little meaning that what is said of them is said of nothing.
_EMPTY = frozenset("have had say said make made do done one ani all who whom".split())
_REACH = 6


def denials(text: str, quotes: Sequence[str]) -> list[str]:
    """What a statement denies and its sources do not, and the other way round."""
    faults = []
    if any(_contradicted(scope, quotes) for scope in _scopes(text)):
        faults.append("it denies what the sources say")
    source = "\n".join(quotes)
    if any(_contradicted(scope, [text], own=True) for scope in _scopes(source)):
        faults.append("the sources deny it")
    return faults


def _scopes(text: str) -> list[frozenset[str]]:
    """The content words that each denial of a text reaches over."""
    found = []
    for clause in clauses(_without_idle(text)):
        for match in _STRONG.finditer(clause.text):
            scope = _scope(clause, match, text)
            found.append(scope)
    return found


def _scope(clause: Clause, match: re.Match[str], text: str) -> frozenset[str]:
    after = content(" ".join(clause.text[match.end() :].split()[: 2 * _REACH])) - _EMPTY
    if match["whole"]:
        after |= content(clause.text) - _EMPTY
    if after:
        return after
    # "said that not": what stands behind the edge is what is denied.
    return content(" ".join(text[clause.end :].split()[:_REACH])) - _EMPTY


def _contradicted(scope: frozenset[str], others: Sequence[str], *, own: bool = False) -> bool:
    """Whether other texts speak of what is denied, and none of them denies it."""
    others = [_without_idle(other) for other in others]
    denying = [clause for other in others for clause in clauses(other) if _denies(clause.text)]
    if not denying:
        held = content(" ".join(others))
        shared = len(scope & held)
        return not own or (bool(scope) and shared >= max(1, (len(scope) + 1) // 2))
    reached = frozenset().union(*(_around(clause, others) for clause in denying))
    if scope & reached:
        return False
    shared = scope & content(" ".join(others))
    return len(shared) >= (max(1, (len(scope) + 1) // 2) if own else 1)


def _around(clause: Clause, others: Sequence[str]) -> frozenset[str]:
    """The words of a denying clause; where it has none of its own, those of its text."""
    return content(clause.text) or content(" ".join(others))


def denies(text: str) -> bool:
    """Whether a text denies something outright."""
    return bool(_STRONG.search(_without_idle(text)))


def _denies(text: str) -> bool:
    return bool(_STRONG.search(text) or _WEAK.search(text))


def _without_idle(text: str) -> str:
    return _IDLE.sub(lambda match: "\u00b7" * len(match[0]), text)
