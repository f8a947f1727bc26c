"""Reading: how long the reader model takes for the windows of one question, beside whole passages and beside torch."""

from __future__ import annotations

import itertools
import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from assistant.reading.candidates import candidates, likeness
from assistant.reading.encoding import Encoded, stacked
from assistant.reading.evidence import Asked, features
from assistant.reading.models import Window
from assistant.reading.own_model import OwnModel
from assistant.reading.weighing import COMPARED, load_fitted
from assistant.reading.windows import windows
from index.documents import Hit
from index.embedding import open_embedder
from index.library import Library
from index.sentences import sentences
from index.settings import IndexSettings
from tests.benchmarks.figures import Figures, middle, p95

SEEDS = Path(__file__).parents[2] / "seeds"
PASSAGE_TOKENS = 256


@dataclass(frozen=True, slots=True)
class Read:
    """What is read for one question: windows, sentences to compare with it, and the hits' passages whole."""

    question: str
    windows: list[Window]
    leaders: list[str]
    passages: list[Window]


def measure(place: Path, questions: int) -> Figures:
    """Milliseconds a question; every way reads the same questions in turn, so that a slow moment meets them all."""
    model = OwnModel()
    data_dir = place / "reading"
    with Library(data_dir, IndexSettings()) as library:
        library.ingest([SEEDS])
        embedder = open_embedder(IndexSettings(), data_dir / "models")
        reads = list(itertools.islice(_reads(library, model), questions))
    network = _torch()
    taken: dict[str, list[float]] = {"windows": [], "alike": [], "passages": [], "torch": []}
    for read in reads:
        shown = model.encoded(read.question, read.windows)
        whole = model.encoded(read.question, read.passages, PASSAGE_TOKENS)
        taken["windows"].append(_milliseconds(model.run, shown))
        taken["alike"].append(_milliseconds(partial(likeness, embedder, read.question), read.leaders))
        taken["passages"].append(_milliseconds(model.run, whole))
        taken["torch"].append(_milliseconds(network, shown))
    tokens = {
        "windows": [_tokens(model, read.question, read.windows) for read in reads],
        "passages": [_tokens(model, read.question, read.passages, PASSAGE_TOKENS) for read in reads],
    }
    tokens["torch"] = tokens["windows"]
    tokens["alike"] = [float(sum(embedder.count([read.question, *read.leaders]))) for read in reads]
    shipped = middle(taken["windows"])
    names = {
        "windows": "8 windows, as shipped",
        "alike": f"{COMPARED} sentences compared by meaning, besides",
        "passages": "8 whole passages, onnxruntime",
        "torch": "8 windows, torch, 32 bits",
    }
    return Figures(
        name="reading",
        title=f"Milliseconds to read what a question brings, {len(reads)} questions on seeds/",
        columns=("what", "p50", "p95", "tokens", "ratio"),
        rows=tuple(
            (names[name], middle(values), p95(values), middle(tokens[name]), middle(values) / shipped)
            for name, values in taken.items()
        ),
    )


def _reads(library: Library, model: OwnModel) -> Iterator[Read]:
    promising = load_fitted().promising
    for line in (SEEDS / "questions.jsonl").read_text(encoding="utf-8").splitlines():
        question = json.loads(line)["question"]
        hits = library.search(question, limit=8)
        found = candidates(hits, library)
        asked = Asked(question, [hit.passage.text for hit in hits])
        scores = promising.score(np.stack([features(asked, one) for one in found]))
        placed = windows(question, found, [int(one) for one in np.argsort(-scores)], model)
        if len(placed) == 8:
            leaders = [found[int(place)] for place in np.argsort(-scores)[:COMPARED]]
            texts = [f"{one.context}. {one.shown}" for one in leaders]
            yield Read(question, [one.window for one in placed], texts, _whole(hits))


def _whole(hits: Sequence[Hit]) -> list[Window]:
    return [
        Window(
            hit.passage.heading,
            tuple(hit.passage.text[start:end] for start, end in sentences(hit.passage.text, "en")),
        )
        for hit in hits
    ]


def _torch() -> Callable[[Sequence[Encoded]], object]:
    """The same network in torch; its heads are untrained, which costs the same time."""
    import torch

    from assistant.reading.train.network import from_embedder
    from assistant.reading.train.plan import start_folder

    network = from_embedder(start_folder()).eval()

    def run(inputs: Sequence[Encoded]) -> object:
        with torch.inference_mode():
            return network(**{name: torch.from_numpy(value) for name, value in stacked(inputs).items()})

    return run


def _tokens(model: OwnModel, question: str, shown: Sequence[Window], most: int | None = None) -> float:
    inputs = model.encoded(question, shown, most) if most else model.encoded(question, shown)
    return float(sum(len(one.ids) for one in inputs))


def _milliseconds(way: Callable[[Any], object], inputs: Sequence[Any]) -> float:
    start = time.perf_counter()
    way(inputs)
    return (time.perf_counter() - start) * 1000
