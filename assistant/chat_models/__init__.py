"""Chat models: whatever LangChain can open, and our scripted one, behind the seam `ChatModel`.

The only place in `assistant` that knows LangChain; its errors and those of the clients below it are translated here,
once (`failures`). Nothing is imported or called before a model is opened, and opening one calls no network.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, cast, runtime_checkable

from assistant.chat_models import failures
from assistant.chat_models.facts import asked_context
from assistant.errors import InvalidSettings
from assistant.scripted_model import SCHEME, open_script

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessageChunk

MAX_RETRIES = 2
# Longer words are no token of any model.
LONGEST_TOKEN = 12
# What a client of a server without keys sends in the place of one: it will not start without any.
NO_KEY = "none"


@dataclass(frozen=True, slots=True)
class Grammar:
    """A text held to a grammar, in llama.cpp's notation (GBNF)."""

    rules: str


@dataclass(frozen=True, slots=True)
class Schema:
    """A text held to JSON of a schema, which has a title."""

    rules: dict[str, Any]


Form = Grammar | Schema


class ChatModel(Protocol):
    """Writes text to a system and a user message."""

    name: str

    def write(self, system: str, user: str) -> Iterator[str]:
        """The text, piece by piece as it is written. Raises `ModelUnavailable`, at the call or at any piece."""
        ...


@runtime_checkable
class FormedModel(ChatModel, Protocol):
    """A chat model whose text can be held to a form, where its server knows such forms."""

    def write_formed(self, system: str, user: str, form: Form) -> Iterator[str]:
        """As `write`; a server may also pass over the form. Raises `FormRefused` before a word where it is refused."""
        ...


def open_chat_model(
    name: str, *, base_url: str | None = None, api_key: str | None = None, timeout: float, max_tokens: int
) -> ChatModel:
    """The model called `provider:name`, or `scripted:PATH` (see `assistant.scripted_model`). Calls no network.

    Raises `InvalidSettings` where the name is none, and `ModelUnavailable` where a package or a key is missing.
    """
    if name.startswith(SCHEME):
        return open_script(name)
    return LangChainChatModel(name, base_url=base_url, api_key=api_key, timeout=timeout, max_tokens=max_tokens)


class LangChainChatModel:
    """A model opened by LangChain's `init_chat_model`, at temperature 0 where the model has one.

    `timeout` is how long the server may keep silent, in seconds, and how long the writing may take from its first word.
    A call that fails before a word came is tried `MAX_RETRIES` times more by the provider's client, with back-off.
    """

    def __init__(
        self, name: str, *, base_url: str | None, api_key: str | None, timeout: float, max_tokens: int
    ) -> None:
        self.name = name
        self._timeout = timeout
        self._longest = max_tokens * LONGEST_TOKEN
        self._base_url = base_url
        self._api_key = api_key
        options: dict[str, Any] = {
            "timeout": timeout,
            "max_retries": MAX_RETRIES,
            "max_tokens": max_tokens,
            "temperature": 0,
        }
        if base_url is not None:
            options["base_url"] = base_url
        if api_key is not None:
            options["api_key"] = api_key
        self._model = _opened(name, options)

    def write(self, system: str, user: str) -> Iterator[str]:
        """The text as the model streams it. Raises `ModelUnavailable` at any piece."""
        return self._written(system, user, None)

    def write_formed(self, system: str, user: str, form: Form) -> Iterator[str]:
        """The text, held to a form. Raises `FormRefused` before a word, `ModelUnavailable` at any piece."""
        return self._written(system, user, form)

    def context_tokens(self) -> int | None:
        """How many tokens the model takes in all, as its server says, else as LangChain knows it; None: unknown.

        Raises `ModelUnavailable` where the server does not answer.
        """
        provider, _, model = self.name.partition(":")
        asked = asked_context(provider, model, self._base_url, self._api_key)
        known = (self._model.profile or {}).get("max_input_tokens") if asked is None else asked
        return int(known) if known else None

    def _written(self, system: str, user: str, form: Form | None) -> Iterator[str]:
        from langchain_core.messages import HumanMessage, SystemMessage

        began = False
        try:
            parts = self._stream([SystemMessage(system), HumanMessage(user)], form)
            for text in self._limited(self._whole(parts)):
                began = began or bool(text)
                yield text
        except Exception as error:
            meant = failures.translated(self.name, error, formed=form is not None and not began)
            if meant is not None:
                raise meant from error
            raise

    def _stream(self, messages: list[Any], form: Form | None) -> Iterator[AIMessageChunk]:
        if form is None:
            return self._model.stream(messages)
        if self.name.startswith("openai:"):
            # Not as the client's own option: it reads a text of that to its end before it gives any of it.
            return self._model.stream(messages, extra_body=_in_body(form))
        if isinstance(form, Grammar):
            raise failures.refused(self.name, "its provider knows no grammars")
        return _held_by_provider(self._model, messages, form, self.name)

    def _limited(self, parts: Iterator[AIMessageChunk]) -> Iterator[str]:
        """The text of the parts as they come; a server that dribbles, or writes, without end is cut off."""
        deadline: float | None = None
        written = 0
        for part in parts:
            now = time.monotonic()
            deadline = now + self._timeout if deadline is None else deadline
            if now > deadline:
                raise failures.unavailable(self.name, *failures.TOO_SLOW)
            text = str(part.text)
            written += len(text)
            if written > self._longest:
                raise failures.unavailable(self.name, *failures.TOO_LONG)
            yield text

    def _whole(self, parts: Iterator[AIMessageChunk]) -> Iterator[AIMessageChunk]:
        """The parts; an end that was not said is none. A client takes a stream that was cut between events for whole.

        Held to servers of one's own, whose protocol has a reason at the end of every text.
        """
        ended = self._base_url is None or not self.name.startswith("openai:")
        for part in parts:
            ended = ended or bool(part.response_metadata.get("finish_reason"))
            yield part
        if not ended:
            raise failures.unavailable(self.name, *failures.BROKE_OFF)


def _in_body(form: Form) -> dict[str, Any]:
    """What asks an OpenAI-compatible server for a form: llama.cpp's own field, or OpenAI's."""
    if isinstance(form, Grammar):
        return {"grammar": form.rules}
    named = {"name": form.rules["title"], "strict": True, "schema": form.rules}
    return {"response_format": {"type": "json_schema", "json_schema": named}}


def _held_by_provider(model: BaseChatModel, messages: list[Any], form: Schema, name: str) -> Iterator[AIMessageChunk]:
    """The text as another provider's client asks for a schema; LangChain's reading of the result is left out."""
    try:
        held = model.with_structured_output(form.rules, method="json_schema")
    except (ValueError, TypeError, NotImplementedError) as error:
        raise failures.refused(name, failures.brief(error)) from error
    return cast("Any", held).first.stream(messages)  # type: ignore[no-any-return]


def _opened(name: str, options: dict[str, Any]) -> BaseChatModel:
    if not re.fullmatch(r"[a-z0-9_]+:\S+", name):
        raise InvalidSettings(
            f"{name!r} names no chat model: write provider:name, for example openai:gpt-5, "
            "ollama:llama3 or scripted:first"
        )
    from langchain.chat_models import init_chat_model

    try:
        opened: BaseChatModel = init_chat_model(name, **options)
    except Exception as error:
        if failures.is_foreign(error) and "base_url" in options and "api_key" not in options:
            # A server of one's own seldom wants a key, but the client does.
            return _opened(name, {**options, "api_key": NO_KEY})
        unopened = failures.unopened(name, error)
        if unopened is not None:
            raise unopened from error
        raise
    return opened
