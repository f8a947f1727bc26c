"""The sentences of a hit and of its surroundings, as spans of the document: what every reader is shown."""

from __future__ import annotations

from index.documents import Document, Hit
from index.sentences import sentences

# How far beside a passage its neighbouring sentences are looked for, in code points.
MARGIN = 600


def spans(hit: Hit, document: Document, neighbours: int) -> list[tuple[int, int]]:
    """The sentences of a hit's passage, and whole neighbouring ones where they are wanted, as spans of the document."""
    passage, language = hit.passage, document.details.language
    inside = [(passage.start + start, passage.start + end) for start, end in sentences(passage.text, language)]
    first = max(0, passage.start - MARGIN)
    before = [(first + start, first + end) for start, end in sentences(document.text[first : passage.start], language)]
    after = [
        (passage.end + start, passage.end + end)
        for start, end in sentences(document.text[passage.end : passage.end + MARGIN], language)
    ]
    # The window may begin or end inside a sentence, and half a sentence is none.
    before = before if first == 0 else before[1:]
    after = after if passage.end + MARGIN >= len(document.text) else after[:-1]
    return [*(before[-neighbours:] if neighbours else []), *inside, *after[:neighbours]]
