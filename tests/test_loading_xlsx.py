"""Loading workbooks: values as a person sees them, sheets as pages, headers, merged and hidden cells, broken files."""

from __future__ import annotations

import datetime
import io
import re
import time
import zipfile
from collections.abc import Callable
from typing import Any

import pytest
import xlsxwriter
from openpyxl import Workbook
from openpyxl.styles import Font

from index.documents import Loaded
from index.errors import UnreadableFile, UnsupportedFile
from index.loading import load, sheet_cells
from tests.test_loading import assert_canonical


def book(*rows: tuple[Any, ...], change: Callable[[Any], None] | None = None) -> bytes:
    """A workbook of one sheet, `Deaths`, with rows; `change` gets the sheet before it is saved."""
    made = Workbook()
    sheet = made.active
    sheet.title = "Deaths"
    for row in rows:
        sheet.append(row)
    if change:
        change(sheet)
    return saved(made)


def saved(made: Any) -> bytes:
    data = io.BytesIO()
    made.save(data)
    return data.getvalue()


def read(*rows: tuple[Any, ...], change: Callable[[Any], None] | None = None) -> Loaded:
    return load("book.xlsx", book(*rows, change=change))


def lines(*rows: tuple[Any, ...], change: Callable[[Any], None] | None = None) -> list[str]:
    """The lines below the name of the sheet."""
    text = read(*rows, change=change).text
    assert text.startswith("Deaths\n\n")
    return text.removeprefix("Deaths\n\n").split("\n")


def repacked(data: bytes, change: Callable[[str, bytes], bytes]) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, change(name, old.read(name)))
    return made.getvalue()


def in_sheet(data: bytes, old: bytes, new: bytes) -> bytes:
    def change(name: str, content: bytes) -> bytes:
        return content.replace(old, new) if name.startswith("xl/worksheets/") else content

    changed = repacked(data, change)
    assert changed != repacked(data, lambda _, content: content)
    return changed


TABLE = (("Country", "Deaths", "Share"), ("Peru", 12, 0.25), ("Chile", 7, 0.5))


def test_each_sheet_is_a_page_and_a_section_under_its_name() -> None:
    made = Workbook()
    made.active.title = "One"
    made.create_sheet("Empty")
    for title in ("Two", "Hidden", "Very hidden"):
        made.create_sheet(title)
    for title in ("One", "Two", "Hidden", "Very hidden"):
        for row in TABLE:
            made[title].append(row)
    made["Hidden"].sheet_state = "hidden"
    made["Very hidden"].sheet_state = "veryHidden"
    loaded = load("book.xlsm", saved(made))
    table = "Country: Peru; Deaths: 12; Share: 0.25\nCountry: Chile; Deaths: 7; Share: 0.5"
    assert loaded.text == f"One\n\n{table}\n\nTwo\n\n{table}"
    assert [(section.heading, section.page) for section in loaded.sections] == [("One", 1), ("Two", 3)]
    assert loaded.title == "book"
    assert_canonical(loaded)


def test_details_are_those_of_the_file_and_not_of_the_program() -> None:
    made = Workbook()
    made.active.append(("text",))
    assert load("book.xlsx", saved(made)).details.author is None
    made.properties.title, made.properties.creator, made.properties.language = "Ports", "A. Writer", "en-GB"
    loaded = load("book.xlsx", saved(made))
    assert (loaded.title, loaded.details.author, loaded.details.language) == ("Ports", "A. Writer", "en")
    assert loaded.details.published is None
    without = repacked(saved(made), lambda name, content: b"<broken" if name == "docProps/core.xml" else content)
    with pytest.raises(UnreadableFile, match=r"book\.xlsx is broken"):
        load("book.xlsx", without)


