"""Budget: how much text a language model can take, reckoned without its tokenizer, on the safe side.

Tokenizers cut English words seldom, those of other languages often, and other scripts as good as into bytes, each the
more the older and smaller the model. So three ASCII letters are a token, other letters more than one each, and digits
and signs are counted by the byte. On English that is about a half more than a tokenizer counts that knows English
alone; a test holds it against one.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from typing import Protocol, runtime_checkable

from index.errors import ModelUnavailable

# Where neither a setting nor the server says how much the model takes.
USUAL_CONTEXT = 8192
# What a chat template puts around two messages.
TEMPLATE = 64

_LETTERS = re.compile(r"[^\W\d_]+")
# A space goes with the word behind it; before a digit or a sign it may be a token of its own.
_JOINED = re.compile(r"[ \t](?=[^\W\d_])")
LETTERS_A_TOKEN = 3
# Of letters beyond ASCII, two bytes and more each.
BYTES_A_TOKEN = 1.75


def estimated(text: str) -> int:
    """How many tokens a text has, at most as a rule."""
    signs = _LETTERS.sub("", _JOINED.sub("", text))
    return len(signs.encode("utf-8", "replace")) + sum(map(_of_word, _LETTERS.findall(text)))


def _of_word(word: str) -> int:
    plain = sum(sign.isascii() for sign in word)
    other = len(word.encode("utf-8", "replace")) - plain
    return math.ceil(plain / LETTERS_A_TOKEN + other / BYTES_A_TOKEN)


class Budget:
    """What a model takes in all, prompt and answer, and how much of that its answer may be.

    `ask_context` is called when it is needed; where that raises `ModelUnavailable`, again the next time.
    """

    def __init__(self, ask_context: Callable[[], int], max_tokens: int) -> None:
        self.max_tokens = max_tokens
        self._ask_context = ask_context
        self._context: int | None = None

    @property
    def context(self) -> int:
        """How many tokens the model takes in all."""
        if self._context is None:
            try:
                self._context = self._ask_context()
            except ModelUnavailable:
                return USUAL_CONTEXT
        return self._context

    def room(self, *texts: str) -> int:
        """How many tokens are left beside these texts and the answer; below 0 where they are too long already."""
        return self.context - self.max_tokens - TEMPLATE - sum(estimated(text) for text in texts)

    def characters(self, *texts: str) -> int:
        """How many characters fit beside these, for what is cut by characters: of plain letters one a token surely."""
        return max(self.room(*texts), 0)


@runtime_checkable
class Knowing(Protocol):
    """A model that may know how much it takes."""

    def context_tokens(self) -> int | None:
        """How many tokens it takes in all; None: unknown. Raises `ModelUnavailable` where it cannot be asked now."""
        ...


def context_of(model: object, setting: int, *, usual: int = USUAL_CONTEXT) -> int:
    """How many tokens a model takes in all: by the setting (0: unset), else as it says itself, else as is usual."""
    return setting or (isinstance(model, Knowing) and model.context_tokens()) or usual
