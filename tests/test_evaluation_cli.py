"""`assistant evaluate` as a command of its own: what it prints, writes and refuses."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.test_cli import run as command
from tests.test_evaluation_command import squad_file

pytestmark = pytest.mark.slow


def test_the_command_prints_writes_and_compares(tmp_path: Path, data_dir: Path) -> None:
    cases, saved_run = str(squad_file(tmp_path)), str(tmp_path / "before.json")
    first = command(data_dir, "evaluate", cases, "--output", saved_run)
    assert first.returncode == 0, first.stderr
    assert "index temporary" in " ".join(first.stdout.split())
    compared = ("--decline-below", "1", "--baseline", saved_run, "--report", str(tmp_path / "r.html"))
    second = command(data_dir, "evaluate", cases, *compared)
    assert second.returncode == 0, second.stderr
    assert "Beside the earlier run, 5 cases in common" in second.stdout
    assert "declined 5" in second.stdout
    assert "<svg" in (tmp_path / "r.html").read_text(encoding="utf-8")
    as_json = command(data_dir, "evaluate", cases, "--json", "--limit", "2")
    assert len(json.loads(as_json.stdout)["cases"]) == 2


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--decline-below", "2"), "decline_below cannot be"),
        (("--baseline", "none.json"), "none.json does not exist"),
        (("--output", "/none/run.json"), "/none/run.json cannot be written"),
    ],
)
def test_a_wrong_option_is_one_line_before_anything_is_asked(
    tmp_path: Path, data_dir: Path, options: tuple[str, ...], message: str
) -> None:
    done = command(data_dir, "evaluate", str(squad_file(tmp_path)), *options)
    assert (done.returncode, message in done.stderr) == (2, True), done.stderr
    assert done.stderr.startswith("Error: ")
    assert len(done.stderr.strip().splitlines()) == 1
