"""Loading: formats, encodings, front matter, and files that are not what they say."""

from __future__ import annotations

import datetime
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.documents import Loaded
from index.errors import DossierError, UnreadableFile, UnsupportedFile
from index.loading import load, supported_suffixes
from index.loading.canonical import canonical
from index.loading.plain import unwrapped

ENGLISH = "The harbour was searched at night, and nothing was found in any of the containers on the quay."
SEEDS = Path(__file__).parent.parent / "seeds"


def markdown(text: str) -> Loaded:
    return load("note.md", text.encode())


def plain(text: str) -> Loaded:
    return load("note.txt", text.encode())


def assert_canonical(loaded: Loaded) -> None:
    assert canonical(loaded.text) == loaded.text
    assert loaded.title
    assert "\n" not in loaded.title
    starts = [section.start for section in loaded.sections]
    assert starts == sorted(starts)
    heading = ""
    for section in loaded.sections:
        # On a new page the text under a heading goes on without it.
        assert section.heading == heading or loaded.text.startswith(section.heading, section.start)
        heading = section.heading
    f"{loaded.text}{loaded.title}".encode()


def assert_loads_or_says_why(name: str, data: bytes) -> None:
    problem = ""
    try:
        loaded = load(name, data)
    except DossierError as error:
        problem = str(error)
    else:
        assert_canonical(loaded)
    assert not problem or name in problem


@settings(max_examples=150, deadline=None)
@given(data=st.binary(max_size=400), suffix=st.sampled_from(sorted(supported_suffixes())))
@example(data=b'---\ntitle: "\\ud800"\n---\ntext', suffix=".md")
@example(data=b"---\n? [a]\n: b\n---\ntext", suffix=".txt")
@example(data=b"+ADw-", suffix=".txt")
def test_any_bytes_give_canonical_text_or_an_error_of_ours(data: bytes, suffix: str) -> None:
    assert_loads_or_says_why(f"file{suffix}", data)


MARKUP = st.text(alphabet=st.sampled_from("ab .\n\t#>-*_`~[]()<>|&;:!1\"'\\é\u200f\x0c\x00\r\u2028"), max_size=200)


@settings(max_examples=300, deadline=None)
@given(text=MARKUP | st.text(max_size=200))
@example(text="    code\n\n\n\n    more")
@example(text="1. # a\n2. > b\n\n       c")
@example(text="a  \n  b\n\n<div>\n x </div>")
def test_any_text_gives_canonical_text_in_both_formats(text: str) -> None:
    for name in ("file.txt", "file.md"):
        assert_loads_or_says_why(name, text.encode("utf-8", "replace"))


def test_the_seeds_load_with_their_dates_and_languages() -> None:
    for path in [*SEEDS.glob("*.md"), *SEEDS.glob("*.txt")]:
        loaded = load(path.name, path.read_bytes())
        assert_canonical(loaded)
        assert loaded.details.published is not None, path
        assert loaded.sections, path
        assert not loaded.text.startswith("---"), path


# Front matter


def test_front_matter_gives_the_details() -> None:
    loaded = markdown(
        '---\ntitle: "Ports: a note"\npublished: 2022-09-30\nauthor: A. Writer\nlanguage: en-GB\n'
        "reliability: b\ncredibility: 2\nsample: true\n---\n\n# Heading\n\nText."
    )
    assert loaded.title == "Ports: a note"
    assert loaded.text == "Heading\n\nText."
    details = loaded.details
    assert details.published == datetime.date(2022, 9, 30)
    assert (details.author, details.language, details.reliability, details.credibility) == ("A. Writer", "en", "B", 2)
    assert details.media_type == "text/markdown"


def test_front_matter_dates_may_carry_a_time_and_quotes() -> None:
    for value in ('"2022-09-30"', "2022-09-30T10:00:00Z", "2022-09-30 10:00"):
        assert plain(f"---\npublished: {value}\n---\nText").details.published == datetime.date(2022, 9, 30)


