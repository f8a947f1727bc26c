"""Assembly: the one place that names concrete classes and puts them together as the settings say."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import cache
from types import TracebackType
from typing import Self

from assistant.answering import Assistant, Policy
from assistant.checking import Checker
from assistant.condensing import Condenser, RuleCondenser
from assistant.conversations import ConversationStore, SqliteConversations
from assistant.errors import InvalidSettings
from assistant.reading import Reader
from assistant.reading.models import DEFAULT_READER_MODEL, ReaderModel
from assistant.settings import Settings
from index.documents import DocumentEntry
from index.library import Library

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
        reader, condenser, open_model = _reader(settings, library)
        undone.pop_all()  # All went well: from here on `Dossier.close` does it.
    policy = Policy(settings.decline_below, settings.unsupported)
    assistant = Assistant(library, condenser, reader, conversations, Checker(), policy)
    return Dossier(settings, library, assistant, conversations, open_model)


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


def _reader(settings: Settings, library: Library) -> tuple[Reader, Condenser, Callable[[], object]]:
    """The reader, what completes follow-ups, and what opens the reader's model (a chat model is opened by then)."""
    by_rule = RuleCondenser()
    if settings.reader == "extractive":
        from assistant.reading.extractive import ExtractiveReader

        # Opened on the first question: a command that only lists documents does not wait for it.
        opened = cache(lambda: open_reader_model(settings.reader_model, settings.index.threads))
        return ExtractiveReader(lambda: library.embedder, opened), by_rule, opened
    from assistant.chat_models import open_chat_model
    from assistant.condensing import ModelCondenser
    from assistant.prompts import load
    from assistant.reading.chat import ChatReader

    key = settings.chat_api_key.get_secret_value() if settings.chat_api_key else None
    model = open_chat_model(
        settings.chat_model or "",
        base_url=settings.chat_base_url,
        api_key=key,
        timeout=settings.chat_timeout,
        max_tokens=settings.chat_max_tokens,
    )
    condenser = ModelCondenser(model, load("condense", settings.prompts.condense), by_rule)
    return ChatReader(model, load("answer", settings.prompts.answer)), condenser, lambda: model
