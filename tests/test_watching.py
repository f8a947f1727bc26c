"""Watching: what changes in a folder is heard of, from the moment that it is taken in."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.errors import NotFound
from index.watching import changes

pytestmark = pytest.mark.timeout(60)


def test_changes_are_heard_of_one_after_the_other(folder: Path) -> None:
    stopped = threading.Event()
    heard = changes([folder], stopped)
    assert next(heard) == frozenset()
    (folder / "first.txt").write_text("one", encoding="utf-8")
    assert folder.resolve() / "first.txt" in {path.resolve() for path in next(heard)}
    (folder / "below").mkdir()
    (folder / "below" / "second.txt").write_text("two", encoding="utf-8")
    # The system may have begun to listen below only after the file was there: that the folder is new is told anyway.
    assert folder.resolve() / "below" in {path.resolve() for path in next(heard)}
    (folder / "first.txt").unlink()
    _until(heard, folder.resolve() / "first.txt")
    stopped.set()
    assert list(heard) == []


def _until(heard: Iterator[frozenset[Path]], wanted: Path) -> None:
    while wanted not in {path.resolve() for path in next(heard)}:
        pass


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match="does not exist"):
        next(changes([tmp_path / "nowhere"]))
