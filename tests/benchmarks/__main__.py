"""`python -m tests.benchmarks`: measure, show the tables, and write them as JSON where asked to."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from tests.benchmarks.figures import Figures, machine

PAGES, QUICK_PAGES = 200, 20
REPEATS = 3
QUESTIONS, QUICK_QUESTIONS = 200, 40
READ, QUICK_READ = 60, 10
KILLS, QUICK_KILLS = 100, 3
TURNS, QUICK_TURNS = 120, 10
SIZES, QUICK_SIZE = [10_000], 1000


def main(only: str | None = None) -> None:
    """Run what the options name; `only` is the default of `--only`."""
    options = _options(only)
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
    os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
    warnings.filterwarnings("ignore", module=r"(torch|transformers|sentence_transformers|langchain.*|chromadb)(\..*)?")
    console = Console(width=None if sys.stdout.isatty() else 120, highlight=False, markup=False)
    facts = machine()
    console.print(", ".join(f"{name} {value}" for name, value in facts.items()), style="dim")
    found = []
    with tempfile.TemporaryDirectory(prefix="dossier-bench-") as place:
        for figures in _measured(options, Path(place), console):
            console.print(f"\n{figures.title}")
            console.print(figures.table())
            if figures.name in ("loading", "ocr"):
                console.print(figures.markdown(), soft_wrap=True)
            found.append(figures.as_json())
    if options.json:
        written = json.dumps({"machine": facts, "quick": options.quick, "figures": found}, indent=2)
        options.json.write_text(written + "\n", encoding="utf-8")


def _options(only: str | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("--data", type=Path, help="folder with loaders/, squad/ and cast/, for those parts")
    parser.add_argument("--only", choices=PARTS, action="append", help="measure this part; may be repeated")
    parser.add_argument("--pages", type=int, help=f"documents to ingest ({PAGES})")
    parser.add_argument("--repeats", type=int, default=REPEATS, help=f"turns of the ingest ({REPEATS})")
    parser.add_argument("--quick", action="store_true", help="little of everything: does it run?")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    parser.add_argument("--sizes", type=int, nargs="+", help="passages of the libraries to search in (10000)")
    parser.add_argument("--turns", type=int, help=f"follow-ups of each year that the tiny model completes ({TURNS})")
    options = parser.parse_args()
    options.only = options.only or ([only] if only else list(PARTS))
    options.pages = options.pages or (QUICK_PAGES if options.quick else PAGES)
    return options


@dataclass(frozen=True, slots=True)
class Run:
    """What was asked for, a folder for what is made, and where to say how far it is."""

    options: argparse.Namespace
    place: Path
    say: Callable[[str], None]

    @property
    def quick(self) -> bool:
        """Little of everything."""
        return bool(self.options.quick)

    def data(self, part: str, *lacking: str) -> Path | None:
        """The folder of the public data, where it holds what a part needs; else it is said that it does not."""
        folder: Path | None = self.options.data
        missing = [name for name in lacking if folder is None or not (folder / name).exists()]
        if missing:
            self.say(f"{part} is skipped: {missing[0]} is not there (name its folder with --data DIR)")
        return None if missing else folder


def _measured(options: argparse.Namespace, place: Path, console: Console) -> Iterator[Figures]:
    run = Run(options, place, lambda words: console.print(words, style="dim"))
    if {"ingest", "search", "start"} & set(options.only):
        yield from _beside_langchain(run)
    for part, measure in _BY_PART.items():
        if part in options.only:
            yield from measure(run)


def _reading(run: Run) -> Iterator[Figures]:
    from tests.benchmarks import reading

    yield reading.measure(run.place, QUICK_READ if run.quick else READ)


def _loading(run: Run) -> Iterator[Figures]:
    from tests.benchmarks import loading

    data = run.data("loading", "loaders")
    if data is not None:
        yield from loading.measure(data / "loaders", quick=run.quick)


def _ocr(run: Run) -> Iterator[Figures]:
    from tests.benchmarks import scans

    yield scans.measure(quick=run.quick)


def _fusion(run: Run) -> Iterator[Figures]:
    from tests.benchmarks import fusion

    data = run.data("fusion over SQuAD", *(f"squad/{name}.json" for name in fusion.PARTS))
    yield from fusion.measure(run.place, data, quick=run.quick, say=run.say)


def _scale(run: Run) -> Iterator[Figures]:
    from tests.benchmarks import corpus, scaling

    for size in run.options.sizes or ([QUICK_SIZE] if run.quick else SIZES):
        yield from scaling.measure(run.place, size, corpus.questions(QUICK_QUESTIONS), run.say)


def _crash(run: Run) -> Iterator[Figures]:
    from tests.benchmarks import crashing

    yield crashing.measure(run.place, QUICK_KILLS if run.quick else KILLS)


def _checking(_run: Run) -> Iterator[Figures]:
    from tests.benchmarks import checking

    yield from checking.measure()


def _condensing(run: Run) -> Iterator[Figures]:
    from tests.benchmarks import condensing, followups

    data = run.data("condensing on CAsT", "cast")
    if data is not None:
        turns = run.options.turns or (QUICK_TURNS if run.quick else TURNS)
        yield from condensing.measure(data / "cast", turns, run.say)
    yield from followups.measure(run.place, run.say)


def _hostile(run: Run) -> Iterator[Figures]:
    from tests.benchmarks import hostile

    data = run.data("hostile", *hostile.NEEDED)
    if data is not None:
        yield from hostile.measure(data, run.place, quick=run.quick, say=run.say)


_BY_PART: dict[str, Callable[[Run], Iterator[Figures]]] = {
    "reading": _reading,
    "loading": _loading,
    "ocr": _ocr,
    "fusion": _fusion,
    "scale": _scale,
    "crash": _crash,
    "checking": _checking,
    "condensing": _condensing,
    "hostile": _hostile,
}
PARTS = ("ingest", "search", "start", *_BY_PART)


def _beside_langchain(run: Run) -> Iterator[Figures]:
    """Ingest, and what needs the stores that it leaves."""
    from tests.benchmarks import corpus, ingesting, searching, starting

    only, pages = run.options.only, run.place / "pages"
    corpus.write_pages(pages, run.options.pages)
    turns = run.options.repeats if "ingest" in only and not run.quick else 1
    figures, stores = ingesting.measure(pages, run.place, turns, run.say)
    if "ingest" in only:
        yield from figures
    if "search" in only:
        yield from searching.measure(stores, corpus.questions(QUICK_QUESTIONS if run.quick else QUESTIONS))
    if "start" in only:
        yield starting.measure(stores.data_dir)


if __name__ == "__main__":
    main()
