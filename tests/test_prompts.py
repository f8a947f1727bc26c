from __future__ import annotations

import json
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.errors import PromptError
from assistant.prompts import load, parse, versions
from assistant.reading.markers import SILENCE
from assistant.settings import PromptVersions
from index.documents import digest_of

NAMES = tuple(PromptVersions.model_fields)


def file(front: str = "name: sample\nversion: 1\ninputs: [question]\nwhy: A test.", body: str = "") -> bytes:
    body = body or "## system\nBe brief.\n## user\nQuestion: {{question}}\n"
    return f"---\n{front}\n---\n{body}".encode()


def test_a_released_version_is_never_edited() -> None:
    folder = resources.files("prompts")
    lock = json.loads(folder.joinpath("lock.json").read_text(encoding="utf-8"))
    prompts = {entry.name: entry for entry in folder.iterdir() if entry.name.endswith(".md")}
    assert set(lock) == set(prompts), "every prompt is in prompts/lock.json, and nothing else"
    for name, entry in prompts.items():
        assert digest_of(entry.read_text(encoding="utf-8")) == lock[name], (
            f"{name} was edited: make a new version of it"
        )


@pytest.mark.parametrize("name", NAMES)
def test_every_prompt_that_the_settings_pin_is_there_and_says_why(name: str) -> None:
    for version in versions(name):
        prompt = load(name, version)
        assert prompt.why
        assert prompt.fingerprint == f"{name}.v{version}:{prompt.digest[:12]}"
    assert load(name).version == max(versions(name))


@pytest.mark.parametrize(("name", "material"), [("answer", "material"), ("condense", "history")])
def test_what_others_wrote_stands_in_the_user_message_only(name: str, material: str) -> None:
    prompt = load(name)
    rendered = prompt.render(**{field: f"<{field}>" for field in prompt.inputs})
    assert f"<{material}>" in rendered.user
    assert "<question>" in rendered.user
    assert f"<{material}>" not in rendered.system
    assert "<question>" not in rendered.system
    # The fence is explained where no document can reach.
    assert "<open>" in rendered.system
    assert "<close>" in rendered.system


def test_the_answer_prompt_names_the_token_for_silence() -> None:
    rendered = load("answer").render(question="q", material="m", silence=SILENCE, open="<<<", close=">>>")
    assert SILENCE in rendered.system


@given(st.text())
def test_a_value_is_put_in_once_and_never_expanded(value: str) -> None:
    hostile = f"{{{{question}}}} {value} {{{{other}}}}"
    assert parse("sample.v1.md", file()).render(question=hostile).user == f"Question: {hostile}"


def test_inputs_are_checked_at_render() -> None:
    prompt = parse("sample.v1.md", file())
    with pytest.raises(PromptError, match="missing: question"):
        prompt.render()
    with pytest.raises(PromptError, match="unknown: more"):
        prompt.render(question="q", more="m")


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"no front matter", "no front matter"),
        (b"\xff", "not UTF-8"),
        (file("name: [", ""), "not YAML"),
        (file("name: sample\nversion: 1\ninputs: [question]"), "exactly the fields"),
        (file("name: sample\nversion: '1'\ninputs: [question]\nwhy: x"), "version is '1'"),
        (file("name: other\nversion: 1\ninputs: [question]\nwhy: x"), "says that it is other.v1"),
        (file("name: sample\nversion: 1\ninputs: []\nwhy: x"), "not declared: question"),
        (file("name: sample\nversion: 1\ninputs: [question, more]\nwhy: x"), "not used: more"),
        (file(body="Question: {{question}}"), "## system"),
    ],
)
def test_a_malformed_prompt_is_an_error_that_says_what_is_wrong(data: bytes, message: str) -> None:
    with pytest.raises(PromptError, match=message):
        parse("sample.v1.md", data)


def test_a_prompt_or_a_version_that_is_not_there_is_an_error_that_names_those_that_are() -> None:
    with pytest.raises(PromptError, match="no prompt poem"):
        load("poem")
    with pytest.raises(PromptError, match="no version 99: choose one of 1"):
        load("answer", 99)
