"""Documents: upload, list, look at, remove; their text, their passages, and the jobs that take them in."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from fastapi import Path as PathParameter
from starlette.responses import HTMLResponse, PlainTextResponse, Response

from assistant.api.dependencies import After, End, Limit, Opened, Start
from assistant.api.problems import PROBLEM_RESPONSES
from assistant.api.reading_page import reading_page
from assistant.api.received import UploadIn
from assistant.api.schemas import (
    DocumentDetailsOut,
    DocumentOut,
    DocumentsOut,
    JobOut,
    JobsOut,
    PassageOut,
    PassageWithNeighboursOut,
    PlacesOut,
)
from assistant.api.uploads import queue_upload, receive_upload
from index.documents import DocumentEntry
from index.errors import InvalidInput
from index.layout import MarkedBox
from index.layout import boxes as boxes_of
from index.library import Library

router = APIRouter(tags=["documents"], responses=PROBLEM_RESPONSES)


def _upload_body() -> dict[str, Any]:
    """The multipart body for OpenAPI; it is read by `assistant.api.uploads`, not by FastAPI."""
    schema = UploadIn.model_json_schema()
    files = {"type": "array", "items": {"type": "string", "format": "binary"}, "minItems": 1}
    schema["properties"] = {"files": files, **schema["properties"]}
    schema["required"] = ["files"]
    return {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": schema}}}}


@router.post("/documents", status_code=202, summary="Upload documents", openapi_extra=_upload_body())
async def upload(request: Request, dossier: Opened) -> JobsOut:
    """Keep one or more files and queue them; the bytes are on disk when this answers."""
    received = await receive_upload(request, dossier.settings.index.max_file_mb * 1_000_000)
    jobs = await queue_upload(dossier.library, received)
    return JobsOut(jobs=[JobOut.of(job) for job in jobs])


@router.get("/jobs/{job_id}", summary="How far an upload is")
def job(job_id: str, dossier: Opened) -> JobOut:
    """Queued, reading, embedding, done, or failed with the reason."""
    return JobOut.of(dossier.library.job(job_id))


@router.get("/documents", summary="List documents")
def documents(
    dossier: Opened,
    collection: Annotated[str | None, Query(max_length=200, description="only those of a collection")] = None,
    limit: Limit = 50,
    after: After = None,
) -> DocumentsOut:
    """Documents in order of adding."""
    entries, following = dossier.library.entries(collection=collection, limit=limit, after=after)
    items = [DocumentOut.of(entry, _copies(dossier.library, entry.id)) for entry in entries]
    return DocumentsOut(items=items, next=following)


@router.get("/documents/{document_id}", summary="Look at a document")
def document(document_id: str, dossier: Opened) -> DocumentDetailsOut:
    """One document's details, with the sections of its text."""
    library = dossier.library
    entry = library.entry(document_id)
    if entry.state != "visible":
        # Of a first version that is pending, or the last that is being removed, there is no text yet or any more.
        return DocumentDetailsOut.with_sections(entry, (), (), None)
    sections = library.document(document_id).sections
    copies = _copies(library, document_id)
    return DocumentDetailsOut.with_sections(entry, sections, copies, library.layout(document_id))


@router.delete("/documents/{document_id}", status_code=204, summary="Remove a document")
def remove(document_id: str, dossier: Opened) -> None:
    """Remove a document, its bytes, passages and vectors; its quotes in kept answers are blanked."""
    dossier.remove(document_id)


@router.get("/documents/{document_id}/text", response_class=PlainTextResponse, summary="A document's text")
def text(document_id: str, dossier: Opened, start: Start = None, end: End = None) -> PlainTextResponse:
    """The canonical text, or a slice of it, as plain text; all offsets of this service point into it."""
    found = dossier.library.document(document_id).text
    first, last = _span(start, end, len(found)) or (0, len(found))
    return PlainTextResponse(found[first:last])


@router.get("/documents/{document_id}/view", response_class=HTMLResponse, summary="Read a document")
def view(
    document_id: str,
    dossier: Opened,
    start: Start = None,
    end: End = None,
    at: Annotated[int, Query(ge=0, description="where the shown part of a long text begins")] = 0,
) -> HTMLResponse:
    """The reading page, scrolled to `start` and `end` with the span marked."""
    found = dossier.library.document(document_id)
    marked = _span(start, end, len(found.text))
    if at > len(found.text):
        raise InvalidInput(f"there is no offset {at}: the text has {len(found.text)} characters")
    boxes = _boxes(dossier.library, document_id, start, end)
    return HTMLResponse(reading_page(found, marked, at, sorted({box.page for box in boxes})))


@router.get("/documents/{document_id}/places", summary="Find a span on the pages")
def places(document_id: str, dossier: Opened, start: Start = None, end: End = None) -> PlacesOut:
    """Where the characters from `start` to `end` stand on the document's pages; nowhere, where it has none."""
    return PlacesOut.of(_boxes(dossier.library, document_id, start, end))


@router.get(
    "/documents/{document_id}/pages/{number}.png",
    response_class=Response,
    responses={200: {"content": {"image/png": {}}}},
    summary="Look at a page",
)
def page(
    document_id: str,
    number: Annotated[int, PathParameter(ge=1, le=100_000)],
    dossier: Opened,
    start: Start = None,
    end: End = None,
) -> Response:
    """A picture of a page, with the characters from `start` to `end` marked where they stand on it."""
    boxes = [box for box in _boxes(dossier.library, document_id, start, end) if box.page == number]
    return Response(dossier.library.picture(document_id, number, boxes), media_type="image/png")


def _boxes(library: Library, document_id: str, start: int | None, end: int | None) -> list[MarkedBox]:
    span = _span(start, end, len(library.document(document_id).text))
    layout = library.layout(document_id)
    return boxes_of(layout, *span) if layout is not None and span is not None else []


@router.get("/passages/{passage_id}", summary="Look at a passage")
def passage(passage_id: str, dossier: Opened) -> PassageWithNeighboursOut:
    """One passage with its neighbours."""
    found = PassageOut.of(dossier.library.passage(passage_id))
    before, after = dossier.library.neighbours(passage_id)
    return PassageWithNeighboursOut(
        **found.model_dump(),
        before=PassageOut.of(before) if before else None,
        after=PassageOut.of(after) if after else None,
    )


def _span(start: int | None, end: int | None, length: int) -> tuple[int, int] | None:
    if start is None and end is None:
        return None
    first, last = start or 0, length if end is None else end
    if not first <= last <= length:
        raise InvalidInput(
            f"there is no span from {first} to {last}: the text has {length} characters, and a span does not end "
            "before it starts"
        )
    return first, last


def _copies(library: Library, document_id: str) -> list[DocumentEntry]:
    return [library.entry(copy) for copy in library.copies_of(document_id)]
