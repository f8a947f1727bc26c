"""The library over real files, the real embedder, Chroma and tantivy."""

from __future__ import annotations

import datetime
import os
from pathlib import Path

import pytest

from index.documents import Filters
from index.errors import InvalidInput, NotFound, NothingIndexed, StoreBroken
from index.library import Library
from index.reports import Report
from index.retriever import LibraryRetriever
from index.settings import IndexSettings

PORT = "The port of Guayaquil is the largest port of Ecuador. Containers of bananas leave it every day."
PRISON = "# Prisons\n\nIn 2021, some 316 inmates were killed in the country's prisons. Guards were bribed."


def write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        (folder / name.replace("_", ".")).write_text(text, encoding="utf-8")


def outcomes(report: Report) -> dict[str, str]:
    return {row.source: row.outcome for row in report.rows}


def stored(library: Library) -> tuple[set[str], set[str], set[str]]:
    """The ids in the catalog, in Chroma and in the word index."""
    assert library._derived is not None
    catalog = library._catalog.shelf.ids("default")
    return catalog, library._derived.store.ids("default"), library._derived.words.ids("default")


def test_a_folder_goes_in_and_its_words_are_found(library: Library, folder: Path) -> None:
    write(folder, port_txt=PORT, prison_md=PRISON)
    report = library.ingest([folder])
    assert outcomes(report) == {"reports/port.txt": "added", "reports/prison.md": "added"}
    hits = library.search("How many inmates were killed in 2021?")
    assert "316 inmates" in hits[0].passage.text
    assert [hit.rank for hit in hits] == list(range(1, len(hits) + 1))
    catalog, chroma, words = stored(library)
    assert catalog == chroma == words != set()


def test_every_passage_is_a_slice_and_together_they_are_the_text(library: Library, folder: Path) -> None:
    write(folder, port_txt=PORT * 30, prison_md=PRISON)
    library.ingest([folder])
    entries, _ = library.entries()
    for entry in entries:
        document = library.document(entry.id)
        passages = list(library._catalog.shelf.passages(sorted(stored(library)[0])).values())
        own = sorted((p for p in passages if p.document_id == document.id), key=lambda p: p.start)
        assert all(document.text[p.start : p.end] == p.text for p in own)
        assert "".join("".join(p.text.split()) for p in own) == "".join(document.text.split())


def test_taking_in_twice_is_taking_in_once(library: Library, folder: Path) -> None:
    write(folder, port_txt=PORT, prison_md=PRISON)
    library.ingest([folder])
    before, version = stored(library), library.index_version
    report = library.ingest([folder])
    assert set(outcomes(report).values()) == {"unchanged"}
    assert (stored(library), library.index_version) == (before, version)


def test_an_unchanged_file_with_a_new_time_stamp_is_unchanged(library: Library, folder: Path) -> None:
    write(folder, port_txt=PORT)
    library.ingest([folder])
    os.utime(folder / "port.txt", (1, 1))
    assert outcomes(library.ingest([folder])) == {"reports/port.txt": "unchanged"}