@pytest.mark.parametrize(
    ("line", "named"),
    [
        ("published: 2022-13-45", "published: 2022-13-45"),
        ("published: last week", "published: last week"),
        ("reliability: G", "reliability: G"),
        ("reliability: AB", "reliability: AB"),
        ("credibility: 7", "credibility: 7"),
        ("credibility: 0", "credibility: 0"),
        ("language: English", "language: English"),
        ("title: {a: b}", "title: {'a': 'b'}"),
    ],
)
def test_an_impossible_value_in_front_matter_is_named(line: str, named: str) -> None:
    with pytest.raises(UnreadableFile, match=r"^note\.md: its front matter has") as caught:
        markdown(f"---\n{line}\n---\nText")
    assert named in str(caught.value)


def test_malformed_front_matter_names_the_line() -> None:
    with pytest.raises(UnreadableFile, match=r"in line 3 .*quotes"):
        markdown("---\nauthor: A\ntitle: Ports: a note\n---\nText")


def test_aliases_and_deep_nesting_in_front_matter_are_refused() -> None:
    with pytest.raises(UnreadableFile, match="alias"):
        markdown("---\na: &a [1, 2]\nb: [*a, *a]\n---\nText")
    with pytest.raises(UnreadableFile, match="nested"):
        markdown(f"---\na: {'[' * 5000}\n---\nText")


def test_what_is_no_front_matter_stays_text() -> None:
    assert "not: it" in markdown("First\n\n---\nnot: it\n\n---\nText").text
    assert markdown("---\nJust a line between rules\n\n---\n\nText").text.startswith("Just a line")
    assert "title: open" in plain("---\ntitle: open").text
    assert "key: value" in plain("---\n" + "key: value\n" * 2_000 + "---\nText").text


def test_front_matter_alone_holds_no_text() -> None:
    with pytest.raises(UnreadableFile, match="holds no text"):
        markdown("---\ntitle: Ports\n---\n")


# Encodings


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_unicode_encodings_are_read_with_and_without_a_mark(encoding: str) -> None:
    assert load("note.txt", f"Año nuevo. {ENGLISH}".encode(encoding)).text.startswith("Año nuevo.")


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("cp1252", "La Sra. García dijo que la producción en Jaramijó cayó el año pasado, según los pescadores."),
        ("cp1250", "Policija je u luci pronašla 500 kilograma kokaina i uhapsila tri čovjeka, među njima šefa."),
        ("cp1251", "Полиција је у луци пронашла 500 килограма кокаина и ухапсила три особе."),
        ("latin-1", "Die Größe der Straße in München wurde überprüft, und die Behörden hörten davon."),
    ],
)
def test_older_encodings_are_detected(encoding: str, text: str) -> None:
    assert load("note.txt", text.encode(encoding)).text == text


def test_bytes_that_break_their_own_mark_are_unreadable() -> None:
    with pytest.raises(UnreadableFile, match="UTF-8"):
        load("note.txt", b"\xef\xbb\xbfabc \xff\xfe abc")


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (b"%PDF-1.7 text", "PDF"),
        (b"\xef\xbb\xbf \n%PDF-1.7", "PDF"),
        (b"PK\x03\x04 text", "ZIP"),
        (b"\x89PNG\r\n", "PNG"),
        (b"\xff\xd8\xff\xe0", "JPEG"),
        (b"text \x00\x00 and \x00 more", "NUL"),
        (b"\x01\x02\x03\x04\x05\x06\x07", "control characters"),
    ],
)
def test_a_file_that_is_not_what_its_name_says_is_refused(data: bytes, kind: str) -> None:
    with pytest.raises(UnsupportedFile, match=kind):
        load("note.txt", data)


def test_an_unknown_ending_is_refused_with_what_can_be_read() -> None:
    for name in ("report.xyz", "report"):
        with pytest.raises(UnsupportedFile, match=r"\.md"):
            load(name, b"text")