@pytest.mark.parametrize(
    ("value", "number_format", "seen"),
    [
        (0.1 + 0.2, "General", "0.3"),
        (12.0, "General", "12"),
        (0.256, "0%", "26%"),
        (1234.5, "#,##0.00", "1,234.50"),
        (datetime.datetime(2023, 5, 1), "dd/mm/yyyy", "2023-05-01"),
        (datetime.datetime(2023, 5, 1), "mmm yy", "2023-05"),
        (datetime.datetime(2023, 5, 1, 14, 30), "yyyy-mm-dd hh:mm", "2023-05-01 14:30"),
        (datetime.timedelta(hours=26, minutes=30), "[h]:mm", "26:30"),
        (datetime.time(9, 5), "h:mm", "9:05"),
        (True, "General", "TRUE"),
        ("a\nb", "General", "a b"),
        ("line_x000D_\nbreak", "General", "line break"),
    ],
)
def test_values_stand_as_a_person_sees_them(value: object, number_format: str, seen: str) -> None:
    def change(sheet: Any) -> None:
        sheet["B2"].number_format = number_format

    assert lines(("What", "Value"), ("x", value), change=change)[-1].endswith(seen)


def test_a_formula_is_read_as_its_kept_value() -> None:
    data = in_sheet(book(*TABLE, ("Sum", "=B2+B3", None)), b"<f>B2+B3</f><v></v>", b"<f>B2+B3</f><v>19</v>")
    assert load("book.xlsx", data).text.endswith("Country: Sum; Deaths: 19")
    assert lines(*TABLE, ("Sum", "=B2+B3", None))[-1] == "Country: Sum"


def in_bold(sheet: Any) -> None:
    for cell in sheet[15]:
        cell.font = Font(bold=True)


def test_titles_notes_and_tables_below_each_other_are_told_apart() -> None:
    loaded = read(
        ("Deaths by country",), ("in thousands",), (None,), *TABLE, ("Source: the ministry",), (None,), (None,),
        ("Ships by town",), ("Town", "Ships"), ("Manta", 3), ("Lima", 4), (None,), ("Port", "Berths"), ("Paita", 2),
        change=in_bold,
    )  # fmt: skip
    assert [section.heading for section in loaded.sections] == ["Deaths", "Deaths by country", "Ships by town"]
    assert loaded.text.split("\n\n")[2:] == [
        "in thousands",
        "Country: Peru; Deaths: 12; Share: 0.25\nCountry: Chile; Deaths: 7; Share: 0.5",
        "Source: the ministry",
        "Ships by town",
        "Town: Manta; Ships: 3\nTown: Lima; Ships: 4",
        "Port: Paita; Berths: 2",
    ]


def test_merged_cells_stand_in_each_row_that_they_cover() -> None:
    def change(sheet: Any) -> None:
        for cells in ("A1:F1", "A2:A3", "B2:B3", "C2:D2", "E2:F2", "A4:A5", "C6:F6"):
            sheet.merge_cells(cells)

    rows = (
        ("Killed and hurt",), ("Region", "Town", 2021, None, 2022, None), (None, None, "dead", "hurt", "dead", "hurt"),
        ("North", "Lima", 1, 2, 3, 4), (None, "Piura", 5, 6, 7, 8), ("South", "Tacna", "none", None, None, None),
    )  # fmt: skip
    assert lines(*rows, change=change) == [
        "Killed and hurt",
        "",
        "Region: North; Town: Lima; 2021 dead: 1; 2021 hurt: 2; 2022 dead: 3; 2022 hurt: 4",
        "Region: North; Town: Piura; 2021 dead: 5; 2021 hurt: 6; 2022 dead: 7; 2022 hurt: 8",
        "Region: South; Town: Tacna; 2021 dead: none; 2021 hurt: none; 2022 dead: none; 2022 hurt: none",
    ]


def test_hidden_rows_and_columns_are_left_out_and_part_no_table() -> None:
    def change(sheet: Any) -> None:
        sheet.row_dimensions[2].hidden = True
        sheet.column_dimensions["C"].hidden = True

    assert lines(*TABLE, ("Cuba", 3, 0.1), change=change) == ["Country: Chile; Deaths: 7", "Country: Cuba; Deaths: 3"]


def test_forms_and_running_text_get_no_headers() -> None:
    assert lines(("Name:", "Ana"), ("Born:", 1990), ("Town:", "Quito")) == ["Name: Ana", "Born: 1990", "Town: Quito"]
    told = ("How to read this workbook, which has", "many sheets and tables on them.", "Ask the ministry.")
    assert lines(*((line,) for line in told)) == list(told)


