"""Sidecar files: their names, what they give, and what is wrong with them, said as front matter says it."""

from __future__ import annotations

import dataclasses
import datetime

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.documents import Details
from index.errors import DossierError, UnreadableFile, UnsupportedFile
from index.loading import load
from index.loading.sidecar import KEYS, read_sidecar, sidecar_names

NAME = "report.pdf.yaml"


def read(text: str) -> dict[str, object]:
    return read_sidecar(NAME, text.encode())


def test_a_sidecar_is_named_after_the_file_or_its_stem() -> None:
    assert sidecar_names("report.pdf") == ("report.pdf.yaml", "report.yaml")
    assert sidecar_names("a.b/annual.2022.xlsx") == ("a.b/annual.2022.xlsx.yaml", "a.b/annual.2022.yaml")
    assert sidecar_names("a.b/notes") == ("a.b/notes.yaml",)


def test_a_sidecar_gives_what_it_says_and_nothing_else() -> None:
    everything = read(
        "title: 'Ports: a note'\npublished: 2022-09-30T10:00\nauthor: [A. Writer, B. Writer]\nlanguage: en-GB\n"
        "Reliability: b\ncredibility: 2\n"
    )
    assert everything == {
        "title": "Ports: a note", "published": datetime.date(2022, 9, 30), "author": "A. Writer, B. Writer",
        "language": "en", "reliability": "B", "credibility": 2,
    }  # fmt: skip
    assert set(everything) == set(KEYS)
    assert {field.name for field in dataclasses.fields(Details)} >= set(KEYS) - {"title"}
    assert read("title: Ports\nauthor: ~\nlanguage:\n") == {"title": "Ports"}


@pytest.mark.parametrize("text", ["", "# nothing yet\n\n  # at all\n", "\ufeff\r\n", "---\n---\n", "{}"])
def test_a_sidecar_may_say_nothing(text: str) -> None:
    assert read(text) == {}


@pytest.mark.parametrize("text", ["---\ntitle: Ports\n---\n", "---\r\ntitle: Ports\r\n---", "--- \ntitle: Ports"])
def test_rules_around_the_details_are_no_harm(text: str) -> None:
    assert read(text) == {"title": "Ports"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("titel: Ports", f"has the unknown key titel: the keys are {', '.join(KEYS)}"),
        ("published: last week", "has published: last week, but published is a date such as 2022-09-30"),
        ("reliability: G", "has reliability: G, but reliability is A to F"),
        ("credibility: 7", "has credibility: 7, but credibility is 1 to 6"),
        ("title: Ports: a note", "cannot be read in line 1 "),
        ("author: x\ntitle: Ports: a note", "cannot be read in line 2 "),
        ("- a\n- b", "holds no details: write lines such as"),
        ("just words", "holds no details: write lines such as"),
        ("a: &a [1]\nb: *a", "uses the alias *a"),
        (f"title: {'[' * 500}", "is nested more than"),
        ("title: x\n" + "# more\n" * 3_000, "has more than 16,000 characters"),
        ("title: a\n---\ntitle: b\n", "cannot be read"),
    ],
)
def test_what_is_wrong_is_said(text: str, says: str) -> None:
    with pytest.raises(UnreadableFile) as caught:
        read(text)
    assert str(caught.value).startswith(NAME)
    assert says in str(caught.value)


def test_front_matter_and_sidecar_give_and_refuse_the_same() -> None:
    for line in ("published: 2022-13-45", "language: English", "reliability: AB", "title: {a: b}"):
        problems = []
        for call in (lambda line=line: read(line), lambda line=line: load("a.md", f"---\n{line}\n---\nText".encode())):
            with pytest.raises(UnreadableFile) as caught:
                call()
            problems.append(str(caught.value).split(" has ")[1])
        assert problems[0] == problems[1]


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(UnsupportedFile, match=r"^report\.pdf\.yaml is a PDF document"):
        read_sidecar(NAME, b"%PDF-1.7")


@settings(max_examples=150, deadline=None)
@given(data=st.binary(max_size=80) | st.text(alphabet="titleauhor: \n-[]{}&*!?#'\"|>~%@", max_size=60).map(str.encode))
@example(data=b"? [a]\n: b")
@example(data=b'title: "\\ud800"')
def test_any_bytes_are_read_or_refused_by_name(data: bytes) -> None:
    problem = NAME
    try:
        assert set(read_sidecar(NAME, data)) <= set(KEYS)
    except DossierError as error:
        problem = str(error)
    assert problem.startswith(NAME)
