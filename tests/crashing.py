"""Killing a real process again and again while it takes documents in, replaces and removes them; the laws are checked
after every kill. Run by `tests.test_crash` and, longer, by `make bench`.

What the process says it has done (a line on its standard output, written when the call returned) is acknowledged:
afterwards it must be so, whole, and stay so.
"""

from __future__ import annotations

import random
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from index.errors import NotFound
from index.library import Library
from index.settings import IndexSettings

ROOT = Path(__file__).parent.parent
DOCUMENTS = 500
CHANGED = 60
UPLOADS = 3
# Seconds after it has opened the library at which the process is killed, at most.
LATEST_KILL = 2.5
SETTLED_SECONDS = 120.0

PROGRAM = """
import sys, threading
from pathlib import Path
import index.ingest
index.ingest.BATCH_PASSAGES = 16  # Many batches: many moments to be killed at.
from index.library import Library
from index.settings import IndexSettings

data_dir, folder, turn = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])

def say(*words):
    print(*words, flush=True)

with Library(data_dir, IndexSettings()) as library:
    library.start_worker()
    say("opened")
    for number in range(int(sys.argv[4])):
        # Every third name was given before: then its document is replaced.
        name = f"note-{(turn + number) % 7}.txt"
        text = f"Note {number} of turn {turn} counts {turn * 100 + number} boxes at the upper quay of the port."
        library.upload(name, text.encode())
        say("uploaded", name, text)
    entries, _ = library.entries(limit=500)
    for entry in entries[::97]:
        if not entry.sources[0].startswith("upload:"):
            library.remove(entry.id)
            say("removed", entry.id)
    library.ingest([folder])
    say("ingested")
"""


@dataclass(slots=True)
class Tally:
    """What came of it: kills that hit a running process, and what had been acknowledged by then."""

    kills: int = 0
    uploads: int = 0
    removals: int = 0
    ingests: int = 0
    documents: list[int] = field(default_factory=list)


def write_reports(folder: Path, turn: int) -> None:
    """The folder as it is in a turn: some reports changed, some moved, some gone and some new."""
    chance = random.Random(turn)
    numbers = range(DOCUMENTS) if turn == 0 else chance.sample(range(DOCUMENTS), CHANGED)
    for number in numbers:
        told = f"In turn {turn}, report {number} counts"
        lines = [f"{told} {number * 7 + line} cases at quay {line}." for line in range(4)]
        place = folder / f"{number}.txt"
        if turn and number % 5 == 0:
            place.unlink(missing_ok=True)
            place = folder / f"moved-{number}.txt"
        place.write_text(f"Report {number}\n\n" + "\n\n".join(lines), encoding="utf-8")
    for number in chance.sample(range(DOCUMENTS), CHANGED // 10):
        (folder / f"{number}.txt").unlink(missing_ok=True)


def killed_again_and_again(data_dir: Path, folder: Path, kills: int, chance: random.Random) -> Tally:
    """Kill the process in `kills` turns and check the laws after each. An `AssertionError` says what does not hold."""
    tally = Tally()
    uploaded: dict[str, str] = {}
    for turn in range(kills):
        write_reports(folder, turn)
        said = _killed(data_dir, folder, turn, chance.uniform(0.05, LATEST_KILL))
        tally.kills += said[-1:] != ["ended"]
        removed = [line.split()[1] for line in said if line.startswith("removed ")]
        new = [line.split(" ", 2)[1:] for line in said if line.startswith("uploaded ")]
        uploaded.update(dict(new))
        with Library(data_dir, IndexSettings()) as library:
            library.start_worker()
            _settle(library)
            tally.documents.append(check_laws(library))
            _check_acknowledged(library, uploaded, removed)
            if "ingested" in said:
                check_equal(library, folder)
        tally.uploads += len(new)
        tally.removals += len(removed)
        tally.ingests += "ingested" in said
    return tally


def _killed(data_dir: Path, folder: Path, turn: int, after: float) -> list[str]:
    """What the process said before it was killed; "ended" at last where it was done before."""
    command = [sys.executable, "-c", PROGRAM, str(data_dir), str(folder), str(turn), str(UPLOADS)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "opened\n"
        time.sleep(after)
        ended = process.poll() is not None
        process.send_signal(signal.SIGKILL)
        # A line that was cut off was not acknowledged.
        said = [line.rstrip("\n") for line in process.stdout if line.endswith("\n")]
    return [*said, "ended"] if ended else said


def _settle(library: Library) -> None:
    until = time.monotonic() + SETTLED_SECONDS
    while library._catalog.jobs.busy or library._catalog.waiting:
        assert time.monotonic() < until, "what was under way is neither finished nor undone"
        time.sleep(0.05)
    assert library.settle()


def check_laws(library: Library) -> int:
    """Every visible document is whole and stands in both derived stores; how many there are."""
    assert library._derived is not None
    wanted = library._catalog.shelf.ids("default")
    assert library._derived.store.ids("default") == wanted
    assert library._derived.words.ids("default") == wanted
    assert not library._catalog.waiting
    by_document: dict[str, list[tuple[int, str]]] = {}
    for passage in library._catalog.shelf.passages(sorted(wanted)).values():
        by_document.setdefault(passage.document_id, []).append((passage.start, passage.text))
    documents = library._catalog.shelf.document_ids("default")
    assert set(by_document) == set(documents)
    for document_id in documents:
        document = library.document(document_id)
        own = "".join("".join(text.split()) for _, text in sorted(by_document[document_id]))
        assert own == "".join(document.text.split())
        assert library._files.has(document.file_digest)
        assert document.sources
    return len(documents)


def _check_acknowledged(library: Library, uploaded: dict[str, str], removed: list[str]) -> None:
    texts = {}
    for document_id in library._catalog.shelf.document_ids("default"):
        document = library.document(document_id)
        texts.update(dict.fromkeys(document.sources, document.text))
    for name, text in uploaded.items():
        assert texts.get(f"upload:{name}") == text, f"the acknowledged upload {name} is lost"
    for document_id in removed:
        with pytest.raises(NotFound):
            library.document(document_id)


def check_equal(library: Library, folder: Path) -> None:
    """The library holds the files of a folder as they are, and nothing else of it."""
    held = {}
    for document_id in library._catalog.shelf.document_ids("default"):
        document = library.document(document_id)
        held.update({source: document.text for source in document.sources if not source.startswith("upload:")})
    assert held == {f"{folder.name}/{path.name}": path.read_text(encoding="utf-8") for path in folder.iterdir()}
