"""Failures: what an error of LangChain, of a provider's client or of the network means, said once.

Every provider's client has errors of its own, and most of those packages are not installed: so they are told from
Python's by where they are defined, and told apart by their names.
"""

from __future__ import annotations

import re

from assistant.errors import FormRefused, InvalidSettings
from index.errors import DossierError, ModelUnavailable

LONGEST_REASON = 200

_PACKAGE = re.compile(r"requires the (\S+) package")
TOO_SLOW = ("it did not answer in time", "try again, or raise ASSISTANT_CHAT_TIMEOUT")
BROKE_OFF = ("the connection broke off", "ask again; look at the server's log where it happens again")
NO_ANSWER = ("its server sent what is no answer", "check ASSISTANT_CHAT_BASE_URL, and look at the server's log")
TOO_LONG = ("it wrote more than it was to", "its server heeds no cap on tokens: lower its own, or use another")
# What LangChain says of a stream without a single event, in an error of Python's.
_EMPTY = "No generation chunks"

# What the name of an error, of a class above it or of its cause says has happened, in LangChain's classes and in those
# of the clients below it; the first that fits decides.
_CAUSES = (
    ("Timeout", *TOO_SLOW),
    ("Authentication", "it refused the key", "set ASSISTANT_CHAT_API_KEY, or the provider's own variable"),
    ("PermissionDenied", "the key may not use it", "choose another model or another key"),
    ("NotFound", "the server does not know it", "check the name in ASSISTANT_CHAT_MODEL and the base URL"),
    ("RateLimit", "it is asked too often", "wait a little and ask again"),
    ("ContextOverflow", "what it was shown is too long for it", "lower ASSISTANT_CHAT_CONTEXT"),
    ("Protocol", *BROKE_OFF),
    ("ReadError", *BROKE_OFF),
    ("Connect", "it cannot be reached", "start its server, or check ASSISTANT_CHAT_BASE_URL"),
    ("InternalServer", "its server failed", "ask again; look at the server's log where it happens again"),
    ("ModelAPIError", "its server failed", "ask again; look at the server's log where it happens again"),
    ("JSONDecode", *NO_ANSWER),
    ("UnicodeDecode", *NO_ANSWER),
)
# What a server or a client that knows no such form calls it.
_REFUSALS = ("BadRequest", "InvalidRequest", "UnprocessableEntity", "ValidationError", "NotImplemented")


def translated(name: str, error: Exception, *, formed: bool = False) -> ModelUnavailable | None:
    """What an error means for the model `name`; None for a fault of our own.

    `formed`: the model was asked for a form, and a request that is called wrong was refused for it.
    """
    if type(error) is ValueError and _EMPTY in str(error):
        return unavailable(name, *NO_ANSWER)
    if isinstance(error, DossierError) or not (isinstance(error, OSError | UnicodeDecodeError) or is_foreign(error)):
        return None
    names = _names(error)
    for fragment, what, then in _CAUSES:
        if any(fragment in found for found in names):
            return unavailable(name, what, then)
    if formed and any(fragment in found for found in names for fragment in _REFUSALS):
        return refused(name, brief(error))
    return unavailable(name, f"it failed ({brief(error)})", "check the model's settings and its server")


def unavailable(name: str, what: str, then: str) -> ModelUnavailable:
    """The error that says what has happened to the model and what to do."""
    return ModelUnavailable(f"the chat model {name} cannot be used: {what}; {then}")


def refused(name: str, why: str) -> FormRefused:
    """The error that says that the model takes no such form."""
    return FormRefused(f"the chat model {name} refused the form: {why}; set ASSISTANT_CHAT_CONSTRAINED=off")


def unopened(name: str, error: Exception) -> DossierError | None:
    """Why a model cannot be opened; None for a fault of our own."""
    if isinstance(error, ImportError):
        found = _PACKAGE.search(str(error))
        package = found[1] if found else f"langchain-{name.partition(':')[0]}"
        return ModelUnavailable(f"the chat model {name} needs a package that is not installed: pip install {package}")
    if is_foreign(error):
        return ModelUnavailable(
            f"the chat model {name} cannot be opened ({brief(error)}): where it needs a key, set "
            "ASSISTANT_CHAT_API_KEY, or the provider's own variable"
        )
    if isinstance(error, ValueError):
        return InvalidSettings(f"the chat model {name} cannot be opened: {brief(error)}")
    return None


def is_foreign(error: Exception) -> bool:
    """Whether an error is a library's, not Python's and not ours."""
    return type(error).__module__.partition(".")[0] not in ("builtins", "assistant", "index")


def brief(error: Exception) -> str:
    """An error in one short line: a server's message may repeat what it was sent."""
    line = " ".join(str(error).split()) or type(error).__name__
    return line if len(line) <= LONGEST_REASON else f"{line[:LONGEST_REASON]}…"


def _names(error: BaseException | None) -> list[str]:
    """The names of an error's class and those above it, and of the errors that caused it."""
    if error is None:
        return []
    return [kind.__name__ for kind in type(error).__mro__] + _names(error.__cause__)
