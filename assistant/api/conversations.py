"""Conversations: list, read, rename, remove."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import JSONResponse

from assistant.answers import Answer
from assistant.api.dependencies import After, Limit, Opened
from assistant.api.problems import PROBLEM_RESPONSES
from assistant.api.received import TitleIn
from assistant.api.schemas import ConversationOut, ConversationsOut
from assistant.rendering import contract

router = APIRouter(prefix="/conversations", tags=["conversations"], responses=PROBLEM_RESPONSES)


class ConversationWithAnswersOut(ConversationOut):
    """A conversation with its answers in order."""

    answers: list[Answer]


@router.get("", summary="List conversations")
def conversations(dossier: Opened, limit: Limit = 50, after: After = None) -> ConversationsOut:
    """Conversations, the latest first."""
    entries, following = dossier.conversations.entries(limit=limit, after=after)
    return ConversationsOut(items=[ConversationOut.of(entry) for entry in entries], next=following)


@router.get("/{conversation_id}", response_model=ConversationWithAnswersOut, summary="Read a conversation")
def conversation(conversation_id: str, dossier: Opened) -> JSONResponse:
    """A conversation with its answers in order."""
    entry = ConversationOut.of(dossier.conversations.entry(conversation_id))
    answers = [contract(answer) for answer in dossier.conversations.answers(conversation_id)]
    return JSONResponse({**entry.model_dump(mode="json"), "answers": answers})


@router.patch("/{conversation_id}", summary="Rename a conversation")
def rename(conversation_id: str, wanted: TitleIn, dossier: Opened) -> ConversationOut:
    """Give a conversation another title."""
    return ConversationOut.of(dossier.conversations.rename(conversation_id, wanted.title))


@router.delete("/{conversation_id}", status_code=204, summary="Remove a conversation")
def remove(conversation_id: str, dossier: Opened) -> None:
    """Remove a conversation with its answers."""
    dossier.conversations.remove(conversation_id)
