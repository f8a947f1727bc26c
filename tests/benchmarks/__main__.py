"""`python -m tests.benchmarks`: measure, show the tables, and write them as JSON where asked to."""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

from rich.console import Console

from tests.benchmarks.figures import Figures, machine

PARTS = ("ingest", "search", "start", "reading", "loading", "ocr", "fusion", "scale", "crash", "checking", "hostile")
PAGES, QUICK_PAGES = 200, 20
REPEATS = 3
QUESTIONS, QUICK_QUESTIONS = 200, 40
READ, QUICK_READ = 60, 10
KILLS, QUICK_KILLS = 100, 3
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
    parser.add_argument("--data", type=Path, help="folder with loaders/, for loading, and squad/, for fusion")
    parser.add_argument("--only", choices=PARTS, action="append", help="measure this part; may be repeated")
    parser.add_argument("--pages", type=int, help=f"documents to ingest ({PAGES})")
    parser.add_argument("--repeats", type=int, default=REPEATS, help=f"turns of the ingest ({REPEATS})")
    parser.add_argument("--quick", action="store_true", help="little of everything: does it run?")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there too")
    parser.add_argument("--sizes", type=int, nargs="+", help="passages of the libraries to search in (10000)")
    options = parser.parse_args()
    options.only = options.only or ([only] if only else list(PARTS))
    options.pages = options.pages or (QUICK_PAGES if options.quick else PAGES)
    return options


def _measured(options: argparse.Namespace, place: Path, console: Console) -> Iterator[Figures]:
    def say(words: str) -> None:
        console.print(words, style="dim")

    if {"ingest", "search", "start"} & set(options.only):
        yield from _beside_langchain(options, place, console)
    if "reading" in options.only:
        from tests.benchmarks import reading

        yield reading.measure(place, QUICK_READ if options.quick else READ)
    if "checking" in options.only:
        from tests.benchmarks import checking

        yield from checking.measure()
    if "crash" in options.only:
        from tests.benchmarks import crashing

        yield crashing.measure(place, QUICK_KILLS if options.quick else KILLS)
    if "scale" in options.only:
        from tests.benchmarks import corpus, scaling

        for size in options.sizes or ([QUICK_SIZE] if options.quick else SIZES):
            yield from scaling.measure(place, size, corpus.questions(QUICK_QUESTIONS), say)
    if "loading" in options.only:
        if options.data is not None and (options.data / "loaders").is_dir():
            from tests.benchmarks import loading

            yield from loading.measure(options.data / "loaders", quick=options.quick)
        else:
            say("loading is skipped: loaders is not there (name its folder with --data DIR)")
    yield from _hostile(options, place, say)
    if "ocr" in options.only:
        from tests.benchmarks import scans

        yield scans.measure(quick=options.quick)
    if "fusion" in options.only:
        from tests.benchmarks import fusion

        files = [f"squad/{name}.json" for name in fusion.PARTS]
        lacking = [name for name in files if options.data is None or not (options.data / name).exists()]
        if lacking:
            say(f"fusion over SQuAD is skipped: {lacking[0]} is not there (name its folder with --data DIR)")
        yield from fusion.measure(place, None if lacking else options.data, quick=options.quick, say=say)


def _hostile(options: argparse.Namespace, place: Path, say: Callable[[str], None]) -> Iterator[Figures]:
    if "hostile" not in options.only:
        return
    from tests.benchmarks import hostile

    lacking = [name for name in hostile.NEEDED if options.data is None or not (options.data / name).exists()]
    if lacking:
        say(f"hostile is skipped: {lacking[0]} is not there (name its folder with --data DIR)")
        return
    yield from hostile.measure(options.data, place, quick=options.quick, say=say)


def _beside_langchain(options: argparse.Namespace, place: Path, console: Console) -> Iterator[Figures]:
    """Ingest, and what needs the stores that it leaves."""
    from tests.benchmarks import corpus, ingesting, searching, starting

    pages = place / "pages"
    corpus.write_pages(pages, options.pages)
    turns = options.repeats if "ingest" in options.only and not options.quick else 1
    figures, stores = ingesting.measure(pages, place, turns, lambda words: console.print(words, style="dim"))
    if "ingest" in options.only:
        yield from figures
    if "search" in options.only:
        yield from searching.measure(stores, corpus.questions(QUICK_QUESTIONS if options.quick else QUESTIONS))
    if "start" in options.only:
        yield starting.measure(stores.data_dir)


if __name__ == "__main__":
    main()
