"""The run of `assistant evaluate`: reads the cases, opens what they are asked of, asks, compares, and writes the files.

What is wrong with the options or the files is said before anything is asked. Prints nothing but its progress.
"""

from __future__ import annotations

import dataclasses
import json
import sys
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import RenderableType

from assistant.assembly import Dossier, open_dossier
from assistant.evaluation.cases import Case, sampled
from assistant.evaluation.comparing import Comparison, compare
from assistant.evaluation.files import CaseFile, load_case_file
from assistant.evaluation.report import as_json, comparison_table, table, wrong_table
from assistant.evaluation.run import Evaluation, Progress, evaluate
from assistant.evaluation.saved import SavedRun, read_run
from assistant.printing import ingest_progress, plain
from assistant.settings import Settings
from index.documents import DEFAULT_COLLECTION
from index.errors import InvalidInput, StoreBroken

# Where the error output is no terminal, how often it says how far the run is.
LINE_SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class Wanted:
    """The options of the command. `temporary` None: where the file brings paragraphs."""

    cases: Path
    collection: str = DEFAULT_COLLECTION
    temporary: bool | None = None
    limit: int | None = None
    output: Path | None = None
    report: Path | None = None
    baseline: Path | None = None


@dataclass(frozen=True, slots=True)
class Done:
    """A run, whole or stopped, and how it compares with the baseline, where one was given."""

    evaluation: Evaluation
    comparison: Comparison | None

    def as_json(self) -> str:
        """Figures, comparison and every case."""
        return json.dumps(as_json(self.evaluation, self.comparison), ensure_ascii=False, indent=2)

    def parts(self, *, wrong: bool) -> Iterator[RenderableType]:
        """What is printed: the figures, the comparison, and the cases that went wrong where they are wanted."""
        yield table(self.evaluation)
        if self.comparison is not None:
            yield comparison_table(self.comparison)
        if wrong:
            yield wrong_table(self.evaluation)


def run(settings: Settings, wanted: Wanted) -> Done:
    """Ask every case, and compare.

    Raises `InvalidInput`, `NotFound` or `UnreadableFile` before anything is asked, and what `evaluate` raises.
    """
    for target in (wanted.output, wanted.report):
        if target is not None and not _may_be_written(target):
            raise InvalidInput(f"{target} cannot be written: give a file in a folder that exists")
    baseline = read_run(wanted.baseline) if wanted.baseline else None
    file = load_case_file(wanted.cases)
    temporary = _temporary(file, wanted)
    cases = sampled(file.cases if temporary else tuple(_anywhere(case, file) for case in file.cases), wanted.limit)
    with heard() as progress, _opened(settings, file, progress, temporary=temporary) as dossier:
        evaluation = evaluate(
            dossier,
            cases,
            collection=wanted.collection,
            max_passages=settings.max_passages,
            index="temporary" if temporary else "library",
            progress=progress,
        )
    now = SavedRun.model_validate(as_json(evaluation))
    return Done(evaluation, compare(baseline, now) if baseline else None)


def write(done: Done, wanted: Wanted) -> None:
    """Write the files that are wanted; raises `StoreBroken` where one cannot be."""
    if wanted.output is not None:
        _write(wanted.output, done.as_json() + "\n")
    if wanted.report is not None:
        from assistant.evaluation.page import page

        _write(wanted.report, page(done.evaluation, done.comparison))


@contextmanager
def heard() -> Iterator[Progress]:
    """Progress on the error output: a bar in a terminal, else a line now and then."""
    if sys.stderr.isatty():
        with ingest_progress() as bar:
            yield bar
        return
    last = time.monotonic()

    def line(what: str, done: int, total: int) -> None:
        nonlocal last
        if time.monotonic() - last >= LINE_SECONDS:
            last = time.monotonic()
            print(f"{done} of {total}: {plain(what)[:60]}", file=sys.stderr, flush=True)

    yield line


def _temporary(file: CaseFile, wanted: Wanted) -> bool:
    temporary = bool(file.paragraphs) if wanted.temporary is None else wanted.temporary
    if temporary and not file.paragraphs:
        raise InvalidInput(
            f"{wanted.cases} brings no paragraphs for a temporary index: leave out --temporary, or give a file in "
            "SQuAD's format"
        )
    if temporary and wanted.collection != DEFAULT_COLLECTION:
        raise InvalidInput(
            f"the collection {wanted.collection!r} is one of the library, which a temporary index leaves alone: add "
            "--library, or leave out --collection"
        )
    return temporary


def _opened(
    settings: Settings, file: CaseFile, progress: Progress, *, temporary: bool
) -> AbstractContextManager[Dossier]:
    if not temporary:
        return open_dossier(settings)
    from assistant.evaluation.temporary import temporary_dossier

    return temporary_dossier(settings, file.paragraphs, progress)


def _anywhere(case: Case, file: CaseFile) -> Case:
    """A case whose paragraph may stand in any document: in the library no file has the paragraph's name."""
    if not file.paragraphs:
        return case
    return dataclasses.replace(
        case, evidence=tuple(dataclasses.replace(evidence, source=None) for evidence in case.evidence)
    )


def _may_be_written(path: Path) -> bool:
    try:
        return path.parent.is_dir() and not path.is_dir()
    except OSError:
        return False  # A name that is too long, for one.


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, encoding="utf-8")
    except OSError as error:
        raise StoreBroken(f"{path} cannot be written ({error.strerror}): give another place and run again") from error
