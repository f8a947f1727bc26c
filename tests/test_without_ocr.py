"""Without the extra for OCR: what it would read is said to need it, all else goes in, and installing it is enough.

A process without the extra is one in which Python finds no module of that name, as it is where pip did not put any.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from index.library import Library
from index.loading.ocr import HOW_TO_INSTALL
from index.settings import IndexSettings
from tests.conftest import ROOT
from tests.pdf_files import drawn, page_of, prose
from tests.scan_files import picture_of, saved, scanned

# Python imports this before anything else, in the children of the process as well.
HIDDEN = "import sys\nsys.modules['rapidocr'] = None\n"
INGEST = """
import json, sys
from pathlib import Path
from index.library import Library
from index.settings import IndexSettings
with Library(Path(sys.argv[1]), IndexSettings()) as library:
    rows = library.ingest([Path(path) for path in sys.argv[2:]]).rows
print(json.dumps([[row.source, row.outcome, row.reason] for row in rows]))
"""
Rows = dict[str, tuple[str, str | None]]


def ingested_without(tmp_path: Path, data_dir: Path, *paths: Path) -> Rows:
    (tmp_path / "hidden").mkdir(exist_ok=True)
    (tmp_path / "hidden" / "sitecustomize.py").write_text(HIDDEN, encoding="utf-8")
    found = os.pathsep.join([str(tmp_path / "hidden"), str(ROOT)])
    command = [sys.executable, "-c", INGEST, str(data_dir), *map(str, paths)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, cwd=ROOT, env={**os.environ, "PYTHONPATH": found}
    )
    return {source: (outcome, reason) for source, outcome, reason in json.loads(done.stdout.splitlines()[-1])}


def ingested(data_dir: Path, *paths: Path) -> Rows:
    with Library(data_dir, IndexSettings()) as library:
        return {row.source: (row.outcome, row.reason) for row in library.ingest(paths).rows}


@pytest.mark.slow
def test_scans_are_refused_without_the_extra_and_read_once_it_is_there(
    tmp_path: Path, data_dir: Path, folder: Path
) -> None:
    scan = scanned(page_of((60, 80, prose("scan", 4, 400))))
    (folder / "mixed.pdf").write_bytes(drawn(page_of((60, 80, prose("typed", 4, 400))), picture_of(scan)))
    (folder / "note.md").write_text("# Quays\n\nThe quays of Manta were closed in May.", encoding="utf-8")
    (folder / "photo.png").write_bytes(saved(scan.picture))
    (folder / "scan.pdf").write_bytes(drawn(picture_of(scan)))
    assert ingested_without(tmp_path, data_dir, folder) == {
        "reports/mixed.pdf": ("added", f"1 of 2 pages are pictures and were not read: {HOW_TO_INSTALL}"),
        "reports/note.md": ("added", None),
        "reports/photo.png": ("skipped", f"pictures are not read: {HOW_TO_INSTALL}"),
        "reports/scan.pdf": (
            "failed",
            f"scan.pdf is scanned: 1 page without text; OCR is needed: {HOW_TO_INSTALL}",
        ),
    }
    named = ingested_without(tmp_path, data_dir, folder / "photo.png")
    assert named == {"reports/photo.png": ("failed", f"photo.png is a picture: {HOW_TO_INSTALL}")}
    assert ingested(data_dir, folder) == {
        "reports/mixed.pdf": ("changed", "1 of 2 pages read by OCR"),
        "reports/note.md": ("unchanged", None),
        "reports/photo.png": ("added", "1 of 1 pages read by OCR"),
        "reports/scan.pdf": ("added", "1 of 1 pages read by OCR"),
    }
    assert {outcome for outcome, _ in ingested(data_dir, folder).values()} == {"unchanged"}


def test_the_reason_names_the_package_and_the_extra_that_there_are() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert f"'{project['name']}[ocr]'" in HOW_TO_INSTALL
    assert "OCR=1" in HOW_TO_INSTALL
    assert "$(if $(OCR)," in (ROOT / "Makefile").read_text("utf-8")


def pinned(name: str) -> dict[str, str]:
    lines = (ROOT / name).read_text("utf-8").splitlines()
    pins = (re.match(r"([\w.-]+)==(\S+)", line) for line in lines)
    return {re.sub(r"[-_.]+", "-", pin[1].lower()): pin[2] for pin in pins if pin}


def test_everything_that_the_extra_needs_is_pinned_once() -> None:
    extra, rest = pinned("requirements-ocr.txt"), pinned("requirements.txt")
    assert not set(extra) & (set(rest) | set(pinned("requirements-dev.txt")))
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]["ocr"]
    from importlib.metadata import requires

    asked = [Requirement(line) for line in wanted]
    asked += [Requirement(line) for name in extra for line in requires(name) or () if "extra ==" not in line]
    for requirement in asked:
        if requirement.marker is not None and not requirement.marker.evaluate():
            continue
        name = re.sub(r"[-_.]+", "-", requirement.name.lower())
        assert requirement.specifier.contains({**rest, **extra}[name]), requirement