def test_a_change_within_the_grain_of_the_time_stamp_is_seen(library: Library, folder: Path) -> None:
    write(folder, port_txt=PORT)
    library.ingest([folder])
    stat = (folder / "port.txt").stat()
    write(folder, port_txt=PORT.replace("bananas", "cocaine"))
    os.utime(folder / "port.txt", ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert outcomes(library.ingest([folder])) == {"reports/port.txt": "changed"}


def test_a_changed_file_replaces_its_passages(library: Library, folder: Path) -> None:
    write(folder, prison_md=PRISON)
    library.ingest([folder])
    document_id = library.entries()[0][0].id
    old = stored(library)[0]
    write(folder, prison_md=PRISON.replace("316", "330"))
    assert outcomes(library.ingest([folder])) == {"reports/prison.md": "changed"}
    catalog, chroma, words = stored(library)
    assert catalog == chroma == words
    assert not catalog & old
    assert library.entries()[0][0].id == document_id
    assert "330" in library.search("How many inmates were killed?")[0].passage.text


def test_a_deleted_file_leaves_nothing_behind(library: Library, folder: Path, data_dir: Path) -> None:
    write(folder, port_txt=PORT, prison_md=PRISON)
    library.ingest([folder])
    (folder / "prison.md").unlink()
    assert outcomes(library.ingest([folder]))["reports/prison.md"] == "removed"
    catalog, chroma, words = stored(library)
    assert catalog == chroma == words
    kept = [path for path in (data_dir / "files").rglob("*") if path.is_file()]
    assert len(kept) == 1
    assert b"316" not in (data_dir / "catalog.sqlite").read_bytes()


def test_a_moved_file_keeps_its_document(library: Library, folder: Path) -> None:
    write(folder, prison_md=PRISON)
    library.ingest([folder])
    document_id = library.entries()[0][0].id
    (folder / "2021").mkdir()
    (folder / "prison.md").rename(folder / "2021" / "jails.md")
    assert outcomes(library.ingest([folder])) == {"reports/2021/jails.md": "moved"}
    assert library.document(document_id).sources == ("reports/2021/jails.md",)


def test_a_single_file_touches_no_other(library: Library, folder: Path) -> None:
    write(folder, port_txt=PORT, prison_md=PRISON)
    library.ingest([folder])
    (folder / "port.txt").unlink()
    assert outcomes(library.ingest([folder / "prison.md"])) == {"reports/prison.md": "unchanged"}
    assert len(library.entries()[0]) == 2


def test_a_folder_within_a_known_one_removes_nothing_beside_it(library: Library, folder: Path) -> None:
    (folder / "inner").mkdir()
    write(folder, port_txt=PORT)
    write(folder / "inner", prison_md=PRISON)
    library.ingest([folder])
    assert outcomes(library.ingest([folder / "inner"])) == {"reports/inner/prison.md": "unchanged"}
    assert len(library.entries()[0]) == 2


def test_a_file_that_cannot_be_read_is_a_row_with_its_reason_and_the_others_go_in(
    library: Library, folder: Path
) -> None:
    write(folder, port_txt=PORT, empty_txt="  \n ")
    (folder / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    (folder / "film.mp4").write_bytes(b"\xff\xd8\xff")
    report = library.ingest([folder])
    found = outcomes(report)
    assert found == {
        "reports/empty.txt": "failed", "reports/picture.txt": "failed", "reports/film.mp4": "skipped",
        "reports/port.txt": "added",
    }  # fmt: skip
    assert all(row.reason for row in report.rows if row.outcome in ("failed", "skipped"))


def test_a_file_that_becomes_unreadable_keeps_what_was_known_of_it(library: Library, folder: Path) -> None:
    write(folder, prison_md=PRISON)
    library.ingest([folder])
    (folder / "prison.md").write_bytes(b"\x00\x01\x02" * 100)
    assert outcomes(library.ingest([folder])) == {"reports/prison.md": "failed"}
    assert "316" in library.search("How many inmates were killed?")[0].passage.text


def test_a_file_over_the_limit_is_refused_by_its_size(data_dir: Path, folder: Path) -> None:
    (folder / "big.txt").write_text("Guayaquil. " * 100_000, encoding="utf-8")
    with Library(data_dir, IndexSettings(max_file_mb=1)) as library:
        (row,) = library.ingest([folder]).rows
    assert row.outcome == "failed"
    assert "MAX_FILE_MB" in (row.reason or "")


def test_a_path_that_does_not_exist_is_an_error_before_anything_is_done(library: Library, folder: Path) -> None:
    write(folder, port_txt=PORT)
    with pytest.raises(NotFound, match="nowhere does not exist"):
        library.ingest([folder, folder / "nowhere"])
    assert library.entries()[0] == ()


def test_texts_that_are_equal_are_embedded_once(library: Library, folder: Path) -> None:
    write(folder, a_txt=f"Alpha\n\n{PORT}", b_txt=f"{PORT} \n")
    first = library.ingest([folder]).tokens
    write(folder, c_txt=f"{PORT}\n\n\n")
    assert library.ingest([folder]).tokens == first


def test_an_empty_library_says_that_nothing_is_indexed(library: Library) -> None:
    with pytest.raises(NothingIndexed, match="assistant ingest"):
        library.search("Anything?")
    with pytest.raises(NotFound, match="no collection 'other'"):
        library.search("Anything?", collection="other")


def test_filters_narrow_the_search(library: Library, folder: Path) -> None:
    for year in (2020, 2021, 2022):
        text = f"---\npublished: {year}-06-01\n---\n\nIn that year inmates were killed in prisons, {year} report."
        (folder / f"{year}.md").write_text(text, encoding="utf-8")
    library.ingest([folder])
    since = Filters(published_from=datetime.date(2021, 1, 1), published_to=datetime.date(2021, 12, 31))
    assert [hit.passage.text[-12:] for hit in library.search("inmates killed", filters=since)] == ["2021 report."]
    with pytest.raises(NotFound, match="'d-nobody'"):
        library.search("inmates", filters=Filters(document_ids=("d-nobody",)))


def test_collections_keep_their_documents_apart(library: Library, folder: Path) -> None:
    write(folder, prison_md=PRISON)
    library.create_collection("case-one")
    library.ingest([folder])
    library.ingest([folder], collection="case-one")
    ids = {entry.id for entry in library.entries()[0]}
    assert len(ids) == 2, "the same bytes are a document of each"
    (hit,) = library.search("inmates", collection="case-one")
    removed = library.delete_collection("case-one")
    assert removed == (hit.passage.document_id,)
    with pytest.raises(NotFound):
        library.search("inmates", collection="case-one")
    assert library.search("inmates")
    with pytest.raises(InvalidInput, match="always there"):
        library.delete_collection("default")


def test_langchain_retrieves_the_same_hits(library: Library, folder: Path) -> None:
    write(folder, port_txt=PORT, prison_md=PRISON)
    library.ingest([folder])
    found = LibraryRetriever(library=library, limit=1).invoke("How many inmates were killed?")
    (hit,) = library.search("How many inmates were killed?", limit=1)
    assert [(document.id, document.page_content) for document in found] == [(hit.passage.id, hit.passage.text)]
    assert found[0].metadata["source"] == "reports/prison.md"


def test_hidden_files_and_links_to_folders_are_left_alone(library: Library, folder: Path, tmp_path: Path) -> None:
    (tmp_path / "private").mkdir()
    write(tmp_path / "private", prison_md=PRISON)
    (folder / "link").symlink_to(tmp_path / "private", target_is_directory=True)
    (folder / ".secret.txt").write_text(PRISON, encoding="utf-8")
    write(folder, port_txt=PORT)
    assert outcomes(library.ingest([folder])) == {"reports/port.txt": "added"}


def test_other_passage_sizes_make_an_untouched_file_anew(data_dir: Path, folder: Path) -> None:
    write(folder, port_txt=PORT)
    os.utime(folder / "port.txt", (1, 1))
    with Library(data_dir, IndexSettings()) as library:
        library.ingest([folder])
    with Library(data_dir, IndexSettings(passage_tokens=80)) as library:
        assert outcomes(library.ingest([folder])) == {"reports/port.txt": "changed"}


def test_a_name_or_a_folder_that_cannot_be_read_is_a_failed_row(library: Library, folder: Path) -> None:
    write(folder, port_txt=PORT)
    (folder / "new\nline.txt").write_text(PRISON, encoding="utf-8")
    (Path(os.fsdecode(os.fsencode(folder) + b"/bad\xff.txt"))).write_text(PRISON, encoding="utf-8")
    (folder / "gone.txt").symlink_to(folder / "nowhere.txt")
    os.mkfifo(folder / "pipe.txt")
    found = outcomes(library.ingest([folder]))
    assert sorted(found.values()) == ["added", "failed", "failed", "failed", "failed"]
    assert found["reports/pipe.txt"] == found["reports/gone.txt"] == "failed"


def test_a_renamed_folder_leaves_no_ghosts(library: Library, folder: Path) -> None:
    write(folder, port_txt=PORT, prison_md=PRISON)
    library.ingest([folder])
    ids = {entry.id for entry in library.entries()[0]}
    moved = folder.rename(folder.with_name("archive"))
    assert set(outcomes(library.ingest([moved])).values()) == {"moved"}
    (moved / "port.txt").unlink()
    write(moved, prison_md=PRISON.replace("316", "330"))
    library.ingest([moved])
    (left,) = library.entries()[0]
    assert left.id in ids
    assert left.sources == ("archive/prison.md",)


def test_bytes_that_were_lost_are_kept_again(library: Library, folder: Path, data_dir: Path) -> None:
    write(folder, port_txt=PORT)
    library.ingest([folder])
    for path in (data_dir / "files").rglob("*"):
        if path.is_file():
            path.unlink()
    assert outcomes(library.ingest([folder])) == {"reports/port.txt": "unchanged"}
    (entry,) = library.entries()[0]
    assert library._files.has(library.document(entry.id).file_digest)


def test_a_data_directory_that_cannot_be_used_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(StoreBroken, match="ASSISTANT_DATA_DIR"):
        Library(tmp_path / "file", IndexSettings())
    (tmp_path / "data" / "lock").mkdir(parents=True)
    with pytest.raises(StoreBroken, match="ASSISTANT_DATA_DIR"):
        Library(tmp_path / "data", IndexSettings())
