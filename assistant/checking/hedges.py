"""Hedges: what sources say may be, is thought or is planned, and a statement says is so."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.checking.clauses import clauses, content

_HEDGE = re.compile(
    r"\b(?:may(?!\s+\d)|might|could(?!\s+not)|likely|unlikely|probabl[ey]|perhaps|possibl[ey]|maybe|apparent(?:ly)?|seem\w*|"
    r"appear(?:s|ed)?\s+to|suspect\w*|suppos\w+|allege\w*|allegedly|reportedly|believ\w+|thought|think\w*|presum\w+|estimat\w+|"
    r"expect\w*|plan(?:s|ned)?|propos\w+|want\w*|would|should|hop(?:e|es|ed|ing)|intend\w*|aim(?:s|ed)?|due|schedul\w+|"
    r"will|shall|going\s+to|risk\w*|fear\w*|can|must|ask(?:s|ed)?|recommend\w*|need(?:s|ed)?|call(?:s|ed)?\s+for|"
    r"invit\w+|potential\w*|promis\w+|announc\w+|accus\w+|charged|on\s+trial|argu\w+|hold(?:s|ing)?|"
    r"claim\w*|feel\w*|regarded|seen\s+as|considered|to\s+be\s+\w+ed)\b",
)
# What in a source makes a claim less than a fact; "can", "will", "must" and the like in a statement answer it.
_SOURCE_HEDGE = re.compile(
    r"\b(?:may(?!\s+\d)|might|likely|probabl[ey]|perhaps|possibl[ey]|maybe|apparent(?:ly)?|seem\w*|suspect(?:s|ed)|suppos\w+|"
    r"alleged(?:ly)?|reportedly|believed|thought|presum\w+|expected|plan(?:s|ned)?\s+to|propos(?:e|es|ed)|"
    r"(?<!for )wants?|wanted|would|should|hopes?|hoped|intends?|intended|accused)\b"
)
_MOST = 0.6


def stated_as_facts(text: str, quotes: Sequence[str]) -> list[str]:
    """Where a statement says without any hedge what its sources say with one."""
    if _HEDGE.search(text):
        return []
    said = content(text)
    for quote in quotes:
        for clause in clauses(quote):
            hedge = _SOURCE_HEDGE.search(clause.text)
            # What follows the hedge is what is hedged; at the end of a clause it is the clause.
            hedged = content(clause.text[hedge.end() :]) or clause.content if hedge else frozenset()
            if hedge and hedged and len(hedged & said) >= max(1, _MOST * len(hedged)):
                return [f"the sources do not say so as a fact, but with “{hedge[0]}”"]
    return []
