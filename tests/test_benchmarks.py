"""What the benchmarks measure with: the same distinct pages each time, and ways of fusing that do what they say."""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from index.documents import Loaded
from index.loading import _LOADERS
from tests.benchmarks import arithmetic, corpus, fusion, loading
from tests.benchmarks.figures import Figures

ROOT = Path(__file__).parent.parent
MEANING = [("a", 0.9), ("b", 0.6), ("c", 0.5)]
WORDS = [("c", 8.0), ("d", 4.0)]


def test_the_pages_are_the_same_each_time_and_no_two_alike(tmp_path: Path) -> None:
    corpus.write_pages(tmp_path / "one", 10)
    corpus.write_pages(tmp_path / "other", 10)
    texts = [path.read_text(encoding="utf-8") for path in sorted((tmp_path / "one").iterdir())]
    assert texts == [path.read_text(encoding="utf-8") for path in sorted((tmp_path / "other").iterdir())]
    blocks = [block for text in texts for block in text.split("\n\n") if len(block) > 300]
    assert len(set(blocks)) == len(blocks)
    assert all(corpus.PAGE_CHARACTERS <= len(text) <= 1.5 * corpus.PAGE_CHARACTERS for text in texts)


def test_there_are_enough_questions_and_none_twice() -> None:
    asked = corpus.questions(200)
    assert len(asked) == len(set(asked)) == 200


@pytest.mark.parametrize(
    ("way", "order"),
    [
        (fusion.by_words, ["c", "d"]),
        (fusion.by_meaning, ["a", "b", "c"]),
        # 1/63 + 1/61, 1/61, 1/62 twice (ties by id).
        (fusion.by_reciprocal_rank, ["c", "a", "b", "d"]),
        # 0.75, 0.45, 0.30, 0.25.
        (fusion.by_halves, ["c", "a", "b", "d"]),
        # 1.00, 0.90, 0.75, 0.60.
        (fusion.by_share, ["c", "a", "d", "b"]),
    ],
)
def test_the_ways_of_fusing_order_as_they_say(way: fusion.Way, order: list[str]) -> None:
    assert way(MEANING, WORDS) == order


def test_the_shipped_way_knows_every_passage_of_both_lists() -> None:
    assert set(fusion.as_shipped(MEANING, WORDS)) == {"a", "b", "c", "d"}


def test_a_fusion_benchmark_reads_the_answerable_questions_of_a_part(tmp_path: Path) -> None:
    path = tmp_path / "tune.json"
    path.write_text(
        '{"data": [{"title": "t", "paragraphs": [{"context": "Oxygen is a gas.", "qas": ['
        '{"question": " What is oxygen? ", "answers": [{"text": "a gas", "answer_start": 10}]},'
        '{"question": "What is iron?", "answers": []}]}]}]}',
        encoding="utf-8",
    )
    documents, asked = fusion.read_squad(path, "tune")
    assert [document.text for document in documents] == ["Oxygen is a gas."]
    assert asked == [fusion.Asked("What is oxygen?", "tune0", ((10, 15),))]


def test_figures_are_a_table_and_an_object() -> None:
    figures = Figures("ingest", "Ingest", ("pipeline", "seconds"), (("dossier", 1.5), ("ratio", None)))
    assert figures.table().row_count == 2
    assert figures.as_json()["rows"] == (("dossier", 1.5), ("ratio", None))
    assert figures.markdown() == "| pipeline | seconds |\n| --- | ---: |\n| dossier | 1.50 |\n| ratio | - |"


def test_words_are_compared_without_the_marks_of_markdown() -> None:
    told = "# A *bold* [link](http://x.org/page)\n\n| a | B&amp;c |\n| - | :-: |\n<!-- image --> ![map](m.png) end"
    assert loading.words(loading.without_marks(told)) == ["a", "bold", "link", "a", "b", "c", "end"]
    assert loading.matches(["a", "b", "c", "a"], ["c", "a", "b", "x"]) == (3, 2)


def test_a_loading_benchmark_tells_words_refusals_and_crashes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(name: str, data: bytes) -> Loaded:
        raise KeyError(name)

    monkeypatch.setitem(_LOADERS, ".log", crash)
    kind = tmp_path / "text"
    (kind / "sources").mkdir(parents=True)
    (kind / "groundtruth").mkdir()
    for name, content in (("one.txt", "a b c d"), ("two.txt", ""), ("three.log", "x"), ("four.xyz", "x")):
        (kind / "sources" / name).write_text(content, encoding="utf-8")
    (kind / "beside.txt").write_text("no one says what this reads", encoding="utf-8")
    (kind / "groundtruth" / "one.txt.md").write_text("# A\n\n**b** d e", encoding="utf-8")
    (kind / "groundtruth" / "three.md").write_text("x", encoding="utf-8")
    by_format, by_file = loading.measure(tmp_path)
    assert [row[:9] for row in by_format.rows] == [
        ("log", 1, 0, 0, 1, 1, 0.0, 0.0, 0.0),
        ("txt", 3, 2, 1, 0, 4, 0.75, 0.75, 0.75),
    ]
    told = {str(row[0]): str(row[-1]) for row in by_file.rows}
    assert told["log three.log"] == "crashed: KeyError: 'three.log'"
    assert told["txt two.txt"].startswith("refused: two.txt holds no text")
    assert told["txt beside.txt"] == "read"


def test_the_operations_of_embedding_are_those_of_the_products_of_its_matrices() -> None:
    hidden, inner, length = arithmetic.HIDDEN, arithmetic.INNER, 7
    token, attended = np.zeros((length, hidden)), np.zeros((length, length))
    factors = [(token, np.zeros((hidden, hidden)))] * 4  # Of question, key, value and output.
    factors += [(token, token.T), (attended, token)]
    factors += [(token, np.zeros((hidden, inner))), (np.zeros((length, inner)), np.zeros((inner, hidden)))]
    products = sum(2 * one.shape[0] * one.shape[1] * other.shape[1] for one, other in factors)
    assert arithmetic.operations([length]) == arithmetic.LAYERS * products
    assert arithmetic.operations([length, length]) == 2 * arithmetic.LAYERS * products


HOLDING = """
import numpy as np
from tests.benchmarks.clock import Clock

clock = Clock()
held = np.ones(60_000_000 // 8)
del held
print(*clock.stop())
"""


def test_a_clock_tells_the_memory_that_was_held_meanwhile() -> None:
    # In a process of its own: this one may give back more than that meanwhile.
    said = subprocess.run([sys.executable, "-c", HOLDING], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    seconds, cpu, memory = said.split()
    assert float(seconds) > 0
    assert float(cpu) > 0
    assert memory == "None" or 50 < float(memory) < 200
