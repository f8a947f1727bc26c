from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from index.catalog.shelf import Indexed
from index.documents import Details, Passage
from index.errors import StoreBroken
from index.store import BATCH, ChromaStore

DIMENSION = 16


def vectors(count: int, seed: int = 7) -> npt.NDArray[np.float32]:
    drawn = np.random.default_rng(seed).normal(size=(count, DIMENSION))
    unit: npt.NDArray[np.float32] = (drawn / np.linalg.norm(drawn, axis=1, keepdims=True)).astype(np.float32)
    return unit


def rows(drawn: npt.NDArray[np.float32], title: str = "title") -> list[Indexed]:
    return [
        Indexed(
            Passage(f"d{number}:0:0-4", f"d{number}", "", None, "text", 0, 4), "default", title, "s", Details(), vector
        )
        for number, vector in enumerate(drawn)
    ]


def test_the_nearest_are_those_of_an_exact_comparison(tmp_path: Path) -> None:
    drawn = vectors(BATCH + 500)
    store = ChromaStore(tmp_path / "chroma")
    store.upsert("default", rows(drawn))
    right = 0
    questions = vectors(20, seed=8)
    for question in questions:
        exact = np.argsort(-(drawn @ question))[:10]
        found = store.nearest("default", question, 10)
        right += len({f"d{number}:0:0-4" for number in exact} & {passage_id for passage_id, _ in found})
        assert found[0][1] == pytest.approx(float((drawn @ question).max()), abs=1e-4)
    assert right / (10 * len(questions)) >= 0.98
    store.close()


def test_taking_in_again_replaces_vectors_and_details(tmp_path: Path) -> None:
    drawn = vectors(3)
    store = ChromaStore(tmp_path / "chroma")
    store.upsert("default", rows(drawn, "old"))
    store.upsert("default", rows(drawn[::-1], "new"))
    assert store.nearest("default", drawn[0], 1)[0][0].startswith("d2:")
    assert len(store.ids("default")) == 3
    store.close()


def test_what_was_taken_in_is_there_after_a_restart(tmp_path: Path) -> None:
    store = ChromaStore(tmp_path / "chroma")
    store.upsert("default", rows(vectors(5)))
    store.delete("default", ["d4:0:0-4", "never-there"])
    store.close()
    again = ChromaStore(tmp_path / "chroma")
    assert again.ids("default") == {f"d{number}:0:0-4" for number in range(4)}
    again.close()


def test_langchain_opens_the_same_collection(tmp_path: Path) -> None:
    from langchain_chroma import Chroma

    drawn = vectors(4)
    store = ChromaStore(tmp_path / "chroma")
    store.upsert("default", rows(drawn))
    store.close()
    opened = Chroma(collection_name="default", persist_directory=str(tmp_path / "chroma"))
    found = opened.similarity_search_by_vector(drawn[2].tolist(), k=1)
    assert found[0].page_content == "text"
    assert found[0].metadata["document_id"] == "d2"


def test_a_broken_folder_is_said_to_be_broken(tmp_path: Path) -> None:
    folder = tmp_path / "chroma"
    folder.mkdir()
    (folder / "chroma.sqlite3").write_bytes(b"no database at all" * 100)
    with pytest.raises(StoreBroken, match="rebuilt from the catalog"):
        ChromaStore(folder)
