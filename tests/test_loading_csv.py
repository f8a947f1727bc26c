"""Loading CSV and TSV: delimiters, quotes, headers, titles, tables below each other, and files that are not right."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.documents import Loaded
from index.errors import UnsupportedFile
from index.loading import load
from index.loading.csv_table import delimiter_of, rows_of
from tests.test_loading import assert_canonical, assert_loads_or_says_why


def table(text: str) -> Loaded:
    return load("table.csv", text.encode())


def lines(text: str) -> list[str]:
    return table(text).text.split("\n")


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("ending", [".csv", ".tsv"])
def test_each_row_is_a_line_whatever_the_delimiter(delimiter: str, ending: str) -> None:
    rows = [["Country", "Deaths", "Remark"], ["Peru", "12", "one, two; three"], ["Chile", "7", "none"]]
    text = "\r\n".join(delimiter.join(f'"{cell}"' if " " in cell else cell for cell in row) for row in rows)
    loaded = load(f"table{ending}", text.encode())
    assert loaded.text == "Country: Peru; Deaths: 12; Remark: one, two; three\nCountry: Chile; Deaths: 7; Remark: none"
    assert loaded.title == "table"
    assert loaded.details.media_type == ("text/csv" if ending == ".csv" else "text/tab-separated-values")


@pytest.mark.parametrize(
    ("text", "delimiter"),
    [
        ("name;x;y\na;1,5;2,5\nb;2,5;3,5", ";"),
        ("a;1,5;2,5\nb;2,5;3,5\nc;4,5;6,5", ";"),
        ("1,5;2,5\n2,5;3,5\n4,5;6,5", ";"),
        ("a,b,c\n1; 2,3,4\n5; 6,7,8", ","),
        ("a,b\n1,2", ","),
        ("one,two,three", ","),
        ("Place\nQuito, Ecuador\nLima, Peru\nLa Paz, Bolivia", None),
        ("Remark\nHe came, saw, and won.\nNothing\nAll of them\nWell, no", None),
        ("only\none\ncolumn", None),
        ('"a, b","c"\n"d, e","f"', ","),
        ("title of the table\n\na,b,c\n1,2,3\n4,5,6", ","),
    ],
)
def test_the_delimiter_is_the_one_that_neighbouring_rows_agree_on(text: str, delimiter: str | None) -> None:
    assert delimiter_of(text) == delimiter


def test_a_delimiter_that_the_first_line_names_is_taken() -> None:
    assert lines("sep=:\nname:year\nAna:2020") == ["name: Ana; year: 2020"]


def test_quoted_cells_hold_delimiters_quotes_and_line_breaks() -> None:
    assert lines('name,said\n"Ruiz, Ana","She said ""no"",\nthen left."\nLuis,"a \\"quote\\" here"') == [
        'name: Ruiz, Ana; said: She said "no", then left.',
        'name: Luis; said: a "quote" here',
    ]


def test_a_quote_that_nothing_closes_swallows_no_rows() -> None:
    assert lines('name,said\nAna,"open\nLuis,yes\nEva,"open, too\nMia,"a, b"') == [
        'name: Ana; said: "open',
        "name: Luis; said: yes",
        'name: Eva; said: "open; too',
        "name: Mia; said: a, b",
    ]
    assert lines('name,said\n"A" team,1\n"B" team,"x, y"') == [
        "name: A team; said: 1", "name: B team; said: x, y",
    ]  # fmt: skip


@pytest.mark.parametrize("row", ['x,"y\n', '"""\n', '"a""\n', '""",""\n', 'x,""y"\n', 'x,"y"z\n"'])
def test_many_open_quotes_end_quickly_and_lose_no_rows(row: str) -> None:
    started = time.process_time()
    rows = list(rows_of("a,b\n" + row * 20_000 + "last,1"))
    assert time.process_time() - started < 5
    assert any("last" in cell for cell in rows[-1])


def test_rows_may_have_too_few_or_too_many_cells() -> None:
    assert lines("a,b,c\n1,2,3\n4,5\n6,7,8,9\n,,\n10,,12") == [
        "a: 1; b: 2; c: 3",
        "a: 4; b: 5",
        "a: 6; b: 7; c: 8; 9",
        "",
        "a: 10; c: 12",
    ]


@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("Ana,34,Quito\nLuis,41,Manta\nEva,28,Lima", "Ana; 34; Quito"),
        ("2020-01-05,5.1\n2020-01-06,6.2\n2020-01-07,7.3", "2020-01-05; 5.1"),
        ("Ana,a@x.org\nLuis,b@x.org\nEva,c@x.org", "Ana; a@x.org"),
        ("Country,2021,2022\nPeru,316,300\nChile,12,11", "Country: Peru; 2021: 316; 2022: 300"),
        ("Item,1,2,3\nbolts,4,9,6\nnuts,7,8,9", "Item: bolts; 1: 4; 2: 9; 3: 6"),
        ("Name:,Town\nAna,Quito\nLuis,Manta", "Name: Ana; Town: Quito"),
        ("5,6\n5,7\n5,9", "5; 6"),
        ("a,b", "a; b"),
        ("a,b\nc,d\na,b", "a; b"),
    ],
)
def test_a_first_row_is_the_header_unless_it_is_like_those_below(text: str, first: str) -> None:
    assert lines(text)[0] == first


