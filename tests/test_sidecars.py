"""Sidecars: what a YAML file beside a document says of it is taken in with it, and taken back with it."""

from __future__ import annotations

from pathlib import Path

from index.documents import DocumentEntry
from index.library import Library

PORT = "The port of Guayaquil is the largest port of Ecuador. Containers of bananas leave it every day."


def only(library: Library) -> DocumentEntry:
    (entry,) = library.entries()[0]
    return entry


def test_a_sidecar_goes_before_the_file_and_is_no_document(library: Library, folder: Path) -> None:
    (folder / "port.txt").write_text(f"---\ntitle: Old\nlanguage: en\n---\n{PORT}", encoding="utf-8")
    (folder / "port.txt.yaml").write_text("title: New\npublished: 2022-05-06\nreliability: B\n", encoding="utf-8")
    report = library.ingest([folder])
    assert [(row.source, row.outcome) for row in report.rows] == [("reports/port.txt", "added")]
    details = only(library).details
    assert (only(library).title, details.language, details.reliability) == ("New", "en", "B")
    assert str(details.published) == "2022-05-06"


def test_a_changed_sidecar_changes_the_document_and_a_removed_one_is_taken_back(library: Library, folder: Path) -> None:
    (folder / "port.txt").write_text(PORT, encoding="utf-8")
    sidecar = folder / "port.yaml"
    for grade in ("B", "C"):
        sidecar.write_text(f"reliability: {grade}\n", encoding="utf-8")
        library.ingest([folder])
        assert only(library).details.reliability == grade
        assert [row.outcome for row in library.ingest([folder]).rows] == ["unchanged"]
    known = only(library).id
    sidecar.unlink()
    assert [row.outcome for row in library.ingest([folder]).rows] == ["changed"]
    assert (only(library).details.reliability, only(library).id) == (None, known)


def test_a_wrong_sidecar_is_the_failure_of_its_file_alone(library: Library, folder: Path) -> None:
    (folder / "port.txt").write_text(PORT, encoding="utf-8")
    (folder / "port.txt.yaml").write_text("reliabilty: B\n", encoding="utf-8")
    (folder / "other.txt").write_text("Another report, about something else.", encoding="utf-8")
    rows = {row.source: row for row in library.ingest([folder]).rows}
    assert rows["reports/other.txt"].outcome == "added"
    assert rows["reports/port.txt"].outcome == "failed"
    assert "port.txt.yaml has the unknown key reliabilty" in (rows["reports/port.txt"].reason or "")


def test_a_file_that_is_named_alone_is_read_with_its_sidecar(library: Library, folder: Path) -> None:
    (folder / "port.txt").write_text(PORT, encoding="utf-8")
    (folder / "port.yaml").write_text("title: Named\n", encoding="utf-8")
    library.ingest([folder / "port.txt"])
    assert only(library).title == "Named"
