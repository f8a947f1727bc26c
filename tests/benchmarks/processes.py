"""The `assistant` command as a process of its own, on a data directory and with no settings but the defaults."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

READY_SECONDS = 60.0
POLL_SECONDS = 0.02
COMMAND = (sys.executable, "-m", "assistant")
ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True, slots=True)
class Server:
    """A running server, and how long it took from the start of its process until it said that it was ready."""

    url: str
    ready_seconds: float


def run(data_dir: Path, *arguments: str) -> float:
    """Run a command to its end; gives its seconds."""
    begun = time.perf_counter()
    done = subprocess.run(
        [*COMMAND, *arguments], env=_environment(data_dir), cwd=data_dir, capture_output=True, text=True, check=False
    )
    seconds = time.perf_counter() - begun
    if done.returncode:
        raise SystemExit(f"`assistant {' '.join(arguments)}` ended with {done.returncode}: {done.stderr[-500:]}")
    return seconds


@contextmanager
def serving(data_dir: Path) -> Iterator[Server]:
    """A server on any free port, ready; stopped afterwards."""
    begun = time.perf_counter()
    process = subprocess.Popen(
        [*COMMAND, "serve", "--port", "0"], env=_environment(data_dir), cwd=data_dir, stdout=subprocess.PIPE, text=True
    )
    try:
        url = _url(process)
        _until_ready(url)
        yield Server(url, time.perf_counter() - begun)
    finally:
        process.terminate()
        process.wait(timeout=READY_SECONDS)


def _environment(data_dir: Path) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("ASSISTANT_")}
    return {**kept, "ASSISTANT_DATA_DIR": str(data_dir), "PYTHONPATH": str(ROOT)}


def _url(process: subprocess.Popen[str]) -> str:
    """The URL that the server says on its first lines."""
    assert process.stdout is not None
    for line in process.stdout:
        found = re.search(r"http://\S+", line)
        if found:
            return found.group()
    raise SystemExit(f"`assistant serve` ended with {process.wait()} before it was ready")


def _until_ready(url: str) -> None:
    until = time.perf_counter() + READY_SECONDS
    while time.perf_counter() < until:
        try:
            if httpx.get(f"{url}/health/ready", timeout=5).status_code == httpx.codes.OK:
                return
        except httpx.TransportError:
            pass
        time.sleep(POLL_SECONDS)
    raise SystemExit(f"the server at {url} was not ready within {READY_SECONDS:.0f} s")
