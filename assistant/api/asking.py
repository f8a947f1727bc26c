"""Asking: `POST /ask` for the whole answer, `POST /ask/stream` for its events as they come."""

from __future__ import annotations

from collections.abc import Iterator

from fastapi import APIRouter
from starlette.responses import JSONResponse

from assistant.answers import Answer, AnswerEvent, Event
from assistant.api.dependencies import Opened
from assistant.api.problems import PROBLEM_RESPONSES
from assistant.api.received import AskIn
from assistant.api.streaming import EventStream
from assistant.assembly import Dossier
from assistant.rendering import contract

router = APIRouter(tags=["asking"], responses=PROBLEM_RESPONSES)


@router.post("/ask", response_model=Answer, summary="Ask a question")
def ask(asked: AskIn, dossier: Opened) -> JSONResponse:
    """The whole answer: statements with their citations, a verdict, and how it came about."""
    *_, last = _events(asked, dossier)
    assert isinstance(last, AnswerEvent)
    return JSONResponse(contract(last.answer))


@router.post(
    "/ask/stream",
    status_code=200,
    summary="Ask a question and follow its answer",
    response_class=EventStream,
    responses={200: {"content": {"text/event-stream": {}}, "description": "question, hits, statement..., answer"}},
)
def ask_stream(asked: AskIn, dossier: Opened) -> EventStream:
    """Server-sent events: `question`, `hits`, each `statement`, then one `answer` or one `error`."""
    events = _events(asked, dossier)
    return EventStream(next(events), events)


def _events(asked: AskIn, dossier: Dossier) -> Iterator[Event]:
    return dossier.assistant.stream(
        asked.question,
        conversation_id=asked.conversation_id,
        collection=asked.collection,
        filters=asked.filters.value(),
        max_passages=asked.max_passages or dossier.settings.max_passages,
        must_answer=asked.must_answer,
    )
