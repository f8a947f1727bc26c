"""Limits: how large a request's body may be, counted while it arrives. Pure ASGI.

JSON is short; an upload may be as long as its files may be large. What a single file may hold is counted by
`assistant.api.uploads`, which knows where one file ends and the next begins.
"""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.api.problems import problem, respond

JSON_BYTES = 1_000_000
UPLOAD_PATH = "/documents"


class BodyLimit:
    """Answers 413 to a body that says, or shows, that it is longer than its call takes."""

    def __init__(self, app: ASGIApp, *, upload_bytes: int) -> None:
        self._app = app
        self._upload_bytes = upload_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on with its body counted."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        upload = scope["method"] == "POST" and scope["path"].rstrip("/") == UPLOAD_PATH
        limit = self._upload_bytes if upload else JSON_BYTES
        stated = Headers(scope=scope).get("content-length", "0")
        if stated.isdecimal() and int(stated) > limit:
            await respond(problem(413, "Too large", _too_large(limit)))(scope, receive, send)
            return
        await self._app(scope, _counted(receive, limit), send)


def _counted(receive: Receive, limit: int) -> Receive:
    arrived = 0

    async def counted() -> Message:
        nonlocal arrived
        message = await receive()
        arrived += len(message.get("body", b""))
        if arrived > limit:
            raise HTTPException(413, _too_large(limit))
        return message

    return counted


def _too_large(limit: int) -> str:
    size = f"{limit / 1_000_000:g} MB"
    return f"The request is larger than the {size} that this call takes: send less at once."
