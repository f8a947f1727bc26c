"""The tests' language model as the assistant opens one: real, on a real socket, and too small to be any good."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from assistant.chat_models import ChatModel, open_chat_model
from tests import llama_server

SECONDS = 120


def lacking() -> str | None:
    """What is not there, in words; None where all is."""
    return llama_server.missing()


@contextmanager
def serving(max_tokens: int) -> Iterator[ChatModel]:
    """The model at temperature 0; its server is stopped afterwards."""
    with llama_server.serving() as url:
        yield open_chat_model("openai:smollm2", base_url=url, timeout=SECONDS, max_tokens=max_tokens)
