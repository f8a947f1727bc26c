"""The reader model that ships with Dossier, run by onnxruntime: `reader.onnx` beside this file (see MODEL_CARD.md).

Its weights are stored in 8 bits and unpacked when it is loaded. Loads on its first use, in a third of a second.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.reading.encoding import INPUT_TOKENS, Encoded, Encoder, room, stacked
from assistant.reading.models import DEFAULT_READER_MODEL, Judged, Lengths, ShortAnswer, Window
from assistant.reading.opening import open_session, open_tokenizer, runtime_errors
from assistant.reading.spans import best_span
from index.errors import ModelUnavailable

FILE = "reader.onnx"
# The longest short answer, in tokens; longer ones were hardly trained on.
LONGEST_SPAN = 20
# A sentence that was cut off altogether has no score of its own.
LOWEST = -20.0

Scores = npt.NDArray[np.float32]


class OwnModel:
    """`ReaderModel` of this project. Thread-safe."""

    name = DEFAULT_READER_MODEL
    calibrated = True

    def __init__(self, folder: Path = Path(__file__).parent, threads: int = 0) -> None:
        try:
            self._session = open_session(folder / FILE, threads)
            self._encoder = Encoder(open_tokenizer())
        except runtime_errors() as error:
            raise ModelUnavailable(
                f"the reader model {folder / FILE} cannot be loaded ({type(error).__name__}): install Dossier again"
            ) from error

    def lengths(self, question: str, contexts: Sequence[str], sentences: Sequence[str]) -> Lengths:
        """See `ReaderModel`."""
        asked, *around = self._encoder.tokens([question, *contexts])
        cut = self._encoder.tokens(sentences)
        return Lengths(tuple(len(one) for one in cut), tuple(room(asked, context) for context in around))

    def judge(self, question: str, windows: Sequence[Window]) -> list[Judged]:
        """See `ReaderModel`. All windows are one batch."""
        if not windows:
            return []
        inputs = self.encoded(question, windows)
        start, end, sentence, answerable = self.run(inputs)
        return [
            _judged(one, encoded, start[row], end[row], sentence[row], float(answerable[row]))
            for row, (one, encoded) in enumerate(zip(windows, inputs, strict=True))
        ]

    def encoded(self, question: str, windows: Sequence[Window], most: int = INPUT_TOKENS) -> list[Encoded]:
        """The inputs, of at most `most` tokens each."""
        asked = self._encoder.tokens([question])[0]
        contexts = self._encoder.tokens([one.context for one in windows])
        return [
            self._encoder.encode(asked, context, self._encoder.tokens(one.sentences), most)
            for one, context in zip(windows, contexts, strict=True)
        ]

    def run(self, inputs: Sequence[Encoded]) -> list[Scores]:
        """Start, end, sentence and answerable, as `train.network.Scores` has them. Raises `ModelUnavailable`."""
        try:
            scores: list[Scores] = self._session.run(["start", "end", "sentence", "answerable"], stacked(inputs))
        except runtime_errors() as error:
            raise ModelUnavailable(f"the reader model failed ({error}): ask again, or report it") from error
        return scores


def _judged(
    window: Window, encoded: Encoded, start: Scores, end: Scores, sentence: Scores, answerable: float
) -> Judged:
    count = len(window.sentences)
    inside = encoded.segments > 0
    start, end = (one[: len(inside)] - np.logaddexp.reduce(one[: len(inside)][inside]) for one in (start, end))
    spans = tuple(_span(encoded, number, start, end) for number in range(1, count + 1))
    return Judged(tuple(max(float(score), LOWEST) for score in sentence[:count]), answerable, spans)


def _span(encoded: Encoded, segment: int, start: Scores, end: Scores) -> ShortAnswer | None:
    tokens = np.flatnonzero(encoded.segments == segment)
    return best_span(start[tokens], end[tokens], [encoded.places[token] for token in tokens], LONGEST_SPAN)
