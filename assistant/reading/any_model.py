"""Any extractive question-answering model of transformers as a reader model, by name or folder. Runs with torch.

Such a model says where an answer starts and ends, and how well "no answer" does (the first token). A sentence's score
is its best span's lead over that. The lead is not calibrated: `assistant evaluate` shows what its confidence is worth,
and which ASSISTANT_DECLINE_BELOW fits it.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from assistant.reading.encoding import INPUT_TOKENS, SPECIAL_TOKENS
from assistant.reading.models import Judged, Lengths, ShortAnswer, Window
from assistant.reading.spans import best_span
from index.errors import ModelUnavailable

LONGEST_SPAN = 30
LEAST_ROOM = 24
# What a window may grow to with another tokenizer; some models say nothing of what they can read, or too much.
LONGEST_INPUT = 384
# Some models keep two positions for themselves.
KEPT_POSITIONS = 2

logger = logging.getLogger(__name__)

Scores = npt.NDArray[np.float32]


class AnyModel:
    """`ReaderModel` around a question-answering model. Thread-safe: one batch at a time."""

    calibrated = False

    def __init__(self, name: str) -> None:
        from transformers import AutoModelForQuestionAnswering, AutoTokenizer

        self.name = name
        self._lock = threading.Lock()
        try:
            self._tokenizer: Any = AutoTokenizer.from_pretrained(name, use_fast=True)
            self._model: Any = AutoModelForQuestionAnswering.from_pretrained(name).eval()
        except (OSError, ValueError, KeyError, RuntimeError, ImportError) as error:
            raise ModelUnavailable(
                f"the reader model {name} cannot be loaded ({type(error).__name__}: {_first_line(error)}): give the "
                "name or the folder of an extractive question-answering model, or unset ASSISTANT_READER_MODEL"
            ) from error
        if not self._tokenizer.is_fast:
            raise ModelUnavailable(f"the reader model {name} has no fast tokenizer, which says where words stand")
        positions = getattr(self._model.config, "max_position_embeddings", LONGEST_INPUT + KEPT_POSITIONS)
        self._longest = min(LONGEST_INPUT, self._tokenizer.model_max_length, positions - KEPT_POSITIONS)
        logger.warning(
            "the confidence of the reader model %s is not calibrated: choose ASSISTANT_DECLINE_BELOW with "
            "`assistant evaluate`",
            name,
        )

    def lengths(self, question: str, contexts: Sequence[str], sentences: Sequence[str]) -> Lengths:
        """See `ReaderModel`."""
        with self._lock:
            counts = [self._count(text) for text in (question, *contexts, *sentences)]
        asked, around, cut = counts[0], counts[1 : 1 + len(contexts)], counts[1 + len(contexts) :]
        room = tuple(max(LEAST_ROOM, INPUT_TOKENS - SPECIAL_TOKENS - asked - one) for one in around)
        return Lengths(tuple(cut), room)

    def judge(self, question: str, windows: Sequence[Window]) -> list[Judged]:
        """See `ReaderModel`."""
        if not windows:
            return []
        import torch

        shown = [_shown(one) for one in windows]
        try:
            with self._lock, torch.inference_mode():
                batch = self._tokenizer(
                    [question] * len(shown), [text for text, _ in shown],
                    padding=True, truncation="only_second", max_length=self._longest, return_offsets_mapping=True,
                    return_tensors="pt",
                )  # fmt: skip
                belongs = [batch.sequence_ids(row) for row in range(len(shown))]
                places = batch.pop("offset_mapping").numpy()
                said = self._model(**batch)
        except (RuntimeError, ValueError, TypeError, IndexError) as error:
            raise ModelUnavailable(
                f"the reader model {self.name} failed ({type(error).__name__}: {_first_line(error)})"
            ) from error
        starts, ends = said.start_logits.numpy(), said.end_logits.numpy()
        return [
            _judged(spans, _inside(places[row], belongs[row]), starts[row], ends[row])
            for row, (_, spans) in enumerate(shown)
        ]

    def _count(self, text: str) -> int:
        return len(self._tokenizer(text, add_special_tokens=False)["input_ids"])


def _shown(window: Window) -> tuple[str, list[tuple[int, int]]]:
    """A window as one text, and the place of each sentence in it."""
    text = f"{window.context}\n" if window.context else ""
    spans = []
    for sentence in window.sentences:
        spans.append((len(text), len(text) + len(sentence)))
        text += f"{sentence} "
    return text, spans


def _inside(places: npt.NDArray[np.int64], belongs: Sequence[int | None]) -> npt.NDArray[np.int64]:
    """The places of the text's tokens, shape (tokens, 2); (-1, -1) for the question's and for special ones."""
    of_text = np.array([one == 1 for one in belongs])
    return np.where(of_text[:, None], places, -1)


def _judged(spans: Sequence[tuple[int, int]], places: npt.NDArray[np.int64], start: Scores, end: Scores) -> Judged:
    nothing = float(start[0] + end[0])
    found = [_best(span, places, start, end) for span in spans]
    scores = tuple((one.score if one else -20.0 + nothing) - nothing for one in found)
    return Judged(scores, max(scores), tuple(found))


def _best(span: tuple[int, int], places: npt.NDArray[np.int64], start: Scores, end: Scores) -> ShortAnswer | None:
    tokens = np.flatnonzero((places[:, 0] >= span[0]) & (places[:, 1] <= span[1]) & (places[:, 1] > places[:, 0]))
    inside = [(int(first) - span[0], int(last) - span[0]) for first, last in places[tokens]]
    return best_span(start[tokens], end[tokens], inside, LONGEST_SPAN)


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [""])[0][:200]
