"""Filtered search beside a reference that compares every vector, in each of its ways."""

from __future__ import annotations

import datetime
import random
from collections.abc import Iterator
from pathlib import Path

import pytest

import index.search
from index.documents import Filters
from index.library import Library
from index.search import Search
from index.settings import IndexSettings
from index.words import FORM

pytestmark = pytest.mark.slow

DOCUMENTS, NEAREST = 60, 10
PLACES = ("Guayaquil", "Quito", "Manta", "Durán", "Machala", "Esmeraldas", "Cuenca", "Loja")
THINGS = ("cocaine", "fuel", "gold", "weapons", "cattle", "timber", "shrimp", "money")
FIRST = datetime.date(2020, 1, 1)

FILTERS = {
    "nearly all": Filters(published_from=FIRST + datetime.timedelta(days=6)),
    "half": Filters(published_to=FIRST + datetime.timedelta(days=29)),
    "a week": Filters(
        published_from=FIRST + datetime.timedelta(days=20), published_to=FIRST + datetime.timedelta(days=26)
    ),
    "a language": Filters(language="es"),
    "a language of a time": Filters(language="es", published_from=FIRST + datetime.timedelta(days=30)),
}


@pytest.fixture(scope="module")
def search(tmp_path_factory: pytest.TempPathFactory, models_dir: Path) -> Iterator[tuple[Search, Library]]:
    folder, data_dir = tmp_path_factory.mktemp("reports"), tmp_path_factory.mktemp("data")
    (data_dir / "models").symlink_to(models_dir)
    chance = random.Random(5)
    for number in range(DOCUMENTS):
        day, language = FIRST + datetime.timedelta(days=number), "es" if number % 3 == 0 else "en"
        said = f"In {chance.choice(PLACES)} the police found {chance.choice(THINGS)} in house {number}."
        text = f"---\npublished: {day}\nlanguage: {language}\n---\n{said}\n"
        (folder / f"{number:02}.md").write_text(text, encoding="utf-8")
    (folder / "undated.md").write_text("---\nlanguage: en\n---\nIn Quito gold was found, no one says when.\n", "utf-8")
    with Library(data_dir, IndexSettings()) as library:
        library.ingest([folder])
        assert library._derived is not None
        yield Search(library._catalog, library._derived, library.embedder), library


def passing(library: Library, filters: Filters) -> dict[str, tuple[datetime.date | None, str | None]]:
    """The ids of the passages whose details pass, told without the search's own means."""
    first, last = filters.published_from or datetime.date.min, filters.published_to or datetime.date.max
    shelf = library._catalog.shelf
    return {
        row.passage.id: (row.details.published, row.details.language)
        for row in shelf.indexed(shelf.visible_versions("default"))
        if (row.details.published is not None or not (filters.published_from or filters.published_to))
        and first <= (row.details.published or first) <= last
        and filters.language in (None, row.details.language)
        and (not filters.document_ids or row.passage.document_id in filters.document_ids)
    }


def nearest(library: Library, question: str, among: set[str]) -> list[str]:
    """The passages nearest in meaning, by comparing every vector."""
    vector, shelf = library.embedder.embed_question(question), library._catalog.shelf
    scored = {row.passage.id: float(row.vector @ vector) for row in shelf.indexed(shelf.visible_versions("default"))}
    return sorted(among, key=lambda one: (-scored[one], one))[:NEAREST]


@pytest.mark.parametrize("way", ["exact", "over-fetched", "over-fetched in vain"])
@pytest.mark.parametrize("name", FILTERS)
def test_a_filtered_search_finds_what_comparing_all_that_pass_finds(
    search: tuple[Search, Library], name: str, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    searching, library = search
    monkeypatch.setattr(index.search, "CANDIDATES", NEAREST)
    monkeypatch.setattr(index.search, "EXACT_PASSAGES", 4000 if way == "exact" else 3)
    monkeypatch.setattr(index.search, "MOST_CANDIDATES", 11 if way == "over-fetched in vain" else 3200)
    filters = FILTERS[name]
    allowed = passing(library, filters)
    question = "Where was gold found by the police?"
    vector = library.embedder.embed_question(question)
    meaning, words = searching.candidates(question, vector, "default", filters, 8)
    assert [one for one, _ in meaning] == nearest(library, question, set(allowed))
    assert {one for one, _ in words} <= set(allowed)
    assert len(words) == min(NEAREST, len(allowed)), "every passage says what the police found"


def test_documents_that_are_named_are_searched_alone(search: tuple[Search, Library]) -> None:
    searching, library = search
    entries, _ = library.entries()
    filters = Filters(document_ids=(entries[4].id, entries[17].id), language="en")
    hits = searching.search("What did the police find?", filters=filters)
    assert {hit.passage.id for hit in hits} == set(passing(library, filters))
    assert hits


def test_words_alone_are_filtered_by_the_index_itself(search: tuple[Search, Library]) -> None:
    _, library = search
    assert library._derived is not None
    for filters in FILTERS.values():
        found = library._derived.words.matches("default", "police found gold", 1000, filters)
        assert {one for one, _ in found} == set(passing(library, filters)), filters
    unfiltered = dict(library._derived.words.matches("default", "police found gold", 1000))
    filtered = library._derived.words.matches("default", "police found gold", 1000, FILTERS["half"])
    assert all(score == pytest.approx(unfiltered[one]) for one, score in filtered), "a filter changes no score"


def test_a_date_that_changes_is_filtered_anew(library: Library, folder: Path) -> None:
    path = folder / "report.md"
    path.write_text("---\npublished: 2021-05-01\n---\nGold was found in Loja.\n", encoding="utf-8")
    library.ingest([folder])
    path.write_text("---\npublished: 2022-05-01\n---\nGold was found in Loja.\n", encoding="utf-8")
    library.ingest([folder])
    assert not library.search("gold", filters=Filters(published_to=datetime.date(2021, 12, 31)))
    assert library.search("gold", filters=Filters(published_from=datetime.date(2022, 1, 1)))


def test_a_word_index_of_an_older_form_is_made_anew(data_dir: Path, folder: Path) -> None:
    (folder / "report.md").write_text("---\npublished: 2021-05-01\n---\nGold was found in Loja.\n", encoding="utf-8")
    with Library(data_dir, IndexSettings()) as library:
        library.ingest([folder])
    mark = next(path for path in data_dir.iterdir() if f'"words": {FORM}' in _read(path))
    mark.write_text(_read(mark).replace(f'"words": {FORM}', f'"words": {FORM - 1}'), encoding="utf-8")
    description = data_dir / "words" / "default" / "meta.json"
    description.write_text(_read(description).replace('"published"', '"issued"'), encoding="utf-8")
    with Library(data_dir, IndexSettings()) as library:
        assert library.search("gold", filters=Filters(published_from=datetime.date(2021, 1, 1)))
        assert library._derived is not None
        assert [kind for kind, *_ in library._derived.repaired] == ["words"]


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8") if path.is_file() else ""
    except UnicodeDecodeError:
        return ""
