"""Condensing: from a follow-up and its conversation to a question that stands alone.

`RuleCondenser` needs no model. In English it knows three kinds of follow-up, tried in this order: a pronoun with no
name before it (b), a fragment such as "And in 2021?" (a), and a question too short to be searched (c). All else, and
every other language, it leaves as it was. `ModelCondenser` asks a chat model, and goes by the rules where that writes
nothing usable. A first turn is never changed, and no model is called for it; a declined turn counts like any other.
"""

from __future__ import annotations

from typing import Protocol

from assistant.answers import Answer
from assistant.chat_models import ChatModel
from assistant.condensing.completing import completed, is_short
from assistant.condensing.pronouns import resolved
from assistant.condensing.replacing import fragment, replaced
from assistant.condensing.words import is_english
from assistant.prompts import Prompt
from assistant.reading.material import CLOSE, OPEN, fenced, shown

# Of a long conversation the model sees the end, and of a long answer the beginning.
LAST_TURNS = 6
LONGEST_SHOWN = 400
LONGEST_STANDALONE = 400


class Condenser(Protocol):
    """Completes a follow-up from the conversation before it."""

    def condense(self, asked: str, history: tuple[Answer, ...]) -> str:
        """The standalone question; `asked` itself on a first turn. Raises `ModelUnavailable` where a model is asked."""
        ...


class RuleCondenser:
    """Completes English follow-ups by rule."""

    def condense(self, asked: str, history: tuple[Answer, ...]) -> str:
        """The standalone question; `asked` itself where no rule fits. Raises nothing."""
        if not history:
            return asked
        previous = history[-1].question.standalone
        if not is_english(asked) or not is_english(previous):
            return asked
        named = resolved(asked, history)
        inner = fragment(named, previous)
        if inner is not None:
            return replaced(inner, previous)
        if named == asked and is_short(asked):
            return completed(asked, previous)
        return named


class ModelCondenser:
    """Lets a chat model complete the follow-up; `fallback` does where the model writes nothing usable."""

    def __init__(self, model: ChatModel, prompt: Prompt, fallback: Condenser) -> None:
        self._model = model
        self._prompt = prompt
        self._fallback = fallback

    def condense(self, asked: str, history: tuple[Answer, ...]) -> str:
        """The standalone question; `asked` itself on a first turn. Raises `ModelUnavailable`, `PromptError`."""
        if not history:
            return asked
        messages = self._prompt.render(question=shown(asked), history=_conversation(history), open=OPEN, close=CLOSE)
        written = "".join(self._model.write(messages.system, messages.user)).strip().strip("\"“”'").strip()
        if is_usable(written):
            return written
        return self._fallback.condense(asked, history)


def is_usable(written: str) -> bool:
    """Whether what a model wrote can be a question: one line, not empty, not over-long."""
    return bool(written) and len(written.splitlines()) == 1 and len(written) <= LONGEST_STANDALONE


def _conversation(history: tuple[Answer, ...]) -> str:
    lines = []
    for answer in history[-LAST_TURNS:]:
        said = " ".join(statement.text for statement in answer.statements) or "(the documents do not say)"
        lines += [f"Question: {shown(answer.question.standalone)}", f"Answer: {shown(said)[:LONGEST_SHOWN]}"]
    return fenced("conversation", lines)
