"""`assistant models check`: says what the configured model can do, and what to do where it cannot be used."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from assistant.errors import InvalidSettings
from assistant.model_check import examine
from assistant.settings import Settings
from index.errors import ModelUnavailable
from tests.chat_server import Server
from tests.conftest import ROOT
from tests.test_forms import KEPT

pytestmark = pytest.mark.slow


def found(**settings: object) -> dict[str, str]:
    return {one.what: one.said for one in examine(Settings.model_validate(settings))}


def at(server: Server, **settings: object) -> dict[str, str]:
    return found(chat_model="openai:small", chat_base_url=server.url, chat_timeout=5, **settings)


def test_a_good_server(server: Server) -> None:
    server.behaviour.heeded, server.behaviour.pause = dict(KEPT), 0.1
    server.behaviour.calls = {"/props": {"default_generation_settings": {"n_ctx": 4321}}}
    said = at(server)
    assert said["model"] == "openai:small"
    assert said["reachable"].startswith("yes: first word after 0.")
    assert said["streaming"] == "yes: 3 pieces"
    assert (said["grammar"], said["JSON schema"], said["context"]) == ("yes", "yes", "4321 tokens")
    assert len(server.behaviour.requests) == 3


def test_a_server_that_can_do_little(server: Server) -> None:
    server.behaviour.refused, server.behaviour.status = ("grammar",), 400
    server.behaviour.silent, server.behaviour.pieces = 0.2, ("One, two.",)
    said = at(server, chat_context=0)
    assert said["streaming"].startswith("no")
    assert said["grammar"].startswith("no: the chat model openai:small refused the form")
    assert said["JSON schema"] == "no: the server passes over it"
    assert said["context"].startswith("unknown: 8192 are assumed")


def test_pieces_that_come_all_at_once_are_no_streaming(server: Server) -> None:
    server.behaviour.silent = 0.5
    assert at(server)["streaming"].startswith("no")


def test_what_is_set_is_said_to_be(server: Server) -> None:
    said = at(server, chat_context=1000, chat_constrained="json")
    assert said["context"] == "1000 tokens (ASSISTANT_CHAT_CONTEXT)"
    assert said["asked for"] == "json (ASSISTANT_CHAT_CONSTRAINED)"


def test_a_script_can_be_checked_too() -> None:
    said = found(chat_model="scripted:slow")
    assert said["grammar"] == said["JSON schema"] == "no: a script writes what it says"


def test_a_model_that_writes_nothing_or_fails_or_is_not_set_is_an_error(server: Server) -> None:
    server.behaviour.pieces = ()
    with pytest.raises(ModelUnavailable, match="wrote nothing: raise ASSISTANT_CHAT_MAX_TOKENS"):
        at(server)
    with pytest.raises(ModelUnavailable, match="as its script says"):
        found(chat_model="scripted:failing")
    with pytest.raises(InvalidSettings, match="set ASSISTANT_CHAT_MODEL"):
        found()


@pytest.mark.parametrize(("script", "code"), [("slow", 0), ("failing", 1)])
def test_the_command_prints_it_and_fails_where_the_model_does(script: str, code: int) -> None:
    command = [sys.executable, "-m", "assistant", "models", "check"]
    environment = {**os.environ, "ASSISTANT_CHAT_MODEL": f"scripted:{script}"}
    done = subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environment, check=False, timeout=120)
    assert done.returncode == code, done.stderr
    assert f"scripted:{script}" in done.stdout
    assert ("Error: the model scripted:failing is not available" in done.stderr) == bool(code)
