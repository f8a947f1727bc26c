"""Problems: every error as an RFC 9457 object that says what went wrong, which one, and what to do next.

Nothing of a document and no stack trace is ever put into one; an unexpected error says only that it happened.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.responses import JSONResponse

from assistant.api.guard import SECURITY_HEADERS
from index.errors import (
    DossierError,
    EmbedderMismatch,
    InvalidInput,
    LibraryInUse,
    ModelUnavailable,
    NotFound,
    NothingIndexed,
    StoreBroken,
)

MEDIA_TYPE = "application/problem+json"

_KINDS: tuple[tuple[type[DossierError], int, str], ...] = (
    (InvalidInput, 422, "Invalid input"),
    (NotFound, 404, "Not found"),
    (NothingIndexed, 409, "Nothing indexed"),
    (LibraryInUse, 503, "Library in use"),
    (EmbedderMismatch, 503, "Embedder mismatch"),
    (StoreBroken, 503, "Store broken"),
    (ModelUnavailable, 503, "Model unavailable"),
)

# What to do next, where Starlette says only what went wrong.
_ADVICE = {
    400: "The request cannot be read: check how it is encoded, /openapi.json describes every call.",
    404: "There is nothing at {path}: /openapi.json lists every call.",
    405: "{method} is not possible at {path}: {allowed}.",
}

_UNEXPECTED = "Something went wrong here that should not: try again, and look into the server's log if it goes on."


class FieldProblem(BaseModel):
    """What is wrong with one field of a request."""

    field: str
    problem: str


class Problem(BaseModel):
    """An RFC 9457 problem object."""

    model_config = ConfigDict(title="Problem")

    type: str = Field(description="a name for the kind of problem, the same for ever")
    title: str
    status: int
    detail: str = Field(description="what went wrong, which one, and what to do next")
    errors: list[FieldProblem] = Field(default_factory=list, description="the fields that are wrong, where some are")


# For routers: every error of every call has this shape.
PROBLEM_RESPONSES: dict[int | str, dict[str, Any]] = {
    "default": {
        "description": "A problem (RFC 9457)",
        "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }
}


class ProblemResponse(JSONResponse):
    """A problem object on its way out."""

    media_type = MEDIA_TYPE


def problem(status: int, title: str, detail: str, errors: Sequence[FieldProblem] = ()) -> dict[str, Any]:
    """A problem object; its type follows from its title."""
    kind = f"urn:dossier:problem:{title.lower().replace(' ', '-')}"
    found: dict[str, Any] = {"type": kind, "title": title, "status": status, "detail": sentence(detail)}
    if errors:
        found["errors"] = [error.model_dump() for error in errors]
    return found


def problem_of(error: DossierError) -> dict[str, Any]:
    """The problem that one of our own errors is."""
    for kind, status, title in _KINDS:
        if isinstance(error, kind):
            return problem(status, title, str(error))
    return problem(500, "Internal error", str(error))


def unexpected() -> dict[str, Any]:
    """The problem that an error of no known kind is."""
    return problem(500, "Internal error", _UNEXPECTED)


def sentence(text: str) -> str:
    """A message that begins and ends as a sentence does."""
    stop = "" if text.endswith((".", "!", "?")) else "."
    return text[:1].upper() + text[1:] + stop


def respond(found: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> ProblemResponse:
    """The response that carries a problem object."""
    return ProblemResponse(found, status_code=found["status"], headers=headers)


def install(app: FastAPI) -> None:
    """Have an application answer every error with a problem object."""
    app.add_exception_handler(DossierError, _own)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(Exception, _unexpected)


def _own(_request: Request, error: Exception) -> ProblemResponse:
    assert isinstance(error, DossierError)
    return respond(problem_of(error))


def _unexpected(_request: Request, _error: Exception) -> ProblemResponse:
    # This is sent from outside the guard, which otherwise adds these headers.
    return respond(unexpected(), SECURITY_HEADERS)


def _http(request: Request, error: Exception) -> ProblemResponse:
    assert isinstance(error, HTTPException)
    title = HTTPStatus(error.status_code).phrase.capitalize()
    detail = str(error.detail)
    if error.status_code in _ADVICE and detail in (HTTPStatus(error.status_code).phrase, _PARSING):
        allowed = (error.headers or {}).get("Allow")
        detail = _ADVICE[error.status_code].format(
            path=request.url.path, method=request.method, allowed=f"use {allowed}" if allowed else "see /openapi.json"
        )
    return respond(problem(error.status_code, title, detail), error.headers)


_PARSING = "There was an error parsing the body"


def _invalid(_request: Request, error: Exception) -> ProblemResponse:
    assert isinstance(error, RequestValidationError)
    return respond(invalid_fields(error.errors()))


def invalid_fields(errors: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The problem that a request's wrong fields are; what was given is not repeated."""
    found = [FieldProblem(field=_field(error), problem=_fault(error)) for error in errors]
    listed = "; ".join(f"`{item.field}` {item.problem}" for item in found)
    return problem(422, "Invalid request", f"{listed}. Mend this and send the request again.", found)


def _field(error: Mapping[str, Any]) -> str:
    location = list(error["loc"])
    if error["type"] == "json_invalid" or len(location) == 1:
        return "body" if location[0] == "body" else str(location[0])
    return ".".join(str(part) for part in location[1:])


# What is wrong with a field, by pydantic's name for it; other faults are told in pydantic's words.
_FAULTS = {
    "missing": "is missing",
    "extra_forbidden": "is not known here",
    "string_too_short": "is empty",
    "string_too_long": "has more than {max_length} characters",
    "json_invalid": "is not JSON: {error}",
    "value_error": "{error}",
    "model_attributes_type": "must be a JSON object, sent as application/json",
    "model_type": "must be a JSON object",
    "string_unicode": "holds signs that are no Unicode text",
}


def _fault(error: Mapping[str, Any]) -> str:
    if error["type"] in _FAULTS:
        return _FAULTS[error["type"]].format_map(error.get("ctx", {}))
    message = str(error["msg"])
    return f"is wrong: {message[:1].lower()}{message[1:]}"
