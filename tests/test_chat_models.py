"""LangChain's models over a real socket, to a small server that speaks OpenAI's protocol; and our scripted one."""

from __future__ import annotations

import socket
import time

import pytest

from assistant import chat_models
from assistant.chat_models import LangChainChatModel, open_chat_model
from assistant.errors import InvalidSettings
from assistant.scripted_model import ScriptedChatModel
from index.errors import ModelUnavailable
from tests.chat_server import Server

NAME = "openai:small"


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


def test_a_failing_server_is_tried_again_after_a_while_not_at_once(server: Server) -> None:
    server.behaviour.failures, server.behaviour.status = 2, 429
    assert "".join(opened(server.url).write("s", "u")) == "There were 145. [1.1]"
    first, second, third = server.behaviour.times
    assert second - first > 0.3
    assert third - second > 0.3


def test_a_server_that_closes_in_the_middle_of_an_event_is_no_answer(server: Server) -> None:
    server.behaviour.cut_after = 1
    with pytest.raises(ModelUnavailable, match="broke off"):
        list(opened(server.url).write("s", "u"))


@pytest.mark.parametrize("garbage", [b"data: {no json at all\n\n", b"<html>It works!</html>", b"\x00\xff\xfe\n\n"])
def test_a_server_that_sends_garbage_is_no_answer(server: Server, garbage: bytes) -> None:
    server.behaviour.garbage = garbage
    with pytest.raises(ModelUnavailable):
        list(opened(server.url).write("s", "u"))


def test_a_server_that_heeds_no_cap_is_cut_off(server: Server) -> None:
    server.behaviour.pieces = ("word " * 50,) * 2000
    began = time.monotonic()
    with pytest.raises(ModelUnavailable, match="wrote more than it was to"):
        list(opened(server.url).write("s", "u"))
    assert time.monotonic() - began < 10


def test_closing_the_text_closes_the_connection(server: Server) -> None:
    server.behaviour.pieces, server.behaviour.pause = ("more ",) * 500, 0.02
    pieces = opened(server.url).write("s", "u")
    assert next(piece for piece in pieces if piece) == "more "
    assert hasattr(pieces, "close")
    pieces.close()
    assert server.behaviour.left.wait(5), "the server writes on to nobody"