def test_headers_in_two_rows_are_joined() -> None:
    text = ",2021,,2022,\nCountry,dead,injured,dead,injured\nPeru,1,2,3,4\nChile,5,6,7,8"
    assert lines(text)[0] == "Country: Peru; 2021 dead: 1; 2021 injured: 2; 2022 dead: 3; 2022 injured: 4"
    assert lines("Name,,Town\nAna,x,Quito\nLuis,y,Manta")[0] == "Name: Ana; x; Town: Quito"


def test_a_title_above_begins_a_section_and_a_note_below_is_text() -> None:
    loaded = table(
        "Deaths by country\nin thousands\n\nCountry,Deaths\nPeru,12\nChile,7\nSource: Ministry of Health\n\n"
        "Injured by town\nTown,Injured\nQuito,3\nManta,4"
    )
    assert loaded.text == (
        "Deaths by country\n\nin thousands\n\nCountry: Peru; Deaths: 12\nCountry: Chile; Deaths: 7\n\n"
        "Source: Ministry of Health\n\nInjured by town\n\nTown: Quito; Injured: 3\nTown: Manta; Injured: 4"
    )
    assert [section.heading for section in loaded.sections] == ["Deaths by country", "Injured by town"]
    assert loaded.title == "Deaths by country"


def test_blank_lines_within_a_table_keep_its_headers() -> None:
    assert lines("Name,Town\nAna,Quito\n\nLuis,Manta\nEva,Lima") == [
        "Name: Ana; Town: Quito", "", "Name: Luis; Town: Manta", "Name: Eva; Town: Lima",
    ]  # fmt: skip
    assert lines("Name,Age\nAna,34\n\nTown,Ships\nManta,12\nLima,7")[-1] == "Town: Lima; Ships: 7"


def test_a_part_of_a_table_under_a_name_of_its_own_keeps_the_headers() -> None:
    assert lines("Town,Ships\nManta,12\nLima,7\n\nNorth\nPaita,3\nPiura,4")[3:] == [
        "North", "", "Town: Paita; Ships: 3", "Town: Piura; Ships: 4",
    ]  # fmt: skip
    assert lines("Name,Town\nAna,Quito\nEva,Lima\n\nShips\n\nShip,Owner\nEsperanza,Luis\nAurora,Mia")[5:] == [
        "Ship: Esperanza; Owner: Luis", "Ship: Aurora; Owner: Mia",
    ]  # fmt: skip


def test_text_in_one_column_gets_no_header() -> None:
    told = "What the ministry said of the harbours.\nThey were searched at night.\nNothing was found.\nAll went home."
    assert table(told).text == told
    assert lines("Town\nQuito\nManta") == ["Town: Quito", "Town: Manta"]


def test_old_encodings_and_marks_are_read() -> None:
    text = "Año;Región;Observación\n2021;Manabí;La producción cayó según los pescadores\n2022;Guayas;Subió otra vez"
    for encoding in ("utf-8-sig", "utf-16", "cp1252"):
        assert load("t.csv", text.encode(encoding)).text.startswith("Año: 2021; Región: Manabí; Observación: La prod")


def test_a_workbook_under_the_name_of_a_table_is_refused() -> None:
    with pytest.raises(UnsupportedFile, match=r"table\.csv is a ZIP archive or an office document"):
        load("table.csv", b"PK\x03\x04 something")


CELLS = st.lists(st.lists(st.text(alphabet='ab1., ;|\t"\\\n:', max_size=8), max_size=5), max_size=8)


@settings(max_examples=200, deadline=None)
@given(rows=CELLS, delimiter=st.sampled_from(",;\t|"))
@example(rows=[['"'], ["a", "b"]], delimiter=",")
@example(rows=[["sep=a"], ["a"]], delimiter=",")
def test_any_rows_give_canonical_text_or_say_why(rows: list[list[str]], delimiter: str) -> None:
    assert_loads_or_says_why("file.csv", "\n".join(delimiter.join(row) for row in rows).encode())


@settings(max_examples=100, deadline=None)
@given(
    words=st.lists(
        st.lists(st.text(alphabet="abcdefgh", min_size=1, max_size=6), min_size=3, max_size=3), min_size=3, max_size=9
    )
)
def test_no_word_of_a_table_is_lost(words: list[list[str]]) -> None:
    text = table("\n".join(",".join(row) for row in words)).text
    assert {word for row in words for word in row} <= set(re.findall(r"\w+", text))


def test_a_hundred_thousand_rows_load_in_seconds() -> None:
    row = ",".join(f"value {place} of it" for place in range(10))
    text = ",".join(f"column {place}" for place in range(10)) + f"\n{row}" * 100_000
    started = time.process_time()
    loaded = table(text)
    assert time.process_time() - started < 20
    assert loaded.text.count("column 9: value 9 of it") == 100_000


def test_long_cells_and_wide_rows_are_read_whole() -> None:
    long = "word " * 100_000
    assert lines(f'a,b\n1,"{long}"')[0] == f"a: 1; b: {long.strip()}"
    wide = ",".join(f"h{place}" for place in range(20_000)) + "\n" + ",".join(map(str, range(20_000)))
    assert "h19999: 19999" in table(wide).text


def test_the_public_tables_lose_no_cell(public_data: Path) -> None:
    for path in sorted((public_data / "loaders" / "csv" / "sources").iterdir()):
        loaded = load(path.name, path.read_bytes())
        assert_canonical(loaded)
        expected = (path.parent.parent / "groundtruth" / f"{path.name}.md").read_text(encoding="utf-8")
        cells = [cell.strip().replace("&#124;", "|") for cell in expected.replace("\n", "").split(" |")]
        for cell in cells:
            assert " ".join(cell.strip("| -").split()) in loaded.text, path
