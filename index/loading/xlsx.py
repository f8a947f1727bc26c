"""Excel workbooks (XLSX, XLSM): each sheet a page under its name, each row of a table a line that reads by itself.

Values stand as a person sees them. Left out is what a person does not see: hidden sheets, rows and columns (rows that
a filter hides among them), formulas (of which the kept value is read) and macros; and comments, charts and pictures.
"""

from __future__ import annotations

import dataclasses
import functools
import struct
import warnings
import zipfile
import zlib
from typing import Any

from index.documents import Loaded
from index.errors import UnreadableFile, UnsupportedFile
from index.loading.core_properties import core_properties
from index.loading.finishing import finish
from index.loading.sheet_cells import Look, Sheet, laid_out, read_sheet
from index.loading.sheet_layout import write_grid
from index.loading.unpacked import unpacked
from index.loading.writer import Writer
from index.loading.zipped import Package, open_package

_MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_STRICT = b"purl.oclc.org/ooxml/spreadsheetml"

# What openpyxl and the parsers below it let out where a part of a workbook is not as it should be: they take its
# numbers, names and structure on trust. (XML errors are `SyntaxError`.)
_BROKEN = (
    ValueError, TypeError, AttributeError, LookupError, SyntaxError, ArithmeticError, AssertionError, OSError,
    EOFError, RuntimeError, zipfile.BadZipFile, zlib.error, struct.error,
)  # fmt: skip


def load_xlsx(name: str, data: bytes) -> Loaded:
    """Read a workbook. Raises `UnreadableFile` or `UnsupportedFile`."""
    package = open_package(name, data)
    if not any(member.startswith("xl/") for member in package.names):
        raise UnsupportedFile(f"{name} holds no workbook: give it the ending of what it is")
    if "xl/workbook.xml" in package and _STRICT in package.read("xl/workbook.xml"):
        raise UnreadableFile(f"{name} is kept as Strict Open XML: save it as an ordinary Excel workbook (.xlsx)")
    writer = Writer()
    try:
        _write_sheets(package, writer)
    except _BROKEN as error:
        raise UnreadableFile(
            f"{name} is broken ({_first_line(error)}): open it in a spreadsheet program and save it again"
        ) from error
    # The name of the first sheet is no title.
    body = dataclasses.replace(writer.body(), title=None)
    return finish(name, body, core_properties(package), _MEDIA_TYPE)


def _write_sheets(package: Package, writer: Writer) -> None:
    from openpyxl import load_workbook

    with warnings.catch_warnings():
        # It warns of what it would not write back.
        warnings.simplefilter("ignore")
        book = load_workbook(unpacked(package, _is_read), read_only=True, data_only=True, keep_links=False)
    visible = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
    for page, worksheet in enumerate(visible, start=1):
        # The library's own reading of a sheet says nothing of hidden rows and merged cells: only its tables are used.
        inner: Any = worksheet
        sheet = Sheet(inner._shared_strings, functools.cache(functools.partial(_look, worksheet)))
        read_sheet(package.name, package.read(inner._worksheet_path), sheet)
        rows, bold = laid_out(sheet)
        if rows:
            writer.page(page)
            writer.heading(worksheet.title, level=1)
            write_grid(writer, rows, level=2, bold=bold)


def _is_read(member: str) -> bool:
    return not member.startswith(("xl/media/", "xl/embeddings/", "xl/drawings/", "xl/vbaProject"))


def _look(worksheet: Any, style: int) -> Look:
    """What the workbook says of a style."""
    from openpyxl.cell.read_only import ReadOnlyCell
    from openpyxl.styles.numbers import is_date_format, is_timedelta_format
    from openpyxl.utils.datetime import from_excel

    cell = ReadOnlyCell(worksheet, 1, 1, None, "n", style)
    number_format = cell.number_format or ""
    if not is_date_format(number_format):
        return Look(number_format, bool(cell.font.bold), None)
    epoch, lasts = worksheet.parent.epoch, bool(is_timedelta_format(number_format))
    return Look(number_format, bool(cell.font.bold), lambda number: from_excel(number, epoch, timedelta=lasts))


def _first_line(error: BaseException) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0][:120]
