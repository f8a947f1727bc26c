"""A real language model over a real socket, too small to answer well: whatever it writes, no false citation leaves."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant.answering import Assistant, Policy
from assistant.answers import Answer, AnswerEvent, StatementEvent
from assistant.assembly import Dossier, open_dossier
from assistant.budget import estimated
from assistant.chat_models import Form, LangChainChatModel
from assistant.checking import Checker
from assistant.condensing import RuleCondenser
from assistant.model_check import examine
from assistant.prompts import load
from assistant.reading.chat import ChatReader
from assistant.reading.forms import Wanted, held_by
from assistant.settings import Settings
from index.library import Library
from index.settings import IndexSettings
from tests.conftest import SEEDS, make_data_dir
from tests.llama_server import CONTEXT
from tests.test_answering import QUESTIONS, check_citations

pytestmark = pytest.mark.slow

# Ten, from all over the file, answerable or not.
ASKED = QUESTIONS[:: len(QUESTIONS) // 10][:10]
MARKER = re.compile(r"\[(\d+\.\d+(?:, \d+\.\d+)*)\]")
SECONDS = 280.0
TOKENS = 60


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, models_dir: Path, embedder: object) -> Path:
    path = make_data_dir(tmp_path_factory.mktemp("real") / "data", models_dir)
    with Library(path, IndexSettings()) as library:
        library.ingest([SEEDS])
    return path


def settings(place: Path, llama: str, constrained: Wanted) -> Settings:
    return Settings(
        data_dir=place,
        reader="chat",
        chat_model="openai:smollm2",
        chat_base_url=llama,
        chat_constrained=constrained,
        chat_timeout=SECONDS,
        chat_max_tokens=TOKENS,
        chat_fallback="none",
    )


@pytest.fixture(scope="module")
def dossier(place: Path, llama: str) -> Iterator[Dossier]:
    with open_dossier(settings(place, llama, "auto")) as opened:
        yield opened


class Hot(LangChainChatModel):
    """The same model with a sampler that takes nearly any token for as good as any other."""

    def _stream(self, messages: list[Any], form: Form | None) -> Any:
        hot = self._model.bind(temperature=4.0, extra_body={"top_k": 0, "top_p": 1.0, "min_p": 0.0, "seed": 7})
        body = {**hot.kwargs["extra_body"], **({"grammar": form.rules} if form is not None else {})}
        return hot.stream(messages, extra_body=body)


def reading(dossier: Dossier, model: LangChainChatModel, wanted: Wanted) -> Assistant:
    """The assistant with a reader of its own; the model sees the same words as before, and has them in its cache."""
    reader = ChatReader(model, load("answer"), forms=held_by(model, wanted, load("answer_json")))
    return Assistant(
        dossier.library, RuleCondenser(), reader, dossier.conversations, Checker(), Policy(decline_below=0.5)
    )


def answered(assistant: Assistant, dossier: Dossier, question: str) -> Answer:
    """The answer, after what is promised of every one."""
    *sent, last = assistant.stream(question, max_passages=2, must_answer=True)
    assert isinstance(last, AnswerEvent)
    answer = last.answer
    statements = [event.statement for event in sent if isinstance(event, StatementEvent)]
    assert statements == list(answer.statements)
    check_citations(answer, dossier)
    shown = {(one.document_id, one.start, one.end) for one in answer.trace.shown}
    assert {(one.document_id, one.start, one.end) for one in answer.citations} <= shown
    assert answer.trace.written is not None
    assert answer.trace.fallback is None
    return answer


def opened(llama: str, kind: type[LangChainChatModel], max_tokens: int = TOKENS) -> LangChainChatModel:
    return kind("openai:smollm2", base_url=llama, api_key=None, timeout=SECONDS, max_tokens=max_tokens)


@pytest.mark.parametrize("question", ASKED)
def test_whatever_it_writes_no_false_citation_leaves(dossier: Dossier, llama: str, question: str) -> None:
    plain = answered(reading(dossier, opened(llama, LangChainChatModel), "off"), dossier, question)
    assert plain.trace.constrained is None
    held = answered(dossier.assistant, dossier, question)
    assert held.trace.constrained == "grammar", "llama.cpp keeps to grammars, and was found to"
    only_shown(held)


@pytest.mark.parametrize("question", ASKED[:3])
def test_with_a_grammar_no_ordinal_is_wrong_however_wild_the_sampler(
    dossier: Dossier, llama: str, question: str
) -> None:
    wild = answered(reading(dossier, opened(llama, Hot, 3 * TOKENS), "grammar"), dossier, question)
    assert wild.trace.constrained == "grammar"
    only_shown(wild)


def only_shown(answer: Answer) -> None:
    """No ordinal was written but those shown, and none was dropped for another reason than its statement's."""
    written = [ordinal for group in MARKER.findall(answer.trace.written or "") for ordinal in group.split(", ")]
    known = {one.ordinal for one in answer.trace.shown}
    assert set(written) <= known
    assert {ordinal for one in answer.dropped if one.pointer for ordinal in one.pointer.split(", ")} <= known
    assert all(one.text for one in answer.dropped)


def test_with_a_schema_only_shown_sentences_are_named(dossier: Dossier, llama: str) -> None:
    answer = answered(reading(dossier, opened(llama, LangChainChatModel, 2 * TOKENS), "json"), dossier, ASKED[0])
    assert answer.trace.constrained == "json"
    assert '"statements"' in (answer.trace.written or "")
    named = re.findall(r'"sentences"\s*:\s*\[([^\]]*)\]', answer.trace.written or "")
    assert {one for group in named for one in json.loads(f"[{group}]")} <= {one.ordinal for one in answer.trace.shown}


def test_the_text_comes_in_pieces_and_closing_it_frees_the_server(llama: str) -> None:
    pieces = opened(llama, LangChainChatModel, 2000).write(
        "You are a storyteller.", "Tell a very long story of a ship, without end."
    )
    assert len([next(pieces) for _ in range(5)]) == 5
    assert busy(llama)
    pieces.close()  # type: ignore[attr-defined]
    deadline = time.monotonic() + 30
    while busy(llama):
        assert time.monotonic() < deadline, "the server writes on to nobody"
        time.sleep(0.1)


def busy(llama: str) -> bool:
    slots = httpx.get(f"{llama.removesuffix('/v1')}/slots", timeout=60).json()
    return any(slot["is_processing"] for slot in slots)


def test_the_check_says_what_it_can_do(place: Path, llama: str) -> None:
    found = {one.what: one.said for one in examine(settings(place, llama, "auto"))}
    assert found["reachable"].startswith("yes: first word after")
    assert found["streaming"].startswith("yes: ")
    assert (found["grammar"], found["JSON schema"]) == ("yes", "yes")
    assert found["context"] == f"{CONTEXT} tokens"


TEXTS = [path.read_text("utf-8") for path in sorted(SEEDS.glob("*.md"))[:4]]
OTHERS = [
    "[1.1] 316. [2.10]\n" * 30,
    "Према извештају, погинуло је 316 људи. " * 5,
    "年の報告によると三人が死亡した。" * 10,
]


@pytest.mark.parametrize("text", TEXTS + OTHERS)
def test_texts_are_not_longer_than_reckoned(llama: str, text: str) -> None:
    counted = httpx.post(f"{llama.removesuffix('/v1')}/tokenize", json={"content": text}, timeout=60).json()["tokens"]
    assert len(counted) <= estimated(text) <= 2 * len(counted)
