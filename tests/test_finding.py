"""What an ingest finds below a folder, and what it makes of a folder that it may not list."""

from __future__ import annotations

from pathlib import Path

from index.catalog.values import FileState, Making
from index.documents import file_name
from index.finding import find
from index.settings import IndexSettings
from index.taking import Taking


def test_everything_below_a_folder_is_found_in_order(folder: Path) -> None:
    (folder / "b").mkdir()
    for name in ("b/two.txt", "a.md", "photo.jpg", ".hidden"):
        (folder / name).write_text("x", encoding="utf-8")
    assert [path.relative_to(folder).as_posix() for path in find(folder).files] == ["a.md", "b/two.txt", "photo.jpg"]


def test_a_folder_that_cannot_be_listed_is_said(folder: Path) -> None:
    gone = folder / "gone"
    (reason,) = find(gone).unlisted.values()
    assert str(gone) in reason
    assert "stays" in reason


def test_what_lies_below_an_unlisted_folder_is_not_taken_for_removed() -> None:
    known = {name: (FileState("f"), "d", Making("m", "e")) for name in ("r/a.txt", "r/closed/b.txt", "r/c.txt")}
    taking = Taking("default", IndexSettings(), known)
    taking.seen.add("r/c.txt")
    assert taking.gone("r/", ["r/closed/"]) == ["r/a.txt"]
    assert taking.gone("r/", []) == ["r/a.txt", "r/closed/b.txt"]


def test_a_source_names_its_file() -> None:
    assert file_name("reports/2022/a:b.md") == "a:b.md"
    assert file_name("upload:a:b.md") == "a:b.md"
