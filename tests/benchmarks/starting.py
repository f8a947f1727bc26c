"""Starting: how long `assistant --help`, a cold `assistant ask` and a server take from nothing."""

from __future__ import annotations

from pathlib import Path

from tests.benchmarks.figures import Figures, middle
from tests.benchmarks.processes import run, serving

QUESTION = "How many bombings were recorded in Ecuador between January and August 2022?"
HELPS = 5
COLD = 3


def measure(data_dir: Path) -> Figures:
    """Seconds of each, on an indexed library; each is a new process, the files are in the system's cache."""
    helps = [run(data_dir, "--help") for _ in range(HELPS)]
    asks = [run(data_dir, "ask", QUESTION) for _ in range(COLD)]
    ready = []
    for _ in range(COLD):
        with serving(data_dir) as server:
            ready.append(server.ready_seconds)
    rows = (("assistant --help", helps), ("assistant ask, cold", asks), ("assistant serve, until ready", ready))
    return Figures(
        name="start",
        title="Seconds to start",
        columns=("what", "median", "most", "n"),
        rows=tuple((name, middle(taken), max(taken), float(len(taken))) for name, taken in rows),
    )
