from __future__ import annotations

import math
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from index.catalog.shelf import Indexed
from index.documents import Details, Passage
from index.errors import StoreBroken
from index.words import WordIndex, stems

TEXTS = [
    "Bombings were recorded in Guayaquil, and a bombing in Manta.",
    "The port of Guayaquil is the largest port of Ecuador.",
    "Prosecutors were killed in Manabí and in Guayaquil.",
    "Cocaine is shipped from Ecuador to Western Europe in containers, mostly with bananas.",
    "Prison riots left many inmates dead.",
]


def indexed(number: int, text: str, language: str | None = "en", heading: str = "") -> Indexed:
    passage = Passage(f"d{number}:0:0-{len(text)}", f"d{number}", heading, None, text, 0, len(text))
    return Indexed(passage, "default", "title", "source", Details(language=language), np.zeros(4, dtype=np.float32))


@pytest.fixture
def words(tmp_path: Path) -> WordIndex:
    index = WordIndex(tmp_path / "words")
    index.upsert("default", [indexed(number, text) for number, text in enumerate(TEXTS)])
    index.commit("default")
    return index


def naive_bm25(question: str, texts: list[str], k1: float = 1.2, b: float = 0.75) -> dict[int, float]:
    """BM25 as its authors write it, with the smoothed idf that Lucene and tantivy use."""
    tokens = [list(stems(text)) for text in texts]
    average = sum(map(len, tokens)) / len(tokens)
    scores: dict[int, float] = {}
    for word in set(stems(question)):
        holding = sum(word in found for found in tokens)
        if not holding:
            continue
        idf = math.log(1 + (len(texts) - holding + 0.5) / (holding + 0.5))
        for number, found in enumerate(tokens):
            times = Counter(found)[word]
            if times:
                share = times * (k1 + 1) / (times + k1 * (1 - b + b * len(found) / average))
                scores[number] = scores.get(number, 0.0) + idf * share
    return scores


@pytest.mark.parametrize(
    "question", ["bombing in Guayaquil", "largest port", "Were prosecutors killed?", "cocaine shipped in container"]
)
def test_scores_are_those_of_a_naive_bm25_counted_in_rarest_words(words: WordIndex, question: str) -> None:
    found = {int(passage_id[1]): score for passage_id, score in words.matches("default", question, 10)}
    expected = naive_bm25(question, TEXTS)
    rarest = 2.2 * math.log(1 + (len(TEXTS) - 1 + 0.5) / (1 + 0.5))
    assert found.keys() == expected.keys()
    for number, score in expected.items():
        assert found[number] == pytest.approx(score / rarest, rel=0.02)


def test_a_word_of_one_passage_alone_brings_as_much_in_a_large_library_as_in_a_small_one(tmp_path: Path) -> None:
    scores = []
    for passages in (10, 1000):
        index = WordIndex(tmp_path / str(passages))
        index.upsert("default", [indexed(number, "A day without news.") for number in range(1, passages)])
        index.upsert("default", [indexed(0, "A lamprey alone.")])
        index.commit("default")
        scores.append(index.matches("default", "lamprey", 1)[0][1])
        index.close()
    assert 0.4 < scores[0] < 1.0
    assert scores[0] == pytest.approx(scores[1], rel=0.15)


def test_removing_other_passages_raises_no_score(tmp_path: Path) -> None:
    index = WordIndex(tmp_path / "words")
    index.upsert("default", [indexed(number, "A day without news.") for number in range(1, 1000)])
    index.upsert("default", [indexed(0, "A lamprey alone.")])
    index.commit("default")
    before = index.matches("default", "lamprey", 1)[0][1]
    index.delete("default", [indexed(number, "A day without news.").passage.id for number in range(1, 999)])
    index.commit("default")
    assert index.matches("default", "lamprey", 1)[0][1] <= before * 1.01
    index.close()
    again = WordIndex(tmp_path / "words")
    assert again.matches("default", "lamprey", 1)[0][1] <= before * 1.01
    again.close()


