"""Reader models: from a question and windows of sentences to how well each sentence answers. `ReaderModel` is the seam.

Two kinds are there: `own_model`, which ships with Dossier and runs on onnxruntime, and `any_model`, any extractive
question-answering model by name or folder.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

DEFAULT_READER_MODEL = "dossier-reader"


@dataclass(frozen=True, slots=True)
class Window:
    """Neighbouring sentences of one document, and what they stand under (title, heading)."""

    context: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ShortAnswer:
    """The words of a sentence that answer by themselves, as [start, end) in code points.

    `score` is their log-probability among all such words of the window.
    """

    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class Judged:
    """What a model says of one window: log-odds that are comparable between the windows of one question.

    `sentences` holds one score for each sentence, higher for one that answers; `answerable` is the log-odds that the
    window answers at all; `spans` the best short answer in each sentence, None where there is none.
    """

    sentences: tuple[float, ...]
    answerable: float
    spans: tuple[ShortAnswer | None, ...]


class ReaderModel(Protocol):
    """Reads windows. Thread-safe. `calibrated` where the shipped weights were fitted to what it says."""

    calibrated: bool

    @property
    def name(self) -> str:
        """The model as configured; stands in an answer's trace."""
        ...

    def judge(self, question: str, windows: Sequence[Window]) -> list[Judged]:
        """One `Judged` for each window, in order. Raises `ModelUnavailable` where the model fails."""
        ...

    def lengths(self, question: str, contexts: Sequence[str], sentences: Sequence[str]) -> Lengths:
        """How many tokens things have, so that windows can be made which fit."""
        ...


@dataclass(frozen=True, slots=True)
class Lengths:
    """Tokens of each sentence, and for each context how many tokens of sentences fit beside it and the question."""

    sentences: tuple[int, ...]
    room: tuple[int, ...]
