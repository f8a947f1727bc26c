"""The life of a version, without loaders or embedders: what the catalog promises on its own."""

from __future__ import annotations

import datetime
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from index.catalog import Catalog
from index.catalog.values import FileState, Made, Making, Plan, Wordless
from index.documents import Details, Filters, Loaded, Passage, digest_of, passage_id
from index.errors import EmbedderMismatch, InvalidInput, NotFound, Overtaken, StoreBroken

MAKING = Making("loader splitter", "embedder")


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[Catalog]:
    opened = Catalog(tmp_path)
    opened.claim_embedder("embedder", 4)
    yield opened
    opened.close()


def put(catalog: Catalog, source: str, words: str, making: Making = MAKING, details: Details | None = None) -> Plan:
    """Take in a document whose only passage is its whole text, up to the acknowledgement."""
    file = FileState(digest_of(words))
    plan = catalog.changes.plan("default", source, file, making)
    if not plan.make:
        return catalog.changes.put("default", source, file, making, None)
    digest = digest_of(words)
    passage = Passage(
        passage_id(plan.document_id, digest, 0, len(words)), plan.document_id, "", None, words, 0, len(words)
    )
    vector = np.full((1, 4), len(words), dtype=np.float32)
    made = Made(
        plan.document_id,
        Loaded(words, source, (), details or Details()),
        digest,
        (passage,),
        (digest_of(words),),
        vector,
    )
    return catalog.changes.put("default", source, file, making, made)


def show_all(catalog: Catalog) -> None:
    """What the derived stores do, without them."""
    catalog.changes.show([item.version_id for item in catalog.changes.pending("embedder", 1000)])
    catalog.changes.purge([item.version_id for item in catalog.changes.retired(1000)])


def texts(catalog: Catalog) -> list[str]:
    entries, _ = catalog.shelf.entries("default", 100, None)
    return sorted(catalog.shelf.document(entry.id).text for entry in entries if entry.state == "visible")


def test_a_version_is_seen_only_when_it_is_shown(catalog: Catalog) -> None:
    plan = put(catalog, "reports/a.txt", "Bombings rose.")
    assert catalog.shelf.entry(plan.document_id).state == "pending"
    with pytest.raises(NotFound):
        catalog.shelf.document(plan.document_id)
    assert catalog.shelf.ids("default") == set()
    show_all(catalog)
    assert texts(catalog) == ["Bombings rose."]
    assert catalog.index_version == 1


def test_the_same_file_again_does_nothing(catalog: Catalog) -> None:
    first = put(catalog, "reports/a.txt", "Bombings rose.")
    show_all(catalog)
    again = put(catalog, "reports/a.txt", "Bombings rose.")
    assert (again.outcome, again.document_id, again.make) == ("unchanged", first.document_id, False)


def test_a_changed_file_keeps_its_id_and_leaves_none_of_its_old_passages(catalog: Catalog) -> None:
    first = put(catalog, "reports/a.txt", "Bombings rose.")
    show_all(catalog)
    old = catalog.shelf.ids("default")
    second = put(catalog, "reports/a.txt", "Bombings fell again.")
    assert second.document_id == first.document_id
    assert texts(catalog) == ["Bombings rose."], "the old version answers until the new one is shown"
    show_all(catalog)
    assert texts(catalog) == ["Bombings fell again."]
    assert not old & catalog.shelf.ids("default")


def test_the_same_bytes_under_two_names_are_one_document_with_two_sources(catalog: Catalog) -> None:
    first = put(catalog, "reports/a.txt", "Bombings rose.")
    second = put(catalog, "reports/b.txt", "Bombings rose.")
    assert second.document_id == first.document_id
    show_all(catalog)
    assert catalog.shelf.document(first.document_id).sources == ("reports/a.txt", "reports/b.txt")


def test_when_one_of_two_sources_changes_the_other_keeps_the_document(catalog: Catalog) -> None:
    first = put(catalog, "reports/a.txt", "Bombings rose.")
    put(catalog, "reports/b.txt", "Bombings rose.")
    changed = put(catalog, "reports/b.txt", "Prisons burned.")
    show_all(catalog)
    assert changed.document_id != first.document_id
    assert catalog.shelf.document(first.document_id).sources == ("reports/a.txt",)
    assert catalog.shelf.document(changed.document_id).sources == ("reports/b.txt",)


