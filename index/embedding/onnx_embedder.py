"""The embedder that runs an exported model with onnxruntime, without torch: half a second from cold to a vector.

Reads one folder that `index.embedding.export` wrote: `model.onnx` (pools and normalises in the graph),
`tokenizer.json` and `manifest.json`. Does not export.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import numpy.typing as npt

from index.embedding.batching import batches
from index.embedding.manifest import Manifest
from index.embedding.protocol import Vectors, refuse_long_passages, refuse_long_question
from index.errors import ModelUnavailable

# The tokenizer's own results are large; no more than these are held at once.
_TEXTS_AT_ONCE = 512

Ids = npt.NDArray[np.int32]


class OnnxEmbedder:
    """Embeds with an exported model. Raises `ModelUnavailable` where it cannot be loaded."""

    def __init__(self, folder: Path, manifest: Manifest, threads: int = 0) -> None:
        # Without a word here, tokenizers complains on standard error when a process forks after its first batch.
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        import onnxruntime  # type: ignore[import-untyped]
        from tokenizers import Tokenizer

        self._manifest = manifest
        self._lock = threading.Lock()
        self._tokens_embedded = 0
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads or os.cpu_count() or 1
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self._errors: tuple[type[Exception], ...] = (OSError, ValueError, *_errors())
        try:
            # from_str: from_file raises a bare Exception for what it cannot read.
            self._tokenizer = Tokenizer.from_str((folder / "tokenizer.json").read_text(encoding="utf-8"))
            self._session = onnxruntime.InferenceSession(
                str(folder / "model.onnx"), options, providers=["CPUExecutionProvider"]
            )
        except self._errors as error:
            raise ModelUnavailable(
                f"embedder {manifest.name}: its exported form in {folder} cannot be loaded; delete that folder, it is "
                "made again"
            ) from error
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()

    @property
    def name(self) -> str:
        """The model as configured."""
        return self._manifest.name

    @property
    def dimension(self) -> int:
        """Numbers in a vector."""
        return self._manifest.dimension

    @property
    def max_tokens(self) -> int:
        """The longest text, in tokens, special ones included."""
        return self._manifest.max_tokens

    @property
    def tokens_embedded(self) -> int:
        """Tokens of all texts embedded so far, without padding."""
        return self._tokens_embedded

    def count(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text as a passage; nothing is truncated."""
        return [len(ids) for ids in self._encoded(texts, self._manifest.passage_prompt)]

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of shape (number of texts, dimension), in order. Raises `InvalidInput` for one that is too long."""
        encoded = self._encoded(texts, self._manifest.passage_prompt)
        lengths = [len(ids) for ids in encoded]
        refuse_long_passages(lengths, self.max_tokens)
        vectors = np.empty((len(encoded), self.dimension), dtype=np.float32)
        for batch in batches(lengths):
            vectors[batch] = self._run([encoded[place] for place in batch])
        return vectors

    def embed_question(self, text: str) -> Vectors:
        """A vector of shape (dimension,). Raises `InvalidInput` for a question that is too long."""
        encoded = self._encoded([text], self._manifest.question_prompt)
        refuse_long_question(len(encoded[0]), self.max_tokens)
        vector: Vectors = self._run(encoded)[0]
        return vector

    def _encoded(self, texts: Sequence[str], prompt: str) -> list[Ids]:
        found: list[Ids] = []
        for start in range(0, len(texts), _TEXTS_AT_ONCE):
            part = [prompt + text for text in texts[start : start + _TEXTS_AT_ONCE]]
            found += (np.array(encoding.ids, dtype=np.int32) for encoding in self._tokenizer.encode_batch_fast(part))
        return found

    def _run(self, encoded: Sequence[Ids]) -> Vectors:
        longest = max(len(ids) for ids in encoded)
        input_ids = np.full((len(encoded), longest), self._manifest.pad_id, dtype=np.int64)
        mask = np.zeros((len(encoded), longest), dtype=np.int64)
        for row, ids in enumerate(encoded):
            input_ids[row, : len(ids)] = ids
            mask[row, : len(ids)] = 1
        try:
            vectors: Vectors = self._session.run(["vectors"], {"input_ids": input_ids, "attention_mask": mask})[0]
        except self._errors as error:
            raise ModelUnavailable(
                f"embedder {self.name}: onnxruntime failed ({error}); try the torch backend"
            ) from error
        with self._lock:
            self._tokens_embedded += int(mask.sum())
        return vectors


def _errors() -> tuple[type[Exception], ...]:
    """The exceptions of onnxruntime: they share no base of their own."""
    from onnxruntime.capi import onnxruntime_pybind11_state as state  # type: ignore[import-untyped]

    return tuple(kind for kind in vars(state).values() if isinstance(kind, type) and issubclass(kind, Exception))
