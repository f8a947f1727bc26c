from __future__ import annotations

import re
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.checking import NOT_BORNE_OUT, TOO_LONG, Checked, Checker
from tests.benchmarks.altering import said

check = Checker().check

SOURCE = "In 2021, some 316 inmates were killed in the country's prisons, according to Dr. Vera."
SENTENCES = [claim.quotes[0] for claim in said()]
NUMBERED = [sentence for sentence in SENTENCES if re.search(r"\d", sentence)]


class Fixed:
    """A score of support that is always the same."""

    threshold = 0.5

    def __init__(self, score: float) -> None:
        self._score = score
        self.asked: list[str] = []

    def score(self, text: str, quotes: Sequence[str]) -> float:
        assert quotes
        self.asked.append(text)
        return self._score


def test_the_documents_own_words_are_verbatim_whatever_their_line_breaks() -> None:
    assert check(SOURCE.replace(" killed", "\nkilled"), [SOURCE]) == Checked("verbatim", 1.0)


def test_two_quotes_in_a_row_are_verbatim_too() -> None:
    assert check("One ran. The other stayed.", ["One ran.", "The other stayed."]).check == "verbatim"


@given(st.sampled_from(SENTENCES), st.data())
def test_a_quote_is_always_verbatim(sentence: str, data: st.DataObject) -> None:
    others = data.draw(st.lists(st.sampled_from(SENTENCES), max_size=2))
    assert check(sentence, [*others, sentence]) == Checked("verbatim", 1.0)


@given(st.sampled_from(NUMBERED), st.data())
def test_a_quote_with_any_digit_changed_is_never_supported(sentence: str, data: st.DataObject) -> None:
    place = data.draw(st.sampled_from([match.start() for match in re.finditer(r"\d", sentence)]))
    digit = data.draw(st.sampled_from([digit for digit in "0123456789" if digit != sentence[place]]))
    checked = check(sentence[:place] + digit + sentence[place + 1 :], [sentence])
    assert checked.check == "unsupported"
    assert checked.faults


@pytest.mark.parametrize(
    "text",
    ["Some 316 inmates were killed in prisons in 2021.", "Dr. Vera says that 316 inmates were killed in prison."],
)
def test_another_wording_of_the_same_is_supported(text: str) -> None:
    checked = check(text, [SOURCE])
    assert (checked.check, checked.faults) == ("supported", ())


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("Some 317 inmates were killed in prisons in 2021.", "the sources do not say 317"),
        ("Some 316 inmates were killed in prisons in 2022.", "the sources do not say 2022"),
        ("Some 316 inmates were not killed in prisons in 2021.", "it denies what the sources say"),
        ("In prisons of Peru some 316 inmates were killed in 2021.", "Peru is not in the sources"),
        ("The government declared a state of emergency over extortion.", NOT_BORNE_OUT),
    ],
)
def test_a_changed_detail_is_unsupported_and_said(text: str, what: str) -> None:
    checked = check(text, [SOURCE])
    assert (checked.check, checked.faults) == ("unsupported", (what,))


def test_what_cites_nothing_is_unsupported() -> None:
    assert check(SOURCE, []).check == "unsupported"


def test_a_learned_score_decides_where_no_rule_finds_a_fault() -> None:
    text = "Some 316 inmates were killed in prisons in 2021."
    assert Checker(Fixed(0.5)).check(text, [SOURCE]).check == "supported"
    assert Checker(Fixed(0.49)).check(text, [SOURCE]) == Checked("unsupported", 0.49, (NOT_BORNE_OUT,))


def test_the_rules_and_the_documents_own_words_go_before_the_learned_score() -> None:
    support = Fixed(1.0)
    assert Checker(support).check("Some 317 inmates were killed.", [SOURCE]).score == 0.0
    assert Checker(support).check(SOURCE, [SOURCE]).check == "verbatim"
    assert support.asked == []


@pytest.mark.parametrize(
    ("source", "who"),
    [
        (SOURCE, "Dr. Vera"),
        ("The analyst says that 316 inmates were killed in prisons in 2021.", "the analyst"),
        ("Some 316 inmates were killed in prisons in 2021, police said.", "police"),
        ("He says that some 316 inmates were killed in prisons in 2021.", "somebody"),
    ],
)
def test_what_a_source_only_reports_is_noted_where_it_is_stated_as_a_fact(source: str, who: str) -> None:
    checked = check("In 2021, 316 inmates were killed in prisons.", [source])
    assert checked.check == "supported"
    assert checked.notes == (f"the source reports this as what {who} said",)


def test_a_statement_that_says_who_reports_it_needs_no_note() -> None:
    assert check("According to Dr. Vera, 316 inmates were killed in prisons in 2021.", [SOURCE]).notes == ()
    assert check("In 2021, 316 inmates were killed in prisons.", ["In 2021, 316 inmates were killed."]).notes == ()


def test_a_statement_too_long_is_not_checked_and_not_supported() -> None:
    long = f"{SOURCE} " * 20
    assert check(long, [SOURCE, *[SOURCE] * 19]).check == "verbatim"
    assert check(f"Yes, {long}", [SOURCE]) == Checked("unsupported", 0.0, (TOO_LONG,))


def test_of_a_long_source_the_beginning_is_read() -> None:
    late = "nothing. " * 1000 + SOURCE
    assert check("Some 316 inmates were killed in prisons in 2021.", [late]).check == "unsupported"


@pytest.mark.parametrize(
    "quote",
    ["The fleet ſailed on 5 Auguſt 1780.", "The firſt fleet, laſt quarter of 1780.", "5 mıllıon dollars, one ſixth."],
)
def test_letters_of_old_print_and_of_other_alphabets_break_no_rule(quote: str) -> None:
    checked = check("The fleet sailed in August 1780 for 5 million dollars.", [quote])
    assert checked.check == "unsupported"
    assert check("The fleet sailed in August 1780.", ["The fleet ſailed on 5 Auguſt 1780."]).check == "supported"