def test_workbooks_of_other_programs_keep_their_strings_apart() -> None:
    data = io.BytesIO()
    with xlsxwriter.Workbook(data) as made:
        sheet = made.add_worksheet("Deaths")
        for place, row in enumerate(TABLE):
            sheet.write_row(place, 0, row)
        sheet.write_rich_string("A4", "Co", made.add_format({"bold": True}), "lombia")
    assert "xl/sharedStrings.xml" in zipfile.ZipFile(data).namelist()
    assert load("book.xlsx", data.getvalue()).text.endswith("Country: Chile; Deaths: 7; Share: 0.5\nCountry: Colombia")


def test_a_huge_sheet_with_nothing_in_it_takes_no_time() -> None:
    def change(sheet: Any) -> None:
        sheet.cell(1_048_576, 16_384, "far away")

    data = in_sheet(book(*TABLE), b'ref="A1:C3"', b'ref="A1:XFD1048576"')
    started = time.process_time()
    assert load("book.xlsx", data).text.count("\n") == 3
    assert lines(*TABLE, change=change)[-1] == "far away"
    assert time.process_time() - started < 3


def test_a_scatter_of_cells_is_read_without_laying_it_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet_cells, "_MOST_LAID_OUT", 50)
    assert lines(*([None] * place + [f"v{place}"] for place in range(10)))[-1].endswith("v9")  # type: ignore[arg-type]


def test_twenty_thousand_rows_load_in_seconds() -> None:
    made = Workbook(write_only=True)
    sheet = made.create_sheet("Rows")
    for place in range(20_000):
        sheet.append([f"name {place}", place, place / 3, "word"])
    data = saved(made)
    started = time.process_time()
    assert load("book.xlsx", data).text.count("\n") > 19_000
    assert time.process_time() - started < 10


def test_too_many_cells_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sheet_cells, "MOST_CELLS", 5)
    with pytest.raises(UnreadableFile, match=r"book\.xlsx has a sheet of more than 5 cells"):
        read(*TABLE)


@pytest.mark.parametrize(
    ("data", "problem", "says"),
    [
        (b"", UnreadableFile, "empty"),
        (book(*TABLE)[:2_000], UnreadableFile, "broken or cut short"),
        (b"Country,Deaths", UnsupportedFile, "not what its ending says"),
        (book(), UnreadableFile, "holds no text"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"), UnreadableFile, "password"),
    ],
)
def test_what_is_no_good_workbook_is_said(data: bytes, problem: type[Exception], says: str) -> None:
    with pytest.raises(problem, match=says) as caught:
        load("book.xlsx", data)
    assert str(caught.value).startswith("book.xlsx")


@pytest.mark.parametrize(("name", "to"), [("a.xls", "XLSX"), ("a.XLSB", "XLSX"), ("a.ppt", "PPTX")])
def test_older_formats_are_refused_with_what_to_save_them_as(name: str, to: str) -> None:
    with pytest.raises(UnsupportedFile, match=rf"{name}: .* open it and save it as {to}"):
        load(name, b"\xd0\xcf\x11\xe0")


def test_another_package_and_a_strict_workbook_are_refused_with_what_to_do() -> None:
    other = repacked(book(*TABLE), lambda _, content: content)
    with zipfile.ZipFile(io.BytesIO(other)) as old:
        made = io.BytesIO()
        with zipfile.ZipFile(made, "w") as new:
            new.writestr("word/document.xml", old.read("xl/workbook.xml"))
    with pytest.raises(UnsupportedFile, match="holds no workbook"):
        load("book.xlsx", made.getvalue())
    main = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    strict = repacked(other, lambda _, content: content.replace(main, b"http://purl.oclc.org/ooxml/spreadsheetml/main"))
    with pytest.raises(UnreadableFile, match="Strict Open XML: save it as"):
        load("book.xlsx", strict)


def test_entities_are_neither_expanded_nor_fetched() -> None:
    bomb = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b SYSTEM "file:///etc/hostname">]>'
    data = in_sheet(book(("inline", "b")), b"<worksheet", bomb + b"<worksheet")
    data = in_sheet(data, b"<t>b</t>", b"<t>x&a;&b;y</t>")
    assert re.fullmatch("Deaths\n\ninline; x?y?", load("book.xlsx", data).text) is not None
