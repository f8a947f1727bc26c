"""Near copies are told from other texts, and from texts on the same matter."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.library import Library
from index.likeness import ALIKE, LEAST_WORDS, bands, likeness, signature
from tests.conftest import SEEDS

REPORT = " ".join(
    f"In week {number} the port police opened {number * 7 % 50} containers at quay {number % 9} and found nothing."
    for number in range(30)
)
OTHER = " ".join(
    f"The ministry sent {number * 3} letters to town {number} about the new fishing rules of the coast."
    for number in range(30)
)


def test_a_text_is_wholly_like_itself_whatever_its_case_and_spacing() -> None:
    one, other = signature(REPORT), signature(REPORT.upper().replace(" ", "\n  "))
    assert one is not None
    assert other is not None
    assert likeness(one, other) == 1.0
    assert list(bands(one)) == list(bands(other))


def test_a_reprint_with_a_new_head_is_like_and_another_text_is_not() -> None:
    one, reprint, other = (
        signature(text) for text in (REPORT, f"GUAYAQUIL (Agency) - {REPORT} Copyright 2022.", OTHER)
    )
    assert one is not None
    assert reprint is not None
    assert other is not None
    assert likeness(one, reprint) >= ALIKE
    assert set(bands(one)) & set(bands(reprint))
    assert likeness(one, other) < 0.1


def test_a_short_text_has_no_signature() -> None:
    assert signature("word " * (LEAST_WORDS - 1)) is None
    assert signature("word " * LEAST_WORDS) is not None


@settings(max_examples=20, deadline=None)
@given(share=st.floats(0, 1), seed=st.integers(0, 1000))
def test_the_estimate_is_near_the_share_of_runs_in_common(share: float, seed: int) -> None:
    chance = random.Random(seed)
    words = [f"w{chance.randrange(10**6)}" for _ in range(600)]
    kept = int(len(words) * share)
    other = words[:kept] + [f"x{chance.randrange(10**6)}" for _ in range(len(words) - kept)]
    runs = [{tuple(one[place : place + 4]) for place in range(len(one) - 3)} for one in (words, other)]
    exact = len(runs[0] & runs[1]) / len(runs[0] | runs[1])
    first, second = signature(" ".join(words)), signature(" ".join(other))
    assert first is not None
    assert second is not None
    assert likeness(first, second) == pytest.approx(exact, abs=0.25)


def test_copies_know_one_another_and_the_search_shows_one(library: Library, folder: Path) -> None:
    text = (SEEDS / "field-note-guayaquil-port.txt").read_text(encoding="utf-8")
    (folder / "note.txt").write_text(text, encoding="utf-8")
    (folder / "reprint.txt").write_text(f"Reprinted from the archive\n\n{text}", encoding="utf-8")
    (folder / "other.txt").write_text(OTHER, encoding="utf-8")
    library.ingest([folder])
    entries = {entry.sources[0]: entry.id for entry in library.entries()[0]}
    copies = {
        name: [library.entry(copy).sources[0] for copy in library.copies_of(one)] for name, one in entries.items()
    }
    assert copies == {
        "reports/note.txt": ["reports/reprint.txt"],
        "reports/reprint.txt": ["reports/note.txt"],
        "reports/other.txt": [],
    }
    hits = library.search("How many cameras were working?")
    words = [" ".join(hit.passage.text.split()) for hit in hits]
    assert len({word[-200:] for word in words}) == len(words)
    (folder / "reprint.txt").unlink()
    library.ingest([folder])
    assert library.copies_of(entries["reports/note.txt"]) == ()


def test_two_figures_for_one_thing_are_two_hits(library: Library, folder: Path) -> None:
    told = "Between January and June 2021 we counted {} inmates killed in the prisons of the country, by the lists."
    for number in (121, 124):
        (folder / f"{number}.txt").write_text(told.format(number), encoding="utf-8")
    (folder / "again.txt").write_text(told.format(121) + " ", encoding="utf-8")
    library.ingest([folder])
    texts = [hit.passage.text for hit in library.search("How many inmates were killed?")]
    assert sorted(texts) == [told.format(121), told.format(124)]
