"""What keeps a model to the ordinals shown: the forms themselves, and which of them a server is asked for."""

from __future__ import annotations

import json
import logging

import pytest

from assistant.answers import Draft
from assistant.chat_models import FormedModel, open_chat_model
from assistant.prompts import load
from assistant.reading.chat import ChatReader
from assistant.reading.forms import WORD, Forms, Wanted, held_by, tried
from assistant.reading.grammar import grammar, schema
from assistant.reading.markers import SILENCE
from assistant.scripted_model import open_script
from index.errors import ModelUnavailable
from tests.chat_server import Server
from tests.test_chat_reader import FIRST, PROMPT, QUESTION, SECOND, Shelf

JSON_PROMPT = load("answer_json")
TEXT = ("There were ", "316. [1.1]")
JSON_TEXT = ('{"statements": [{"text": "There were 316.", "sent', 'ences": ["1.1"]}]}')
KEPT = {"grammar": (WORD,), "response_format": ('{"word": ', f'"{WORD}"}}')}


def model(server: Server) -> FormedModel:
    opened = open_chat_model("openai:small", base_url=server.url, timeout=5, max_tokens=50)
    assert isinstance(opened, FormedModel)
    return opened


def read(reader: ChatReader) -> Draft:
    shelf = Shelf(FIRST, SECOND)
    *_, draft = reader.read(QUESTION, shelf.hits(), shelf)
    return draft


def reader(server: Server, wanted: Wanted) -> ChatReader:
    opened = model(server)
    return ChatReader(opened, PROMPT, forms=held_by(opened, wanted, JSON_PROMPT))


def test_the_grammar_and_the_schema_hold_exactly_the_ordinals_and_the_silence() -> None:
    rules = grammar(["1.1", "2.10"]).rules
    assert 'ordinal ::= "1.1" | "2.10"' in rules
    assert f'root ::= "{SILENCE}" | statement' in rules
    statement = schema(["1.1", "2.10"]).rules["properties"]["statements"]
    assert statement["items"]["properties"]["sentences"]["items"]["enum"] == ["1.1", "2.10"]
    assert "minItems" not in statement, "no statements: the documents do not say"


@pytest.fixture
def heeding(server: Server) -> Server:
    """A server that keeps to both forms, in the trial and afterwards."""
    server.behaviour.heeded = dict(KEPT)
    server.behaviour.pieces = TEXT
    return server


def test_a_server_that_keeps_to_a_grammar_is_asked_for_it_after_one_trial(heeding: Server) -> None:
    chat = reader(heeding, "auto")
    draft = read(chat)
    assert draft.constrained == "grammar"
    assert draft.prompt == PROMPT.fingerprint
    trial, asked = heeding.behaviour.requests
    assert "zebra" not in json.dumps(trial["messages"]), "a server that passes over the form must not write it anyway"
    assert 'ordinal ::= "1.1" | "1.2" | "2.1" | "2.2"' in asked["grammar"]
    read(chat)
    assert len(heeding.behaviour.requests) == 3, "tried once, and remembered"


def test_a_server_that_knows_schemas_only_writes_json(server: Server) -> None:
    server.behaviour.heeded = {"response_format": KEPT["response_format"]}
    chat = reader(server, "auto")
    assert tried(model(server), "json").kept
    server.behaviour.requests.clear()
    kinds = chat._forms
    assert kinds is not None
    assert kinds.kind() == "json"
    server.behaviour.heeded = {"response_format": JSON_TEXT}
    draft = read(chat)
    assert [one.text for one in draft.statements] == ["There were 316."]
    assert (draft.constrained, draft.prompt) == ("json", JSON_PROMPT.fingerprint)
    sent = server.behaviour.requests[-1]["response_format"]["json_schema"]
    assert sent["schema"]["properties"]["statements"]["items"]["properties"]["sentences"]["items"]["enum"] == [
        "1.1", "1.2", "2.1", "2.2",
    ]  # fmt: skip


@pytest.mark.parametrize("status", [400, 422])
def test_a_server_that_refuses_forms_is_asked_plainly_from_then_on(server: Server, status: int) -> None:
    server.behaviour.refused, server.behaviour.status = ("grammar", "response_format"), status
    server.behaviour.pieces = TEXT
    chat = reader(server, "auto")
    assert [read(chat).constrained, read(chat).constrained] == [None, None]
    assert len(server.behaviour.requests) == 4, "two trials, then two questions"


def test_a_server_that_passes_over_forms_is_not_said_to_be_kept_by_them(server: Server) -> None:
    server.behaviour.pieces = TEXT
    draft = read(reader(server, "auto"))
    assert (draft.constrained, len(draft.statements)) == (None, 1)


def test_a_server_that_fails_at_forms_alone_is_asked_plainly(
    server: Server, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("assistant.chat_models.MAX_RETRIES", 0)
    server.behaviour.refused, server.behaviour.pieces = ("grammar", "response_format"), TEXT
    chat = reader(server, "auto")
    with caplog.at_level(logging.WARNING, "assistant"):
        assert read(chat).constrained is None
    assert "unconstrained from now on" in caplog.text
    assert "OpenAIAPIError" in caplog.text
    assert "its server failed" not in caplog.text, "a server may repeat what it was sent"
    read(chat)
    assert len(server.behaviour.requests) == 3, "one trial that failed, two questions"


def test_a_server_that_was_down_is_tried_again(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("assistant.chat_models.MAX_RETRIES", 0)
    server.behaviour.failures, server.behaviour.pieces = 2, TEXT
    server.behaviour.heeded = {"grammar": KEPT["grammar"]}
    chat = reader(server, "auto")
    with pytest.raises(ModelUnavailable, match="its server failed"):
        read(chat)
    assert read(chat).constrained == "grammar"


def test_a_form_that_is_refused_for_one_question_is_given_up(heeding: Server) -> None:
    chat = reader(heeding, "auto")
    read(chat)
    heeding.behaviour.refused, heeding.behaviour.status = ("grammar",), 400
    assert [one.text for one in read(chat).statements] == ["There were 316."]


def test_a_form_that_is_set_and_refused_is_an_error_that_names_the_setting(server: Server) -> None:
    server.behaviour.refused, server.behaviour.status = ("grammar",), 400
    with pytest.raises(ModelUnavailable, match=r"refused the form: .*no luck today.*ASSISTANT_CHAT_CONSTRAINED=off"):
        read(reader(server, "grammar"))
    assert len(server.behaviour.requests) == 1


def test_off_asks_for_nothing_and_a_script_knows_no_forms(server: Server) -> None:
    server.behaviour.pieces = TEXT
    draft = read(reader(server, "off"))
    assert draft.constrained is None
    (request,) = server.behaviour.requests
    assert not {"grammar", "response_format"} & set(request)
    assert held_by(open_script("scripted:first"), "grammar", JSON_PROMPT) is None


def test_without_hits_no_form_is_tried(server: Server) -> None:
    forms = Forms(model(server), "auto", JSON_PROMPT)
    *_, draft = ChatReader(model(server), PROMPT, forms=forms).read(QUESTION, (), Shelf())
    assert (draft.statements, server.behaviour.requests) == ((), [])
