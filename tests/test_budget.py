"""What a model is shown fits what it takes in: the last hits are left out, and no sentence is cut."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answers import Draft
from assistant.budget import TEMPLATE, USUAL_CONTEXT, Budget, context_of, estimated
from assistant.chat_models import open_chat_model
from assistant.reading.chat import ChatReader, Page
from index.errors import ModelUnavailable
from tests.chat_server import Server
from tests.test_chat_reader import PROMPT, QUESTION, Shelf, Writing

TEXTS = [f"Some {number} inmates were killed in 2021. The guards had left." for number in range(100, 110)]


@given(st.text(max_size=60), st.text(max_size=60))
def test_a_reckoning_grows_with_the_text(one: str, two: str) -> None:
    assert 0 <= estimated(one) <= estimated(f"{one} {two}")


@given(st.integers(min_value=0, max_value=600))
def test_a_page_fits_its_room_and_leaves_out_the_last_hits_only(room: int) -> None:
    shelf = Shelf(*TEXTS)
    page, whole = Page(shelf.hits(), shelf, 1, room), Page(shelf.hits(), shelf, 1)
    assert estimated(page.material) <= max(room, 0)
    assert whole.material.startswith(page.material)
    assert len(page.sentences) == 2 * (len(TEXTS) - page.left_out)
    assert list(page.sentences) == list(whole.sentences)[: len(page.sentences)]


def read(context: int, max_tokens: int = 100) -> tuple[Draft, str]:
    shelf, model = Shelf(*TEXTS), Writing(["Some 100 inmates were killed in 2021. [1.1]"])
    reader = ChatReader(model, PROMPT, budget=Budget(lambda: context, max_tokens))
    *_, draft = reader.read(QUESTION, shelf.hits(), shelf)
    return draft, model.user


def test_what_does_not_fit_is_left_out_and_counted() -> None:
    whole, all_shown = read(100_000)
    assert whole.left_out == 0
    needed = estimated(all_shown) + estimated(PROMPT.system) + 100 + TEMPLATE
    some, shown = read(needed - 100)
    assert 0 < some.left_out < len(TEXTS)
    assert some.statements
    assert len(shown) < len(all_shown)
    assert len(some.shown) == 2 * (len(TEXTS) - some.left_out)


def test_the_answer_takes_its_part_of_the_context() -> None:
    assert read(2000, 1200)[0].left_out > read(2000, 100)[0].left_out


@given(st.text(alphabet=st.characters(max_codepoint=0x7F), min_size=1, max_size=600))
def test_so_many_plain_characters_fit_whatever_they_are(text: str) -> None:
    budget = Budget(lambda: 400, 20)
    assert budget.room("a prompt", text[: budget.characters("a prompt")]) >= 0
    assert Budget(lambda: 10, 20).characters("a prompt") == 0


def test_a_model_that_takes_not_even_one_passage_is_an_error_that_names_the_setting() -> None:
    with pytest.raises(ModelUnavailable, match="ASSISTANT_CHAT_CONTEXT"):
        read(300)


PROPS = {"default_generation_settings": {"n_ctx": 4321}}
LISTED = {"data": [{"id": "other", "max_model_len": 1}, {"id": "small", "max_model_len": 5432}]}
LOADED = {"models": [{"name": "small", "model": "small", "context_length": 6543}]}


@pytest.mark.parametrize(
    ("calls", "tokens"),
    [
        ({"/props": PROPS}, 4321),
        ({"/v1/models": LISTED}, 5432),
        ({"/api/ps": LOADED}, 6543),
        ({"/api/ps": {"models": []}, "/api/show": {"model_info": {"llama.context_length": 131072}}}, 4096),
        ({"/api/show": {"model_info": {"llama.context_length": 2048}}}, 2048),
        (
            {"/api/show": {"parameters": "stop x\nnum_ctx    16384", "model_info": {"llama.context_length": 131072}}},
            16384,
        ),
        ({}, USUAL_CONTEXT),
        ({"/props": [], "/v1/models": {"data": None}, "/api/ps": {"models": [1]}, "/api/show": "no"}, USUAL_CONTEXT),
        ({"/props": {"default_generation_settings": {"n_ctx": -1}}}, USUAL_CONTEXT),
    ],
)
def test_the_context_is_asked_of_the_server_as_each_kind_says_it(
    server: Server, calls: dict[str, object], tokens: int
) -> None:
    server.behaviour.calls = calls
    model = open_chat_model("openai:small", base_url=server.url, timeout=1, max_tokens=10)
    assert context_of(model, 0) == tokens
    assert context_of(model, 777) == 777
    assert server.behaviour.requests == [], "no text is asked for"


@pytest.mark.usefixtures("server")
def test_the_context_of_a_known_model_needs_no_call() -> None:
    model = open_chat_model("openai:gpt-4o", api_key="none", timeout=1, max_tokens=10)
    assert context_of(model, 0) == 128_000


def test_a_server_that_cannot_be_asked_now_is_asked_again(server: Server) -> None:
    url = server.url
    unreachable = open_chat_model("openai:small", base_url="http://127.0.0.1:1/v1", timeout=1, max_tokens=10)
    reachable = open_chat_model("openai:small", base_url=url, timeout=1, max_tokens=10)
    server.behaviour.calls = {"/props": PROPS}
    models = [unreachable, reachable, unreachable]
    budget = Budget(lambda: context_of(models.pop(0), 0), 10)
    assert [budget.context, budget.context, budget.context] == [USUAL_CONTEXT, 4321, 4321]
