"""The embedder that runs any sentence-transformers model with torch: slow to start, and able to run them all."""

from __future__ import annotations

import logging
import os
import threading
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from index.embedding.batching import batches
from index.embedding.protocol import Vectors, refuse_long_passages, refuse_long_question
from index.embedding.weights import check_default
from index.errors import ModelUnavailable
from index.settings import DEFAULT_EMBEDDER

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_TEXTS_AT_ONCE = 512
# For a model that names no limit.
_MOST_TOKENS = 8_192

_NOISY = ("torch.onnx", "transformers", "sentence_transformers", "onnxscript", "onnx_ir")


class SentenceTransformerEmbedder:
    """Embeds with sentence-transformers. `folder` is the model's, None for a hub name that is to be downloaded.

    Raises `ModelUnavailable` where the model cannot be loaded.
    """

    def __init__(self, name: str, folder: Path | None, threads: int = 0) -> None:
        if name == DEFAULT_EMBEDDER and folder is not None:
            check_default(folder)
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        self.model = _loaded(name, folder, threads)
        self._name = name
        self._lock = threading.Lock()
        self._tokens_embedded = 0
        tokenizer = self.model.tokenizer
        if not callable(tokenizer):
            raise ModelUnavailable(f"embedder {name} has no tokenizer that counts tokens; use another model")
        limits = (self.model.max_seq_length, getattr(tokenizer, "model_max_length", None), _MOST_TOKENS)
        self._max_tokens = min(limit for limit in limits if limit)
        self._tokenizer = tokenizer
        self._dimension = int(
            self.model.get_embedding_dimension() or len(self._encoded(["dimension"], question=False)[0])
        )
        self._tokens_embedded = 0

    @property
    def name(self) -> str:
        """The model as configured."""
        return self._name

    @property
    def dimension(self) -> int:
        """Numbers in a vector."""
        return self._dimension

    @property
    def max_tokens(self) -> int:
        """The longest text, in tokens, special ones included."""
        return self._max_tokens

    @property
    def tokens_embedded(self) -> int:
        """Tokens of all texts embedded so far, without padding."""
        return self._tokens_embedded

    @property
    def prompts(self) -> tuple[str, str]:
        """What the model puts before a passage, and before a question."""
        prompts = self.model.prompts
        passage = prompts.get("document") or prompts.get("passage") or prompts.get("corpus") or ""
        return passage, prompts.get("query") or ""

    def count(self, texts: Sequence[str]) -> list[int]:
        """Tokens of each text as a passage; nothing is truncated."""
        return self._counted(texts, self.prompts[0])

    def embed_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of shape (number of texts, dimension), in order. Raises `InvalidInput` for one that is too long."""
        lengths = self.count(texts)
        refuse_long_passages(lengths, self.max_tokens)
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        for batch in batches(lengths):
            vectors[batch] = self._encoded([texts[place] for place in batch], question=False)
            self._add(sum(lengths[place] for place in batch))
        return vectors

    def embed_question(self, text: str) -> Vectors:
        """A vector of shape (dimension,). Raises `InvalidInput` for a question that is too long."""
        length = self._counted([text], self.prompts[1])[0]
        refuse_long_question(length, self.max_tokens)
        vector: Vectors = self._encoded([text], question=True)[0]
        self._add(length)
        return vector

    def _add(self, tokens: int) -> None:
        with self._lock:
            self._tokens_embedded += tokens

    def _counted(self, texts: Sequence[str], prompt: str) -> list[int]:
        counts: list[int] = []
        for start in range(0, len(texts), _TEXTS_AT_ONCE):
            part = [prompt + text for text in texts[start : start + _TEXTS_AT_ONCE]]
            # The tokenizer keeps truncation as its state, which a thread that embeds would change.
            with self._lock:
                encoded = self._tokenizer(part, truncation=False, padding=False, verbose=False)
            counts += [len(ids) for ids in encoded["input_ids"]]
        return counts

    def _encoded(self, texts: list[str], *, question: bool) -> Vectors:
        encode = self.model.encode_query if question else self.model.encode_document
        try:
            with self._lock:
                vectors = encode(texts, batch_size=len(texts), normalize_embeddings=True, show_progress_bar=False)
        except RuntimeError as error:
            raise ModelUnavailable(
                f"embedder {self.name}: torch failed ({error}); free memory or use another"
            ) from error
        return np.asarray(vectors, dtype=np.float32)


@contextmanager
def quietly() -> Iterator[None]:
    """Keep the warnings and log lines of torch and its kin, which say nothing to a user, to themselves."""
    loggers = [logging.getLogger(name) for name in _NOISY]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


def _loaded(name: str, folder: Path | None, threads: int) -> SentenceTransformer:
    with quietly():
        import torch
        from safetensors import SafetensorError
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging as transformers_logging

        transformers_logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        torch.set_num_threads(threads or os.cpu_count() or 1)
        try:
            return SentenceTransformer(str(folder or name), device="cpu", local_files_only=folder is not None).eval()
        except (OSError, ValueError, RuntimeError, KeyError, TypeError, ImportError, SafetensorError) as error:
            raise ModelUnavailable(
                f"embedder {name} cannot be loaded ({error}); check the name, or give the folder of a model"
            ) from error
