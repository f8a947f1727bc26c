"""kill -9 at any moment: afterwards every acknowledged document is whole and none is half visible."""

from __future__ import annotations

import random
import subprocess
import sys
from pathlib import Path

import pytest

from index.library import Library
from index.settings import IndexSettings
from tests.conftest import ROOT
from tests.crashing import DOCUMENTS, check_equal, check_laws, killed_again_and_again, write_reports

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

KILLS = 10
INGEST = """
import sys
from pathlib import Path
import index.ingest
index.ingest.BATCH_PASSAGES = 16
from index.library import Library
from index.settings import IndexSettings
with Library(Path(sys.argv[1]), IndexSettings()) as library:
    library.ingest([Path(sys.argv[2])])
"""


def test_a_process_that_is_killed_again_and_again_loses_nothing(data_dir: Path, folder: Path) -> None:
    tally = killed_again_and_again(data_dir, folder, KILLS, random.Random(5))
    assert tally.kills >= KILLS // 3, "it was mostly faster than the kill: kill it earlier"
    assert tally.uploads
    with Library(data_dir, IndexSettings()) as library:
        library.ingest([folder])
        check_laws(library)
        check_equal(library, folder)


def test_two_ingests_at_once_and_the_library_is_that_of_one(data_dir: Path, folder: Path) -> None:
    write_reports(folder, 0)
    for number in range(DOCUMENTS - 40):
        (folder / f"{number}.txt").unlink(missing_ok=True)
    command = [sys.executable, "-c", INGEST, str(data_dir), str(folder)]
    running = [subprocess.Popen(command, stdout=subprocess.DEVNULL, cwd=ROOT) for _ in range(2)]
    assert [process.wait(timeout=200) for process in running] == [0, 0]
    with Library(data_dir, IndexSettings()) as library:
        check_laws(library)
        check_equal(library, folder)
        assert all(row.outcome == "unchanged" for row in library.ingest([folder]).rows)
