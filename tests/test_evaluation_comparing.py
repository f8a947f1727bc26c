"""Two runs are compared over the cases that they share, and only a difference that chance does not explain is one."""

from __future__ import annotations

import json
import random
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.evaluation import report
from assistant.evaluation.comparing import Difference, compare
from assistant.evaluation.figures import ANSWERS, CONFIDENCE
from assistant.evaluation.saved import SavedCase, SavedRun, read_run
from assistant.evaluation.showing import shown_difference
from index.errors import InvalidInput, NotFound
from tests.test_judging import run_of, shown, worked


def case(number: int, **other: Any) -> SavedCase:
    """A case that is answered rightly with a confidence of 0.9, where nothing else is said."""
    plain: dict[str, Any] = {
        "id": f"q{number}", "question": f"Question {number}?", "standalone": "", "answerable": True, "right": True,
        "fault": None, "verdict": "grounded", "confidence": 0.9, "text": "", "first_citation": True,
        "any_citation": True, "answer_hit": True, "rank": 1, "citations": 1, "citations_sound": 1,
        "marked": "x", "marked_right": 0.5, "milliseconds": {"total": 10.0},
    }  # fmt: skip
    return SavedCase(**{**plain, **other})


WRONG: dict[str, Any] = {
    "right": False, "first_citation": False, "any_citation": False, "answer_hit": False, "marked_right": None,
}  # fmt: skip


def run(*cases: SavedCase, **made_with: Any) -> SavedRun:
    return SavedRun(made_with={"max_passages": 8, **made_with}, cases=cases)


def differences(before: SavedRun, now: SavedRun) -> dict[str, Difference]:
    return {one.name: one for one in compare(before, now).differences}


def mixed(seed: int) -> tuple[SavedCase, ...]:
    """Forty cases of every kind."""
    rolled = random.Random(seed)
    cases = []
    for number in range(40):
        other: dict[str, Any] = dict(WRONG) if rolled.random() < 0.4 else {}
        if number % 4 == 0:
            other = {**WRONG, "answerable": False, "first_citation": None, "any_citation": None, "answer_hit": None}
        cases.append(case(number, confidence=round(rolled.random(), 1), rank=rolled.choice([None, 1, 2, 5]), **other))
    return tuple(cases)


def test_identical_runs_differ_by_nothing_in_every_resample() -> None:
    found = differences(run(*mixed(1)), run(*mixed(1)))
    assert {"first_citation", "auroc", "aurc", "ece", "mrr"} <= set(found)
    for one in found.values():
        assert (one.difference, one.low, one.high) == (0.0, 0.0, 0.0), one.name
        assert one.judgement == ("no clear difference" if one.n >= 10 else "too few cases")


def test_a_clear_gain_is_better_and_seen_from_the_other_run_worse() -> None:
    weak = run(*(case(number, **WRONG) if number < 30 else case(number) for number in range(40)))
    strong = run(*(case(number) for number in range(40)))
    gain, loss = differences(weak, strong)["first_citation"], differences(strong, weak)["first_citation"]
    assert (gain.before, gain.now, gain.difference, gain.n) == (0.25, 1.0, 0.75, 40)
    assert gain.low is not None
    assert gain.high is not None
    # The standard error of a share of 30 in 40 is 0.068.
    assert gain.low == pytest.approx(0.75 - 1.96 * 0.068, abs=0.03)
    assert gain.high == pytest.approx(0.75 + 1.96 * 0.068, abs=0.03)
    assert (gain.judgement, loss.judgement) == ("better", "worse")
    # Of the calibration error less is better: it falls from 0.65 to 0.1.
    error = differences(weak, strong)["ece"]
    assert [error.before, error.now] == pytest.approx([0.65, 0.1])
    assert error.judgement == "better"


def test_a_difference_of_one_case_is_not_clear() -> None:
    one = differences(run(*(case(n) for n in range(40))), run(case(0, **WRONG), *(case(n) for n in range(1, 40))))
    assert one["first_citation"].difference == pytest.approx(-0.025)
    assert one["first_citation"].judgement == "no clear difference"


def test_pairing_by_case_makes_the_interval_narrower_than_the_runs_alone_would() -> None:
    # Half of the cases are wrong in both runs: only the two that changed are chance here.
    before = run(*(case(n, **WRONG) if n < 50 else case(n) for n in range(100)))
    now = run(*(case(n, **WRONG) if n < 48 else case(n) for n in range(100)))
    one = differences(before, now)["first_citation"]
    assert one.low is not None
    assert one.high is not None
    assert one.high - one.low < 0.08  # Unpaired: 2 * 1.96 * sqrt(2 * 0.25 / 100) = 0.28.


def test_few_cases_are_not_judged() -> None:
    few = differences(run(*(case(n, **WRONG) for n in range(9))), run(*(case(n) for n in range(9))))
    assert few["first_citation"].judgement == "too few cases"
    ten = differences(run(*(case(n, **WRONG) for n in range(10))), run(*(case(n) for n in range(10))))
    assert ten["first_citation"].judgement == "better"


