"""The plan of a training run: what is shown how often, in which order. The same seed gives the same plan."""

from __future__ import annotations

import random
from dataclasses import dataclass
from pathlib import Path

from assistant.reading.encoding import Encoder
from assistant.reading.train.groups import Group, Miner, Recipe
from assistant.reading.train.loop import Batch, Rates, batched
from assistant.reading.train.sets import everything
from index.embedding import open_embedder
from index.embedding.weights import find_model
from index.settings import DEFAULT_EMBEDDER, IndexSettings

SEED = 13


@dataclass(frozen=True, slots=True)
class Run:
    """A training run: how often it goes through the pools, with what recipe for each, and its learning rates."""

    name: str
    passes: int
    recipes: dict[str, Recipe]
    rates: Rates


# Recipes: passes over the questions, over the unanswerable ones, share of twisted ones; windows of the own text, of
# others. The first run learns to choose.
FIRST = Run(
    "first",
    2,
    {
        "squad": Recipe(passes=1.0, unanswerable_passes=1.5, twisted=0.3, own=2, others=1),
        "squad_sentences": Recipe(passes=0.5, unanswerable_passes=0.0, twisted=0.1, own=1, others=1),
        "selqa": Recipe(passes=0.5, unanswerable_passes=0.0, twisted=0.0, own=2, others=1),
        "qed": Recipe(passes=0.5, unanswerable_passes=0.0, twisted=0.0, own=2, others=1),
    },
    Rates(body=1e-4, heads=5e-4, answerable=1.0),
)
# The second goes on from its weights and learns to decline: as many questions that nothing answers as others, half of
# them with another name or number.
SECOND = Run(
    "second",
    1,
    {
        "squad": Recipe(passes=1.0, unanswerable_passes=2.0, twisted=0.8, own=2, others=1, names_first=0.5),
        "squad_sentences": Recipe(passes=0.6, unanswerable_passes=0.0, twisted=0.5, own=1, others=1, names_first=0.5),
        "selqa": Recipe(passes=0.5, unanswerable_passes=0.0, twisted=0.0, own=2, others=1),
        "qed": Recipe(passes=0.5, unanswerable_passes=0.0, twisted=0.0, own=2, others=1),
    },
    Rates(body=7e-5, heads=2e-4, answerable=1.5),
)


def start_folder() -> Path:
    """Where the weights that training starts from lie: those of the default embedder."""
    found = find_model(DEFAULT_EMBEDDER)
    assert found is not None
    return found


def planned(run: Run, data: Path, models_dir: Path, chance: random.Random) -> list[Batch]:
    """All batches of a run."""
    from tokenizers import Tokenizer

    encoder = Encoder(Tokenizer.from_str((start_folder() / "tokenizer.json").read_text(encoding="utf-8")))
    embedder = open_embedder(IndexSettings(), models_dir)
    passes: list[list[Group]] = [[] for _ in range(run.passes)]
    for pool in everything(data):
        miner = Miner(pool, encoder, embedder)
        for one in passes:
            groups = list(miner.groups(run.recipes[pool.name], chance))
            windows = sum(len(group.windows) for group in groups)
            print(f"{pool.name}: {len(groups)} groups, {windows} windows", flush=True)
            one.extend(groups)
    return [batch for groups in passes for batch in batched(groups, chance)]
