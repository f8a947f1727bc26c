"""What the tests share: a place for run-time data, the exported embedder (made once a run), small real libraries, and a
real server in a process of its own. Nothing of ours is replaced by a mock.
"""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from assistant.assembly import Dossier, open_dossier
from assistant.settings import Settings
from index.embedding import Embedder, open_embedder
from index.library import Library
from index.settings import IndexSettings
from tests import llama_server
from tests.calling import BOMBINGS, ask
from tests.chat_server import Server, listening

ROOT = Path(__file__).parent.parent
SEEDS = ROOT / "seeds"
READY = re.compile(r"at (http://\S+)")

os.environ.setdefault("HF_HUB_OFFLINE", "1")
for name in [name for name in os.environ if name.startswith("ASSISTANT_") and name != "ASSISTANT_TEST_MODELS_DIR"]:
    del os.environ[name]


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--data", type=Path, help="folder of the public data that tests/data.toml lists")


@pytest.fixture(scope="session")
def public_data(request: pytest.FixtureRequest) -> Path:
    """The folder of public data; a test that needs it is skipped without."""
    folder: Path | None = request.config.getoption("--data")
    if folder is None:
        pytest.skip("the public data is not there: name its folder with --data DIR (see tests/data.toml)")
    return folder


@pytest.fixture(scope="session")
def models_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where exported models lie; the same for all libraries of a run, so that the export is paid once."""
    given = os.environ.get("ASSISTANT_TEST_MODELS_DIR")
    return Path(given) if given else tmp_path_factory.mktemp("models")


@pytest.fixture(scope="session")
def embedder(models_dir: Path) -> Embedder:
    """The default embedder."""
    return open_embedder(IndexSettings(), models_dir)


@pytest.fixture
def data_dir(tmp_path: Path, models_dir: Path, embedder: Embedder) -> Path:
    """An empty data directory that finds the exported models."""
    return make_data_dir(tmp_path / "data", models_dir)


def make_data_dir(path: Path, models_dir: Path) -> Path:
    path.mkdir(parents=True)
    (path / "models").symlink_to(models_dir, target_is_directory=True)
    return path


@pytest.fixture
def library(data_dir: Path) -> Iterator[Library]:
    """An empty library, opened."""
    with Library(data_dir, IndexSettings()) as opened:
        yield opened


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """An empty folder for documents."""
    path = tmp_path / "reports"
    path.mkdir()
    return path


@pytest.fixture(scope="session")
def seeds_data_dir(
    tmp_path_factory: pytest.TempPathFactory,
    models_dir: Path,
    embedder: Embedder,
) -> Path:
    """A data directory with `seeds/` taken in; for tests that only read."""
    path = make_data_dir(tmp_path_factory.mktemp("seeds") / "data", models_dir)
    with Library(path, IndexSettings()) as opened:
        report = opened.ingest([SEEDS])
        assert not report.count("failed")
    return path


@pytest.fixture(scope="module")
def dossier(seeds_data_dir: Path) -> Iterator[Dossier]:
    """Everything opened over `seeds/`."""
    with open_dossier(Settings(data_dir=seeds_data_dir)) as opened:
        yield opened


Serve = Callable[[Path], contextlib.AbstractContextManager[str]]


@contextlib.contextmanager
def served(data_dir: Path, *options: str) -> Iterator[str]:
    """The URL of a real `assistant serve` over a data directory, stopped afterwards."""
    command = [sys.executable, "-u", "-m", "assistant", "--data-dir", str(data_dir), "serve", "--port", "0", *options]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=ROOT) as server:
        try:
            assert server.stdout is not None
            line = server.stdout.readline()
            found = READY.search(line)
            if found is None:
                server.kill()
                pytest.fail(f"the server did not start: {line} {server.communicate()[1]}")
            yield found[1]
        finally:
            server.terminate()
            server.wait(timeout=30)


@pytest.fixture(scope="session")
def seeds_url(
    tmp_path_factory: pytest.TempPathFactory,
    models_dir: Path,
    embedder: Embedder,
) -> Iterator[str]:
    """A server over `seeds/` with a data directory of its own; tests may add and remove what they made."""
    path = make_data_dir(tmp_path_factory.mktemp("served") / "data", models_dir)
    with Library(path, IndexSettings()) as opened:
        opened.ingest([SEEDS])
    with served(path) as url:
        yield url


@pytest.fixture(scope="module")
def client(seeds_url: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=seeds_url, timeout=60) as opened:
        yield opened


@pytest.fixture(scope="module")
def answer(client: httpx.Client) -> dict[str, Any]:
    """The answer to a question that the library answers."""
    return ask(client, BOMBINGS)


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    """A server that speaks OpenAI's protocol, and no key in the environment."""
    for variable in ("OPENAI_API_KEY", "OPENAI_ADMIN_KEY", "OPENAI_BASE_URL", "OPENAI_API_BASE"):
        monkeypatch.delenv(variable, raising=False)
    with listening() as found:
        yield found


@pytest.fixture(scope="session")
def llama() -> Iterator[str]:
    """The base URL of a real language model; a test that needs it is skipped where its packages are missing."""
    lacking = llama_server.missing()
    if lacking:
        pytest.skip(lacking)
    with llama_server.serving() as url:
        yield url
