"""Crashes: a process that takes documents in, replaces and removes them is killed 100 times; the laws after each."""

from __future__ import annotations

import random
import time
from pathlib import Path

from tests.benchmarks.figures import Figures
from tests.benchmarks.ingesting import share_models
from tests.crashing import DOCUMENTS, killed_again_and_again


def measure(place: Path, kills: int) -> Figures:
    """Kill, and check; a law that does not hold ends the run with its `AssertionError`."""
    folder, data_dir, models = place / "crash", place / "crash-data", place / "crash-models"
    folder.mkdir()
    models.mkdir()
    share_models(data_dir, models)
    begun = time.perf_counter()
    tally = killed_again_and_again(data_dir, folder, kills, random.Random(6))
    return Figures(
        name="crash",
        title=f"kill -9 in {kills} turns over {DOCUMENTS} small documents; lost, half visible or left over: 0",
        columns=("what", "count"),
        rows=(
            ("turns that were killed before they ended", tally.kills),
            ("uploads acknowledged, and whole afterwards", tally.uploads),
            ("removals acknowledged, and gone afterwards", tally.removals),
            ("ingests acknowledged, and equal to the folder", tally.ingests),
            ("documents at the end", tally.documents[-1]),
            ("seconds", time.perf_counter() - begun),
        ),
    )
