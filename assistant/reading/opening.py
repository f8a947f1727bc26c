"""Opening the reader model in onnxruntime, with its tokenizer: for its scores (`own_model`) and for its states
(`assistant.supporting`).
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.embedding.weights import find_model
from index.settings import DEFAULT_EMBEDDER

if TYPE_CHECKING:
    from tokenizers import Tokenizer


def open_session(model: Path | bytes, threads: int) -> Any:
    """A session over a model's file or bytes; `threads` 0 takes all cores. Raises what `runtime_errors` lists."""
    import onnxruntime  # type: ignore[import-untyped]

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = threads or os.cpu_count() or 1
    options.inter_op_num_threads = 1
    options.log_severity_level = 3
    # Unpack the 8-bit weights once, at loading, instead of at every run.
    options.add_session_config_entry("session.disable_quant_qdq", "1")
    source = model if isinstance(model, bytes) else str(model)
    return onnxruntime.InferenceSession(source, options, providers=["CPUExecutionProvider"])


def open_tokenizer() -> Tokenizer:
    """The tokenizer of the weights that the reader model began as. Raises what `runtime_errors` lists."""
    # Without a word here, tokenizers complains on standard error when a process forks after its first batch.
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    from tokenizers import Tokenizer

    start = find_model(DEFAULT_EMBEDDER)
    assert start is not None
    # from_str: from_file raises a bare Exception for what it cannot read.
    return Tokenizer.from_str((start / "tokenizer.json").read_text(encoding="utf-8"))


def runtime_errors() -> tuple[type[Exception], ...]:
    """What onnxruntime raises shares no base; beside it what reading files raises."""
    from onnxruntime.capi import onnxruntime_pybind11_state as state  # type: ignore[import-untyped]

    own = tuple(kind for kind in vars(state).values() if isinstance(kind, type) and issubclass(kind, Exception))
    return (OSError, ValueError, *own)