def test_a_file_that_becomes_equal_to_another_joins_it_and_its_own_document_goes(catalog: Catalog) -> None:
    first = put(catalog, "reports/a.txt", "Bombings rose.")
    other = put(catalog, "reports/b.txt", "Prisons burned.")
    show_all(catalog)
    joined = put(catalog, "reports/b.txt", "Bombings rose.")
    show_all(catalog)
    assert joined.document_id == first.document_id
    with pytest.raises(NotFound):
        catalog.shelf.entry(other.document_id)
    assert texts(catalog) == ["Bombings rose."]


def test_the_last_source_takes_its_document_along(catalog: Catalog) -> None:
    plan = put(catalog, "reports/a.txt", "Bombings rose.")
    put(catalog, "reports/b.txt", "Bombings rose.")
    show_all(catalog)
    assert catalog.changes.drop_source("default", "reports/a.txt") is None
    assert texts(catalog) == ["Bombings rose."]
    assert catalog.changes.drop_source("default", "reports/b.txt") == plan.document_id
    assert texts(catalog) == [], "it is invisible at once"
    show_all(catalog)
    with pytest.raises(NotFound):
        catalog.shelf.entry(plan.document_id)


def test_other_details_of_the_same_words_forget_no_passage(catalog: Catalog) -> None:
    put(catalog, "reports/a.txt", "Bombings rose.")
    show_all(catalog)
    ids = catalog.shelf.ids("default")
    put(catalog, "reports/a.txt", "Bombings rose.", Making("loader splitter", "embedder", '{"reliability": "B"}'))
    catalog.changes.show([item.version_id for item in catalog.changes.pending("embedder", 1000)])
    retired = [item.version_id for item in catalog.changes.retired(1000)]
    assert catalog.changes.forgettable(retired) == {}, "the new version has the same passages"
    catalog.changes.purge(retired)
    assert catalog.shelf.ids("default") == ids


def test_details_that_were_given_stay_when_the_file_comes_again_without(catalog: Catalog) -> None:
    put(catalog, "reports/a.txt", "Bombings rose.", Making("loader splitter", "embedder", '{"reliability": "B"}'))
    assert put(catalog, "reports/a.txt", "Bombings rose.").outcome == "unchanged"


def test_two_who_take_in_the_same_file_at_once_make_one_document(catalog: Catalog) -> None:
    file, words = FileState(digest_of("Same.")), "Same."
    plans = [catalog.changes.plan("default", f"reports/{name}.txt", file, MAKING) for name in "ab"]
    outcomes = []
    for name, plan in zip("ab", plans, strict=True):
        made = Made(
            plan.document_id, Loaded(words, name), digest_of(words),
            (Passage(f"{plan.document_id}:0:0-5", plan.document_id, "", None, words, 0, 5),), ("key",),
            np.zeros((1, 4), dtype=np.float32),
        )  # fmt: skip
        outcomes.append(catalog.changes.put("default", f"reports/{name}.txt", file, MAKING, made))
    assert [outcome.make for outcome in outcomes] == [True, False]
    assert outcomes[0].document_id == outcomes[1].document_id


def test_a_version_made_for_a_document_that_changed_hands_is_refused(catalog: Catalog) -> None:
    put(catalog, "reports/a.txt", "Bombings rose.")
    file = FileState(digest_of("Bombings fell."))
    stale = Made("d-never-drawn", Loaded("Bombings fell.", "a"), "0", (), (), np.zeros((0, 4), dtype=np.float32))
    with pytest.raises(Overtaken, match="read it again"):
        catalog.changes.put("default", "reports/a.txt", file, MAKING, stale)


