"""Figures of a benchmark, shown as a table and written as JSON; and the facts of the machine that they hold for."""

from __future__ import annotations

import os
import platform
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.metadata import version

import numpy as np
from rich import box
from rich.table import Table

# Whose versions decide how fast it is.
PACKAGES = (
    "torch", "onnxruntime", "sentence-transformers", "chromadb", "tantivy", "langchain-chroma",
    "langchain-huggingface", "langchain-text-splitters",
)  # fmt: skip

Cell = float | str | None


@dataclass(frozen=True, slots=True)
class Figures:
    """One table: a name for JSON, a title with what was measured on what, and rows that begin with their name."""

    name: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def table(self) -> Table:
        """For a terminal, below its title."""
        shown = Table(box=box.SIMPLE_HEAD)
        for place, column in enumerate(self.columns):
            shown.add_column(column, justify="right" if place else "left", no_wrap=True)
        for row in self.rows:
            shown.add_row(*(_shown(cell) for cell in row))
        return shown

    def markdown(self) -> str:
        """For a README."""
        rule = ("---", *(["---:"] * (len(self.columns) - 1)))
        rows = [self.columns, rule, *([_shown(cell) for cell in row] for row in self.rows)]
        return "\n".join(f"| {' | '.join(row)} |" for row in rows)

    def as_json(self) -> dict[str, object]:
        """For a file."""
        return asdict(self)


def machine() -> dict[str, str]:
    """What the figures hold for."""
    facts = {
        "cores": str(len(os.sched_getaffinity(0))) if hasattr(os, "sched_getaffinity") else str(os.cpu_count()),
        "machine": f"{platform.machine()}, {platform.system()}",
        "load": f"{os.getloadavg()[0]:.1f} at the start",
        "python": platform.python_version(),
    }
    return {**facts, **{package: version(package) for package in PACKAGES}}


def middle(values: Sequence[float]) -> float:
    """The median."""
    return float(statistics.median(values))


def p95(values: Sequence[float]) -> float:
    """The 95th percentile."""
    return float(np.percentile(values, 95))


def _shown(cell: Cell) -> str:
    if cell is None:
        return "-"
    if isinstance(cell, str):
        return cell
    if isinstance(cell, int) or (cell == int(cell) and abs(cell) >= 100):
        return f"{int(cell):,}"
    if abs(cell) < 0.01:
        return f"{cell:.3g}"
    return f"{cell:.3f}" if abs(cell) < 1 else f"{cell:,.2f}"
