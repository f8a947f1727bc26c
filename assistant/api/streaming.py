"""Streaming: an answer's events as server-sent events, one `answer` or one `error` last.

The iterator is synchronous (law 7) and runs in a thread; when the client goes away it is closed at its next step.
"""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator, Mapping
from itertools import chain

import anyio
from anyio import to_thread
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from assistant.answers import Event
from assistant.api.problems import problem_of, unexpected
from assistant.rendering import event_contract
from index.errors import DossierError

# Proxies cut connections on which nothing is said; a language model may think for longer than that.
PING_SECONDS = 15.0
_PING = b": still working\n\n"


class EventStream(Response):
    """Sends events as they come. `first` was taken from `events` already, so that its errors have a status."""

    media_type = "text/event-stream"

    def __init__(self, first: Event, events: Iterator[Event]) -> None:
        super().__init__(headers={"X-Accel-Buffering": "no"})
        del self.headers["content-length"]
        self._events = chain((first,), events)
        self._source = events

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send all events, or stop where the client goes away."""
        assert scope["type"] == "http"
        try:
            async with anyio.create_task_group() as tasks:
                await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
                tasks.start_soon(_until_gone, receive, tasks.cancel_scope)
                tasks.start_soon(_ping, send)
                await self._send_all(send)
                tasks.cancel_scope.cancel()
        finally:
            with anyio.CancelScope(shield=True):
                await to_thread.run_sync(self._close)

    async def _send_all(self, send: Send) -> None:
        complete = False
        try:
            while (event := await to_thread.run_sync(next, self._events, None)) is not None:
                name, data = event_contract(event)
                await send(_body(frame(name, data)))
                complete = name == "answer"
        except DossierError as error:
            complete = True
            await send(_body(frame("error", problem_of(error))))
        finally:
            # An error of no known kind goes on to the server's log; the client hears that it happened.
            if not complete:
                await send(_body(frame("error", unexpected())))
            await send({"type": "http.response.body", "body": b"", "more_body": False})

    def _close(self) -> None:
        if isinstance(self._source, Generator):
            self._source.close()


def frame(name: str, data: Mapping[str, object]) -> bytes:
    """One server-sent event; JSON text has no line breaks of its own."""
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()


def _body(data: bytes) -> dict[str, object]:
    return {"type": "http.response.body", "body": data, "more_body": True}


async def _until_gone(receive: Receive, scope: anyio.CancelScope) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    scope.cancel()


async def _ping(send: Send) -> None:
    while True:
        await anyio.sleep(PING_SECONDS)
        await send(_body(_PING))
