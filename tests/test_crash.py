"""kill -9 at any moment: afterwards every acknowledged document is whole and none is half visible."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from index.library import Library
from index.settings import IndexSettings
from tests.conftest import ROOT

pytestmark = pytest.mark.slow

DOCUMENTS = 40
INGEST = """
import sys
from pathlib import Path
import index.ingest
index.ingest.BATCH_PASSAGES = 8  # Many small batches: many moments to be killed at.
from index.library import Library
from index.settings import IndexSettings
with Library(Path(sys.argv[1]), IndexSettings()) as library:
    print("opened", flush=True)
    library.ingest([Path(sys.argv[2])])
"""


def write_reports(folder: Path, edition: int) -> None:
    for number in range(DOCUMENTS):
        lines = [
            f"In edition {edition}, report {number} counts {number * 7 + line} cases at quay {line}."
            for line in range(6)
        ]
        (folder / f"{number}.txt").write_text(f"Report {number}\n\n" + "\n\n".join(lines), encoding="utf-8")


def check_laws(library: Library, folder: Path) -> int:
    """Every visible document is whole and stands in both derived stores; how many there are."""
    assert library._derived is not None
    wanted = library._catalog.shelf.ids("default")
    assert library._derived.store.ids("default") == wanted
    assert library._derived.words.ids("default") == wanted
    assert not library._catalog.waiting
    entries, _ = library.entries(limit=1000)
    for entry in entries:
        document = library.document(entry.id)
        own = [
            passage
            for passage in library._catalog.shelf.passages(sorted(wanted)).values()
            if passage.document_id == entry.id
        ]
        own.sort(key=lambda passage: passage.start)
        assert "".join("".join(passage.text.split()) for passage in own) == "".join(document.text.split())
        assert library._files.has(document.file_digest)
    return len(entries)


def test_a_killed_ingest_loses_nothing_and_the_next_one_completes_it(data_dir: Path, folder: Path) -> None:
    chance = random.Random(5)
    killed = 0
    for edition in range(4):
        write_reports(folder, edition)
        command = [sys.executable, "-c", INGEST, str(data_dir), str(folder)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as ingest:
            assert ingest.stdout is not None
            ingest.stdout.readline()
            time.sleep(chance.uniform(0.2, 1.5))
            if ingest.poll() is None:
                os.kill(ingest.pid, signal.SIGKILL)
                killed += 1
        with Library(data_dir, IndexSettings()) as library:
            check_laws(library, folder)
    assert killed, "the ingest was faster than the kill: kill it earlier"
    with Library(data_dir, IndexSettings()) as library:
        library.ingest([folder])
        assert check_laws(library, folder) == DOCUMENTS
        assert "In edition 3" in library.search("How many cases does report 7 count at quay 2?")[0].passage.text


def test_two_ingests_at_once_and_the_library_is_that_of_one(data_dir: Path, folder: Path) -> None:
    write_reports(folder, 1)
    command = [sys.executable, "-c", INGEST, str(data_dir), str(folder)]
    running = [subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=ROOT) for _ in range(2)]
    assert [process.wait(timeout=200) for process in running] == [0, 0]
    with Library(data_dir, IndexSettings()) as library:
        assert check_laws(library, folder) == DOCUMENTS
        assert all(row.outcome == "unchanged" for row in library.ingest([folder]).rows)
