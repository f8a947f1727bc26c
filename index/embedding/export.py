"""Export: writes a sentence-transformers model as ONNX, once, and keeps it only where it agrees with torch.

Pooling and normalising are part of the graph. Models with other parts than a transformer, mean or first-token pooling
and normalising are `NotExportable`.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from index.embedding.manifest import Manifest, export_folder
from index.embedding.onnx_embedder import OnnxEmbedder
from index.embedding.torch_embedder import SentenceTransformerEmbedder, quietly
from index.embedding.weights import marks_of
from index.errors import ModelUnavailable

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

# Lowest cosine between the vectors of the two forms, for every text of the check.
AGREEMENT = 0.9999

_WORDS = "The harbour was searched at night, and nothing was found; three men were questioned in Guayaquil. "
CHECK_TEXTS = (
    "a",
    "Who leads the group?",
    "Seizures rose by 27.5 percent in 2021 (approx. 196 tonnes).",
    "El informe resume tres semanas de entrevistas en Manta, Jaramijó y San Mateo.",
    "Полиција је у луци пронашла 500 килограма кокаина.",
    _WORDS,
    _WORDS * 3,
    _WORDS * 6,
)


class NotExportable(Exception):
    """A model that cannot be written as ONNX, or that does not agree with torch afterwards."""


def export(embedder: SentenceTransformerEmbedder, weights: Path | None, models_dir: Path) -> Path:
    """Write the ONNX form of a loaded model and return its folder, which is there whole or not at all.

    The caller holds a lock. Raises `NotExportable`, and `OSError` where the folder cannot be written.
    """
    if weights is None:
        raise NotExportable("its files are not in the hub's cache")
    pooling = _pooling(embedder.model)
    target = export_folder(models_dir, embedder.name)
    building = Path(tempfile.mkdtemp(prefix=f".{target.name}-", dir=models_dir))
    try:
        _write_graph(embedder.model, pooling, building / "model.onnx")
        tokenizer = embedder.model.tokenizer.backend_tokenizer
        (building / "tokenizer.json").write_text(tokenizer.to_str(), encoding="utf-8")
        manifest = _manifest(embedder, weights, building)
        manifest.write(building)
        _check(embedder, building, manifest)
        shutil.rmtree(target, ignore_errors=True)
        building.replace(target)
    finally:
        shutil.rmtree(building, ignore_errors=True)
    return target


def _pooling(model: SentenceTransformer) -> str:
    """`mean` or `cls`; raises `NotExportable` where the model has other parts."""
    from sentence_transformers.sentence_transformer.modules import Normalize, Pooling, Transformer
    from transformers import PreTrainedTokenizerFast

    parts = list(model)
    kinds = [type(part) for part in parts]
    if kinds not in ([Transformer, Pooling], [Transformer, Pooling, Normalize]):
        raise NotExportable(f"it has the parts {', '.join(kind.__name__ for kind in kinds)}")
    pooling: Any = parts[1]
    if pooling.pooling_mode not in ("mean", "cls") or not pooling.include_prompt:
        raise NotExportable(f"it pools by {pooling.pooling_mode}")
    if not isinstance(model.tokenizer, PreTrainedTokenizerFast):
        raise NotExportable("its tokenizer has no fast form")
    return str(pooling.pooling_mode)


def _write_graph(model: SentenceTransformer, pooling: str, path: Path) -> None:
    import torch

    transformer: Any = model[0]
    body = transformer.auto_model

    class Graph(torch.nn.Module):
        """From token ids and mask, both of shape (texts, tokens), to vectors of length 1."""

        def __init__(self) -> None:
            super().__init__()
            self.body = body

        def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
            states = self.body(input_ids=input_ids, attention_mask=attention_mask, return_dict=True).last_hidden_state
            if pooling == "cls":
                pooled = states[:, 0]
            else:
                weight = attention_mask.unsqueeze(-1).to(states.dtype)
                pooled = (states * weight).sum(1) / weight.sum(1).clamp(min=1e-9)
            return torch.nn.functional.normalize(pooled, dim=-1)

    mask = torch.ones((3, 17), dtype=torch.long)
    mask[1, 9:] = 0
    shapes = {0: torch.export.Dim.DYNAMIC, 1: torch.export.Dim.DYNAMIC}
    attention = getattr(body.config, "_attn_implementation", None)
    try:
        with quietly(), torch.inference_mode():
            # The plain form of attention exports to fewer operations, which run faster.
            body.set_attn_implementation("eager")
            torch.onnx.export(
                Graph().eval(),
                (mask * 100, mask),
                str(path),
                dynamo=True,
                input_names=["input_ids", "attention_mask"],
                output_names=["vectors"],
                dynamic_shapes=(shapes, shapes),
                external_data=False,
                verbose=False,
            )
    except (RuntimeError, ValueError, TypeError, AttributeError, ImportError, KeyError) as error:
        raise NotExportable(f"torch cannot export it ({type(error).__name__})") from error
    finally:
        body.set_attn_implementation(attention or "eager")


def _manifest(embedder: SentenceTransformerEmbedder, weights: Path, folder: Path) -> Manifest:
    passage_prompt, question_prompt = embedder.prompts
    return Manifest(
        name=embedder.name,
        dimension=embedder.dimension,
        max_tokens=embedder.max_tokens,
        passage_prompt=passage_prompt,
        question_prompt=question_prompt,
        pad_id=int(embedder.model.tokenizer.pad_token_id or 0),
        weights=marks_of(weights),
        onnx_bytes=os.stat(folder / "model.onnx").st_size,  # noqa: PTH116
    )


def _check(embedder: SentenceTransformerEmbedder, folder: Path, manifest: Manifest) -> None:
    """Raise `NotExportable` where the two forms do not agree on every text of the check, alone and in a batch."""
    texts = [
        text
        for text, count in zip(CHECK_TEXTS, embedder.count(CHECK_TEXTS), strict=True)
        if count <= manifest.max_tokens
    ]
    try:
        exported = OnnxEmbedder(folder, manifest)
        vectors = exported.embed_passages(texts)
        questions = np.stack([exported.embed_question(text) for text in texts])
    except ModelUnavailable as error:
        raise NotExportable(str(error)) from error
    for ours, theirs in (
        (vectors, embedder.embed_passages(texts)),
        (questions, np.stack([embedder.embed_question(text) for text in texts])),
    ):
        lowest = float((ours * theirs).sum(axis=1).min())
        if not lowest > AGREEMENT:
            raise NotExportable(f"its two forms agree to {lowest:.5f} only")