def test_words_are_found_in_other_forms_and_without_accents(words: WordIndex) -> None:
    assert words.matches("default", "prosecutor in Manabi", 1)[0][0].startswith("d2:")


def test_each_language_is_stemmed_by_its_own_rules(words: WordIndex) -> None:
    words.upsert("default", [indexed(9, "Los fiscales investigaban las explosiones en Manta.", "es")])
    words.commit("default")
    assert words.matches("default", "¿Qué investigó el fiscal sobre la explosión?", 1)[0][0].startswith("d9:")


def test_a_language_that_is_not_stemmed_is_found_by_its_words(words: WordIndex) -> None:
    words.upsert("default", [indexed(9, "Policija je uhapsila pet osoba.", "sr")])
    words.commit("default")
    assert words.matches("default", "policija uhapsila", 1)[0][0].startswith("d9:")


def test_the_heading_counts_as_words_of_its_passage(words: WordIndex) -> None:
    words.upsert("default", [indexed(9, "It rose by a third.", heading="Kidnapping")])
    words.commit("default")
    assert words.matches("default", "kidnappings", 1)[0][0].startswith("d9:")


def test_taking_in_twice_is_taking_in_once(words: WordIndex) -> None:
    before = words.matches("default", "port of Guayaquil", 10)
    words.upsert("default", [indexed(number, text) for number, text in enumerate(TEXTS)])
    words.commit("default")
    assert [passage_id for passage_id, _ in words.matches("default", "port of Guayaquil", 10)] == [
        passage_id for passage_id, _ in before
    ]
    assert len(words.ids("default")) == len(TEXTS)


def test_what_is_forgotten_is_not_found(words: WordIndex) -> None:
    words.delete("default", [indexed(1, TEXTS[1]).passage.id, "never-there"])
    words.commit("default")
    assert not [passage_id for passage_id, _ in words.matches("default", "largest port", 10) if passage_id[:2] == "d1"]


def test_what_was_committed_is_there_after_a_restart(words: WordIndex, tmp_path: Path) -> None:
    ids = words.ids("default")
    words.close()
    assert WordIndex(tmp_path / "words").ids("default") == ids


def test_a_question_without_words_finds_nothing(words: WordIndex) -> None:
    assert words.matches("default", "?! ...", 5) == []
    assert words.matches("empty", "port", 5) == []


def test_signs_of_a_query_language_are_only_signs(words: WordIndex) -> None:
    assert words.matches("default", 'text_en:* AND ("port OR -x) ^9 \\', 3)


def test_a_broken_folder_is_said_to_be_broken(words: WordIndex, tmp_path: Path) -> None:
    words.close()
    (tmp_path / "words" / "default" / "meta.json").write_text("{", encoding="utf-8")
    with pytest.raises(StoreBroken, match="rebuilt from the catalog"):
        WordIndex(tmp_path / "words").ids("default")


def test_first_questions_at_once_do_not_race_for_the_writer(tmp_path: Path) -> None:
    index = WordIndex(tmp_path / "fresh")
    start = threading.Barrier(8)

    def ask() -> list[tuple[str, float]]:
        start.wait()
        return index.matches("default", "port", 3)

    with ThreadPoolExecutor(8) as pool:
        assert [future.result() for future in [pool.submit(ask) for _ in range(8)]] == [[]] * 8


def test_a_commit_that_was_killed_half_way_does_not_stand_in_the_way_of_the_next(
    words: WordIndex, tmp_path: Path
) -> None:
    first, second, *others = sorted(words.ids("default"))
    words.close()
    folder = tmp_path / "words" / "default"
    named = (folder / "meta.json").read_bytes()
    killed = WordIndex(tmp_path / "words")
    killed.delete("default", [first])
    killed.commit("default")
    killed.close()
    assert list(folder.glob("*.del"))
    # Killed after the file of deletions was written, before the file that names it was replaced.
    (folder / "meta.json").write_bytes(named)

    again = WordIndex(tmp_path / "words")
    again.delete("default", [second])
    again.commit("default")

    assert again.ids("default") == {first, *others}
    again.close()
