from __future__ import annotations

import pytest

from assistant.checking import Checked, Checker

check = Checker().check

SOURCE = "In 2021, some 316 inmates were killed in the country's prisons, according to Dr. Vera."


def test_the_documents_own_words_are_verbatim_whatever_their_line_breaks() -> None:
    assert check(SOURCE.replace(" killed", "\nkilled"), [SOURCE]) == Checked("verbatim", 1.0)


def test_two_quotes_in_a_row_are_verbatim_too() -> None:
    assert check("One ran. The other stayed.", ["One ran.", "The other stayed."]).check == "verbatim"


@pytest.mark.parametrize(
    "text",
    ["Some 316 inmates were killed in prisons in 2021.", "Dr. Vera says that 316 inmates were killed in prison."],
)
def test_another_wording_of_the_same_is_supported(text: str) -> None:
    assert check(text, [SOURCE]).check == "supported"


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Some 317 inmates were killed in prisons in 2021.", "number"),
        ("Some 316 inmates were killed in prisons in 2022.", "year"),
        ("Some 316 inmates were not killed in prisons in 2021.", "negation"),
        ("In prisons of Peru some 316 inmates were killed in 2021.", "name"),
        ("The government declared a state of emergency over extortion.", "story"),
    ],
)
def test_a_changed_detail_is_unsupported(text: str, what: str) -> None:
    assert check(text, [SOURCE]).check == "unsupported", what


def test_what_cites_nothing_is_unsupported() -> None:
    assert check(SOURCE, []).check == "unsupported"
