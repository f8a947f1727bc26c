"""Wording: an answer's statements as one text for reading, with markers, and the sentences that decline."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.answers import Citation, Statement

DECLINED = "The documents do not say."
# Where a sentence answers more likely than not, but not surely enough to be given.
MORE_LIKELY_THAN_NOT = 0.5
DOUBTFUL = "Nothing in the documents answers this surely enough; the closest passages may."
UNSUPPORTED = "not borne out by its source"
FALLBACK = "The language model was not available; these are the documents' own sentences."
DIFFERING = "The sources differ; the newest comes first."

_MARKER = re.compile(r"\[(?=\d+(?:\.\d+)?\])")


def answer_text(
    statements: Sequence[Statement],
    citations: Sequence[Citation],
    differing: bool,
    *,
    fallback: bool = False,
    confidence: float = 0.0,
) -> str:
    r"""Statements in order, each with its markers; a document's own `[12]` is escaped as `\[12]`.

    Where the sources differ, each statement begins with the date of its source. What is not borne out in a statement,
    and what must be said beside it, stand behind it in brackets. `fallback`: a language model was to write, and the
    documents' own sentences stand in for it. Without statements, `confidence` is that of what was not given.
    """
    if not statements:
        return DOUBTFUL if confidence >= MORE_LIKELY_THAN_NOT else DECLINED
    by_number = {citation.number: citation for citation in citations}
    parts = [note for note, true in ((FALLBACK, fallback), (DIFFERING, differing)) if true]
    for statement in statements:
        words = escaped(statement.text)
        dates = [by_number[number].published for number in statement.citations]
        if differing:
            words = f"{dates[0].isoformat() if dates and dates[0] else 'undated'}: {words}"
        markers = "".join(f"[{number}]" for number in statement.citations)
        parts.append(" ".join(part for part in (words, markers, _beside(statement)) if part))
    return " ".join(parts)


def _beside(statement: Statement) -> str:
    said = [escaped(one) for one in (*statement.faults, *statement.notes)]
    if statement.check == "unsupported":
        return f"({UNSUPPORTED}: {'; '.join(said)})" if said else f"({UNSUPPORTED})"
    return f"({'; '.join(said)})" if said else ""


def escaped(text: str) -> str:
    """A text whose own bracketed numbers cannot be taken for markers."""
    return _MARKER.sub(r"\\[", text)
