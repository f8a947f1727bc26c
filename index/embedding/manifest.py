"""The manifest of an exported model: what it was made from and what an embedder must know of it."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path

from index.embedding.weights import FileMark, still

# Raise it whenever the same weights would be exported differently.
EXPORT_VERSION = 1


@dataclass(frozen=True, slots=True)
class Manifest:
    """`weights` are the marks of the model's files, `onnx_bytes` the size of the exported graph."""

    name: str
    dimension: int
    max_tokens: int
    passage_prompt: str
    question_prompt: str
    pad_id: int
    weights: dict[str, FileMark]
    onnx_bytes: int
    version: int = EXPORT_VERSION

    def write(self, folder: Path) -> None:
        """Write the manifest into the folder of the export, last of its files."""
        text = json.dumps(dataclasses.asdict(self), indent=1)
        (folder / "manifest.json").write_text(text, encoding="utf-8")


def export_folder(models_dir: Path, name: str) -> Path:
    """The folder of a model's export: readable, and different for different names."""
    readable = re.sub(r"[^A-Za-z0-9._-]+", "-", name).strip("-.")[-60:] or "model"
    return models_dir / f"{readable}-{hashlib.sha256(name.encode()).hexdigest()[:8]}"


def read_manifest(folder: Path, name: str, weights: Path) -> Manifest | None:
    """The manifest of a whole export of this model from these weights; None where there is none."""
    try:
        manifest = Manifest(**json.loads((folder / "manifest.json").read_text(encoding="utf-8")))
        whole = (folder / "model.onnx").stat().st_size == manifest.onnx_bytes
    except (OSError, ValueError, TypeError):
        return None
    if not whole or (manifest.name, manifest.version) != (name, EXPORT_VERSION):
        return None
    return manifest if still(weights, manifest.weights) else None
