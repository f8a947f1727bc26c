"""The reader models themselves: the one that ships, and any other by name or folder."""

from __future__ import annotations

import json
import shutil
from importlib import resources
from pathlib import Path

import pytest

from assistant.assembly import open_dossier, open_reader_model
from assistant.errors import InvalidSettings
from assistant.reading import own_model
from assistant.reading.any_model import AnyModel
from assistant.reading.models import ReaderModel, Window
from assistant.settings import Settings, load_settings
from index.errors import ModelUnavailable

PRISONS = "The prisons of Ecuador: Deaths"
KILLED = Window(
    PRISONS,
    (
        "Guards searched three wings for weapons.",
        "In 2021 some 316 inmates were killed in riots.",
        "The government blamed the gangs for it.",
    ),
)
HARBOUR = Window("The port of Manta", ("The harbour was dredged to 12 metres.", "It has five cranes."))
QUESTION = "How many inmates were killed in 2021?"
LARGEST = 30_000_000


@pytest.fixture(scope="module")
def model() -> ReaderModel:
    return open_reader_model("dossier-reader")


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a small question-answering model that was never trained."""
    from transformers import BertConfig, BertForQuestionAnswering

    from index.embedding.weights import find_model
    from index.settings import DEFAULT_EMBEDDER

    folder = tmp_path_factory.mktemp("tiny")
    start = find_model(DEFAULT_EMBEDDER)
    assert start is not None
    for name in ("tokenizer.json", "tokenizer_config.json", "vocab.txt"):
        shutil.copy(start / name, folder / name)
    config = BertConfig(
        hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=32, max_position_embeddings=128
    )
    BertForQuestionAnswering(config).save_pretrained(folder)
    return folder


def test_the_sentence_that_answers_scores_highest_and_its_words_are_found(model: ReaderModel) -> None:
    (judged,) = model.judge(QUESTION, [KILLED])
    assert max(judged.sentences) == judged.sentences[1]
    span = judged.spans[1]
    assert span is not None
    assert "316" in KILLED.sentences[1][span.start : span.end]


def test_a_window_that_answers_is_told_from_one_that_does_not(model: ReaderModel) -> None:
    answers, other = model.judge(QUESTION, [KILLED, HARBOUR])
    assert answers.answerable > other.answerable
    assert max(answers.sentences) > 0 > max(other.sentences)


def test_what_a_window_gets_does_not_depend_on_the_others_beside_it(model: ReaderModel) -> None:
    (alone,) = model.judge(QUESTION, [HARBOUR])
    beside = model.judge(QUESTION, [KILLED, HARBOUR])[1]
    assert alone.sentences == pytest.approx(beside.sentences, abs=1e-3)
    assert alone.answerable == pytest.approx(beside.answerable, abs=1e-3)


def test_a_sentence_too_long_for_a_window_is_judged_by_its_beginning(model: ReaderModel) -> None:
    (judged,) = model.judge(QUESTION, [Window("", ("In 2021 some 316 inmates were killed " + "and more " * 300,))])
    assert len(judged.sentences) == 1
    assert judged.spans[0] is not None


def test_no_window_is_no_work(model: ReaderModel) -> None:
    assert model.judge(QUESTION, []) == []


def test_the_shipped_model_is_as_small_as_it_is_said_to_be() -> None:
    assert (Path(own_model.__file__).parent / own_model.FILE).stat().st_size <= LARGEST


def test_a_shipped_model_that_is_missing_or_broken_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match=r"reader\.onnx cannot be loaded"):
        own_model.OwnModel(tmp_path)
    (tmp_path / own_model.FILE).write_bytes(b"no model")
    with pytest.raises(ModelUnavailable, match=r"reader\.onnx cannot be loaded"):
        own_model.OwnModel(tmp_path)


def test_any_question_answering_model_can_read(tiny: Path) -> None:
    other = open_reader_model(str(tiny))
    judged = other.judge(QUESTION, [KILLED, HARBOUR])
    assert [len(one.sentences) for one in judged] == [3, 2]
    for one, window in zip(judged, (KILLED, HARBOUR), strict=True):
        assert one.answerable == max(one.sentences)
        for span, sentence in zip(one.spans, window.sentences, strict=True):
            assert span is not None
            assert sentence[span.start : span.end].strip()
    lengths = other.lengths(QUESTION, [PRISONS], KILLED.sentences)
    assert len(lengths.sentences) == 3
    assert sum(lengths.sentences) < lengths.room[0]
    assert not other.calibrated


def test_a_sentence_that_such_a_model_cannot_see_scores_lowest(tiny: Path) -> None:
    long = Window("", ("Some words stand here " * 100, "In 2021 some 316 inmates were killed."))
    (judged,) = AnyModel(str(tiny)).judge(QUESTION, [long])
    assert judged.spans[1] is None
    assert judged.sentences[1] < judged.sentences[0]


def test_a_model_that_is_not_there_is_named_with_what_to_do() -> None:
    with pytest.raises(ModelUnavailable, match=r"nobody/nothing cannot be loaded .* unset ASSISTANT_READER_MODEL"):
        open_reader_model("nobody/nothing")


def test_a_folder_without_a_model_is_refused(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps({"model_type": "bert"}))
    with pytest.raises(ModelUnavailable, match="cannot be loaded"):
        open_reader_model(str(tmp_path))


def test_the_setting_chooses_the_model(tiny: Path, seeds_data_dir: Path) -> None:
    with open_dossier(Settings(data_dir=seeds_data_dir, reader_model=str(tiny))) as dossier:
        answer = dossier.assistant.ask("How many bombings were there?", must_answer=True)
    assert answer.trace.model == str(tiny)
    assert answer.statements


def test_an_empty_name_is_refused() -> None:
    with pytest.raises(InvalidSettings, match="reader_model"):
        load_settings({"reader_model": ""})


def test_the_default_threshold_is_the_one_that_calibration_found() -> None:
    weights = json.loads(resources.files("assistant.reading").joinpath("weights.json").read_text(encoding="utf-8"))
    assert Settings.model_fields["decline_below"].default == weights["decline_below"]
