"""The plan of a training run: what is shown how often, in which order. The same seed gives the same plan."""

from __future__ import annotations

import random
from pathlib import Path

from assistant.reading.encoding import Encoder
from assistant.reading.train.groups import Group, Miner, Recipe
from assistant.reading.train.loop import Batch, batched
from assistant.reading.train.sets import everything
from index.embedding import open_embedder
from index.embedding.weights import find_model
from index.settings import DEFAULT_EMBEDDER, IndexSettings

SEED = 13
PASSES = 2

# In each of the passes: questions of the pool, unanswerable ones, twisted ones; windows of the own text, of others.
RECIPES = {
    "squad": Recipe(passes=1.0, unanswerable_passes=1.5, twisted=0.3, own=2, others=1),
    "squad_sentences": Recipe(passes=0.5, unanswerable_passes=0.0, twisted=0.1, own=1, others=1),
    "selqa": Recipe(passes=0.5, unanswerable_passes=0.0, twisted=0.0, own=2, others=1),
    "qed": Recipe(passes=0.5, unanswerable_passes=0.0, twisted=0.0, own=2, others=1),
}


def start_folder() -> Path:
    """Where the weights that training starts from lie: those of the default embedder."""
    found = find_model(DEFAULT_EMBEDDER)
    assert found is not None
    return found


def planned(data: Path, models_dir: Path, chance: random.Random) -> list[Batch]:
    """All batches of a run."""
    from tokenizers import Tokenizer

    encoder = Encoder(Tokenizer.from_str((start_folder() / "tokenizer.json").read_text(encoding="utf-8")))
    embedder = open_embedder(IndexSettings(), models_dir)
    passes: list[list[Group]] = [[] for _ in range(PASSES)]
    for pool in everything(data):
        miner = Miner(pool, encoder, embedder)
        for one in passes:
            groups = list(miner.groups(RECIPES[pool.name], chance))
            windows = sum(len(group.windows) for group in groups)
            print(f"{pool.name}: {len(groups)} groups, {windows} windows", flush=True)
            one.extend(groups)
    return [batch for groups in passes for batch in batched(groups, chance)]
