"""Sentences: spans that cover the text, and the breaks that a reader would make."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.sentences import sentences


def split(text: str, language: str | None = "en") -> list[str]:
    return [text[start:end] for start, end in sentences(text, language)]


PIECES = st.lists(
    st.sampled_from(
        [
            "One",
            "two",
            ".",
            "!",
            "?",
            " ",
            "  ",
            "\n",
            "\n\n",
            '"',
            "”",
            "“",
            "(",
            ")",
            "No.",
            "5",
            "approx.",
            "e.g.",
            "-",
            "1.",
            "…",
            "\u00a0",
            "\u200f",
            "é",
            "😀",
            "你好。",
            "[1]",
            "\t",
        ]
    ),
    max_size=60,
).map("".join)


@settings(max_examples=400, deadline=None)
@given(text=PIECES | st.text(max_size=200), language=st.sampled_from(["en", "es", "sr", "xx", None]))
@example(text='"' * 500 + " a", language="en")
@example(text="a" * 4_100 + ". B. " + "c " * 3_000, language="en")
def test_sentences_are_trimmed_spans_in_order_that_cover_every_character(text: str, language: str | None) -> None:
    covered = 0
    for start, end in sentences(text, language):
        assert start >= covered
        assert not text[covered:start].strip()
        assert text[start:end].strip() == text[start:end] != ""
        assert "\n" not in text[start:end]
        covered = end
    assert not text[covered:].strip()


@pytest.mark.parametrize(
    "whole",
    [
        "See No. 5 and Nos. 6 in approx. 40 cases.",
        "Approx. 70 percent enters from Colombia, i.e. most of it, cf. Figs. 3 and pp. 4.",
        "Dr. Celso met Prof. Ana and Mr. Ramiro, e.g. on Jan. 5.",
        "J. R. R. Tolkien wrote it.",
        "It fell by 5.3 percent (approx. 40 kg).",
        "He said: no, he would not.",
        "1. Assign case files by number.",
        "- A list item.",
    ],
)
def test_abbreviations_numbers_and_list_marks_end_no_sentence(whole: str) -> None:
    assert split(whole) == [whole]
    assert split(f"{whole} Then he left.") == [whole, "Then he left."]


@pytest.mark.parametrize(
    ("language", "whole"),
    [
        ("es", "La Sra. García envió aprox. 5 mil a EE. UU. en núm. 4."),
        ("es", "El Dr. Pérez vino."),
        ("sr", "Проф. Петровић је платио 500 дин. 40 људи по чл. 6 и бр. 5."),
        ("sr", "Dr. Marić je platio tzv. reket po čl. 6."),
    ],
)
def test_abbreviations_of_other_languages_end_no_sentence(language: str, whole: str) -> None:
    assert split(whole, language) == [whole]


def test_quotations_are_sentences_with_their_quotes() -> None:
    assert split('"I can draw the tree," he said. "For them I can draw three leaves." Then he left.') == [
        '"I can draw the tree," he said.',
        '"For them I can draw three leaves."',
        "Then he left.",
    ]


def test_what_closes_a_sentence_belongs_to_it() -> None:
    assert split("Hello! ) Next one. ” After.") == ["Hello! )", "Next one. ”", "After."]


def test_a_sentence_in_brackets_ends_with_them() -> None:
    assert split("(See the note. It is long.) After that he left.") == [
        "(See the note. It is long.)",
        "After that he left.",
    ]


def test_a_long_quotation_is_parted_at_its_sentences() -> None:
    assert split('"' + "One thing happened there. " * 20 + 'That was all." He sat.')[:2] == [
        '"One thing happened there.',
        "One thing happened there.",
    ]


def test_what_opens_a_sentence_in_a_long_quotation_belongs_to_it() -> None:
    text = "(" + "One thing happened there. " * 20 + "“Then he sat down.” That was all.)"
    assert split(text)[20:] == ["“Then he sat down.”", "That was all.)"]


def test_lines_and_list_items_are_never_joined() -> None:
    assert split("A heading\n\nThe first\n- one\n- two. Three\n\n") == [
        "A heading",
        "The first",
        "- one",
        "- two.",
        "Three",
    ]


def test_other_scripts_are_split_too() -> None:
    assert split("¿Qué pasó? ¡Nada! Bien.", "es") == ["¿Qué pasó?", "¡Nada!", "Bien."]
    assert split("\u200fمرحبا. كيف حالك؟ انا بخير.", "ar") == ["\u200fمرحبا.", "كيف حالك؟", "انا بخير."]
    assert split("你好。再见。", "zh") == ["你好。", "再见。"]


def test_an_unknown_language_is_split_as_english() -> None:
    for language in (None, "xx", ""):
        assert split("Mr. Smith came. He left.", language) == ["Mr. Smith came.", "He left."]


def test_a_sentence_longer_than_the_window_stays_whole() -> None:
    long = "word " * 3_000 + "end."
    assert split(f"{long} Next.") == [long, "Next."]


@pytest.mark.parametrize("unit", ["a", "word ", "“", "« ", '"', "(a. ", "He said. ", "1. ", "a\n", ") "])
def test_a_million_characters_take_seconds(unit: str) -> None:
    started = time.monotonic()
    assert sentences((unit * 1_000_000)[:1_000_000], "en")
    assert time.monotonic() - started < 20


@pytest.mark.parametrize(
    ("text", "language", "parts"),
    [
        ("Die Brücke wurde am 5. Mai 2020 geschlossen. Sie ist zu.", None, 2),
        ("Most je zatvoren 5. maja 2020. godine. Otvoren je u junu.", "sr", 2),
        ("He was born in 2020. He left in 2021.", "en", 2),
        ("There were 5. A sixth came later.", "en", 2),
        ("He came in 2020. Maiden voyages followed.", "en", 2),
        ("Am 5. August 2020 fiel der Turm. Niemand starb.", None, 2),
        ("There were 5. August was worse.", "en", 2),
        ("It began in 2020. June was quiet.", "en", 2),
    ],
)
def test_an_ordinal_with_its_full_stop_ends_no_sentence(text: str, language: str | None, parts: int) -> None:
    assert len(sentences(text, language)) == parts
