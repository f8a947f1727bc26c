"""A small server that speaks OpenAI's protocol, and behaves as badly as a test wants."""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Behaviour:
    """How the server answers; `failures` calls fail with `status` before one succeeds."""

    pieces: tuple[str, ...] = ("There ", "were ", "145. [1.1]")
    status: int = 500
    failures: int = 0
    silent: float = 0.0
    pause: float = 0.0
    # After so many pieces the connection is closed, though more was promised.
    breaks_off_after: int | None = None
    # After so many pieces comes half an event, then the end.
    cut_after: int | None = None
    # Sent in the place of the first event.
    garbage: bytes = b""
    # Fields of the request that are refused with `status`, and those that are heeded, with what is then written.
    refused: tuple[str, ...] = ()
    heeded: dict[str, tuple[str, ...]] = field(default_factory=dict)
    # What other calls answer, by path.
    calls: dict[str, Any] = field(default_factory=dict)
    requests: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    times: list[float] = field(default_factory=list)
    # Set when a client has gone before the text was all sent.
    left: threading.Event = field(default_factory=threading.Event)


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self._call()

    def do_POST(self) -> None:
        behaviour = self.server.behaviour
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if not self.path.endswith("/chat/completions"):
            self._call()
            return
        behaviour.requests.append(body)
        behaviour.times.append(time.monotonic())
        behaviour.keys.append(self.headers["Authorization"] or "")
        time.sleep(behaviour.silent)
        try:
            if len(behaviour.requests) <= behaviour.failures or any(name in body for name in behaviour.refused):
                self._reply(behaviour.status, {"error": {"message": "no luck today", "type": "error", "code": None}})
            else:
                heeded = [pieces for name, pieces in behaviour.heeded.items() if name in body]
                self._stream(behaviour, heeded[0] if heeded else behaviour.pieces)
        except (BrokenPipeError, ConnectionResetError):
            behaviour.left.set()

    def _call(self) -> None:
        said = self.server.behaviour.calls.get(self.path)
        self._reply(404 if said is None else 200, {} if said is None else said)

    def _reply(self, status: int, said: object) -> None:
        data = json.dumps(said).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _stream(self, behaviour: Behaviour, pieces: tuple[str, ...]) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        if behaviour.breaks_off_after is not None:
            # More is promised than comes.
            self.send_header("Content-Length", "100000")
        self.end_headers()
        if behaviour.garbage:
            self.wfile.write(behaviour.garbage)
            return
        for number, piece in enumerate(pieces):
            if number == behaviour.breaks_off_after:
                return
            if number == behaviour.cut_after:
                self.wfile.write(b'data: {"id": "c", "object": "chat.comp')
                return
            self._event({"content": piece}, None)
            time.sleep(behaviour.pause)
        self._event({}, "stop")
        self.wfile.write(b"data: [DONE]\n\n")

    def _event(self, delta: dict[str, str], finish: str | None) -> None:
        choice = {"index": 0, "delta": {"role": "assistant", **delta}, "finish_reason": finish}
        event = {"id": "c", "object": "chat.completion.chunk", "created": 0, "model": "small", "choices": [choice]}
        self.wfile.write(f"data: {json.dumps(event)}\n\n".encode())
        self.wfile.flush()

    def log_message(self, format: str, *args: Any) -> None:
        """Says nothing."""


class Server(ThreadingHTTPServer):
    daemon_threads = True
    behaviour = Behaviour()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}/v1"


@contextlib.contextmanager
def listening() -> Iterator[Server]:
    """A server that behaves as its `behaviour` says, until the end of the block."""
    with Server(("127.0.0.1", 0), Handler) as server:
        server.behaviour = Behaviour()
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join()
