"""Equal bytes under names that end otherwise: one document, which is not made anew for each of them in turn."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

import index.loading
from index.library import Library
from tests.test_unpacking import PORT, mail, outcomes

pytestmark = pytest.mark.slow

MAIL = mail()


def versions(library: Library) -> list[int]:
    with library._catalog._engine.begin() as connection:
        return list(connection.exec_driver_sql("SELECT id FROM versions ORDER BY id").scalars())


@pytest.mark.parametrize("names", [("a.eml", "b.txt"), ("b.eml", "a.txt")])
def test_a_mail_that_is_also_there_as_a_text_is_made_once(
    library: Library, folder: Path, names: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index.loading, "is_installed", lambda: True)  # With OCR, mails are made by more than texts.
    for name in names:
        (folder / name).write_bytes(MAIL)
    assert set(outcomes(library.ingest([folder])).values()) == {"added"}
    made = versions(library)
    for _ in range(2):
        assert set(outcomes(library.ingest([folder])).values()) == {"unchanged"}
    assert versions(library) == made
    assert len(made) == 1


def test_where_the_source_that_it_was_made_for_is_gone_it_is_made_for_the_other(
    library: Library, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index.loading, "is_installed", lambda: True)
    for name in ("a.eml", "b.txt"):
        (folder / name).write_bytes(MAIL)
    library.ingest([folder])
    (folder / "a.eml").unlink()
    library.ingest([folder])
    assert outcomes(library.ingest([folder])) == {"reports/b.txt": "changed"}
    assert outcomes(library.ingest([folder])) == {"reports/b.txt": "unchanged"}


def test_what_all_sources_are_made_by_has_changed_makes_it_anew(
    library: Library, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("a.txt", "b.md"):
        (folder / name).write_text(PORT, encoding="utf-8")
    library.ingest([folder])
    monkeypatch.setattr(index.loading, "LOADER_VERSION", "loader-of-another-kind")
    assert "changed" in outcomes(library.ingest([folder])).values()
    assert set(outcomes(library.ingest([folder])).values()) == {"unchanged"}


def test_the_time_stamp_of_the_other_is_trusted(
    library: Library, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index.loading, "is_installed", lambda: True)
    for name in ("a.eml", "b.txt"):
        (folder / name).write_bytes(MAIL)
    time.sleep(2.1)
    library.ingest([folder])
    monkeypatch.setattr(Path, "read_bytes", None)
    assert set(outcomes(library.ingest([folder])).values()) == {"unchanged"}
