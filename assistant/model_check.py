"""Checking a model: what the configured one can do, found out by calling it.

One call writes a sentence; two more of a word each try whether its text can be held to a form, and its server is asked
how much it takes in where it has a call for that.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import dataclass

from assistant.assembly import check_reader, open_configured_model
from assistant.budget import USUAL_CONTEXT, context_of
from assistant.chat_models import ChatModel, FormedModel
from assistant.reading.forms import Kind, tried
from assistant.settings import Settings
from index.errors import ModelUnavailable

# Much as a real question is asked, so that scripts answer too.
_SYSTEM = "You answer from the numbered sentence, in one sentence."
_USER = "[1.1] The old bridge was closed in May, and opened again in June.\n\nQuestion: When was the bridge closed?"
# A text whose first piece comes no sooner than this share of the whole time was not streamed, only cut up.
MOST_WAITING = 0.9
# What is written at once, by a script say, has no time to tell by.
LEAST_SECONDS = 0.05


@dataclass(frozen=True, slots=True)
class Found:
    """One thing found out about a model, in words."""

    what: str
    said: str


def examine(settings: Settings) -> Iterator[Found]:
    """What the model of the settings can do, as it is found out.

    Raises `InvalidSettings` where none is set, `ModelUnavailable` where it cannot be used.
    """
    check_reader(settings.model_copy(update={"reader": "chat"}))
    model = open_configured_model(settings)
    yield Found("model", model.name)
    yield from _writing(model)
    yield from _constrained(model, settings)
    known = context_of(model, settings.chat_context, usual=0)
    said = f"{known} tokens" if known else f"unknown: {USUAL_CONTEXT} are assumed; ASSISTANT_CHAT_CONTEXT sets it"
    yield Found("context", f"{said} (ASSISTANT_CHAT_CONTEXT)" if settings.chat_context else said)


def _writing(model: ChatModel) -> Iterator[Found]:
    begun, first, pieces = time.monotonic(), 0.0, 0
    for piece in model.write(_SYSTEM, _USER):
        if piece:
            first = first or time.monotonic() - begun
            pieces += 1
    whole = time.monotonic() - begun
    if not pieces:
        raise ModelUnavailable(
            f"the chat model {model.name} wrote nothing: raise ASSISTANT_CHAT_MAX_TOKENS (a model that thinks first "
            "may use them up), or choose another model"
        )
    yield Found("reachable", f"yes: first word after {first:.2f} s, all after {whole:.2f} s")
    streams = pieces > 1 and (whole < LEAST_SECONDS or first < MOST_WAITING * whole)
    yield Found("streaming", f"yes: {pieces} pieces" if streams else "no: the text comes all at once")


def _constrained(model: ChatModel, settings: Settings) -> Iterator[Found]:
    """Whether the model can be kept to the ordinals that it is shown."""
    kinds: tuple[Kind, ...] = ("grammar", "json")
    for kind in kinds:
        if isinstance(model, FormedModel):
            trial = tried(model, kind)
            yield Found(_NAMES[kind], "yes" if trial.kept else f"no: {trial.said}")
        else:
            yield Found(_NAMES[kind], "no: a script writes what it says")
    if settings.chat_constrained in kinds:
        yield Found("asked for", f"{settings.chat_constrained} (ASSISTANT_CHAT_CONSTRAINED)")


_NAMES = {"grammar": "grammar", "json": "JSON schema"}
