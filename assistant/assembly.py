"""Assembly: the one place that names concrete classes and puts them together as the settings say."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from types import TracebackType
from typing import TYPE_CHECKING, Self

from assistant.answering import Assistant, Policy
from assistant.checking import Checker, Support
from assistant.condensing import Condenser, RuleCondenser
from assistant.conversations import ConversationStore, SqliteConversations
from assistant.errors import InvalidSettings
from assistant.reading import Reader
from assistant.reading.models import DEFAULT_READER_MODEL, ReaderModel
from assistant.settings import Settings
from assistant.supporting import DEFAULT_SUPPORT_MODEL, NO_SUPPORT_MODEL
from assistant.supporting.deferred import DeferredSupport
from index.documents import DocumentEntry
from index.library import Library

if TYPE_CHECKING:
    from assistant.chat_models import ChatModel

# How long a command waits for another one (an ingest, say) to let go of the library.
WAIT_SECONDS = 30.0


@dataclass(frozen=True, slots=True)
class Dossier:
    """Everything that a door needs, opened. Close it, or use it as a context manager."""

    settings: Settings
    library: Library
    assistant: Assistant
    conversations: ConversationStore
    open_model: Callable[[], object]

    def prepare(self) -> None:
        """Load the models, so that the first question is answered as fast as the second; raises `ModelUnavailable`."""
        self.library.embedder.embed_question("ready")
        self.open_model()

    def remove(self, document_id: str) -> DocumentEntry:
        """Remove a document, and the files inside it, from the library and their words from every kept answer.

        Raises `NotFound`.
        """
        removed = self.library.remove(document_id)
        for entry in removed:
            self.conversations.forget_document(entry.id)
        return removed[0]

    def delete_collection(self, name: str) -> tuple[str, ...]:
        """Remove a collection, its documents and their words in kept answers; raises `NotFound`, `InvalidInput`."""
        removed = self.library.delete_collection(name)
        for document_id in removed:
            self.conversations.forget_document(document_id)
        return removed

    def close(self) -> None:
        """Let go of everything."""
        self.conversations.close()
        self.library.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()


def open_dossier(settings: Settings, *, wait_seconds: float = WAIT_SECONDS) -> Dossier:
    """Open the data directory of the settings with the reader that they name.

    Where another process holds the library, waits `wait_seconds` for it; after that the library can be added to and
    listed but not searched. Raises `InvalidSettings`, `EmbedderMismatch`, `StoreBroken`, `ModelUnavailable`.
    """
    check_reader(settings)
    with ExitStack() as undone:
        library = undone.enter_context(Library(settings.data_dir, settings.index, wait_seconds=wait_seconds))
        conversations = SqliteConversations(settings.data_dir)
        undone.callback(conversations.close)
        reading = _reading(settings, library)
        undone.pop_all()  # All went well: from here on `Dossier.close` does it.
    policy = Policy(settings.decline_below, settings.unsupported)
    support = _support(settings)
    checker = Checker(DeferredSupport(support) if support else None)
    assistant = Assistant(library, reading.condenser, reading.reader, conversations, checker, policy)
    return Dossier(settings, library, assistant, conversations, lambda: (reading.open_model(), support and support()))


def check_reader(settings: Settings) -> None:
    """Raises `InvalidSettings` where the reader needs a setting that is not there."""
    if settings.reader == "chat" and not settings.chat_model:
        raise InvalidSettings(
            "the chat reader needs a language model: set ASSISTANT_CHAT_MODEL=provider:name (for example "
            "openai:gpt-5, with ASSISTANT_CHAT_BASE_URL for a local server), or ASSISTANT_READER=extractive"
        )


def open_reader_model(name: str, threads: int = 0) -> ReaderModel:
    """The extractive reader's model of that name; `threads` 0 takes all cores. Raises `ModelUnavailable`."""
    if name == DEFAULT_READER_MODEL:
        from assistant.reading.own_model import OwnModel

        return OwnModel(threads=threads)
    from assistant.reading.any_model import AnyModel

    return AnyModel(name)


def open_support_model(name: str, threads: int = 0) -> Support:
    """The score of support of that name; `threads` 0 takes all cores. Raises `ModelUnavailable`."""
    if name == DEFAULT_SUPPORT_MODEL:
        from assistant.supporting.own_support import OwnSupport

        return OwnSupport(threads=threads)
    from assistant.supporting.entailment import EntailmentModel

    return EntailmentModel(name)


def _support(settings: Settings) -> Callable[[], Support] | None:
    """What opens the score of support, once; None where no language model writes, or where it is switched off."""
    if settings.reader != "chat" or settings.support_model == NO_SUPPORT_MODEL:
        return None
    return cache(lambda: open_support_model(settings.support_model, settings.index.threads))


@dataclass(frozen=True, slots=True)
class _Reading:
    """The parts that depend on the reader. `open_model` opens its model (a chat model is opened by then)."""

    reader: Reader
    condenser: Condenser
    open_model: Callable[[], object]


def open_configured_model(settings: Settings) -> ChatModel:
    """The chat model of the settings. Calls no network. Raises `InvalidSettings`, `ModelUnavailable`."""
    from assistant.chat_models import open_chat_model

    return open_chat_model(
        settings.chat_model or "",
        base_url=settings.chat_base_url,
        api_key=settings.chat_api_key.get_secret_value() if settings.chat_api_key else None,
        timeout=settings.chat_timeout,
        max_tokens=settings.chat_max_tokens,
    )


def _reading(settings: Settings, library: Library) -> _Reading:
    extractive = _extractive(settings, library)
    if settings.reader == "extractive":
        return extractive
    from assistant.budget import Budget, context_of
    from assistant.condensing import ModelCondenser
    from assistant.prompts import load
    from assistant.reading.chat import ChatReader
    from assistant.reading.forms import held_by
    from assistant.reading.standing_in import StandingIn

    model, pinned = open_configured_model(settings), settings.prompts
    budget = Budget(lambda: context_of(model, settings.chat_context), settings.chat_max_tokens)
    forms = held_by(model, settings.chat_constrained, load("answer_json", pinned.answer_json))
    reader = ChatReader(model, load("answer", pinned.answer), forms=forms, budget=budget)
    alone = settings.chat_fallback == "none"
    condenser = ModelCondenser(
        model, load("condense", pinned.condense), RuleCondenser(), room=budget.characters, needs_model=alone
    )
    if alone:
        return _Reading(reader, condenser, lambda: model)
    return _Reading(StandingIn(reader, extractive.reader), condenser, lambda: model)


def _extractive(settings: Settings, library: Library) -> _Reading:
    from assistant.reading.extractive import ExtractiveReader

    # Opened on the first question: a command that only lists documents does not wait for it.
    opened = cache(lambda: open_reader_model(settings.reader_model, settings.index.threads))
    return _Reading(ExtractiveReader(lambda: library.embedder, opened), RuleCondenser(), opened)
