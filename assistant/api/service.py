"""Service: whether the service runs, and whether it can answer."""

from __future__ import annotations

from fastapi import APIRouter

from assistant.api.dependencies import Opened
from assistant.api.problems import PROBLEM_RESPONSES
from assistant.api.schemas import LiveOut, ReadyOut
from index.errors import LibraryInUse

router = APIRouter(prefix="/health", tags=["service"], responses=PROBLEM_RESPONSES)


@router.get("/live", summary="Does the service run?")
def live() -> LiveOut:
    """Answers whenever the process can."""
    return LiveOut(status="live")


@router.get("/ready", summary="Can the service answer?")
def ready(dossier: Opened) -> ReadyOut:
    """What the service holds; 503 where another process holds the library, or uploads have stopped."""
    library = dossier.library
    if not library.holds_lock:
        raise LibraryInUse("another process holds the library: end it, or call that one")
    library.check_worker()
    collections = library.collections()
    return ReadyOut(
        status="ready",
        documents=sum(collection.documents for collection in collections),
        passages=sum(collection.passages for collection in collections),
        embedder=library.embedder_name,
        reader=dossier.settings.reader,
        index_version=library.index_version,
    )
