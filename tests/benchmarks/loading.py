"""Loading: how many of a file's words are found, and in order, beside what people say the file reads; and how long.

A word is in order where it is in the longest common subsequence of the words of both texts, in lower case and without
the marks of Markdown. Dossier writes the rows of a table each under its headers: these are expected once, so more
headers count against precision, and a header that stands with its cell is not where the Markdown has it.
"""

from __future__ import annotations

import html
import re
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from rapidfuzz.distance import LCSseq

from index.errors import DossierError
from index.loading import load, supported_suffixes
from index.loading.languages import detect_language
from tests.benchmarks.figures import Cell, Figures, middle

_WORD = re.compile(r"[^\W_]+")
_MARKS = re.compile(r"<!--.*?-->|!\[[^\]]*\]\([^)]*\)|(?<=\])\([^)\s]*\)|^\s*\|[-:| ]+\|\s*$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one file; the numbers of words are None where no one says what it reads."""

    kind: str
    name: str
    problem: str
    crashed: bool
    milliseconds: float
    words: int | None = None
    found: int = 0
    in_order: int = 0
    read: int = 0


def measure(folder: Path, quick: bool = False) -> Iterator[Figures]:
    """Figures by format and by file, of the files in `*/sources` and beside; `quick` reads three of each format."""
    # The model of languages and the libraries of a format are loaded before anything is timed.
    detect_language("This is no file's time to wait for. " * 3)
    outcomes: list[Outcome] = []
    for kind in sorted(path for path in folder.iterdir() if path.is_dir()):
        files = source_files(kind)
        if files:
            outcome_of(files[0])
        outcomes += [outcome_of(file) for file in files[: 3 if quick else None]]
    kinds = sorted({outcome.kind for outcome in outcomes})
    yield Figures(
        "loading",
        "Loading, by format: words found at all, found in order, and how many of those read are expected in this order",
        ("format", "files", "read", "refused", "crashed", "words", "found", "in order", "precision", "ms a file"),
        tuple(_row(kind, [outcome for outcome in outcomes if outcome.kind == kind]) for kind in kinds),
    )
    yield Figures(
        "loading-files",
        "Loading, file by file",
        ("file", "words", "found", "in order", "precision", "ms", "outcome"),
        tuple(
            (f"{one.kind[1:]} {one.name}", one.words, *_ratios([one]), one.milliseconds, one.problem or "read")
            for one in outcomes
        ),
    )


def source_files(folder: Path) -> list[Path]:
    """The files of a folder that a loader reads: those in `sources`, and those beside."""
    beside = [path for path in folder.iterdir() if path.is_file()]
    inside = list((folder / "sources").iterdir()) if (folder / "sources").is_dir() else []
    return sorted(path for path in [*inside, *beside] if path.suffix.lower() in supported_suffixes())


def outcome_of(path: Path) -> Outcome:
    """Read a file and compare it with what it should read."""
    data = path.read_bytes()
    text, problem, crashed = "", "", False
    started = time.perf_counter()
    try:
        text = load(path.name, data).text
    except DossierError as error:
        problem = f"refused: {error}"
    except Exception as error:  # noqa: BLE001 - a loader that crashes is what is looked for
        problem, crashed = f"crashed: {type(error).__name__}: {error}", True
    milliseconds = 1_000 * (time.perf_counter() - started)
    expected = _expected(path)
    kind = path.suffix.lower()
    if expected is None:
        return Outcome(kind, path.name, problem, crashed, milliseconds)
    found, in_order = matches(expected, words(text))
    return Outcome(
        kind, path.name, problem, crashed, milliseconds, len(expected), found, in_order, len(words(text))
    )  # fmt: skip


def _expected(path: Path) -> list[str] | None:
    """The words that a file should read: those of the Markdown named after it or its stem."""
    folder = (path.parent if path.parent.name != "sources" else path.parent.parent) / "groundtruth"
    for name in (f"{path.name}.md", f"{path.stem}.md"):
        if (folder / name).exists():
            return words(without_marks((folder / name).read_text(encoding="utf-8")))
    return None


def without_marks(markdown: str) -> str:
    """Markdown without comments, images, the targets of links and the rules of tables."""
    return html.unescape(_MARKS.sub(" ", markdown))


def words(text: str) -> list[str]:
    """The words of a text in lower case."""
    return _WORD.findall(text.casefold())


def matches(expected: Sequence[str], read: Sequence[str]) -> tuple[int, int]:
    """How many of the expected words were read at all, and how many in order."""
    return (Counter(expected) & Counter(read)).total(), int(LCSseq.similarity(expected, read))


def _row(kind: str, outcomes: Sequence[Outcome]) -> tuple[Cell, ...]:
    problems = [outcome for outcome in outcomes if outcome.problem]
    crashed = sum(outcome.crashed for outcome in outcomes)
    return (
        kind[1:],
        len(outcomes),
        len(outcomes) - len(problems),
        len(problems) - crashed,
        crashed,
        sum(outcome.words or 0 for outcome in outcomes),
        *_ratios(outcomes),
        middle([outcome.milliseconds for outcome in outcomes]),
    )


def _ratios(outcomes: Sequence[Outcome]) -> tuple[float | None, float | None, float | None]:
    """Words found and found in order of those expected, and in order of those read; a refused file has found none."""
    known = [outcome for outcome in outcomes if outcome.words is not None]
    expected, read = sum(one.words or 0 for one in known), sum(one.read for one in known)
    in_order = sum(one.in_order for one in known)
    if not expected:
        return None, None, None
    return sum(one.found for one in known) / expected, in_order / expected, in_order / read if read else 0.0
