"""Numbers and dates by the format of their cell: as a spreadsheet program shows them."""

from __future__ import annotations

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.loading.number_formats import shown

ACCOUNTS = r'_("$"* #,##0.00_);_("$"* \(#,##0.00\);_("$"* "-"??_);_(@_)'


@pytest.mark.parametrize(
    ("value", "number_format", "seen"),
    [
        (0.1 + 0.2, "General", "0.3"),
        (1 / 3, "General", "0.333333333"),
        (123456789.12345, "General", "123456789.1"),
        (12, "@", "12"),
        (123456789012, "General", "123456789012"),
        (-0.5, "General", "-0.5"),
        (0.00001234, "General", "1.234e-05"),
        (1e300, "0.00", "1e+300"),
        (0.256, "0%", "26%"),
        (-0.256, "0.0%", "-25.6%"),
        (1.005, "0.00", "1.01"),
        (2.5, "0", "3"),
        (1.5, "0.##", "1.5"),
        (2, "0.##", "2"),
        (7, "00000", "00007"),
        (1234567, "#,##0", "1,234,567"),
        (1234567, '0.0,,"M"', "1.2M"),
        (-1234, "#,##0;(#,##0)", "(1,234)"),
        (-1234, "#,##0_);[Red](#,##0)", "(1,234)"),
        (0, '#,##0;-#,##0;"-"', "-"),
        (5, ";;;", ""),
        (5.5, "[$€-407]#,##0.00", "€5.50"),
        (5.5, '_-* #,##0.00 "€"_-', "5.50 €"),
        (5, r"0\ \k\g", "5 kg"),
        (1234.5, ACCOUNTS, "$1,234.50"),
        (-1234.5, ACCOUNTS, "$(1,234.50)"),
        (0, ACCOUNTS, "$-"),
        # Not followed: fractions, exponents, digits in groups, conditions.
        (0.5, "# ?/?", "0.5"),
        (12345, "0.00E+00", "12345"),
        (123456789, "000-00-0000", "123456789"),
        (3, "[>5]0;0.0", "3"),
        (None, "0", ""),
        (datetime.datetime(2023, 5, 1), "yyyy", "2023"),
        (datetime.datetime(2023, 5, 1), "d mmmm yyyy", "2023-05-01"),
        (datetime.datetime(2023, 5, 1, 11, 59, 59, 999_999), "d/m/yy h:mm", "2023-05-01 12:00"),
        (datetime.timedelta(hours=-1, seconds=5), "[h]:mm:ss", "-0:59:55"),
    ],
)
def test_values_are_shown_by_their_format(value: object, number_format: str, seen: str) -> None:
    assert shown(value, number_format) == seen


@given(
    value=st.floats() | st.integers(-(10**15), 10**15), code=st.text(alphabet='0#?.,;%"\\[]_*$E/ma@x -()', max_size=12)
)
def test_any_format_shows_something_of_any_number(value: float, code: str) -> None:
    assert "\n" not in shown(value, code)


@given(value=st.integers(-(10**12), 10**12))
def test_whole_numbers_are_shown_in_full(value: int) -> None:
    assert shown(value, "General") == str(value)
    assert int(shown(value, "#,##0").replace(",", "")) == value