def test_a_figure_without_a_value_has_no_difference() -> None:
    found = differences(run(*(case(n) for n in range(20))), run(*(case(n) for n in range(20))))
    assert (found["declined_rightly"].now, found["declined_rightly"].difference) == (None, None)
    assert shown_difference(found["declined_rightly"]) == ("-", "-", "-", "-")


def test_cases_are_paired_by_question_and_id_whatever_their_order() -> None:
    before = run(case(1, **WRONG), case(2), case(3), case(4), decline_below=0.4)
    now = run(case(5), case(4, **WRONG), case(3, question="Another?"), case(2), case(1), decline_below=0.5)
    found = compare(before, now)
    assert found.n == 3
    assert (found.newly_right, found.newly_wrong) == (("q1",), ("q4",))
    assert (found.only_before, found.only_now) == (("q3",), ("q5", "q3"))
    assert found.made_with == {"decline_below": (0.4, 0.5)}
    first = next(one for one in found.differences if one.name == "first_citation")
    assert [first.before, first.now] == pytest.approx([2 / 3, 2 / 3])


def test_a_case_whose_answer_became_known_is_another_case() -> None:
    found = compare(run(case(1), case(2)), run(case(1), case(2, answerable=False)))
    assert (found.n, found.only_before, found.only_now) == (1, ("q2",), ("q2",))


def test_runs_without_a_common_case_are_refused() -> None:
    with pytest.raises(InvalidInput, match="no case in common"):
        compare(run(case(1)), run(case(2)))


def test_a_saved_run_is_read_again_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "run.json"
    numbered = (replace(one, case=replace(one.case, id=f"q{number}")) for number, one in enumerate(worked()))
    given = report.as_json(run_of(*numbered))
    path.write_text(json.dumps(given), encoding="utf-8")
    read = read_run(path)
    assert [one.model_dump(mode="json") for one in read.cases] == given["cases"]
    assert read.made_with["max_passages"] == 8
    # The figures of a saved run are those that were saved with it.
    saved_figures: Any = {**given["metrics"], **given["confidence"]}  # type: ignore[dict-item]
    for one in differences(read, read).values():
        assert one.now == pytest.approx(saved_figures[one.name]["value"])
        assert one.n == saved_figures[one.name]["n"]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("{", r"is no saved run \(the file: Invalid JSON"),
        ("[]", r"is no saved run \(the file"),
        (
            '{"cases": []}',
            r"is no saved run \(made_with: Field required\): make it with `assistant evaluate FILE --out",
        ),
        ('{"made_with": {}, "cases": [{"id": "q1"}]}', r"is no saved run \(cases\.0\.question: Field required\)"),
    ],
)
def test_a_file_that_is_no_saved_run_is_refused(tmp_path: Path, content: str, says: str) -> None:
    path = tmp_path / "run.json"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(InvalidInput, match=says):
        read_run(path)
    with pytest.raises(NotFound, match=r"none\.json does not exist"):
        read_run(tmp_path / "none.json")


def test_the_table_says_what_differs_and_what_was_left_out() -> None:
    before = run(*(case(n, **WRONG) for n in range(20)), case(98), reader="extractive")
    now = run(*(case(n) for n in range(20)), case(99), reader="chat")
    text = shown(report.comparison_table(compare(before, now)))
    assert "Beside the earlier run, 20 cases in common" in text
    assert re.search(r"first_citation +0\.0% +100\.0% +\+100\.0 +\+100\.0 to \+100\.0 +20 +better", text)
    assert "20 newly right: q0, q1" in text
    assert "and 8 more" in text
    assert "0 newly wrong" in text
    assert "1 only in the earlier run, left out: q98" in text
    assert "1 only in this run, left out: q99" in text
    assert "differs: reader extractive before, chat now" in text


def test_less_is_better_of_what_goes_wrong() -> None:
    lower = {figure.name for figure in (*ANSWERS, *CONFIDENCE) if figure.better == "lower"}
    assert lower == {"declined_wrongly", "answered_wrongly", "aurc", "ece"}


def test_precision_is_a_share_of_all_the_answers_given() -> None:
    unanswerable: dict[str, Any] = {**WRONG, "answerable": False, "answer_hit": None}
    cases = (
        case(1),
        case(2, **WRONG),
        case(3, **unanswerable),
        case(4, verdict="declined", right=False, first_citation=False),
        case(5, verdict="declined", **{**unanswerable, "right": True}),
    )
    found = differences(run(*cases), run(*cases))
    assert found["precision"].now == pytest.approx(1 / 3)
    assert found["precision"].n == 3
    assert [found["answered"].now, found["answered_wrongly"].now] == pytest.approx([2 / 3, 0.5])
    assert (found["citations_sound"].now, found["citations_sound"].n) == (1.0, 3)
