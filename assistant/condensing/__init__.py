"""Condensing: from a follow-up and its conversation to a question that stands alone.

`RuleCondenser` needs no model. In English it knows three kinds of follow-up, tried in this order: a pronoun with no
name before it (b), a fragment such as "And in 2021?" (a), and a question too short to be searched (c). All else, and
every other language, it leaves as it was. `ModelCondenser` asks a chat model, checks what it wrote, and goes by the
rules where that fails, saying why. A first turn is never changed, and no model is called for it; a declined turn counts
like any other.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol

from assistant.answers import Answer, CondensedBy
from assistant.chat_models import ChatModel
from assistant.condensing.checked import cleaned, fault
from assistant.condensing.completing import completed, is_short
from assistant.condensing.pronouns import resolved
from assistant.condensing.replacing import fragment, replaced
from assistant.condensing.telling import BUDGET, told
from assistant.condensing.words import is_english
from assistant.prompts import Prompt
from assistant.reading.material import CLOSE, OPEN, shown
from index.errors import ModelUnavailable


@dataclass(frozen=True, slots=True)
class Condensed:
    """A question that stands alone, who made it, and why what a model wrote was set aside, where it was."""

    standalone: str
    by: CondensedBy
    set_aside: str | None = None


class Condenser(Protocol):
    """Completes a follow-up from the conversation before it."""

    def condense(self, asked: str, history: tuple[Answer, ...]) -> Condensed:
        """The standalone question; `asked` itself on a first turn. Raises `ModelUnavailable` where a model must be."""
        ...


class RuleCondenser:
    """Completes English follow-ups by rule."""

    def condense(self, asked: str, history: tuple[Answer, ...]) -> Condensed:
        """The standalone question; `asked` itself where no rule fits. Raises nothing."""
        standalone = self._standalone(asked, history)
        return Condensed(standalone, "asked" if standalone == asked else "rule")

    def _standalone(self, asked: str, history: tuple[Answer, ...]) -> str:
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
    """Lets a chat model complete the follow-up; `fallback` does where what it writes does not pass.

    `budget` is how many characters of the conversation the model sees. Where the model is away, `fallback` does too,
    unless `needs_model`.
    """

    def __init__(
        self, model: ChatModel, prompt: Prompt, fallback: Condenser, *, budget: int = BUDGET, needs_model: bool = True
    ) -> None:
        self._model = model
        self._prompt = prompt
        self._fallback = fallback
        self._budget = budget
        self._needs_model = needs_model

    def condense(self, asked: str, history: tuple[Answer, ...]) -> Condensed:
        """The standalone question; `asked` itself on a first turn.

        Raises `PromptError`, and `ModelUnavailable` where the model is needed.
        """
        if not history:
            return Condensed(asked, "asked")
        try:
            written = self._written(asked, history)
        except ModelUnavailable as error:
            if self._needs_model:
                raise
            return self._by_rule(asked, history, str(error))
        wrong = fault(written, asked, history)
        return self._by_rule(asked, history, wrong) if wrong else Condensed(written, "model")

    def _written(self, asked: str, history: tuple[Answer, ...]) -> str:
        messages = self._prompt.render(
            question=shown(asked), history=told(history, self._budget), open=OPEN, close=CLOSE
        )
        return cleaned(_first_line(self._model.write(messages.system, messages.user)))

    def _by_rule(self, asked: str, history: tuple[Answer, ...], why: str) -> Condensed:
        done = self._fallback.condense(asked, history)
        return Condensed(done.standalone, done.by, why)


def _first_line(pieces: Iterator[str]) -> str:
    """What is written on the first line that is not blank; what a model adds below is not waited for."""
    text = ""
    for piece in pieces:
        text = (text + piece).lstrip()
        if "\n" in text:
            break
    return text.partition("\n")[0]
