"""LangChain's models over a real socket, to a small server that speaks OpenAI's protocol; and our scripted one."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from assistant import chat_models
from assistant.chat_models import LangChainChatModel, open_chat_model
from assistant.errors import InvalidSettings
from assistant.scripted_model import ScriptedChatModel, open_script
from index.errors import ModelUnavailable

NAME = "openai:small"


@dataclass
class Behaviour:
    """How the server answers; `failures` calls fail with `status` before one succeeds."""

    pieces: tuple[str, ...] = ("There ", "were ", "145. [1.1]")
    status: int = 500
    failures: int = 0
    silent: float = 0.0
    pause: float = 0.0
    breaks_off_after: int | None = None
    requests: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_POST(self) -> None:
        behaviour = self.server.behaviour
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        behaviour.requests.append(body)
        behaviour.keys.append(self.headers["Authorization"] or "")
        time.sleep(behaviour.silent)
        try:
            if len(behaviour.requests) <= behaviour.failures:
                self._fail(behaviour.status)
            else:
                self._stream(behaviour)
        except (BrokenPipeError, ConnectionResetError):
            pass  # The client has gone: some tests are about that.

    def _fail(self, status: int) -> None:
        data = json.dumps({"error": {"message": "no luck today", "type": "error", "code": None}}).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _stream(self, behaviour: Behaviour) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        if behaviour.breaks_off_after is not None:
            # More is promised than comes.
            self.send_header("Content-Length", "100000")
        self.end_headers()
        for number, piece in enumerate(behaviour.pieces):
            if number == behaviour.breaks_off_after:
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


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    for name in ("OPENAI_API_KEY", "OPENAI_ADMIN_KEY", "OPENAI_BASE_URL", "OPENAI_API_BASE"):
        monkeypatch.delenv(name, raising=False)
    with Server(("127.0.0.1", 0), Handler) as listening:
        listening.behaviour = Behaviour()
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        yield listening
        listening.shutdown()
        thread.join()


def opened(url: str, *, timeout: float = 10.0, api_key: str | None = None) -> LangChainChatModel:
    model = open_chat_model(NAME, base_url=url, api_key=api_key, timeout=timeout, max_tokens=50)
    assert isinstance(model, LangChainChatModel)
    return model


def test_the_text_is_streamed_piece_by_piece(server: Server) -> None:
    server.behaviour.pause = 0.3
    pieces = opened(server.url).write("Be brief.", "How many {braces}?")
    started = time.monotonic()
    first = next(piece for piece in pieces if piece)
    assert first == "There "
    assert time.monotonic() - started < 10
    assert first + "".join(pieces) == "There were 145. [1.1]"


def test_messages_temperature_and_the_cap_on_tokens_are_sent_and_no_key_is_needed(server: Server) -> None:
    list(opened(server.url).write("Be brief.", "How many {braces}?"))
    (request,) = server.behaviour.requests
    assert request["messages"] == [
        {"role": "system", "content": "Be brief."},
        {"role": "user", "content": "How many {braces}?"},
    ]
    assert request["temperature"] == 0
    assert 50 in (request.get("max_tokens"), request.get("max_completion_tokens"))
    assert server.behaviour.keys == ["Bearer none"]


def test_a_key_that_is_given_is_sent(server: Server) -> None:
    list(opened(server.url, api_key="sesame").write("s", "u"))
    assert server.behaviour.keys == ["Bearer sesame"]


def test_a_failing_server_is_tried_again(server: Server) -> None:
    server.behaviour.failures = 1
    assert "".join(opened(server.url).write("s", "u")) == "There were 145. [1.1]"
    assert len(server.behaviour.requests) == 2


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (500, "its server failed; ask again"),
        (503, "its server failed"),
        (401, "refused the key; set ASSISTANT_CHAT_API_KEY"),
        (403, "may not use it"),
        (404, "does not know it; check the name"),
        (429, "asked too often"),
        (400, "it failed .*no luck today"),
    ],
)
def test_a_refusal_says_what_next(server: Server, monkeypatch: pytest.MonkeyPatch, status: int, message: str) -> None:
    monkeypatch.setattr(chat_models, "MAX_RETRIES", 0)
    server.behaviour.failures, server.behaviour.status = 10, status
    with pytest.raises(ModelUnavailable, match=message) as caught:
        list(opened(server.url).write("s", "u"))
    assert NAME in str(caught.value)
    assert caught.value.__cause__ is not None


def test_a_silent_server_is_given_up(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chat_models, "MAX_RETRIES", 0)
    server.behaviour.silent = 1.0
    with pytest.raises(ModelUnavailable, match="did not answer in time; try again, or raise ASSISTANT_CHAT_TIMEOUT"):
        list(opened(server.url, timeout=0.2).write("s", "u"))


def test_a_server_that_falls_silent_in_the_middle_is_given_up(server: Server) -> None:
    server.behaviour.pause = 1.0
    with pytest.raises(ModelUnavailable, match="did not answer in time"):
        list(opened(server.url, timeout=0.3).write("s", "u"))


def test_a_server_that_dribbles_without_end_is_given_up(server: Server) -> None:
    server.behaviour.pause, server.behaviour.pieces = 0.05, ("a",) * 200
    started = time.monotonic()
    with pytest.raises(ModelUnavailable, match="did not answer in time"):
        list(opened(server.url, timeout=0.5).write("s", "u"))
    assert time.monotonic() - started < 5


def test_a_connection_that_breaks_off_is_no_answer(server: Server) -> None:
    server.behaviour.breaks_off_after = 2
    with pytest.raises(ModelUnavailable, match="broke off"):
        list(opened(server.url).write("s", "u"))


def test_where_nobody_listens_the_error_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chat_models, "MAX_RETRIES", 0)
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(ModelUnavailable, match="cannot be reached; start its server"):
        list(opened(f"http://127.0.0.1:{port}/v1").write("s", "u"))


def test_opening_a_model_calls_nobody(server: Server) -> None:
    opened(server.url)
    assert server.behaviour.requests == []


def test_closing_the_text_early_is_no_error(server: Server) -> None:
    pieces = opened(server.url).write("s", "u")
    next(pieces)
    assert hasattr(pieces, "close")
    pieces.close()


@pytest.mark.usefixtures("server")
def test_without_a_key_the_error_names_the_setting() -> None:
    with pytest.raises(ModelUnavailable, match="ASSISTANT_CHAT_API_KEY"):
        open_chat_model(NAME, timeout=1, max_tokens=10)


def test_a_missing_package_is_named_as_pip_knows_it() -> None:
    with pytest.raises(ModelUnavailable, match=r"pip install langchain-cohere$"):
        open_chat_model("cohere:command", timeout=1, max_tokens=10)


@pytest.mark.parametrize("name", ["", "small", "nobody:small", "openai:"])
def test_what_names_no_model_is_a_wrong_setting(name: str) -> None:
    with pytest.raises(InvalidSettings, match="chat model"):
        open_chat_model(name, timeout=1, max_tokens=10)


def test_a_fault_of_our_own_is_not_called_the_models(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    model = opened(server.url)
    monkeypatch.setattr(model, "_timeout", "no number")
    with pytest.raises(TypeError):
        list(model.write("s", "u"))


def test_the_scripted_model_is_opened_by_name() -> None:
    assert isinstance(open_chat_model("scripted:first", timeout=1, max_tokens=10), ScriptedChatModel)


def script(tmp_path: Path, content: str, name: str = "script.json") -> str:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    return f"scripted:{path}"


def test_a_script_answers_with_its_first_fitting_rule(tmp_path: Path) -> None:
    rules = [{"when": "murders in (\\w+)", "reply": "In \\1, none.", "piece": 3}, {"when": "", "reply": "Else."}]
    by_list = open_script(script(tmp_path, json.dumps(rules)))
    by_line = open_script(script(tmp_path, "\n".join(json.dumps(rule) for rule in rules), "script.jsonl"))
    for model in (by_list, by_line):
        assert list(model.write("", "How many murders in Quito?")) == ["In ", "Qui", "to,", " no", "ne."]
        assert "".join(model.write("", "Hello")) == "Else."


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "cannot be read"),
        ('{"when": "", "reply": ""}', "no list of rules"),
        ('[{"when": ""}]', "rule 1 .* needs `when` and `reply`"),
        ('[{"when": "", "reply": "", "more": 1}]', "rule 1"),
        ('[{"when": "(", "reply": ""}]', "no regular expression"),
        ('[{"when": "", "reply": "\\\\1"}]', "names a group"),
        ('[{"when": "", "reply": "", "piece": 0}]', "at least 1"),
        ('[{"when": "", "reply": "", "piece": "x"}]', "piece cannot be 'x'"),
        ('[{"when": "", "reply": "", "fail": "no"}]', "fail is one of"),
    ],
)
def test_a_script_that_is_none_is_an_error_that_names_the_rule(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(ModelUnavailable, match=message):
        open_script(script(tmp_path, content))


def test_a_message_that_no_rule_fits_is_an_error(tmp_path: Path) -> None:
    model = open_script(script(tmp_path, '[{"when": "prison", "reply": "x"}]'))
    with pytest.raises(ModelUnavailable, match="no rule"):
        list(model.write("", "ports"))
    with pytest.raises(ModelUnavailable, match="cannot be read"):
        open_script(f"scripted:{tmp_path / 'missing.json'}")
