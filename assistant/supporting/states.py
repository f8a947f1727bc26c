"""States: what the reader model makes of a statement and its quotes, read together as question and window.

The reader's file gives its four scores. Its inner states come out as well where the graph names them as outputs: those
names are added to the file's bytes in memory, so that the weights are there once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant import reading
from assistant.reading.opening import open_session, open_tokenizer, runtime_errors
from index.errors import ModelUnavailable

READER = Path(reading.__file__).parent / "reader.onnx"
# The states after the word vectors, the third and the fifth of six layers, by their names in the reader's graph.
LAYERS = ("layer_norm", "layer_norm_6", "layer_norm_10")
# Tokens of a statement and of its quotes; more than the reader was trained with, but its body reads 256.
STATEMENT_TOKENS = 100
QUOTES_TOKENS = 180
# The reader has scores for so many sentences.
SENTENCES = 8

Matrix = npt.NDArray[np.float32]
Ids = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class States:
    """A statement read with its quotes: the ids of its tokens and of theirs, and the states of both at each layer.

    `sentence` is the reader's best score of a quote as an answer to the statement, `answerable` that of all of them.
    """

    ids: Ids
    quote_ids: Ids
    layers: tuple[tuple[Matrix, Matrix], ...]
    sentence: float
    answerable: float


class StateReader:
    """The reader model, opened for its states. Thread-safe. Raises `ModelUnavailable`."""

    def __init__(self, file: Path = READER, threads: int = 0) -> None:
        self._errors = runtime_errors()
        try:
            self._session = open_session(with_outputs(file.read_bytes(), LAYERS), threads)
            self._tokenizer = open_tokenizer()
        except self._errors as error:
            raise ModelUnavailable(
                f"the support model's reader {file} cannot be loaded ({type(error).__name__}): install Dossier again, "
                "or check without it (ASSISTANT_SUPPORT_MODEL=none)"
            ) from error
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._start, self._stop = (self._tokenizer.token_to_id(sign) for sign in ("[CLS]", "[SEP]"))
        self.vocabulary: dict[int, str] = {place: word for word, place in self._tokenizer.get_vocab().items()}

    def tokens(self, texts: Sequence[str]) -> list[list[int]]:
        """The token ids of each text, without special ones."""
        return [one.ids for one in self._tokenizer.encode_batch(list(texts), add_special_tokens=False)]

    def read(self, text: str, quotes: Sequence[str]) -> States:
        """Read a statement with its quotes; raises `ModelUnavailable`."""
        said, *cited = self.tokens([text, *quotes])
        said = said[:STATEMENT_TOKENS]
        ids = [self._start, *said, self._stop, self._stop]
        segments = [0, *[-1] * len(said), 0, 0]
        types = [0] * (len(said) + 2) + [1]
        left = QUOTES_TOKENS
        for number, quote in enumerate(cited, start=1):
            part = quote[:left]
            left -= len(part)
            ids += part
            segments += [min(number, SENTENCES)] * len(part)
        ids.append(self._stop)
        segments.append(0)
        types += [1] * (len(ids) - len(types))
        inputs = {
            "input_ids": ids, "attention_mask": [1] * len(ids), "token_type_ids": types, "segments": segments,
        }  # fmt: skip
        try:
            sentence, answerable, *layers = self._session.run(
                ["sentence", "answerable", *LAYERS],
                {name: np.array([values], dtype=np.int64) for name, values in inputs.items()},
            )
        except self._errors as error:
            raise ModelUnavailable(f"the support model's reader failed ({error}): ask again, or report it") from error
        of = np.array(segments)
        whole = np.array(ids, dtype=np.int64)
        return States(
            whole[of == -1],
            whole[of > 0],
            tuple((states[0][of == -1], states[0][of > 0]) for states in layers),
            float(sentence[0][: min(len(cited), SENTENCES)].max()),
            float(answerable[0]),
        )


def with_outputs(model: bytes, names: Sequence[str]) -> bytes:
    """An ONNX file's bytes with inner values of its graph as outputs more.

    What stands twice in such a file is merged when it is read: so a second graph is appended that has nothing but the
    outputs. Each is a name and the type "tensor of 32-bit floats".
    """
    floats = b"\x12\x04\x0a\x02\x08\x01"
    outputs = b"".join(_field(12, _field(1, name.encode()) + floats) for name in names)
    return model + _field(7, outputs)


def _field(number: int, content: bytes) -> bytes:
    """A field of a protocol buffer that holds bytes."""
    size, written = len(content), bytearray([number << 3 | 2])
    while size > 127:
        written.append(size & 127 | 128)
        size >>= 7
    return bytes([*written, size]) + content