def test_many_threads_write_without_losing_a_document(catalog: Catalog) -> None:
    def take(worker: int) -> None:
        for number in range(10):
            put(catalog, f"reports/{worker}-{number}.txt", f"Report {worker} {number}.")

    threads = [threading.Thread(target=take, args=(worker,)) for worker in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    show_all(catalog)
    assert len(texts(catalog)) == 40


def test_a_list_is_paged_by_its_cursor(catalog: Catalog) -> None:
    for number in range(5):
        put(catalog, f"reports/{number}.txt", f"Report {number}.")
    first, after = catalog.shelf.entries(None, 3, None)
    rest, end = catalog.shelf.entries(None, 3, after)
    assert [entry.title for entry in (*first, *rest)] == [f"reports/{number}.txt" for number in range(5)]
    assert end is None
    with pytest.raises(InvalidInput, match="cursor"):
        catalog.shelf.entries(None, 3, "yesterday")


def test_filters_keep_what_they_name(catalog: Catalog) -> None:
    old = Details(published=datetime.date(2021, 5, 1), language="en")
    new = Details(published=datetime.date(2022, 5, 1), language="es")
    first = put(catalog, "reports/a.txt", "Old.", details=old).document_id
    second = put(catalog, "reports/b.txt", "New.", details=new).document_id
    third = put(catalog, "reports/c.txt", "Undated.").document_id
    show_all(catalog)

    def allowed(**filters: object) -> set[str]:
        return catalog.shelf.allowed([first, second, third], Filters(**filters))  # type: ignore[arg-type]

    assert allowed(published_from=datetime.date(2021, 5, 1)) == {first, second}
    assert allowed(published_to=datetime.date(2022, 4, 30)) == {first}
    assert allowed(language="es") == {second}
    assert allowed(document_ids=(third,)) == {third}


def test_another_embedder_is_refused_with_both_names_and_the_way_out(catalog: Catalog) -> None:
    with pytest.raises(EmbedderMismatch, match=r"embedder.*another.*reindex"):
        catalog.check_embedder("another")
    with pytest.raises(EmbedderMismatch, match="5 numbers"):
        catalog.claim_embedder("embedder", 5)


def test_a_broken_catalog_is_said_to_be_broken_and_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / "catalog.sqlite").write_bytes(b"something else entirely" * 50)
    with pytest.raises(StoreBroken, match="restore it from a copy"):
        Catalog(tmp_path)
    assert (tmp_path / "catalog.sqlite").read_bytes().startswith(b"something else")


def test_collections_have_names_that_both_stores_take(catalog: Catalog) -> None:
    assert catalog.collections.create("case-42").name == "case-42"
    for name in ("case-42", "A", "a b", "-x-", "x" * 64):
        with pytest.raises(InvalidInput):
            catalog.collections.create(name)
    with pytest.raises(NotFound, match="case-42, default"):
        catalog.collections.require("case-43")


def test_a_root_above_another_takes_its_sources_over(catalog: Catalog, tmp_path: Path) -> None:
    inner = tmp_path / "reports" / "2022"
    name, _ = catalog.collections.root("default", inner)
    put(catalog, f"{name}/a.txt", "Bombings rose.")
    outer, place = catalog.collections.root("default", tmp_path / "reports")
    assert (outer, place) == ("reports", tmp_path / "reports")
    assert list(catalog.changes.known_files("default", "reports")) == ["reports/2022/a.txt"]
    assert catalog.collections.root("default", inner) == ("reports", tmp_path / "reports")


def test_two_folders_of_one_name_are_two_roots(catalog: Catalog, tmp_path: Path) -> None:
    first, _ = catalog.collections.root("default", tmp_path / "a" / "reports")
    second, _ = catalog.collections.root("default", tmp_path / "b" / "reports")
    assert (first, second) == ("reports", "reports-2")


def test_a_filter_takes_in_the_days_that_it_names(catalog: Catalog) -> None:
    day = datetime.date(2022, 3, 4)
    plan = put(catalog, "reports/a.txt", "Bombings rose.", details=Details(published=day))
    show_all(catalog)
    ids = [plan.document_id, "d-unknown"]
    assert catalog.shelf.allowed(ids, Filters(published_from=day, published_to=day)) == {plan.document_id}
    assert catalog.shelf.allowed([], Filters(published_from=day)) == set()


def test_a_folder_named_upload_cannot_be_taken_for_uploads(catalog: Catalog, tmp_path: Path) -> None:
    assert catalog.collections.root("default", tmp_path / "upload") == ("upload-2", tmp_path / "upload")


def test_a_file_that_has_words_now_is_not_remembered_as_one_without(catalog: Catalog) -> None:
    found = Wordless(FileState("f", 1, 2, 3), "loader splitter", "no words")
    catalog.wordless.remember("default", "reports/a.png", found)
    assert catalog.wordless.known("default", "reports") == {"reports/a.png": found}
    put(catalog, "reports/a.png", "Boxes at the quay.")
    assert catalog.wordless.known("default", "reports") == {}
    catalog.wordless.remember("gone", "reports/a.png", found)
    assert catalog.wordless.known("gone", "reports") == {}
