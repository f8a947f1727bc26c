"""Answers: the receipt, the way from a citation to its words, the check against today's documents, feedback."""

from __future__ import annotations

from fastapi import APIRouter
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from assistant.anchors import resolve
from assistant.answers import Answer
from assistant.api.dependencies import Opened
from assistant.api.problems import PROBLEM_RESPONSES
from assistant.api.reading_page import lost_page
from assistant.api.received import FeedbackIn
from assistant.api.schemas import CheckOut, ResolutionOut
from assistant.rendering import contract
from index.errors import NotFound

router = APIRouter(prefix="/answers", tags=["answers"], responses=PROBLEM_RESPONSES)


@router.get("/{answer_id}", response_model=Answer, summary="An answer's receipt")
def receipt(answer_id: str, dossier: Opened) -> JSONResponse:
    """The answer as it was given."""
    return JSONResponse(contract(dossier.conversations.answer(answer_id)))


@router.get(
    "/{answer_id}/citations/{number}",
    response_class=HTMLResponse,
    summary="Go to the quoted words",
    responses={303: {"description": "where the quote stands now"}, 410: {"description": "the document is gone"}},
)
def citation(answer_id: str, number: int, dossier: Opened) -> Response:
    """Leads to where the quote stands now, or shows the kept quote as changed or gone."""
    cited = dossier.conversations.answer(answer_id).citations
    found = next((one for one in cited if one.number == number), None)
    if found is None:
        raise NotFound(f"the answer {answer_id!r} has no citation {number}: it has {len(cited)}")
    resolution = resolve(found, dossier.library)
    if resolution.start is None or resolution.end is None:
        gone = resolution.status == "gone"
        return HTMLResponse(lost_page(found, gone=gone), status_code=410 if gone else 200)
    place = f"/documents/{found.document_id}/view?start={resolution.start}&end={resolution.end}#quote"
    return RedirectResponse(place, status_code=303)


@router.post("/{answer_id}/check", summary="Check a receipt")
def check(answer_id: str, dossier: Opened) -> CheckOut:
    """Each citation against the documents as they are now: exact, moved, changed or gone."""
    cited = dossier.conversations.answer(answer_id).citations
    found = [ResolutionOut.of(resolve(one, dossier.library)) for one in cited]
    return CheckOut(answer_id=answer_id, citations=found)


@router.post("/{answer_id}/feedback", status_code=204, summary="Say whether an answer helped")
def feedback(answer_id: str, given: FeedbackIn, dossier: Opened) -> None:
    """A later word replaces an earlier one."""
    dossier.conversations.feedback(answer_id, given.helpful, given.comment or None)
