"""Splitting: passages are slices that cover the text, and none is longer than the embedder takes."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.documents import Details, Document, Passage, Section, digest_of
from index.embedding import Embedder
from index.loading import load
from index.splitting import Splitter
from tests.conftest import SEEDS

SENTENCE = "The harbour was searched at night and nothing was found. "  # 11 tokens


@pytest.fixture(scope="session")
def splitter(embedder: Embedder) -> Splitter:
    return Splitter(aim=160, maximum=240, count=embedder.count)


def document(text: str, sections: tuple[Section, ...] = ()) -> Document:
    return Document("doc", "c", (), "Title", text, digest_of(text), "", sections, Details(language="en"))


def from_markdown(text: str) -> Document:
    loaded = load("note.md", text.encode())
    return document(loaded.text, loaded.sections)


def assert_lawful(passages: tuple[Passage, ...], doc: Document, splitter: Splitter) -> None:
    covered = 0
    for passage in passages:
        assert doc.text[passage.start : passage.end] == passage.text
        assert passage.text.strip() == passage.text != ""
        assert passage.start >= covered
        assert not doc.text[covered : passage.start].strip()
        assert passage.id == f"doc:{doc.digest[:12]}:{passage.start}-{passage.end}"
        covered = passage.end
    assert not doc.text[covered:].strip()
    counts = splitter.count([passage.embedded_text for passage in passages])
    assert all(count <= splitter.maximum for count in counts)


PARAGRAPHS = st.lists(
    st.sampled_from(
        [
            SENTENCE,
            SENTENCE * 4,
            SENTENCE * 9,
            "\n",
            "\n\n",
            "Heading\n\n",
            "x" * 300,
            "word " * 400,
            "- item\n",
            "你好" * 200,
            "e\u0301" * 50,
            "\u200f",
            "👩\u200d👩\u200d👧" * 40,
            "A lead:\n",
            "\u00a0",
            "1. ",
        ]
    ),
    max_size=12,
).map("".join)


@settings(max_examples=60, deadline=None)
@given(
    text=PARAGRAPHS | st.text(max_size=300),
    starts=st.lists(st.integers(0, 3_000), max_size=4),
    heading=st.sampled_from(["", "Heading", "A long heading " * 40, "h" * 2_000]),
    maximum=st.sampled_from([16, 40, 240]),
)
@example(text="Heading\n\nHeading\n\nHeading", starts=[0, 9, 18], heading="Heading", maximum=240)
@example(text="a" * 5_000, starts=[0], heading="h" * 2_000, maximum=16)
def test_passages_are_slices_that_cover_the_text_and_fit(
    embedder: Embedder, text: str, starts: list[int], heading: str, maximum: int
) -> None:
    sections = tuple(Section(start, heading) for start in sorted({min(start, len(text)) for start in starts}))
    splitter = Splitter(aim=maximum * 2 // 3, maximum=maximum, count=embedder.count)
    doc = document(text, sections)
    assert_lawful(splitter.split(doc), doc, splitter)


def test_the_seeds_split_lawfully_and_nothing_embedded_is_truncated(splitter: Splitter, embedder: Embedder) -> None:
    for path in [*SEEDS.glob("*.md"), *SEEDS.glob("*.txt")]:
        loaded = load(path.name, path.read_bytes())
        doc = document(loaded.text, loaded.sections)
        passages = splitter.split(doc)
        assert_lawful(passages, doc, splitter)
        assert embedder.embed_passages([passage.embedded_text for passage in passages]).shape[0] == len(passages)


def test_splitting_twice_gives_the_same_passages(splitter: Splitter) -> None:
    doc = document((SENTENCE * 7 + "\n\n") * 9)
    assert splitter.split(doc) == splitter.split(doc)


def test_repeated_text_keeps_its_own_offsets(splitter: Splitter) -> None:
    doc = document("\n\n".join([(SENTENCE * 12).strip()] * 5))
    starts = [passage.start for passage in splitter.split(doc)]
    assert starts == [place * (len((SENTENCE * 12).strip()) + 2) for place in range(5)]


def test_blank_text_has_no_passages(splitter: Splitter) -> None:
    assert splitter.split(document("")) == ()
    assert splitter.split(document(" \n\n ")) == ()


def test_a_paragraph_a_little_over_the_aim_stays_whole(splitter: Splitter) -> None:
    paragraph = (SENTENCE * 16).strip()  # 178 tokens
    assert [passage.text for passage in splitter.split(document(f"{paragraph}\n\n{paragraph}"))] == [paragraph] * 2


def test_a_long_paragraph_is_cut_at_sentences_into_like_lengths(splitter: Splitter) -> None:
    passages = splitter.split(document((SENTENCE * 25).strip()))  # 277 tokens
    counts = splitter.count([passage.embedded_text for passage in passages])
    assert len(passages) == 2
    assert all(passage.text.endswith(".") for passage in passages)
    assert max(counts) - min(counts) <= 12


def test_short_paragraphs_share_a_passage(splitter: Splitter) -> None:
    assert len(splitter.split(document("\n\n".join([SENTENCE.strip()] * 10)))) == 1


def test_a_sentence_is_cut_at_words_only_where_it_alone_is_too_long(splitter: Splitter) -> None:
    fits = "word " * 230 + "end."
    assert len(splitter.split(document(fits))) == 1
    doc = document("word " * 300 + "end.")
    passages = splitter.split(doc)
    assert len(passages) == 2
    assert all(set(passage.text.split()) <= {"word", "end."} for passage in passages)


def test_a_word_that_is_too_long_is_cut_at_characters_with_their_marks(splitter: Splitter) -> None:
    doc = document("e\u0301" * 4_000)
    passages = splitter.split(doc)
    assert_lawful(passages, doc, splitter)
    assert len(passages) > 1
    assert not any(passage.text.startswith("\u0301") for passage in passages)


def test_passages_do_not_cross_sections_and_carry_heading_and_page(splitter: Splitter) -> None:
    first, second = f"One\n\n{SENTENCE * 5}".strip(), f"Two\n\n{SENTENCE * 5}".strip()
    doc = document(f"{first}\n\n{second}", (Section(0, "One", 1), Section(len(first) + 2, "Two", 2)))
    assert [(p.heading, p.page, p.text) for p in splitter.split(doc)] == [("One", 1, first), ("Two", 2, second)]


def test_text_before_the_first_section_has_no_heading(splitter: Splitter) -> None:
    passages = splitter.split(from_markdown(f"{SENTENCE * 4}\n\n# One\n\n{SENTENCE * 4}"))
    assert [passage.heading for passage in passages] == ["", "One"]


def test_a_heading_without_text_goes_with_what_follows_it(splitter: Splitter) -> None:
    passages = splitter.split(from_markdown(f"# Title\n\n## Terms\n\n### Glocal\n\n{SENTENCE * 30}"))
    assert passages[0].text.startswith("Title\n\nTerms\n\nGlocal\n\nThe harbour")
    assert {passage.heading for passage in passages} == {"Glocal"}


def test_a_tiny_section_is_joined_only_where_both_fit_the_aim(splitter: Splitter) -> None:
    short, long = SENTENCE * 4, SENTENCE * 14
    assert len(splitter.split(from_markdown(f"# A\n\n{SENTENCE}\n\n# B\n\n{short}"))) == 1
    assert [p.heading for p in splitter.split(from_markdown(f"# A\n\n{SENTENCE}\n\n# B\n\n{long}"))] == ["A", "B"]
    assert [p.heading for p in splitter.split(from_markdown(f"# A\n\n{short}\n\n# B\n\n{short}"))] == ["A", "B"]


def test_sections_on_different_pages_are_not_joined(splitter: Splitter) -> None:
    doc = document("A\n\nB\n\nText here.", (Section(0, "A", 1), Section(3, "B", 2)))
    assert [passage.page for passage in splitter.split(doc)] == [1, 2]


def test_a_heading_is_never_the_end_of_a_passage(splitter: Splitter) -> None:
    for sentences in range(10, 40):
        passages = splitter.split(from_markdown(f"# Heading\n\n{SENTENCE * sentences}"))
        assert all(passage.text != "Heading" for passage in passages)


def test_a_lead_stays_with_the_list_that_it_announces(splitter: Splitter) -> None:
    text = f"{SENTENCE * 13}\n\nThe desk would have three tasks:\n\n- {SENTENCE}\n- {SENTENCE}\n- {SENTENCE * 8}"
    doc = document(text)
    assert not any(passage.text.endswith("tasks:") for passage in splitter.split(doc))


def test_a_heading_longer_than_half_a_passage_is_shortened(splitter: Splitter) -> None:
    heading = "A very long heading " * 40
    doc = document(SENTENCE * 30, (Section(0, heading.strip()),))
    passages = splitter.split(doc)
    assert_lawful(passages, doc, splitter)
    assert all(heading.startswith(passage.heading) and passage.heading for passage in passages)
    assert max(splitter.count([passage.heading for passage in passages])) <= 120


def test_tokens_that_do_not_add_up_are_put_right_at_the_end(embedder: Embedder) -> None:
    """A tokenizer for which a text has more tokens than its sentences have together."""

    def count(texts: object) -> list[int]:
        assert isinstance(texts, list)
        return [tokens + (len(text) // 200) * 20 for text, tokens in zip(texts, embedder.count(texts), strict=True)]

    splitter = Splitter(aim=160, maximum=240, count=count)
    doc = document((SENTENCE * 60).strip())
    assert_lawful(splitter.split(doc), doc, splitter)


@pytest.mark.slow
@pytest.mark.parametrize("unit", ["a", "word ", "A. ", "a\n", "你好", "The cat sat on No. 5. ", "x" * 130 + " "])
def test_a_million_characters_split_in_seconds(splitter: Splitter, unit: str) -> None:
    doc = document((unit * 1_000_000)[:1_000_000].strip())
    started = time.monotonic()
    passages = splitter.split(doc)
    assert time.monotonic() - started < 30
    assert_lawful(passages, doc, splitter)
