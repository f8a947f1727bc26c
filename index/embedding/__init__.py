"""Embedding: from text to vectors, by one model that runs with onnxruntime (quick to start) or with torch (runs all).

`open_embedder` chooses. The ONNX form is exported once from the same weights and kept under the models' folder; it is
used only where it was checked against torch and the weights are still those it was made from.
"""

from __future__ import annotations

import logging
from pathlib import Path

from index.embedding.manifest import Manifest, export_folder, read_manifest
from index.embedding.onnx_embedder import OnnxEmbedder
from index.embedding.protocol import Embedder, Vectors
from index.embedding.torch_embedder import SentenceTransformerEmbedder
from index.embedding.weights import find_model
from index.errors import ModelUnavailable
from index.settings import IndexSettings

__all__ = ["Embedder", "OnnxEmbedder", "SentenceTransformerEmbedder", "Vectors", "open_embedder"]

logger = logging.getLogger(__name__)


def open_embedder(settings: IndexSettings, models_dir: Path) -> Embedder:
    """The embedder of the settings; with `auto` and `onnx`, exports it first where that was not done yet.

    Raises `ModelUnavailable` where the model cannot be found, loaded or, with `onnx`, exported.
    """
    name, threads = settings.embedder, settings.threads
    weights = find_model(name)
    if settings.embedder_backend == "torch":
        return SentenceTransformerEmbedder(name, weights, threads)
    exported = _opened(name, weights, models_dir, threads)
    return exported or _exported(settings, weights, models_dir)


def _opened(name: str, weights: Path | None, models_dir: Path, threads: int) -> OnnxEmbedder | None:
    """The export that is there and up to date, without importing torch."""
    folder = export_folder(models_dir, name)
    manifest: Manifest | None = read_manifest(folder, name, weights) if weights is not None else None
    return OnnxEmbedder(folder, manifest, threads) if manifest is not None else None


def _exported(settings: IndexSettings, weights: Path | None, models_dir: Path) -> Embedder:
    """Export under a lock, and open what came of it; the model in torch where it cannot be exported (`auto`)."""
    from filelock import FileLock

    from index.embedding.export import NotExportable, export

    name, threads = settings.embedder, settings.threads
    embedder: SentenceTransformerEmbedder | None = None
    try:
        models_dir.mkdir(parents=True, exist_ok=True)
        with FileLock(f"{export_folder(models_dir, name)}.lock"):
            # Another process may have exported it while this one waited.
            opened = _opened(name, weights, models_dir, threads)
            if opened is not None:
                return opened
            embedder = SentenceTransformerEmbedder(name, weights, threads)
            # A name that had to be downloaded lies in the hub's cache now.
            weights = weights or find_model(name)
            export(embedder, weights, models_dir)
            opened = _opened(name, weights, models_dir, threads)
    except (NotExportable, OSError) as error:
        if settings.embedder_backend == "onnx":
            raise ModelUnavailable(
                f"embedder {name} cannot run as ONNX: {error}; set ASSISTANT_INDEX__EMBEDDER_BACKEND=torch"
            ) from error
        logger.warning("embedder %s runs with torch, which starts slowly: no ONNX form (%s)", name, error)
        return embedder or SentenceTransformerEmbedder(name, weights, threads)
    if opened is None:
        raise ModelUnavailable(f"embedder {name}: its weights changed while it was exported; try again")
    return opened
