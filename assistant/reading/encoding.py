"""Encoding: a question and a window of sentences as token ids, the same way for training and for reading.

    [CLS] question [SEP] context [SEP] sentence 1 ... sentence n [SEP]

A window is a few neighbouring sentences of one passage, small enough to read many. Its context is what the sentences
stand under (the document's title, the heading): read, but no answer.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from tokenizers import Tokenizer

# Tokens of the whole input, special ones included, and the most that its first two parts may take of them.
INPUT_TOKENS = 90
QUESTION_TOKENS = 32
CONTEXT_TOKENS = 12
SENTENCES = 8
SPECIAL_TOKENS = 4

# What a token belongs to: a sentence by its number from 1 on, or
OUTSIDE, QUESTION = 0, -1

Ids = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Tokens:
    """A text's token ids and the place of each in it, as (start, end) in code points."""

    ids: tuple[int, ...]
    places: tuple[tuple[int, int], ...]

    def __len__(self) -> int:
        return len(self.ids)

    def cut(self, most: int) -> Tokens:
        """The first `most` tokens."""
        return Tokens(self.ids[:most], self.places[:most])


@dataclass(frozen=True, slots=True)
class Encoded:
    """One input: ids, types (0 question, 1 the rest) and segments, each of shape (tokens,).

    `places[t]` is the place of token t in its sentence; (0, 0) for tokens of no sentence.
    """

    ids: Ids
    types: Ids
    segments: Ids
    places: tuple[tuple[int, int], ...]


class Encoder:
    """Makes inputs with a BERT-like tokenizer, which must know [CLS] and [SEP]."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        # Without a word here, tokenizers complains on standard error when a process forks after its first batch.
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        tokenizer.no_truncation()
        tokenizer.no_padding()
        self._tokenizer = tokenizer
        self._start, self._stop = (_id(tokenizer, sign) for sign in ("[CLS]", "[SEP]"))

    def tokens(self, texts: Sequence[str]) -> list[Tokens]:
        """The tokens of each text, without special ones."""
        found = self._tokenizer.encode_batch(list(texts), add_special_tokens=False)
        return [Tokens(tuple(one.ids), tuple(one.offsets)) for one in found]

    def encode(
        self, question: Tokens, context: Tokens, sentences: Sequence[Tokens], most: int = INPUT_TOKENS
    ) -> Encoded:
        """One input; what is more than `most` tokens is cut from the last sentences."""
        asked, around = question.cut(QUESTION_TOKENS), context.cut(CONTEXT_TOKENS)
        ids = [self._start, *asked.ids, self._stop, *around.ids, self._stop]
        segments = [OUTSIDE, *[QUESTION] * len(asked), OUTSIDE, *[OUTSIDE] * len(around), OUTSIDE]
        places = [(0, 0)] * len(ids)
        types = [0] * (len(asked) + 2) + [1] * (len(around) + 1)
        for number, sentence in enumerate(sentences[:SENTENCES], start=1):
            part = sentence.cut(most - 1 - len(ids))
            ids += part.ids
            places += part.places
            segments += [number] * len(part)
        ids.append(self._stop)
        segments.append(OUTSIDE)
        places.append((0, 0))
        types += [1] * (len(ids) - len(types))
        return Encoded(
            np.array(ids, dtype=np.int64),
            np.array(types, dtype=np.int64),
            np.array(segments, dtype=np.int64),
            tuple(places),
        )


def room(question: Tokens, context: Tokens) -> int:
    """How many tokens of sentences an input has room for."""
    asked, around = min(len(question), QUESTION_TOKENS), min(len(context), CONTEXT_TOKENS)
    return INPUT_TOKENS - SPECIAL_TOKENS - asked - around


def window(lengths: Sequence[int], center: int, most: int) -> range:
    """The sentences around one, by their tokens: those before and after by turns, as long as they fit."""
    first, last = center, center
    left = most - lengths[center]
    before, after = True, True
    while (before or after) and last - first + 1 < SENTENCES:
        before = before and first > 0 and lengths[first - 1] <= left
        if before:
            first -= 1
            left -= lengths[first]
        after = after and last + 1 < len(lengths) and lengths[last + 1] <= left and last - first + 1 < SENTENCES
        if after:
            last += 1
            left -= lengths[last]
    return range(first, last + 1)


def stacked(inputs: Sequence[Encoded]) -> dict[str, Ids]:
    """A batch, padded at the end: each value of shape (inputs, tokens of the longest)."""
    longest = max(len(one.ids) for one in inputs)
    shape = (len(inputs), longest)
    names = ("input_ids", "attention_mask", "token_type_ids", "segments")
    batch = {name: np.zeros(shape, dtype=np.int64) for name in names}
    for row, one in enumerate(inputs):
        count = len(one.ids)
        batch["input_ids"][row, :count] = one.ids
        batch["attention_mask"][row, :count] = 1
        batch["token_type_ids"][row, :count] = one.types
        batch["segments"][row, :count] = one.segments
    return batch


def _id(tokenizer: Tokenizer, sign: str) -> int:
    found = tokenizer.token_to_id(sign)
    if found is None:
        raise ValueError(f"the tokenizer knows no {sign}: it is not BERT's")
    return int(found)
