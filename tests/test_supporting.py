"""The score of support: what the shipped one says, that it is what was trained; and any entailment model beside it."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import pytest

from assistant.assembly import open_dossier, open_support_model
from assistant.checking import Checker, Support
from assistant.settings import Settings
from assistant.supporting.features import measured, nearest
from assistant.supporting.head import FILE, Forest, Head, Linear, load_head, write_head
from assistant.supporting.own_support import OwnSupport
from assistant.supporting.states import LAYERS, READER, StateReader, with_outputs
from index.errors import ModelUnavailable

SOURCE = "Most of the devices were built from commercial dynamite stolen from small gold mines in El Oro province."
# Statements and the sentences that they cite: borne out, and not.
TRUE = (
    ("The devices were mostly made of dynamite stolen from gold mines in El Oro province.", (SOURCE,)),
    ("Commercial dynamite stolen from small gold mines went into most of the devices.", (SOURCE,)),
    (
        "The harbour was dredged to twelve metres and has five cranes.",
        ("The harbour was dredged to twelve metres.", "It has five cranes.", "Ships wait outside."),
    ),
)
FALSE = (
    ("The minister resigned after the parliament had refused the budget.", (SOURCE,)),
    ("Most of the devices were built by former soldiers who sold them to a rival gang in the capital.", (SOURCE,)),
    ("i think the mines are a great place to visit, have you been there?", (SOURCE,)),
)
LARGEST = 1_500_000


@pytest.fixture(scope="module")
def support() -> Support:
    return open_support_model("dossier-support", threads=1)


@pytest.fixture(scope="module")
def reader() -> StateReader:
    return StateReader(threads=1)


@pytest.mark.parametrize(("text", "quotes"), TRUE)
def test_what_the_quotes_say_in_other_words_is_supported(support: Support, text: str, quotes: tuple[str, ...]) -> None:
    assert support.score(text, quotes) >= support.threshold


@pytest.mark.parametrize(("text", "quotes"), FALSE)
def test_what_the_quotes_do_not_say_is_not_supported(support: Support, text: str, quotes: tuple[str, ...]) -> None:
    assert support.score(text, quotes) < support.threshold


def test_the_same_pair_scores_the_same_in_another_session(support: Support) -> None:
    text, quotes = TRUE[0]
    assert OwnSupport(threads=1).score(text, quotes) == support.score(text, quotes) == support.score(text, quotes)


@pytest.mark.parametrize(("text", "quotes"), [("", (SOURCE,)), ("It rains.", ()), ("It rains.", (" ",)), (" ", ("",))])
def test_nothing_to_compare_is_no_support(support: Support, text: str, quotes: tuple[str, ...]) -> None:
    assert support.score(text, quotes) == 0.0


@pytest.mark.parametrize("text", ["?", "the", "好", "12 %", "x" * 5000, "word " * 3000])
def test_odd_statements_have_a_score(support: Support, text: str) -> None:
    assert 0 <= support.score(text, (SOURCE, "。", "*")) <= 1


def test_of_many_quotes_those_that_share_words_are_read(reader: StateReader) -> None:
    filling = tuple(f"In the year {1900 + number} the council of the town met {number} times." for number in range(30))
    text = TRUE[0][0]
    kept = nearest(text, (*filling[:15], SOURCE, *filling[15:]), reader)
    assert SOURCE in kept
    assert len(kept) <= 4
    assert nearest(text, (SOURCE, filling[0]), reader) == [SOURCE, filling[0]]


def test_the_inner_states_are_those_that_the_graph_computes(reader: StateReader) -> None:
    added = onnx.load_from_string(with_outputs(READER.read_bytes(), LAYERS))
    plain = onnx.load(READER)
    assert [one.name for one in added.graph.output] == [*(one.name for one in plain.graph.output), *LAYERS]
    assert added.graph.node == plain.graph.node
    assert len(added.graph.initializer) == len(plain.graph.initializer)
    states = reader.read("A boat.", ["A ship sank.", "A boat."])
    assert [pair[0].shape for pair in states.layers] == [(3, 384)] * len(LAYERS)
    assert [pair[1].shape for pair in states.layers] == [(7, 384)] * len(LAYERS)
    assert not np.allclose(states.layers[0][0], states.layers[1][0])


def test_a_long_name_is_written_with_a_length_of_two_bytes() -> None:
    name = "x" * 300
    added = onnx.load_from_string(with_outputs(b"", [name]))
    assert [one.name for one in added.graph.output] == [name]


def test_a_damaged_reader_is_an_error_that_names_it(tmp_path: Path) -> None:
    file = tmp_path / "reader.onnx"
    file.write_bytes(READER.read_bytes()[:1000])
    with pytest.raises(ModelUnavailable, match=r"reader\.onnx.*ASSISTANT_SUPPORT_MODEL=none"):
        StateReader(file)


def test_a_forest_goes_left_up_to_the_border_and_right_beyond() -> None:
    forest = Forest(
        np.array([0, 3]), np.array([0, -1, -1, -1]), np.array([0.5, 0.0, 0.0, 0.0]), np.array([1, 0, 0, 0]),
        np.array([2, 0, 0, 0]), np.array([0.0, -2.0, 3.0, 10.0]), 100.0,
    )  # fmt: skip
    assert forest.log_odds(np.array([[0.5], [0.6]])).tolist() == [108.0, 113.0]


def test_a_head_that_was_written_scores_the_same(tmp_path: Path) -> None:
    head, file = load_head(), tmp_path / "head.json"
    write_head(head, file)
    assert file.read_bytes() == FILE.read_bytes()
    rows = np.random.default_rng(1).normal(size=(20, len(head.names)))
    assert np.array_equal(load_head(file).score(rows), load_head().score(rows))


def test_the_shipped_head_is_small_and_knows_every_feature(reader: StateReader) -> None:
    assert FILE.stat().st_size < LARGEST
    assert load_head().names == tuple(measured(*TRUE[0], reader))
    assert 0 < load_head().threshold < 1


def test_both_models_of_a_head_count() -> None:
    def head(weight: float, value: float) -> Head:
        place = np.array([0])
        leaf = Forest(place, np.array([-1]), np.zeros(1), place, place, np.array([value]), 0.0)
        return Head(("one",), Linear(np.array([weight]), 0.0), leaf, 0.5)

    row = np.array([[1.0]])
    assert head(2.0, 2.0).score(row)[0] == pytest.approx(1 / (1 + np.exp(-2.0)))
    assert head(2.0, -2.0).score(row)[0] == head(-2.0, 2.0).score(row)[0] == 0.5


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a small entailment model that was never trained."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification

    from index.embedding.weights import find_model
    from index.settings import DEFAULT_EMBEDDER

    folder = tmp_path_factory.mktemp("tiny")
    start = find_model(DEFAULT_EMBEDDER)
    assert start is not None
    for name in ("tokenizer.json", "tokenizer_config.json", "vocab.txt"):
        shutil.copy(start / name, folder / name)
    torch.manual_seed(1)
    config = BertConfig(
        hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32, max_position_embeddings=128,
        id2label={0: "contradiction", 1: "ENTAILMENT", 2: "neutral"},
    )  # fmt: skip
    BertForSequenceClassification(config).save_pretrained(folder)
    return folder


def test_an_entailment_model_says_how_likely_the_quotes_entail_a_statement(tiny: Path) -> None:
    import torch
    from transformers import AutoTokenizer, BertForSequenceClassification

    model = open_support_model(str(tiny))
    text, quotes = TRUE[2]
    batch = AutoTokenizer.from_pretrained(tiny)(" ".join(quotes), text, return_tensors="pt")
    plain: Any = BertForSequenceClassification.from_pretrained(tiny)
    with torch.inference_mode():
        chances = plain.eval()(**batch).logits[0].softmax(-1)
    assert model.score(text, quotes) == pytest.approx(float(chances[1]), abs=1e-6)
    assert model.threshold == 0.5
    assert model.score(text, ()) == 0.0


@pytest.mark.parametrize(("text", "quotes"), [("A boat.", ("word " * 2000,)), ("word " * 2000, (SOURCE,))])
def test_an_entailment_model_reads_the_beginning_of_what_is_too_long(
    tiny: Path, text: str, quotes: tuple[str, ...]
) -> None:
    assert 0 < open_support_model(str(tiny)).score(text, quotes) < 1


def test_a_model_without_a_label_for_entailment_is_refused_by_name(tiny: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    shutil.copytree(tiny, other)
    config = json.loads((other / "config.json").read_text(encoding="utf-8"))
    config["id2label"] = {"0": "not_entailment", "1": "joy", "2": "anger"}
    (other / "config.json").write_text(json.dumps(config), encoding="utf-8")
    with pytest.raises(ModelUnavailable, match=r"other has no label for entailment, only not_entailment, joy, anger"):
        open_support_model(str(other))


def test_a_model_that_is_not_there_is_an_error_that_says_what_to_give(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match=r"nowhere cannot be loaded .*ASSISTANT_SUPPORT_MODEL"):
        open_support_model(str(tmp_path / "nowhere"))


def test_the_checker_asks_the_score_after_the_rules(support: Support) -> None:
    checker = Checker(support)
    text, quotes = TRUE[0]
    assert checker.check(text, quotes).check == "supported"
    assert checker.check(text, quotes).score == support.score(text, quotes)
    assert checker.check(*FALSE[1]).check == "unsupported"


def test_where_a_language_model_writes_the_score_is_opened_when_it_is_made_ready(data_dir: Path) -> None:
    missing = str(data_dir / "nowhere")
    chat = Settings(data_dir=data_dir, reader="chat", chat_model="scripted:first", support_model=missing)
    with open_dossier(chat) as dossier, pytest.raises(ModelUnavailable, match="nowhere"):
        dossier.prepare()


@pytest.mark.parametrize("changes", [{"reader": "extractive"}, {"support_model": "none"}])
def test_where_none_writes_or_it_is_switched_off_it_is_never_opened(data_dir: Path, changes: dict[str, str]) -> None:
    settings = Settings.model_validate(
        {
            "data_dir": data_dir, "reader": "chat", "chat_model": "scripted:first",
            "support_model": str(data_dir / "nowhere"), **changes,
        }
    )  # fmt: skip
    with open_dossier(settings) as dossier:
        dossier.prepare()


def test_one_quote_that_is_longer_than_what_is_read_beside_a_statement_is_read_all_the_same() -> None:
    row = "The police searched " + ", ".join(f"warehouse {number} of the harbour" for number in range(60)) + "."
    support = OwnSupport(threads=1)
    assert 0.0 <= support.score("The harbour was searched by the police.", (row,)) <= 1.0
    assert 0.0 <= support.score("The harbour was searched by the police.", (row, row)) <= 1.0
