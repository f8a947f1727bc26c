"""Ingest beside LangChain: the same files from disk into both, in turns, each turn into empty stores."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from langchain_huggingface import HuggingFaceEmbeddings

from index.library import Library
from index.settings import IndexSettings
from tests.benchmarks import plain
from tests.benchmarks.figures import Figures, middle


@dataclass(frozen=True, slots=True)
class Taken:
    """What one ingest took; `cpu` is the processor's seconds on all cores, which other programs hardly disturb."""

    seconds: float
    cpu: float
    passages: int
    tokens: int


@dataclass(frozen=True, slots=True)
class Stores:
    """What was left by the last turn, for searching."""

    data_dir: Path
    plain_store: Path


def measure(pages: Path, place: Path, repeats: int, say: Callable[[str], None]) -> tuple[Figures, Stores]:
    """Ingest `repeats` times each, in alternating order; both models are loaded, and warm, before the clock starts."""
    models = place / "models"
    models.mkdir()
    embeddings = plain.open_embeddings()
    embeddings.embed_documents(["warm"] * 8)
    ours: list[Taken] = []
    theirs: list[Taken] = []
    for turn in range(repeats):
        stores = Stores(place / f"dossier-{turn}", place / f"langchain-{turn}")
        for mine in (True, False) if turn % 2 == 0 else (False, True):
            if mine:
                ours.append(_dossier(pages, stores.data_dir, models))
            else:
                theirs.append(_langchain(pages, stores.plain_store, embeddings))
        say(f"ingest {turn + 1} of {repeats}: dossier {ours[-1].seconds:.1f} s, langchain {theirs[-1].seconds:.1f} s")
    return _figures(pages, ours, theirs), stores


def _dossier(pages: Path, data_dir: Path, models: Path) -> Taken:
    share_models(data_dir, models)
    with Library(data_dir, IndexSettings()) as library:
        library.embedder.embed_passages(["warm"] * 8)
        before = library.embedder.tokens_embedded
        begun, cpu = time.perf_counter(), time.process_time()
        report = library.ingest([pages])
        seconds, cpu = time.perf_counter() - begun, time.process_time() - cpu
        if report.count("failed") or not report.searchable:
            raise SystemExit(f"ingest failed: {[row.reason for row in report.rows if row.reason][:1]}")
        return Taken(seconds, cpu, report.passages, library.embedder.tokens_embedded - before)


def _langchain(pages: Path, store: Path, embeddings: HuggingFaceEmbeddings) -> Taken:
    begun, cpu = time.perf_counter(), time.process_time()
    texts = plain.ingest(pages, store, embeddings)
    seconds, cpu = time.perf_counter() - begun, time.process_time() - cpu
    return Taken(seconds, cpu, len(texts), plain.tokens_of(texts))


def share_models(data_dir: Path, models: Path) -> None:
    """Make a data directory that uses exported models which others use too."""
    data_dir.mkdir(parents=True)
    (data_dir / "models").symlink_to(models.resolve(), target_is_directory=True)


def _figures(pages: Path, ours: list[Taken], theirs: list[Taken]) -> Figures:
    files = list(pages.iterdir())
    megabytes = sum(path.stat().st_size for path in files) / 1e6
    rows = []
    for name, taken in (("dossier", ours), ("langchain", theirs)):
        seconds = middle([one.seconds for one in taken])
        cpu = middle([one.cpu for one in taken])
        passages, tokens = taken[-1].passages, taken[-1].tokens
        row = (seconds, cpu, passages, passages / seconds, megabytes / seconds, tokens, tokens / seconds)
        rows.append((name, *row))
    ratio = tuple(one / other for one, other in zip(rows[0][1:], rows[1][1:], strict=True))
    return Figures(
        name="ingest",
        title=f"Ingest of {len(files)} documents, {megabytes:.2f} MB, median of {len(ours)}",
        columns=("pipeline", "seconds", "CPU s", "passages", "passages/s", "MB/s", "tokens", "tokens/s"),
        rows=(*rows, ("ratio", *ratio)),
    )
