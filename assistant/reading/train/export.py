"""Export: writes a trained network as ONNX with weights in 8 bits (or 16), and checks that it says what torch says."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Literal

import numpy as np
import onnx
import torch
from onnx import helper, numpy_helper

from assistant.reading.encoding import SENTENCES
from assistant.reading.train.network import ReaderNetwork
from index.embedding.torch_embedder import quietly

Precision = Literal["int8", "float16"]
OUTPUTS = ("start", "end", "sentence", "answerable")
# Matrices with fewer numbers stay as they are: they weigh nothing.
SMALLEST_MATRIX = 4096


def export(network: ReaderNetwork, target: Path, precision: Precision) -> None:
    """Write the network to `target`; the arithmetic stays in 32 bits, only the stored weights are rounded."""
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / "plain.onnx"
        _write(network, plain)
        model = onnx.load(plain)
    _rounded(model, precision)
    onnx.checker.check_model(model)
    target.write_bytes(model.SerializeToString())


def _write(network: ReaderNetwork, file: Path) -> None:
    network.eval()
    network.body.set_attn_implementation("eager")
    mask = torch.ones((3, 17), dtype=torch.long)
    mask[1, 9:] = 0
    segments = torch.zeros_like(mask)
    segments[:, 1:3], segments[:, 5:9], segments[0, 9:15] = -1, 1, 2
    shapes = {0: torch.export.Dim.DYNAMIC, 1: torch.export.Dim.DYNAMIC}
    inputs = {
        "input_ids": mask * 100, "attention_mask": mask, "token_type_ids": segments.clamp(min=0, max=1),
        "segments": segments,
    }  # fmt: skip
    with quietly(), torch.inference_mode():
        torch.onnx.export(
            network,
            tuple(inputs.values()),
            str(file),
            dynamo=True,
            input_names=list(inputs),
            output_names=list(OUTPUTS),
            dynamic_shapes=(shapes,) * len(inputs),
            external_data=False,
            verbose=False,
        )


def _rounded(model: onnx.ModelProto, precision: Precision) -> None:
    """Store every large matrix in fewer bits, with a node before its users that gives it back in 32."""
    graph = model.graph
    nodes = []
    for place, tensor in enumerate(graph.initializer):
        values = numpy_helper.to_array(tensor)
        if values.dtype != np.float32 or values.ndim != 2 or values.size < SMALLEST_MATRIX:
            continue
        name = tensor.name
        if precision == "float16":
            graph.initializer[place].CopyFrom(numpy_helper.from_array(values.astype(np.float16), f"{name}.stored"))
            nodes.append(helper.make_node("Cast", [f"{name}.stored"], [name], to=onnx.TensorProto.FLOAT))
            continue
        # Word vectors are looked up by row, the other matrices are multiplied by column: each has a scale of its own.
        axis = 0 if values.shape[0] > values.shape[1] * 8 else 1
        scales = np.maximum(np.abs(values).max(axis=1 - axis), 1e-8).astype(np.float32) / 127.0
        spread = scales[:, None] if axis == 0 else scales[None, :]
        stored = np.clip(np.rint(values / spread), -127, 127).astype(np.int8)
        graph.initializer[place].CopyFrom(numpy_helper.from_array(stored, f"{name}.stored"))
        graph.initializer.append(numpy_helper.from_array(scales, f"{name}.scale"))
        nodes.append(helper.make_node("DequantizeLinear", [f"{name}.stored", f"{name}.scale"], [name], axis=axis))
    for node in reversed(nodes):
        graph.node.insert(0, node)


def difference(network: ReaderNetwork, file: Path) -> float:
    """How far the sentence scores of the two forms are apart at most, over inputs made at random."""
    import onnxruntime  # type: ignore[import-untyped]

    session = onnxruntime.InferenceSession(str(file), providers=["CPUExecutionProvider"])
    generator = torch.Generator().manual_seed(0)
    ids = torch.randint(1000, 20_000, (4, 60), generator=generator)
    mask = torch.ones_like(ids)
    segments = torch.zeros_like(ids)
    segments[:, 1:12], segments[:, 14:35], segments[:, 35:59] = -1, 1, 2
    inputs = {"input_ids": ids, "attention_mask": mask, "token_type_ids": (segments > 0).long(), "segments": segments}
    network.eval()
    with torch.inference_mode():
        ours = network(**inputs).sentence[:, :2].numpy()
    theirs = session.run(["sentence"], {name: value.numpy() for name, value in inputs.items()})[0]
    assert theirs.shape == (4, SENTENCES)
    return float(np.abs(ours - theirs[:, :2]).max())
