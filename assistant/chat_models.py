"""Chat models: whatever LangChain can open, and our scripted one, behind the seam `ChatModel`.

The only place in `assistant` that knows LangChain; its errors and those of the clients below it are translated here,
once. Nothing is imported or called before a model is opened, and opening one calls no network.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Protocol

from assistant.errors import InvalidSettings
from assistant.scripted_model import SCHEME, open_script
from index.errors import DossierError, ModelUnavailable

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessageChunk

MAX_RETRIES = 2
LONGEST_REASON = 200
# What a client of a server without keys sends in the place of one: it will not start without any.
NO_KEY = "none"

_PACKAGE = re.compile(r"requires the (\S+) package")

# What the name of an error, of a class above it or of its cause says has happened, in LangChain's classes and in those
# of the clients below it; the first that fits decides.
_CAUSES = (
    ("Timeout", "it did not answer in time", "try again, or raise ASSISTANT_CHAT_TIMEOUT"),
    ("Authentication", "it refused the key", "set ASSISTANT_CHAT_API_KEY, or the provider's own variable"),
    ("PermissionDenied", "the key may not use it", "choose another model or another key"),
    ("NotFound", "the server does not know it", "check the name in ASSISTANT_CHAT_MODEL and the base URL"),
    ("RateLimit", "it is asked too often", "wait a little and ask again"),
    ("ContextOverflow", "what it was shown is too long for it", "lower ASSISTANT_MAX_PASSAGES"),
    ("Protocol", "the connection broke off", "ask again; look at the server's log where it happens again"),
    ("ReadError", "the connection broke off", "ask again; look at the server's log where it happens again"),
    ("Connect", "it cannot be reached", "start its server, or check ASSISTANT_CHAT_BASE_URL"),
    ("InternalServer", "its server failed", "ask again; look at the server's log where it happens again"),
    ("ModelAPIError", "its server failed", "ask again; look at the server's log where it happens again"),
)


class ChatModel(Protocol):
    """Writes text to a system and a user message."""

    name: str

    def write(self, system: str, user: str) -> Iterator[str]:
        """The text, piece by piece as it is written. Raises `ModelUnavailable`, at the call or at any piece."""
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
        from langchain_core.messages import HumanMessage, SystemMessage

        try:
            for part in self._timed(self._model.stream([SystemMessage(system), HumanMessage(user)])):
                yield str(part.text)
        except Exception as error:
            unavailable = self._translated(error)
            if unavailable is not None:
                raise unavailable from error
            raise

    def _timed(self, parts: Iterator[AIMessageChunk]) -> Iterator[AIMessageChunk]:
        """The parts as they come; a server that dribbles without end is cut off."""
        deadline: float | None = None
        for part in parts:
            now = time.monotonic()
            deadline = now + self._timeout if deadline is None else deadline
            if now > deadline:
                raise self._unavailable(*_CAUSES[0][1:])
            yield part

    def _translated(self, error: Exception) -> ModelUnavailable | None:
        """What an error of LangChain, of a client or of the network means; None for a fault of our own.

        Every provider's client has errors of its own, and most of those packages are not installed: so they are told
        from Python's by where they are defined, and told apart by their names.
        """
        if isinstance(error, DossierError) or not (isinstance(error, OSError) or _is_foreign(error)):
            return None
        names = _names(error)
        for fragment, what, then in _CAUSES:
            if any(fragment in name for name in names):
                return self._unavailable(what, then)
        return self._unavailable(f"it failed ({_brief(error)})", "check the model's settings and its server")

    def _unavailable(self, what: str, then: str) -> ModelUnavailable:
        return ModelUnavailable(f"the chat model {self.name} cannot be used: {what}; {then}")


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
        if _is_foreign(error) and "base_url" in options and "api_key" not in options:
            # A server of one's own seldom wants a key, but the client does.
            return _opened(name, {**options, "api_key": NO_KEY})
        unopened = _unopened(name, error)
        if unopened is not None:
            raise unopened from error
        raise
    return opened


def _unopened(name: str, error: Exception) -> DossierError | None:
    """Why a model cannot be opened; None for a fault of our own."""
    if isinstance(error, ImportError):
        found = _PACKAGE.search(str(error))
        package = found[1] if found else f"langchain-{name.partition(':')[0]}"
        return ModelUnavailable(f"the chat model {name} needs a package that is not installed: pip install {package}")
    if _is_foreign(error):
        return ModelUnavailable(
            f"the chat model {name} cannot be opened ({_brief(error)}): where it needs a key, set "
            "ASSISTANT_CHAT_API_KEY, or the provider's own variable"
        )
    if isinstance(error, ValueError):
        return InvalidSettings(f"the chat model {name} cannot be opened: {_brief(error)}")
    return None


def _names(error: BaseException | None) -> list[str]:
    """The names of an error's class and those above it, and of the errors that caused it."""
    if error is None:
        return []
    return [kind.__name__ for kind in type(error).__mro__] + _names(error.__cause__)


def _is_foreign(error: Exception) -> bool:
    return type(error).__module__.partition(".")[0] not in ("builtins", "assistant", "index")


def _brief(error: Exception) -> str:
    """An error in one short line: a server's message may repeat what it was sent."""
    line = " ".join(str(error).split()) or type(error).__name__
    return line if len(line) <= LONGEST_REASON else f"{line[:LONGEST_REASON]}…"
