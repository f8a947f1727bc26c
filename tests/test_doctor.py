"""The doctor finds what is wrong with a library, mends it, and says so; a sound library it leaves alone."""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from index.doctor import Finding, examine
from index.errors import LibraryInUse, NotFound, StoreBroken
from index.library import Library
from index.settings import IndexSettings

pytestmark = pytest.mark.slow

PORT = "The port of Guayaquil is the largest port of Ecuador. Containers of bananas leave it every day."
PRISON = "# Prisons\n\nIn 2021, some 316 inmates were killed in the country's prisons. Guards were bribed."
OLD = 1_000_000_000


@pytest.fixture
def kept(data_dir: Path, folder: Path) -> Path:
    """A closed library of two documents."""
    (folder / "port.txt").write_text(PORT, encoding="utf-8")
    (folder / "prison.md").write_text(PRISON, encoding="utf-8")
    with Library(data_dir, IndexSettings()) as library:
        library.ingest([folder])
    return data_dir


def examined(data_dir: Path) -> list[Finding]:
    return list(examine(data_dir, IndexSettings()))


def change(data_dir: Path, *statements: str) -> None:
    with sqlite3.connect(data_dir / "catalog.sqlite") as connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


def assert_whole(data_dir: Path) -> None:
    assert examined(data_dir) == []
    with Library(data_dir, IndexSettings()) as library:
        assert "316 inmates" in library.search("How many inmates were killed in 2021?")[0].passage.text
        assert "bananas" in library.search("What leaves the port of Guayaquil?")[0].passage.text


def bytes_of(data_dir: Path, text: str) -> Path:
    return next(path for path in (data_dir / "files").glob("??/*") if path.read_text(encoding="utf-8") == text)


def test_a_sound_library_is_left_alone(kept: Path) -> None:
    assert_whole(kept)


def damage_vector(data_dir: Path) -> None:
    blob = np.full(384, np.nan, dtype="<f4").tobytes().hex()
    change(data_dir, f"UPDATE passages SET vector = X'{blob}' WHERE text LIKE '%316%'")


def shorten_vector(data_dir: Path) -> None:
    change(data_dir, "UPDATE passages SET vector = X'00000000' WHERE text LIKE '%316%'")


def move_passage(data_dir: Path) -> None:
    change(data_dir, 'UPDATE passages SET start = start + 1, "end" = "end" + 1 WHERE text LIKE \'%bananas%\'')


def change_text(data_dir: Path) -> None:
    change(data_dir, "UPDATE versions SET text = replace(text, '316', '613') WHERE text LIKE '%316%'")


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (damage_vector, "vector of its passage .* is damaged"),
        (shorten_vector, "vector of its passage .* is damaged"),
        (move_passage, "is not a slice of its text"),
        (change_text, "its text is not the one that was taken in"),
    ],
)
def test_a_damaged_document_is_made_anew_from_its_bytes(kept: Path, damage: Callable[[Path], None], told: str) -> None:
    damage(kept)
    found = examined(kept)
    assert (found[0].remedy, found[0].mended) == ("made anew from its bytes", True)
    assert re.search(told, found[0].problem)
    assert_whole(kept)


def test_lost_bytes_come_back_from_their_file(kept: Path, folder: Path) -> None:
    bytes_of(kept, PORT).unlink()
    (finding,) = examined(kept)
    assert finding.mended
    assert f"restored from {folder / 'port.txt'}" in finding.remedy
    assert bytes_of(kept, PORT).exists()


def test_changed_bytes_are_noticed_and_lost_ones_said_where_the_file_is_gone(kept: Path, folder: Path) -> None:
    bytes_of(kept, PORT).write_text("other", encoding="utf-8")
    (folder / "port.txt").unlink()
    (finding,) = examined(kept)
    assert (finding.mended, "take its source in again" in finding.remedy) == (False, True)
    with Library(kept, IndexSettings()) as library:
        assert "bananas" in library.search("What leaves the port?")[0].passage.text


def test_bytes_of_no_document_and_halves_of_files_are_swept_but_not_fresh_ones(kept: Path) -> None:
    place = kept / "files" / "ab"
    place.mkdir(exist_ok=True)
    for name, old in (("ab" * 32, True), ("cd" * 32, False), ("ef.1234.part", True), ("01.1234.part", False)):
        (place / name).write_text("x", encoding="utf-8")
        if old:
            os.utime(place / name, (OLD, OLD))
    assert [finding.problem for finding in examined(kept)] == [
        "an unfinished file ef.1234.part was left by a write that was cut off",
        f"the kept file {('ab' * 32)[:12]} belongs to no document",
    ]
    assert sorted(path.name for path in place.iterdir()) == ["01.1234.part", "cd" * 32]


def test_chroma_is_made_equal_to_the_catalog(kept: Path) -> None:
    with Library(kept, IndexSettings()) as library:
        assert library._derived is not None
        store = library._derived.store
        (first, second) = sorted(store.ids("default"))
        store.delete("default", [first])
        rows = list(library._catalog.shelf.indexed(library._catalog.shelf.visible_versions("default"), keep={second}))
        store.upsert("default", [replace(rows[0], vector=-rows[0].vector)])
    problems = [finding.problem for finding in examined(kept)]
    assert problems == [
        "chroma lacked 1 passages of the collection 'default' and held 0 too many",
        "Chroma held other vectors than the catalog for 1 passages of 'default'",
    ]
    assert_whole(kept)


@pytest.mark.parametrize("store", ["chroma", "words"])
def test_a_store_of_nonsense_is_rebuilt(kept: Path, store: str) -> None:
    for path in (kept / store).rglob("*"):
        if path.is_file():
            path.write_bytes(b"nonsense")
    assert any(store in finding.problem and finding.mended for finding in examined(kept))
    assert_whole(kept)


def test_a_damaged_catalog_is_said_and_nothing_is_touched(kept: Path) -> None:
    file = kept / "catalog.sqlite"
    data = bytearray(file.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 8192] = b"\xff" * 8192
    file.write_bytes(data)
    with pytest.raises(StoreBroken, match="restore it from a copy"):
        examined(kept)
    assert file.read_bytes() == bytes(data)


def test_a_library_in_use_and_none_at_all_are_said(kept: Path, tmp_path: Path) -> None:
    with Library(kept, IndexSettings()), pytest.raises(LibraryInUse):
        examined(kept)
    with pytest.raises(NotFound, match="there is no library"):
        examined(tmp_path / "nowhere")
