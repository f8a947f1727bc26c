"""Ingest beside LangChain and txtai: the same files into all, in turns, each turn into empty stores.

txtai is given our passages, so that neither reading nor cutting is its time; hybrid, with content, as it is searched.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from langchain_huggingface import HuggingFaceEmbeddings

from index.embedding import open_embedder
from index.library import Library
from index.loading import load
from index.making import Maker
from index.settings import IndexSettings
from tests.benchmarks import arithmetic, plain, txtai_pipeline
from tests.benchmarks.clock import Clock
from tests.benchmarks.figures import Figures, middle


@dataclass(frozen=True, slots=True)
class Taken:
    """What one ingest took.

    `cpu` is the processor's seconds on all cores, which other programs hardly disturb; `memory` the most MB that the
    process held meanwhile beyond what it held before, models included there.
    """

    seconds: float
    cpu: float
    memory: float | None
    passages: int
    tokens: int


@dataclass(frozen=True, slots=True)
class Stores:
    """What was left by the last turn, for searching."""

    data_dir: Path
    plain_store: Path


def measure(pages: Path, place: Path, repeats: int, say: Callable[[str], None]) -> tuple[list[Figures], Stores]:
    """Ingest `repeats` times each, in alternating order; both models are loaded, and warm, before the clock starts."""
    models = place / "models"
    models.mkdir()
    embeddings = plain.open_embeddings()
    embeddings.embed_documents(["warm"] * 8)
    taken: dict[str, list[Taken]] = {"dossier": [], "langchain": [], "txtai": []}
    texts = _passages(pages, place)
    for turn in range(repeats):
        stores = Stores(place / f"dossier-{turn}", place / f"langchain-{turn}")
        runs: list[tuple[str, Callable[[], Taken]]] = [
            ("dossier", partial(_dossier, pages, stores.data_dir, models)),
            ("langchain", partial(_langchain, pages, stores.plain_store, embeddings)),
            ("txtai", partial(_txtai, texts, place / f"txtai-{turn}")),
        ]
        for name, run in runs if turn % 2 == 0 else reversed(runs):
            taken[name].append(run())
        told = ", ".join(f"{name} {of[-1].seconds:.1f} s" for name, of in taken.items())
        say(f"ingest {turn + 1} of {repeats}: {told}")
    embedder = open_embedder(IndexSettings(), models)
    bound = arithmetic.measure(embedder, texts, middle([one.seconds for one in taken["dossier"]]))
    return [_figures(pages, taken), bound], stores


def _passages(pages: Path, place: Path) -> list[str]:
    """Our passages of the pages, as they are embedded."""
    embedder = open_embedder(IndexSettings(), place / "models")
    maker = Maker(IndexSettings(), embedder)
    drafts = [maker.draught(path.name, load(path.name, path.read_bytes()), {}) for path in sorted(pages.iterdir())]
    return [passage.embedded_text for draft in drafts for passage in draft.passages]


def _txtai(texts: list[str], store: Path) -> Taken:
    index = txtai_pipeline.open_model()
    index.transform("warm")
    clock = Clock()
    txtai_pipeline.ingest(index, texts)
    txtai_pipeline.save(index, store)
    taken = clock.stop()
    index.close()
    return Taken(*taken, len(texts), plain.tokens_of(texts))


def _dossier(pages: Path, data_dir: Path, models: Path) -> Taken:
    share_models(data_dir, models)
    with Library(data_dir, IndexSettings()) as library:
        library.embedder.embed_passages(["warm"] * 8)
        before = library.embedder.tokens_embedded
        clock = Clock()
        report = library.ingest([pages])
        taken = clock.stop()
        if report.count("failed") or not report.searchable:
            raise SystemExit(f"ingest failed: {[row.reason for row in report.rows if row.reason][:1]}")
        return Taken(*taken, report.passages, library.embedder.tokens_embedded - before)


def _langchain(pages: Path, store: Path, embeddings: HuggingFaceEmbeddings) -> Taken:
    clock = Clock()
    texts = plain.ingest(pages, store, embeddings)
    taken = clock.stop()
    return Taken(*taken, len(texts), plain.tokens_of(texts))


def share_models(data_dir: Path, models: Path) -> None:
    """Make a data directory that uses exported models which others use too."""
    data_dir.mkdir(parents=True)
    (data_dir / "models").symlink_to(models.resolve(), target_is_directory=True)


def _figures(pages: Path, taken: dict[str, list[Taken]]) -> Figures:
    files = list(pages.iterdir())
    megabytes = sum(path.stat().st_size for path in files) / 1e6
    rows: list[tuple[Any, ...]] = []
    for name, of in taken.items():
        seconds = middle([one.seconds for one in of])
        cpu = middle([one.cpu for one in of])
        # The first turn: a later one finds memory that the process has not given back.
        memory, passages, tokens = of[0].memory, of[-1].passages, of[-1].tokens
        row = (seconds, cpu, memory, passages, passages / seconds, megabytes / seconds, tokens, tokens / seconds)
        rows.append((name, *row))
    ratios: list[tuple[Any, ...]] = [
        (
            f"ratio to {other[0]}",
            *(one / of if one and of else None for one, of in zip(rows[0][1:], other[1:], strict=True)),
        )
        for other in rows[1:]
    ]
    return Figures(
        name="ingest",
        title=f"Ingest of {len(files)} documents, {megabytes:.2f} MB, median of {len(taken['dossier'])}",
        columns=(
            "pipeline",
            "seconds",
            "CPU s",
            "MB of memory",
            "passages",
            "passages/s",
            "MB/s",
            "tokens",
            "tokens/s",
        ),
        rows=(*rows, *ratios),
    )
