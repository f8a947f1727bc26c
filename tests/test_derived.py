"""What is derived, and who may open it: rebuilding, locking, reindexing."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from index.catalog import Catalog
from index.catalog.values import FileState, Made, Making
from index.documents import Loaded
from index.embedding.weights import find_model
from index.errors import EmbedderMismatch, LibraryInUse, Overtaken, StoreBroken
from index.library import Library
from index.lock import DataLock
from index.reindexing import reindex
from index.settings import IndexSettings
from index.store import ChromaStore
from tests.test_library import PORT, PRISON, stored, write

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("damage", ["missing", "empty", "garbage", "older"])
@pytest.mark.parametrize("store", ["chroma", "words"])
def test_a_derived_store_is_rebuilt_from_the_catalog(data_dir: Path, folder: Path, store: str, damage: str) -> None:
    write(folder, port_txt=PORT)
    with Library(data_dir, IndexSettings()) as library:
        library.ingest([folder])
    shutil.copytree(data_dir / store, data_dir / "older")
    with Library(data_dir, IndexSettings()) as library:
        write(folder, prison_md=PRISON)
        library.ingest([folder])
        expected = stored(library)
    shutil.rmtree(data_dir / store)
    if damage == "older":
        shutil.copytree(data_dir / "older", data_dir / store)
    elif damage != "missing":
        (data_dir / store / "default").mkdir(parents=True)
        name = "chroma.sqlite3" if store == "chroma" else "default/meta.json"
        (data_dir / store / name).write_bytes(b"" if damage == "empty" else b"\x00garbage" * 999)
    (data_dir / "clean.json").unlink()
    with Library(data_dir, IndexSettings()) as library:
        assert stored(library) == expected
        assert "316" in library.search("How many inmates were killed?")[0].passage.text


def test_the_mark_of_a_clean_stop_is_of_one_version_of_the_index(data_dir: Path, folder: Path) -> None:
    write(folder, port_txt=PORT)
    with Library(data_dir, IndexSettings()) as library:
        library.ingest([folder])
        assert not (data_dir / "clean.json").exists(), "while it is open a stop is not clean"
    left = json.loads((data_dir / "clean.json").read_text(encoding="utf-8"))
    assert left["index_version"] == 1


def test_who_does_not_hold_the_library_may_add_but_not_search(data_dir: Path, folder: Path) -> None:
    write(folder, port_txt=PORT)
    holder = DataLock(data_dir)
    assert holder.acquire()
    with Library(data_dir, IndexSettings()) as library:
        library._ingest.run([folder.resolve()], "default")
        assert library.entries()[0][0].state == "pending"
        with pytest.raises(LibraryInUse, match="in use by process"):
            library.search("port")
        assert not library.settle(wait_seconds=0.3)
        holder.release()
        assert library.settle(), "the holder is gone: whoever waits takes over"
        assert library.search("largest port")


@pytest.mark.slow
def test_another_embedder_is_an_error_and_reindexing_mends_it(data_dir: Path, folder: Path) -> None:
    write(folder, prison_md=PRISON)
    with Library(data_dir, IndexSettings()) as library:
        library.ingest([folder])
        document_id = library.entries()[0][0].id
        path = str(find_model("all-MiniLM-L6-v2"))
    other = IndexSettings(embedder=path)
    with pytest.raises(EmbedderMismatch, match="assistant reindex"):
        Library(data_dir, other)
    assert DataLock(data_dir).acquire(), "a failed opening gives the lock back"
    assert reindex(data_dir, other) == 1
    with Library(data_dir, other) as library:
        assert library.entries()[0][0].id == document_id
        assert "316" in library.search("How many inmates were killed?")[0].passage.text


def test_a_store_that_failed_is_looked_at_by_the_next_start(data_dir: Path, folder: Path) -> None:
    write(folder, prison_md=PRISON)
    with Library(data_dir, IndexSettings()) as library:
        library.ingest([folder])
    (data_dir / "words" / "default" / "meta.json").write_text("{", encoding="utf-8")
    with Library(data_dir, IndexSettings()) as library, pytest.raises(StoreBroken):
        library.search("How many inmates were killed?")
    assert not (data_dir / "clean.json").exists()
    with Library(data_dir, IndexSettings()) as library:
        assert "316" in library.search("How many inmates were killed?")[0].passage.text


def test_a_word_index_that_can_be_read_and_not_be_written_is_made_anew(data_dir: Path, folder: Path) -> None:
    write(folder, prison_md=PRISON, port_md="# Port\n\nBoxes were counted at the quay.")
    with Library(data_dir, IndexSettings()) as library:
        library.ingest([folder])
    words = data_dir / "words" / "default"
    named = {name: (words / name).read_bytes() for name in ("meta.json", ".managed.json")}
    (folder / "port.md").unlink()
    with Library(data_dir, IndexSettings()) as library:
        library.ingest([folder])
        expected = stored(library)
    # The index is as it was before, but a file that it does not know lies where it will write next.
    for name, held in named.items():
        (words / name).write_bytes(held)
    assert list(words.glob("*.del"))
    (data_dir / "clean.json").unlink()

    with Library(data_dir, IndexSettings()) as library:
        assert stored(library) == expected
        assert "316" in library.search("How many inmates were killed?")[0].passage.text
    assert not list(words.glob("*.del"))


def test_a_mark_of_another_version_is_not_trusted(data_dir: Path, folder: Path) -> None:
    write(folder, prison_md=PRISON)
    with Library(data_dir, IndexSettings()) as library:
        library.ingest([folder])
        expected = stored(library)
    mark = data_dir / "clean.json"
    mark.write_text(mark.read_text("utf-8").replace('"index_version": 1', '"index_version": 0'), encoding="utf-8")
    store = ChromaStore(data_dir / "chroma")
    store.drop("default")
    store.close()
    with Library(data_dir, IndexSettings()) as library:
        assert stored(library) == expected


def test_the_old_vectors_are_gone_before_another_embedder_is_recorded(data_dir: Path, folder: Path) -> None:
    write(folder, prison_md=PRISON)
    with Library(data_dir, IndexSettings()) as library:
        library.ingest([folder])
    other = IndexSettings(embedder=str(find_model("all-MiniLM-L6-v2")))
    reindex(data_dir, other)
    assert not (data_dir / "chroma").exists()
    assert not (data_dir / "clean.json").exists()
    catalog = Catalog(data_dir)
    late = Making("loader splitter", "all-MiniLM-L6-v2")
    made = Made("d-late", Loaded("Late.", "late"), "0", (), (), np.zeros((0, 4), dtype=np.float32))
    with pytest.raises(Overtaken, match="another embedder"):
        catalog.changes.put("default", "late.txt", FileState("f"), late, made)
    catalog.close()
