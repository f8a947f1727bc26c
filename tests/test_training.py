"""Training in small: a network of a few thousand weights, on a text that we write here, learns, stops and goes on."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
import torch
from tokenizers import Tokenizer

from assistant.reading.encoding import Encoder
from assistant.reading.train import calibrate, loop
from assistant.reading.train.calibrate import fit_softmax, threshold
from assistant.reading.train.export import difference, export
from assistant.reading.train.groups import Group, Miner, Recipe
from assistant.reading.train.loop import Rates, batched, train
from assistant.reading.train.network import ReaderNetwork
from assistant.reading.train.retrieval import Known, Paragraph, near_misses
from assistant.reading.train.sets import Asking, Pool, Text
from assistant.reading.train.twisting import recounted, renamed, twisted
from assistant.reading.weighing import CHOOSING, CONFIDING, Weights
from index.embedding import Embedder
from index.embedding.weights import find_model
from index.settings import DEFAULT_EMBEDDER

pytestmark = pytest.mark.slow

TOWNS = ("Manta", "Quito", "Guayaquil", "Machala", "Ambato", "Cuenca", "Loja", "Ibarra")
RATES = Rates(body=1e-4, heads=5e-4, answerable=1.0)
RECIPE = Recipe(passes=1.0, unanswerable_passes=1.0, twisted=0.0, own=2, others=1)


@pytest.fixture(scope="module")
def encoder() -> Encoder:
    folder = find_model(DEFAULT_EMBEDDER)
    assert folder is not None
    return Encoder(Tokenizer.from_str((folder / "tokenizer.json").read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def pool() -> Pool:
    """A text for each town, whose second sentence answers; and one question about it that nothing answers."""
    made = Pool("towns")
    for number, town in enumerate(TOWNS):
        filling = (
            f"The roads that lead there were mended at great cost in the years that followed, people of {town} say. "
        )
        made.texts.append(
            Text(town, (filling * 4, f"The harbour of {town} has {number + 3} cranes.", f"Many visit {town}."))
        )
        start = len(f"The harbour of {town} has ")
        made.askings.append(Asking(f"How many cranes are in {town}?", number, (1,), (start, start + 1)))
        made.askings.append(Asking(f"Who is the mayor of {town}?", number, ()))
    return made


@pytest.fixture(scope="module")
def groups(pool: Pool, encoder: Encoder, embedder: Embedder) -> list[Group]:
    return list(Miner(pool, encoder, embedder).groups(RECIPE, random.Random(1)))


def tiny_network() -> ReaderNetwork:
    from transformers import BertConfig, BertModel

    torch.manual_seed(1)
    config = BertConfig(
        hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=64, max_position_embeddings=128
    )
    return ReaderNetwork(BertModel(config, add_pooling_layer=False))


def test_an_answerable_question_has_its_gold_sentence_among_others(groups: list[Group], encoder: Encoder) -> None:
    answerable = [group for group in groups if any(window.gold for window in group.windows)]
    assert len(answerable) == len(TOWNS)
    for group in answerable:
        for window in (one for one in group.windows if one.gold):
            assert len(window.gold) == 1
            assert window.span is not None
            assert window.encoded.segments[window.span[0]] == min(window.gold) + 1
        assert not all(window.gold for window in group.windows)


def test_what_has_no_answer_has_no_gold_sentence(groups: list[Group]) -> None:
    assert sum(not any(window.gold for window in group.windows) for group in groups) == len(TOWNS)


def test_the_same_seed_makes_the_same_groups(
    pool: Pool, encoder: Encoder, embedder: Embedder, groups: list[Group]
) -> None:
    again = list(Miner(pool, encoder, embedder).groups(RECIPE, random.Random(1)))
    ids = [[window.encoded.ids.tolist() for window in group.windows] for group in again]
    assert ids == [[window.encoded.ids.tolist() for window in group.windows] for group in groups]


def test_a_network_learns(groups: list[Group], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    network = tiny_network()
    train(network, batched(groups, random.Random(1)) * 60, RATES, tmp_path / "kept.pt")
    losses = [
        float(line.split("losses ")[1].split()[0]) for line in capsys.readouterr().out.splitlines() if "losses" in line
    ]
    assert losses[-1] < 0.6 * losses[0]


def test_a_stopped_run_goes_on_and_ends_where_it_would_have(groups: list[Group], tmp_path: Path) -> None:
    batches = batched(groups, random.Random(1)) * 3
    stopped = tmp_path / "stopped.pt"
    straight = tiny_network()
    for module in straight.modules():
        if isinstance(module, torch.nn.Dropout):
            module.p = 0.0
    train(straight, batches, RATES, tmp_path / "whole.pt")

    class Stop(Exception):
        pass

    class Stopping(list):  # type: ignore[type-arg]
        def __getitem__(self, place: int) -> object:  # type: ignore[override]
            if place == 2:
                raise Stop
            return super().__getitem__(place)

    def fresh() -> ReaderNetwork:
        network = tiny_network()
        for module in network.modules():
            if isinstance(module, torch.nn.Dropout):
                module.p = 0.0
        return network

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(loop, "CHECKPOINT_STEPS", 2)
        with pytest.raises(Stop):
            train(fresh(), Stopping(batches), RATES, stopped)
        resumed = fresh()
        train(resumed, batches, RATES, stopped)
    for one, other in zip(straight.parameters(), resumed.parameters(), strict=True):
        assert torch.allclose(one, other, atol=1e-5)


def test_a_checkpoint_of_another_run_is_refused(groups: list[Group], tmp_path: Path) -> None:
    batches = batched(groups, random.Random(1))
    train(tiny_network(), batches, RATES, tmp_path / "kept.pt")
    with pytest.raises(SystemExit, match="name another --work folder"):
        train(tiny_network(), batches * 2, RATES, tmp_path / "kept.pt")


@pytest.mark.slow
@pytest.mark.parametrize(("precision", "apart"), [("float16", 0.01), ("int8", 0.2)])
def test_the_exported_form_says_what_torch_says(precision: str, apart: float, tmp_path: Path) -> None:
    network = tiny_network()
    export(network, tmp_path / "reader.onnx", precision)  # type: ignore[arg-type]
    assert difference(network, tmp_path / "reader.onnx") < apart


@pytest.mark.parametrize(
    "question",
    [
        "How many cranes has the harbour of Manta?",
        "Who opened the largest harbour in 1992?",
        "Which cranes were repaired?",
    ],
)
def test_a_twisted_question_differs_in_one_detail(question: str) -> None:
    gold = "The largest harbour, that of Manta, got repaired cranes in 1992."
    others = ["In 1987 the town of Quito widened roads and counted planes.", "The bridges of Ambato were painted."]
    for seed in range(20):
        changed = twisted(question, gold, others, random.Random(seed))
        assert changed is not None
        assert changed != question
        same = set(question.split()) & set(changed.split())
        assert len(set(question.split()) - same) <= 2


def test_a_near_miss_has_another_name_or_number_and_is_otherwise_the_same() -> None:
    gold = "The largest harbour, that of Manta, got repaired cranes in 1992."
    others = ["In 1987 the town of Quito widened its roads."]
    changed = {
        renamed("Which cranes did the harbour of Manta get in 1992?", gold, others, random.Random(seed))
        for seed in range(20)
    }
    assert changed == {
        "Which cranes did the harbour of Quito get in 1992?",
        "Which cranes did the harbour of Manta get in 1987?",
    }
    assert renamed("which cranes were repaired?", gold, others, random.Random(1)) is None


def test_the_threshold_is_the_lowest_that_is_precise_enough() -> None:
    confidence = np.array([0.1, 0.32, 0.42, 0.62, 0.72, 0.92])
    right = np.array([False, False, True, True, True, True])
    assert threshold(confidence, right, 0.80) == pytest.approx(0.11)
    assert threshold(confidence, right, 0.90) == pytest.approx(0.33)
    assert threshold(confidence, ~right, 0.80) == pytest.approx(0.99)


def test_the_softmax_prefers_what_was_right() -> None:
    rows = [np.array([[1.0, 0.0], [0.0, 1.0], [0.0, 0.0]])] * 10
    right = [np.array([True, False, False])] * 10
    weights = fit_softmax(("a", "b"), rows, right)
    assert weights.values[0] > 0 > weights.values[1]


def test_another_kind_of_thing_is_counted_in_a_near_miss() -> None:
    gold = "The harbour of Manta got nine cranes."
    others = ["In 1987 the town of Quito widened its roads.", "It lent cranes to Manta."]
    asked = "How many cranes did the harbour get?"
    assert recounted(asked, gold, others, random.Random(1)) == "How many roads did the harbour get?"
    assert recounted(asked, gold, ["It lent cranes."], random.Random(1)) is None
    assert recounted("Who opened the harbour?", gold, others, random.Random(1)) is None


def test_a_question_gives_a_near_miss_of_each_kind_and_none_twice() -> None:
    paragraphs = [
        Paragraph("Manta", "The harbour of Manta got nine cranes in 1992. It is deep."),
        Paragraph("Manta", "In 1987 the town of Quito widened its roads."),
        Paragraph("Loja", "The bridges of Ambato were painted in 1950."),
    ]
    known = [Known("How many cranes did the harbour of Manta get in 1992?", 0, (25,)), Known("Who opened it?", 0, ())]
    made: set[str] = set()
    for seed in range(20):
        missed = near_misses(paragraphs, known, random.Random(seed))
        assert 2 <= len({one.question for one in missed}) == len(missed) <= 3
        assert all(not one.offsets and one.paragraph == 0 for one in missed)
        made |= {one.question for one in missed}
    # Nothing is taken from texts of another title.
    assert made == {
        "How many cranes did the harbour of Quito get in 1992?",
        "How many cranes did the harbour of Manta get in 1987?",
        "How many roads did the harbour of Manta get in 1992?",
    }


def test_near_misses_teach_what_betrays_them_and_leave_the_probabilities_as_the_set_has_them(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    chance = np.random.default_rng(1)
    betrayed, lead = CONFIDING.index("counted_absent"), CONFIDING.index("margin")
    rows = np.zeros((600, len(CONFIDING)))
    rows[:, lead] = chance.normal(size=600)
    right = rows[:400, lead] + chance.normal(size=400) > 0
    rows[400:, betrayed] = 1.0
    monkeypatch.setattr(calibrate, "confided", lambda *_: (rows, np.concatenate([right, np.zeros(200, dtype=bool)])))
    fitted = calibrate.fit_confiding([None] * 400, [None] * 200, Weights(CHOOSING, np.zeros(len(CHOOSING)), 0.0))  # type: ignore[list-item]
    confidence = 1 / (1 + np.exp(-fitted.score(rows)))
    assert fitted.values[lead] > 0 > fitted.values[betrayed]
    assert confidence[:400].mean() == pytest.approx(right.mean(), abs=0.005)
    assert confidence[400:].mean() < 0.25
