"""The command line as its user sees it: real processes, a real data directory."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from assistant.cli import app
from assistant.settings import Settings, origins
from index.embedding import Embedder
from tests.conftest import ROOT, SEEDS, make_data_dir, served

BOMBINGS = "How many bombings were recorded in Ecuador between January and August 2022?"
README = (ROOT / "README.md").read_text(encoding="utf-8")

pytestmark = pytest.mark.slow


def run(data_dir: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "assistant", *arguments]
    return subprocess.run(
        command, capture_output=True, text=True, timeout=120, check=False, cwd=ROOT,
        env={**os.environ, "ASSISTANT_DATA_DIR": str(data_dir), **environment},
    )  # fmt: skip


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory, models_dir: Path, embedder: Embedder) -> Path:
    path = make_data_dir(tmp_path_factory.mktemp("cli") / "data", models_dir)
    done = run(path, "ingest", str(SEEDS))
    assert done.returncode == 0, done.stderr
    assert "added" in done.stdout
    return path


def test_the_question_of_the_readme_is_answered(data: Path) -> None:
    done = run(data, "ask", BOMBINGS)
    assert done.returncode == 0, done.stderr
    assert "145" in done.stdout
    assert "[1] Ecuador: situation report, September 2022 (2022-09-15)" in done.stdout


def test_the_readme_shows_what_its_command_prints(data: Path) -> None:
    (block,) = [part for part in README.split("```console\n") if part.startswith("$ .venv/bin/assistant ask")]
    command, *shown = block.split("```")[0].strip().splitlines()
    printed = run(data, *shlex.split(command)[2:]).stdout.splitlines()
    assert [line.rstrip() for line in printed if "confidence" not in line] == [
        line for line in shown if "confidence" not in line
    ]


def test_json_is_the_object_of_the_contract(data: Path) -> None:
    done = run(data, "ask", "--json", BOMBINGS)
    answer = json.loads(done.stdout)
    assert answer["verdict"] == "grounded"
    assert answer["citations"][0]["link"] == f"/answers/{answer['id']}/citations/1"


def test_a_conversation_on_the_command_line_understands_follow_ups(data: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "assistant", "chat"], input=f"{BOMBINGS}\nAnd in the whole of 2021?\n\n", timeout=120,
        capture_output=True, text=True, check=False, cwd=ROOT, env={**os.environ, "ASSISTANT_DATA_DIR": str(data)},
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "searched: How many bombings were recorded in Ecuador" in done.stdout


def test_documents_are_listed_and_removed(data: Path, tmp_path: Path) -> None:
    (tmp_path / "note.txt").write_text("A note on the quays.\n\nThe quays of Manta were closed in May.", "utf-8")
    assert run(data, "ingest", str(tmp_path / "note.txt")).returncode == 0
    listed = run(data, "documents").stdout
    (document_id,) = re.findall(r"(d[0-9a-f]{16}) +A note on the quays", listed)
    removed = run(data, "remove", document_id)
    assert "removed A note on the quays" in removed.stdout
    assert document_id not in run(data, "documents").stdout


def test_a_file_that_fails_gives_exit_code_1_and_its_reason(data: Path, tmp_path: Path) -> None:
    (tmp_path / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n\x00\x00")
    done = run(data, "ingest", str(tmp_path / "picture.txt"))
    assert done.returncode == 1
    assert "failed" in done.stdout
    assert "picture.txt" in done.stdout


@pytest.mark.parametrize(
    ("arguments", "environment", "message"),
    [
        (("ingest", "no-such-folder"), {}, "no-such-folder does not exist"),
        (("ask", "  "), {}, "the question is empty"),
        (("ask", "x" * 2001), {}, "at most 2000"),
        (("ask", "What?", "--collection", "other"), {}, "no collection 'other'"),
        (("ask", "What?", "--conversation", "nobody"), {}, "no conversation 'nobody'"),
        (("remove", "d-nobody"), {}, "no document 'd-nobody'"),
        (("settings",), {"ASSISTANT_READR": "chat"}, "did you mean ASSISTANT_READER"),
        (("ask", "What?"), {"ASSISTANT_READER": "chat"}, "needs a language model"),
        (("ask", "What?"), {"ASSISTANT_INDEX__EMBEDDER": "other-model"}, "all-MiniLM-L6-v2"),
        (("serve", "--host", "0.0.0.0"), {}, "open to other machines"),
        (("evaluate", "no-such-file.jsonl"), {}, "no-such-file.jsonl"),
    ],
)
def test_an_error_is_one_line_that_says_what_next(
    data: Path, arguments: tuple[str, ...], environment: dict[str, str], message: str
) -> None:
    done = run(data, *arguments, **environment)
    assert done.returncode in (1, 2)
    assert message in done.stderr
    assert done.stderr.startswith("Error: ")
    assert "Traceback" not in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_an_empty_library_says_how_to_fill_it(tmp_path: Path, models_dir: Path) -> None:
    done = run(make_data_dir(tmp_path / "data", models_dir), "ask", "What?")
    assert (done.returncode, "assistant ingest" in done.stderr) == (1, True)


def test_a_port_in_use_is_said(data: Path) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = run(data, "serve", "--port", str(taken.getsockname()[1]))
    assert done.returncode == 2
    assert "--port" in done.stderr


def test_beside_a_server_ask_uses_it_and_ingest_just_works(data: Path, tmp_path: Path) -> None:
    shutil.copytree(data, tmp_path / "data", symlinks=True)
    (tmp_path / "note.txt").write_text("A note on Bahía.\n\nIn Bahía the customs house burned down twice.", "utf-8")
    with served(tmp_path / "data"):
        done = run(tmp_path / "data", "ask", BOMBINGS)
        assert (done.returncode, "145" in done.stdout) == (0, True), done.stderr
        taken_in = run(tmp_path / "data", "ingest", str(tmp_path / "note.txt"))
        assert taken_in.returncode == 0, taken_in.stderr
        assert "will make it searchable" not in taken_in.stdout
        found = run(tmp_path / "data", "ask", "--must-answer", "How often did the customs house in Bahía burn down?")
        assert "burned down twice" in found.stdout
        refused = run(tmp_path / "data", "ask", "What?", "--conversation", "nobody")
        assert (refused.returncode, "conversation 'nobody'" in refused.stderr) == (2, True)
        second = run(tmp_path / "data", "serve", "--port", "0")
        assert (second.returncode, "in use" in second.stderr) == (1, True)


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_a_server_that_is_told_to_stop_closes_its_library(data: Path, tmp_path: Path, how: signal.Signals) -> None:
    shutil.copytree(data, tmp_path / "data", symlinks=True)
    (tmp_path / "data" / "clean.json").unlink(missing_ok=True)
    command = [sys.executable, "-m", "assistant", "--data-dir", str(tmp_path / "data"), "serve", "--port", "0"]

    def heeding() -> None:
        # A shell has what it runs in the background ignore Ctrl-C, and children inherit that.
        signal.signal(signal.SIGINT, signal.default_int_handler)

    with subprocess.Popen(
        command,
        stdout=subprocess.PIPE,
        text=True,
        cwd=ROOT,
        preexec_fn=heeding,  # noqa: PLW1509 - no thread of the tests' holds a lock that it needs
    ) as server:
        try:
            assert server.stdout is not None
            assert "http://" in server.stdout.readline()
            server.send_signal(how)
            assert server.wait(timeout=30) == 0
        finally:
            server.kill()
    assert (tmp_path / "data" / "clean.json").exists()
    assert (tmp_path / "data" / "lock").read_text() == ""


def test_settings_are_shown_with_where_they_come_from(data: Path) -> None:
    done = run(data, "settings", ASSISTANT_MAX_PASSAGES="5")
    (row,) = [line for line in done.stdout.splitlines() if line.startswith("max_passages")]
    assert "5" in row
    assert "environment (ASSISTANT_MAX_PASSAGES)" in row


def test_evaluate_prints_its_figures(data: Path, tmp_path: Path) -> None:
    lines = (SEEDS / "questions.jsonl").read_text("utf-8").splitlines()
    (tmp_path / "few.jsonl").write_text("\n".join([lines[0], lines[-1]]), encoding="utf-8")
    done = run(data, "evaluate", str(tmp_path / "few.jsonl"))
    assert done.returncode == 0, done.stderr
    assert "declined" in done.stdout


def test_the_readme_names_every_command_and_setting() -> None:
    for command in app.registered_commands:
        name = command.name or (command.callback.__name__ if command.callback else "")
        assert f"assistant {name}" in README, name
    for group in app.registered_groups:
        assert group.typer_instance is not None
        for command in group.typer_instance.registered_commands:
            name = command.name or (command.callback.__name__ if command.callback else "")
            assert f"assistant {group.typer_instance.info.name} {name}" in README, name
    for origin in origins(Settings()):
        variable = "ASSISTANT_" + origin.key.replace(".", "__").upper()
        assert f"`{variable}`" in README, variable


def test_the_readme_begins_with_a_command_and_its_output() -> None:
    lines = README.splitlines()
    assert any(line.startswith("$ make run") for line in lines[:15])


def test_version_and_help_answer(data: Path) -> None:
    assert run(data, "--version").stdout.startswith("Dossier ")
    assert "ingest" in run(data, "--help").stdout
