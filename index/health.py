"""Looks at a derived store in a process of its own: `python -m index.health KIND DATA_DIR COLLECTION...`.

A Chroma folder that a killed process left may kill whoever opens it; so the one that looks first is expendable. It
prints, as JSON, the ids that the store holds for each collection, or ends with another exit code than 0.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from index.errors import StoreBroken
from index.store import ChromaStore
from index.words import WordIndex

Kind = Literal["chroma", "words"]
TIMEOUT_SECONDS = 600


def examine(kind: Kind, data_dir: Path, collections: Sequence[str]) -> dict[str, set[str]] | None:
    """The ids that the store of this kind holds, by collection; None where it cannot be opened or does not answer."""
    command = [sys.executable, "-m", "index.health", kind, str(data_dir), *collections]
    try:
        ended = subprocess.run(command, capture_output=True, timeout=TIMEOUT_SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return None
    if ended.returncode != 0:
        return None
    return {name: set(ids) for name, ids in json.loads(ended.stdout).items()}


def main(arguments: Sequence[str]) -> int:
    """Print what a store holds; 3 where it cannot be opened."""
    kind, data_dir, *collections = arguments
    folder = Path(data_dir) / kind
    try:
        store = ChromaStore(folder) if kind == "chroma" else WordIndex(folder)
        found = {collection: sorted(store.ids(collection)) for collection in collections}
        if isinstance(store, ChromaStore):
            for collection in collections:
                store.probe(collection)
        store.close()
    except StoreBroken as error:
        print(error, file=sys.stderr)
        return 3
    json.dump(found, sys.stdout)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
