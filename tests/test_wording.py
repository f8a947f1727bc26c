from __future__ import annotations

import datetime

from assistant.answers import Citation, Statement
from assistant.wording import DECLINED, DOUBTFUL, answer_text, escaped


def citation(number: int, published: datetime.date | None) -> Citation:
    return Citation(
        number=number, passage_id="p", document_id="d", title="t", source="s", heading="", page=None,
        published=published, reliability=None, credibility=None, quote="q", start=0, end=1, highlight=None,
        prefix="", suffix="", digest="sha256:0", link="/",
    )  # fmt: skip


def test_statements_carry_their_markers() -> None:
    statements = [Statement("One.", (1,), "verbatim", 1.0), Statement("Two.", (1, 2), "verbatim", 1.0)]
    assert answer_text(statements, [citation(1, None), citation(2, None)], False) == "One. [1] Two. [1][2]"


def test_a_documents_own_bracketed_number_is_escaped() -> None:
    assert escaped("As shown [12] and [1.2], but [sic].") == r"As shown \[12] and \[1.2], but [sic]."


def test_what_is_not_borne_out_says_so() -> None:
    assert "not borne out" in answer_text([Statement("One.", (1,), "unsupported", 0.2)], [citation(1, None)], False)


def test_what_is_not_borne_out_and_what_must_be_said_beside_a_statement_stand_behind_it() -> None:
    faulty = Statement("In Quito.", (1,), "unsupported", 0.0, faults=("Quito is not in the sources", "it says [12]"))
    noted = Statement("They fled.", (1,), "supported", 0.9, notes=("the source reports this as what police said",))
    text = answer_text([faulty, noted], [citation(1, None)], False)
    assert "In Quito. [1] (not borne out by its source: Quito is not in the sources; it says \\[12])" in text
    assert text.endswith("They fled. [1] (the source reports this as what police said)")


def test_differing_sources_are_given_with_their_dates() -> None:
    statements = [Statement("316 died.", (1,), "verbatim", 1.0), Statement("300 died.", (2,), "verbatim", 1.0)]
    text = answer_text(statements, [citation(1, datetime.date(2022, 3, 1)), citation(2, None)], True)
    assert "2022-03-01: 316 died. [1]" in text
    assert "undated: 300 died. [2]" in text


def test_an_answer_without_statements_says_that_the_documents_do_not_say() -> None:
    assert answer_text([], [], False) == DECLINED
    assert answer_text([], [], False, confidence=0.49) == DECLINED


def test_an_answer_that_is_not_sure_enough_does_not_say_that_the_documents_do_not_say() -> None:
    assert answer_text([], [], False, confidence=0.5) == DOUBTFUL
