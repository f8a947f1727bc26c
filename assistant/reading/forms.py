"""Forms: whether a model's text can be held to the ordinals that it was shown, and how it is asked for then.

`auto` tries the model once, with a form that leaves it one word to write, and remembers what it did: a grammar where
the server keeps to it, else a JSON schema, else nothing. So nothing is asked of a server that is not known to heed it.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator
from dataclasses import dataclass
from threading import Lock
from typing import Literal, get_args

from assistant.chat_models import ChatModel, Form, FormedModel, Grammar, Schema
from assistant.errors import FormRefused
from assistant.prompts import Prompt
from assistant.reading.grammar import grammar, schema
from index.errors import ModelUnavailable

Kind = Literal["grammar", "json", "off"]
Wanted = Literal["auto", "grammar", "json", "off"]

WORD = "zebra"
# The trial asks for another word than the form allows.
_SYSTEM = "You write exactly the one word that you are asked for."
_TRIALS: dict[Kind, tuple[str, Form]] = {
    "grammar": ("Write the word bridge.", Grammar(f'root ::= "{WORD}"')),
    "json": (
        'Write the word bridge as JSON: {"word": "bridge"}',
        Schema(
            {
                "title": "word",
                "type": "object",
                "properties": {"word": {"type": "string", "enum": [WORD]}},
                "required": ["word"],
                "additionalProperties": False,
            }
        ),
    ),
}

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Trial:
    """What came of trying a form: whether the model kept to it, and why not."""

    kind: Kind
    kept: bool
    said: str = ""


def tried(model: FormedModel, kind: Kind) -> Trial:
    """Try a form in one short call. Raises `ModelUnavailable` where the model cannot be used at all."""
    asked, form = _TRIALS[kind]
    try:
        written = "".join(model.write_formed(_SYSTEM, asked, form)).strip()
    except FormRefused as error:
        return Trial(kind, kept=False, said=str(error))
    kept = written == WORD if kind == "grammar" else _word(written) == WORD
    return Trial(kind, kept, "" if kept else "the server passes over it")


class Forms:
    """How one model is asked for text: plainly, or held to the ordinals shown. Thread-safe."""

    def __init__(self, model: FormedModel, wanted: Wanted, json_prompt: Prompt) -> None:
        self.json_prompt = json_prompt
        self._model = model
        self._wanted = wanted
        self._kind: Kind | None = None if wanted == "auto" else wanted
        # What went wrong with a trial, until it is known whether the server or the form was to blame.
        self._failed: ModelUnavailable | None = None
        self._lock = Lock()

    def kind(self) -> Kind:
        """The form to ask for. Where it is to be found out, finds out once; where the model fails at that, none."""
        with self._lock:
            if self._kind is not None:
                return self._kind
            try:
                self._kind = self._found()
            except ModelUnavailable as error:
                self._failed = error
                return "off"
            return self._kind

    def wrote_plainly(self) -> None:
        """The model wrote without a form: if a trial failed just now, the form was to blame."""
        if self._failed is not None:
            self.give_up(self._failed)

    def give_up(self, error: ModelUnavailable) -> bool:
        """Ask for no form any more, where that was left to us; whether it was."""
        if self._wanted != "auto":
            return False
        # Not its message, in which a server may repeat what it was sent.
        logger.warning("answers are written unconstrained from now on (%s)", type(error.__cause__ or error).__name__)
        with self._lock:
            self._kind, self._failed = "off", None
        return True

    def write(self, system: str, user: str, kind: Kind, ordinals: tuple[str, ...]) -> Iterator[str]:
        """The model's text, held to the ordinals. Raises `FormRefused` before a word, and `ModelUnavailable`."""
        form = grammar(ordinals) if kind == "grammar" else schema(ordinals)
        return self._model.write_formed(system, user, form)

    def _found(self) -> Kind:
        for kind in get_args(Kind):
            if kind == "off":
                break
            trial = tried(self._model, kind)
            if trial.kept:
                return trial.kind
            logger.info("%s is not held to a %s", self._model.name, kind)
        return "off"


def held_by(model: ChatModel, wanted: Wanted, json_prompt: Prompt) -> Forms | None:
    """The forms of a model that knows any; None where it knows none, or is to be asked for none."""
    return Forms(model, wanted, json_prompt) if wanted != "off" and isinstance(model, FormedModel) else None


def _word(written: str) -> object:
    try:
        found = json.loads(written)
    except (ValueError, RecursionError):
        return None
    return found.get("word") if isinstance(found, dict) else None
