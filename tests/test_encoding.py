"""How a question and a window become token ids: with the shipped tokenizer, without a model."""

from __future__ import annotations

import pytest
from tokenizers import Tokenizer

from assistant.reading.encoding import INPUT_TOKENS, QUESTION, SENTENCES, Encoder, Tokens, room, stacked, window
from index.embedding.weights import find_model
from index.settings import DEFAULT_EMBEDDER

SENTENCES_GIVEN = ("Fito escaped in January.", "He was caught in June.")


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    folder = find_model(DEFAULT_EMBEDDER)
    assert folder is not None
    return Tokenizer.from_str((folder / "tokenizer.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def encoder(tokenizer: Tokenizer) -> Encoder:
    return Encoder(tokenizer)


def parts(
    encoder: Encoder, question: str, context: str, sentences: tuple[str, ...]
) -> tuple[Tokens, Tokens, list[Tokens]]:
    asked, around = encoder.tokens([question, context])
    return asked, around, encoder.tokens(sentences)


def test_an_input_is_question_context_and_sentences(encoder: Encoder, tokenizer: Tokenizer) -> None:
    encoded = encoder.encode(*parts(encoder, "When did Fito escape?", "A report", SENTENCES_GIVEN))
    assert tokenizer.decode(list(encoded.ids), skip_special_tokens=False) == (
        "[CLS] when did fito escape? [SEP] a report [SEP] fito escaped in january. he was caught in june. [SEP]"
    )
    asked = [token for token, segment in zip(encoded.ids, encoded.segments, strict=True) if segment == QUESTION]
    assert tokenizer.decode(asked) == "when did fito escape?"
    second = [token for token, segment in zip(encoded.ids, encoded.segments, strict=True) if segment == 2]
    assert tokenizer.decode(second) == "he was caught in june."
    assert list(encoded.types) == sorted(encoded.types)
    assert encoded.types[list(encoded.segments).index(QUESTION)] == 0
    assert encoded.types[list(encoded.segments).index(1)] == 1


def test_places_are_those_in_the_sentence(encoder: Encoder) -> None:
    encoded = encoder.encode(*parts(encoder, "When?", "", SENTENCES_GIVEN))
    words = [
        SENTENCES_GIVEN[segment - 1][slice(*encoded.places[token])]
        for token, segment in enumerate(encoded.segments)
        if segment > 0
    ]
    assert words[-6:] == ["He", "was", "caught", "in", "June", "."]


def test_no_input_is_longer_than_a_window_may_be(encoder: Encoder) -> None:
    long = "word " * 400
    encoded = encoder.encode(*parts(encoder, long, long, (long, long)))
    assert len(encoded.ids) == len(encoded.places) == INPUT_TOKENS
    assert set(encoded.segments) >= {QUESTION, 1}
    assert encoded.ids[-1] == encoded.ids[list(encoded.types).index(1) - 1]


def test_more_sentences_than_the_model_has_places_for_are_left_out(encoder: Encoder) -> None:
    encoded = encoder.encode(*parts(encoder, "When?", "", ("No.",) * 12))
    assert encoded.segments.max() == SENTENCES


@pytest.mark.parametrize(
    ("lengths", "center", "most", "expected"),
    [
        ([10, 10, 10], 1, 30, range(3)),
        ([10, 10, 10], 1, 29, range(2)),
        ([10, 50, 10], 0, 30, range(1)),
        ([10, 10, 10], 2, 25, range(1, 3)),
        ([99], 0, 30, range(1)),
        ([1] * 30, 15, 90, range(11, 19)),
        ([10, 40, 10, 10], 2, 35, range(2, 4)),
    ],
    ids=[
        "all fit",
        "before goes first",
        "too long beside",
        "end of the text",
        "itself too long",
        "at most eight",
        "one side",
    ],
)
def test_a_window_takes_the_neighbours_that_fit(lengths: list[int], center: int, most: int, expected: range) -> None:
    assert window(lengths, center, most) == expected


def test_a_window_of_what_there_is_room_for_is_not_cut(encoder: Encoder) -> None:
    question, context, sentences = parts(encoder, "When did he escape?", "A report", ("He ran away. " * 4,) * 6)
    inside = window([len(one) for one in sentences], 3, room(question, context))
    encoded = encoder.encode(question, context, [sentences[one] for one in inside])
    assert len(inside) > 1
    assert (encoded.segments > 0).sum() == sum(len(sentences[one]) for one in inside)


def test_a_batch_is_padded_at_the_end(encoder: Encoder) -> None:
    short = encoder.encode(*parts(encoder, "When?", "", ("No.",)))
    longer = encoder.encode(*parts(encoder, "When did he escape?", "", ("In June.",)))
    batch = stacked([short, longer])
    assert {value.shape for value in batch.values()} == {(2, len(longer.ids))}
    assert batch["attention_mask"].sum(axis=1).tolist() == [len(short.ids), len(longer.ids)]
    assert not batch["segments"][0, len(short.ids) :].any()


def test_a_tokenizer_of_another_kind_is_refused() -> None:
    from tokenizers.models import BPE

    with pytest.raises(ValueError, match=r"knows no \[CLS\]"):
        Encoder(Tokenizer(BPE()))
