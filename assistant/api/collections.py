"""Collections: list, make, remove. `default` is there from the start and stays."""

from __future__ import annotations

from fastapi import APIRouter

from assistant.api.dependencies import Opened
from assistant.api.problems import PROBLEM_RESPONSES
from assistant.api.received import CollectionIn
from assistant.api.schemas import CollectionOut, CollectionsOut

router = APIRouter(prefix="/collections", tags=["collections"], responses=PROBLEM_RESPONSES)


@router.get("", summary="List collections")
def collections(dossier: Opened) -> CollectionsOut:
    """All collections by name, with how much they hold."""
    return CollectionsOut(items=[CollectionOut.of(entry) for entry in dossier.library.collections()])


@router.post("", status_code=201, summary="Make a collection")
def create(wanted: CollectionIn, dossier: Opened) -> CollectionOut:
    """Make an empty collection."""
    return CollectionOut.of(dossier.library.create_collection(wanted.name))


@router.delete("/{name}", status_code=204, summary="Remove a collection")
def delete(name: str, dossier: Opened) -> None:
    """Remove a collection with its documents; their quotes in kept answers are blanked."""
    dossier.delete_collection(name)
