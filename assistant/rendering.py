"""Rendering: an answer as the contract's JSON, and back. Used by the API, `ask --json` and the conversation store.

`from_contract(contract(answer)) == answer`, also through JSON text. It chooses no words and reads no documents.
"""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from assistant.answers import (
    Answer,
    AnswerEvent,
    Citation,
    Closest,
    Dropped,
    Event,
    HitsEvent,
    Question,
    QuestionEvent,
    Shown,
    Span,
    Statement,
    StatementEvent,
    Trace,
    TracedHit,
)
from index.documents import Hit


def contract(answer: Answer) -> dict[str, object]:
    """An answer as the contract's object: JSON-ready, times in ISO 8601."""
    return {
        "id": answer.id,
        "conversation_id": answer.conversation_id,
        "question": asdict(answer.question),
        "verdict": answer.verdict,
        "confidence": answer.confidence,
        "text": answer.text,
        "statements": [_statement(statement) for statement in answer.statements],
        "citations": [_citation(citation) for citation in answer.citations],
        "closest": [_closest(closest) for closest in answer.closest],
        "dropped": [asdict(dropped) for dropped in answer.dropped],
        "differing": answer.differing,
        "asked_at": answer.asked_at.isoformat(),
        "trace": _trace(answer.trace),
    }


def from_contract(given: Mapping[str, Any]) -> Answer:
    """The answer that `contract` made an object of."""
    return Answer(
        id=given["id"],
        conversation_id=given["conversation_id"],
        question=Question(**given["question"]),
        verdict=given["verdict"],
        confidence=given["confidence"],
        text=given["text"],
        statements=tuple(_to_statement(item) for item in given["statements"]),
        citations=tuple(_to_citation(item) for item in given["citations"]),
        closest=tuple(Closest(**{**item, "published": _to_date(item["published"])}) for item in given["closest"]),
        dropped=tuple(Dropped(**item) for item in given["dropped"]),
        differing=given["differing"],
        asked_at=datetime.datetime.fromisoformat(given["asked_at"]),
        trace=_to_trace(given["trace"]),
    )


def event_contract(event: Event) -> tuple[str, dict[str, object]]:
    """An event of a stream as its name and the object that is sent with it."""
    match event:
        case QuestionEvent():
            return "question", {
                "id": event.id,
                "conversation_id": event.conversation_id,
                "question": asdict(event.question),
            }
        case HitsEvent():
            return "hits", {"hits": [_hit(hit) for hit in event.hits]}
        case StatementEvent():
            return "statement", {
                "statement": _statement(event.statement),
                "citations": [_citation(citation) for citation in event.citations],
            }
        case AnswerEvent():
            return "answer", contract(event.answer)


def _statement(statement: Statement) -> dict[str, object]:
    return {
        **asdict(statement),
        "citations": list(statement.citations),
        "faults": list(statement.faults),
        "notes": list(statement.notes),
    }


def _citation(citation: Citation) -> dict[str, object]:
    return {**asdict(citation), "published": _date(citation.published), "copies": list(citation.copies)}


def _closest(closest: Closest) -> dict[str, object]:
    return {**asdict(closest), "published": _date(closest.published)}


def _trace(trace: Trace) -> dict[str, object]:
    return {
        **asdict(trace),
        "hits": [asdict(hit) for hit in trace.hits],
        "shown": [asdict(shown) for shown in trace.shown],
    }


def _hit(hit: Hit) -> dict[str, object]:
    passage = hit.passage
    return {
        "passage_id": passage.id,
        "document_id": passage.document_id,
        "heading": passage.heading,
        "page": passage.page,
        "start": passage.start,
        "end": passage.end,
        "score": hit.score,
        "rank": hit.rank,
        "found_by": hit.found_by,
    }


def _date(date: datetime.date | None) -> str | None:
    return date.isoformat() if date else None


def _to_date(date: str | None) -> datetime.date | None:
    return datetime.date.fromisoformat(date) if date else None


def _to_statement(item: Mapping[str, Any]) -> Statement:
    # Receipts of an earlier version have no faults and no notes.
    lists = {name: tuple(item.get(name, ())) for name in ("citations", "faults", "notes")}
    return Statement(**{**item, **lists})


def _to_citation(item: Mapping[str, Any]) -> Citation:
    highlight = item["highlight"]
    return Citation(
        **{
            **item,
            "published": _to_date(item["published"]),
            "highlight": Span(**highlight) if highlight else None,
            # Receipts of an earlier version have none.
            "copies": tuple(item.get("copies", ())),
        }
    )


def _to_trace(item: Mapping[str, Any]) -> Trace:
    return Trace(
        **{
            **item,
            "hits": tuple(TracedHit(**hit) for hit in item["hits"]),
            # Receipts of an earlier version have none.
            "shown": tuple(Shown(**shown) for shown in item.get("shown", ())),
        }
    )
