"""The questions that need two passages hold together, and what is measured on them is counted right."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.catalog.shelf import Indexed
from index.documents import Document, file_name
from index.library import Library
from index.settings import IndexSettings
from index.words import stems
from tests.benchmarks import fusion
from tests.benchmarks.fusion import Found
from tests.benchmarks.two_passages import Pair, Quote, holders, read_pairs

PAIRS = read_pairs()
SEEDS = Path(__file__).resolve().parent.parent / "seeds"


@pytest.fixture(scope="module")
def seeds(seeds_data_dir: Path) -> Iterator[Library]:
    with Library(seeds_data_dir, IndexSettings()) as opened:
        yield opened


@pytest.fixture(scope="module")
def rows(seeds: Library) -> list[Indexed]:
    shelf = seeds._catalog.shelf
    return list(shelf.indexed(shelf.visible_versions("default")))


@pytest.fixture(scope="module")
def documents(seeds: Library, rows: list[Indexed]) -> dict[str, Document]:
    found = [seeds.document(document_id) for document_id in {row.passage.document_id for row in rows}]
    return {file_name(document.sources[0]): document for document in found}


def test_there_are_enough_questions_of_both_kinds_and_none_twice() -> None:
    assert len(PAIRS) >= 50
    assert len({pair.id for pair in PAIRS}) == len({pair.question for pair in PAIRS}) == len(PAIRS)
    assert {pair.kind for pair in PAIRS} == {"bridge", "comparison"}
    assert min(sum(pair.kind == kind for pair in PAIRS) for kind in ("bridge", "comparison")) >= 20


def test_every_document_is_needed_and_most_questions_need_two() -> None:
    assert {quote.source for pair in PAIRS for quote in pair.quotes} == {
        path.name for path in SEEDS.iterdir() if path.suffix in {".md", ".txt"}
    }
    assert sum(len({quote.source for quote in pair.quotes}) == 2 for pair in PAIRS) >= 0.9 * len(PAIRS)


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.id)
def test_both_quotes_are_slices_of_their_documents_in_two_passages(
    pair: Pair, rows: list[Indexed], documents: dict[str, Document]
) -> None:
    passages = [row.passage for row in rows]
    first, second = (holders(quote, documents, passages) for quote in pair.quotes)
    assert len(first) == len(second) == 1
    assert first != second


@pytest.mark.parametrize("pair", PAIRS, ids=lambda pair: pair.id)
def test_no_question_is_a_copy_of_its_quotes(pair: Pair) -> None:
    asked = runs_of_six(pair.question)
    assert not any(asked & runs_of_six(quote.text) for quote in pair.quotes)


def runs_of_six(text: str) -> set[tuple[str, ...]]:
    words = re.findall(r"\w+", text.casefold())
    return {tuple(words[start : start + 6]) for start in range(len(words) - 5)}


def test_a_third_of_the_questions_share_at_most_one_word_with_one_of_their_passages(
    rows: list[Indexed], documents: dict[str, Document]
) -> None:
    by_id = {row.passage.id: row for row in rows}
    far = 0
    for pair in PAIRS:
        asked = set(stems(pair.question))
        shared = []
        for quote in pair.quotes:
            (holder,) = holders(quote, documents, [row.passage for row in rows])
            row = by_id[holder]
            asked_there = asked | set(stems(pair.question, row.details.language))
            shared.append(asked_there & set(stems(row.passage.embedded_text, row.details.language)))
        far += min(map(len, shared)) <= 1
    assert far >= len(PAIRS) / 3


def test_a_quote_that_its_document_does_not_say_once_is_an_error(documents: dict[str, Document]) -> None:
    for text in ("No such words.", "the"):
        with pytest.raises(ValueError, match=r"exactly once: correct two_passages\.jsonl"):
            holders(Quote(text, "glossary.md"), documents, [])


def test_a_file_of_questions_is_read(tmp_path: Path) -> None:
    evidence = [{"quote": "One.", "source": "a.md"}, {"quote": "Two.", "source": "b.md"}]
    entry = {"id": "t01", "kind": "bridge", "question": "Which?", "evidence": evidence}
    (tmp_path / "pairs.jsonl").write_text(json.dumps(entry) + "\n\n", encoding="utf-8")
    assert read_pairs(tmp_path / "pairs.jsonl") == [
        Pair("t01", "bridge", "Which?", (Quote("One.", "a.md"), Quote("Two.", "b.md")))
    ]


def test_gains_and_shares_are_counted_over_both_right_passages() -> None:
    found = [Found([1, 3], 2), Found([2, 9], 2), Found([], 2)]
    ideal = 1 + 1 / math.log2(3)
    each = [(1 + 1 / math.log2(4)) / ideal, (1 / math.log2(3) + 1 / math.log2(10)) / ideal, 0.0]
    assert fusion.gains(found) == pytest.approx((sum(each) / 3, (1 + 1 / 2) / 3))
    assert fusion.of_both(found) == pytest.approx(((1 + 1 / 2 + 0) / 3, 1 / 3))
    assert fusion.gains([]) == fusion.of_both([]) == (None, None)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # txtai and what it imports warn.
def test_every_way_is_measured_over_the_seeds_and_the_shipped_one_is_best(seeds: Library) -> None:
    figures = fusion.over_seeds(seeds)
    assert figures.columns == ("way", "nDCG@10", "MRR", "recall@8", "both in 8")
    by_way = {str(name): [value for value in values if isinstance(value, float)] for name, *values in figures.rows}
    assert by_way.keys() == {*fusion.WAYS, fusion.TXTAI}
    assert all(len(values) == 4 and 0 < min(values) <= max(values) < 1 for values in by_way.values())
    shipped = by_way.pop("as shipped")
    for name, values in by_way.items():
        assert all(ours > theirs for ours, theirs in zip(shipped, values, strict=True)), name
