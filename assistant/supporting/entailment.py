"""Any model of natural language inference of transformers as a score of support, by name or folder. Runs with torch.

Such a model reads a premise (the quotes) and a hypothesis (the statement) and says how likely the first entails the
second.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import Any

from index.errors import ModelUnavailable

# A statement is supported where "entailment" is likelier than all other labels together.
THRESHOLD = 0.5
LONGEST_INPUT = 512
# Some models keep two positions for themselves.
KEPT_POSITIONS = 2


class EntailmentModel:
    """`Support` around a sequence-classification model with a label for entailment. Thread-safe: one at a time."""

    threshold = THRESHOLD

    def __init__(self, name: str) -> None:
        from transformers import AutoModelForSequenceClassification, AutoTokenizer

        self.name = name
        self._lock = threading.Lock()
        try:
            self._tokenizer: Any = AutoTokenizer.from_pretrained(name, use_fast=True)
            self._model: Any = AutoModelForSequenceClassification.from_pretrained(name).eval()
        except (OSError, ValueError, KeyError, RuntimeError, ImportError) as error:
            raise ModelUnavailable(
                f"the support model {name} cannot be loaded ({type(error).__name__}: {_first_line(error)}): give the "
                "name or the folder of a model of natural language inference, or unset ASSISTANT_SUPPORT_MODEL"
            ) from error
        self._entailed = _entailed(name, self._model.config.id2label)
        positions = getattr(self._model.config, "max_position_embeddings", LONGEST_INPUT + KEPT_POSITIONS)
        self._longest = min(LONGEST_INPUT, self._tokenizer.model_max_length, positions - KEPT_POSITIONS)

    def score(self, text: str, quotes: Sequence[str]) -> float:
        """The probability that the quotes, read as one text, entail the statement. Raises `ModelUnavailable`."""
        if not text.strip() or not any(quote.strip() for quote in quotes):
            return 0.0
        import torch

        try:
            with self._lock, torch.inference_mode():
                batch = self._tokenizer(
                    " ".join(quotes), text, truncation="longest_first", max_length=self._longest, return_tensors="pt"
                )
                chances = self._model(**batch).logits[0].softmax(-1)
        except (RuntimeError, ValueError, TypeError, IndexError) as error:
            raise ModelUnavailable(
                f"the support model {self.name} failed ({type(error).__name__}: {_first_line(error)})"
            ) from error
        return float(chances[self._entailed])


def _entailed(name: str, labels: Mapping[int, str]) -> int:
    """The number of the label that says "entailed" and not "not entailed"."""
    found = [place for place, label in labels.items() if label.lower().startswith("entail")]
    if len(found) != 1:
        raise ModelUnavailable(
            f"the support model {name} has no label for entailment, only {', '.join(labels.values())}: give a model of "
            "natural language inference, or unset ASSISTANT_SUPPORT_MODEL"
        )
    return found[0]


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [""])[0][:200]
