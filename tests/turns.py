"""Turns of a conversation for tests, without a library behind them."""

from __future__ import annotations

import datetime

from assistant.answers import Answer, Citation, Question, Span, Statement, Trace


def turn(asked: str, quote: str | None = None, highlight: str | None = None) -> Answer:
    """An answered turn; without a quote it was declined."""
    citations: tuple[Citation, ...] = ()
    statements: tuple[Statement, ...] = ()
    if quote is not None:
        # The quote stands at offset 100 of its document, so that offsets of the two are told apart.
        marked = None
        if highlight is not None:
            start = 100 + quote.index(highlight)
            marked = Span(start, start + len(highlight))
        citations = (
            Citation(
                number=1, passage_id="p", document_id="d", title="t", source="s", heading="", page=None, published=None,
                reliability=None, credibility=None, quote=quote, start=100, end=100 + len(quote), highlight=marked,
                prefix="", suffix="", digest="sha256:0", link="/",
            ),
        )  # fmt: skip
        statements = (Statement(quote, (1,), "verbatim", 1.0),)
    return Answer(
        id="a", conversation_id="c", question=Question(asked, asked), verdict="grounded" if quote else "declined",
        confidence=0.9, text=quote or "", statements=statements, citations=citations, closest=(), dropped=(),
        differing=False, asked_at=datetime.datetime(2022, 11, 1, tzinfo=datetime.UTC),
        trace=Trace("rule", None, None, "e", 1),
    )  # fmt: skip