@pytest.mark.parametrize("data", [b"", b" \n\t\r\n", "\ufeff".encode(), "\u200b\u200f \u2060".encode(), b"\x0c\x0c"])
def test_empty_and_blank_files_hold_no_text(data: bytes) -> None:
    for name in ("note.txt", "note.md"):
        with pytest.raises(UnreadableFile, match="holds no text"):
            load(name, data)


# Canonical text


def test_line_ends_controls_and_blank_runs_are_made_canonical() -> None:
    assert plain("\r\n\r\nOne \t\r\nTwo\rThree\x0cFour\x07!\n\n\n\n\nFive\x85Six\u2028Seven\n").text == (
        "One\nTwo\nThree\nFour!\n\nFive\nSix\nSeven"
    )


def test_unicode_is_kept_as_it_is() -> None:
    text = (
        "cafe\u0301 and café, \u202eright to left\u202c, \u200fמילה\u200f, 𝔘𝔫𝔦, non\u00a0breaking, 👩\u200d👩\u200d👧"
    )
    assert plain(text).text == text
    assert markdown(text).text == text


# Plain text


def test_lines_that_stand_alone_become_headings() -> None:
    loaded = plain(
        f"Field note\n\nWhat we saw\n\n{ENGLISH}\n\nNot a heading.\n\nnor this\n\n- nor that\n\n¿Quién paga?\n\nX"
    )
    assert [section.heading for section in loaded.sections] == ["Field note", "What we saw"]
    assert loaded.title == "Field note"


def test_a_last_line_and_a_line_within_a_paragraph_are_no_headings() -> None:
    assert plain("From: A\nTo: B\n\nText here.\n\nBest wishes").sections == ()


def test_the_title_is_the_first_short_line_or_else_the_stem() -> None:
    assert plain(ENGLISH * 3).title == "note"
    assert plain(f"A short line.\n{ENGLISH}").title == "A short line."
    assert plain(f"---\ntitle: Given\n---\nA short line\n\n{ENGLISH}").title == "Given"


def test_lines_broken_to_a_width_are_joined() -> None:
    wrapped = (
        "The harbour was searched at night, and nothing was found in\n"
        "any of the containers on the quay. Three men were questioned\n"
        "and let go.\n\n"
        "- The first item is so long that it had to be broken to two\n"
        "  lines.\n"
        "- Short."
    )
    assert unwrapped(wrapped).split("\n") == [
        "The harbour was searched at night, and nothing was found in any of the containers on the quay. "
        "Three men were questioned and let go.",
        "",
        "- The first item is so long that it had to be broken to two lines.",
        "- Short.",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Tyger Tyger, burning bright,\nIn the forests of the night;\nWhat immortal hand or eye,",
        "Name        Age   City of residence and province of birth\nAna         34    Quito\nLuis        41    Manta",
        "Ana Quilachamin      34 years old    Quito, Pichincha\nLuis Zambrano Loor   41 years old    Manta, Manabí",
        "Ministry of the Interior, Department of Public Security, Quito\nCalle 1\nQuito",
        f"{ENGLISH}\n{ENGLISH}\nshort",
    ],
)
def test_verses_tables_addresses_and_paragraphs_of_one_line_keep_their_lines(text: str) -> None:
    assert unwrapped(text) == text


# Language


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (ENGLISH, "en"),
        ("Los puertos pesqueros de Manabí se han convertido en una segunda puerta de salida de la cocaína.", "es"),
        ("Too short to say.", None),
        ("Petrović, Hoxha, Quilachamin, Zambrano, Marangoni, Lindqvist, Verstraelen", None),
    ],
)
def test_the_language_is_detected_where_there_is_enough_text(text: str, code: str | None) -> None:
    assert plain(text).details.language == code


def test_one_language_of_the_western_balkans_is_enough() -> None:
    code = plain(
        "Policija je u luci pronašla 500 kilograma kokaina i uhapsila tri čovjeka iz Beograda."
    ).details.language
    assert code in {"bs", "hr", "sr"}


def test_front_matter_goes_before_what_is_detected() -> None:
    assert plain(f"---\nlanguage: fr\n---\n{ENGLISH}").details.language == "fr"
