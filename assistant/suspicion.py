"""Suspicion of a cited document, in words for the reader of an answer: that it addresses a language model.

It changes no answer. What an order can do is held elsewhere: it is shown to a model as material, and what a model
writes is checked whoever asked for it.
"""

from __future__ import annotations

from index.documents import Document
from index.suspicion import excerpt

ADDRESSES = "the cited document holds text that addresses a language model"
HIDES = "the cited document hides text that addresses a language model; it was left out of what is read"

# What lies further on in a document is looked at only around what is quoted. Looking through so much takes a tenth of a
# second, and a few where somebody wrote a text to make it slow.
LONGEST_LOOKED_AT = 1_000_000
_AROUND_QUOTE = 2_000
# A version's text never changes, and looking through it takes a while: what was found is kept, for so many versions.
_MOST_KEPT = 10_000
_kept: dict[str, str | None] = {}


def warning(document: Document, quote: str = "") -> str | None:
    """What to tell of a document that is cited, and of the words that are; None where there is nothing to tell."""
    found = _in_text(document) or excerpt(_around(document.text, quote)) or excerpt(document.title)
    if document.details.hidden_orders:
        return HIDES if found is None else f"{ADDRESSES}: “{found}”, and hides more of it"
    return None if found is None else f"{ADDRESSES}: “{found}”"


def _around(text: str, quote: str) -> str:
    """The quote with what stands around it, where it lies beyond what is looked at; else the quote alone."""
    place = text.find(quote, max(0, LONGEST_LOOKED_AT - len(quote))) if quote else -1
    return quote if place < 0 else text[max(0, place - _AROUND_QUOTE) : place + len(quote) + _AROUND_QUOTE]


def _in_text(document: Document) -> str | None:
    try:
        return _kept[document.digest]
    except KeyError:
        found = excerpt(document.text[:LONGEST_LOOKED_AT])
    if len(_kept) >= _MOST_KEPT:
        _kept.clear()
    _kept[document.digest] = found
    return found
