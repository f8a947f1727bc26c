"""The application: every router, behind the guard, with every error as a problem object."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

from fastapi import FastAPI
from starlette.concurrency import run_in_threadpool

from assistant.api import answers, asking, collections, conversations, documents, pages, problems, service
from assistant.api.guard import Guard
from assistant.api.limits import BodyLimit
from assistant.assembly import Dossier

# A request may hold several files, together this many times as large as one may be.
FILES_IN_BODY = 4


def create_app(dossier: Dossier, *, allowed_hosts: Sequence[str], token: str | None) -> FastAPI:
    """The service over an opened dossier, which the caller closes.

    `allowed_hosts` are the names under which it may be called; a request that carries a token must carry `token`.
    """
    app = FastAPI(
        title="Dossier",
        summary="Answers from your documents: every sentence cites the exact words in its source.",
        version="0.1.0",
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    app.state.dossier = dossier
    for part in (asking, documents, collections, answers, conversations, service, pages):
        app.include_router(part.router)
    app.mount("/static", pages.static_files)
    problems.install(app)
    upload_bytes = FILES_IN_BODY * dossier.settings.index.max_file_mb * 1_000_000
    app.add_middleware(BodyLimit, upload_bytes=upload_bytes)
    app.add_middleware(Guard, allowed_hosts=allowed_hosts, token=token)
    _describe_problems(app)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    """Take in uploads for as long as the service runs."""
    await run_in_threadpool(app.state.dossier.library.start_worker)
    yield


def _describe_problems(app: FastAPI) -> None:
    """Add the schema of problems, which no route returns by itself, to /openapi.json."""
    described = app.openapi

    def openapi() -> dict[str, Any]:
        found = described()
        schema = problems.Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        inner = schema.pop("$defs", {})
        found["components"]["schemas"].update({"Problem": schema, **inner})
        return found

    app.openapi = openapi  # type: ignore[method-assign]
