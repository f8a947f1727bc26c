"""The report's page: whole by itself, every word of a case or a document escaped, the worst cases first."""

from __future__ import annotations

import dataclasses
import re
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

from assistant.answers import Citation
from assistant.evaluation.cases import Case, Evidence
from assistant.evaluation.charts import MOST_POINTS, reliability_diagram, risk_coverage_curve
from assistant.evaluation.comparing import Comparison, compare
from assistant.evaluation.confidence import RiskPoint, calibration, risk_coverage
from assistant.evaluation.judging import Judged
from assistant.evaluation.page import page, worst
from assistant.evaluation.saved import gold
from tests.test_evaluation_comparing import WRONG, case, run
from tests.test_evaluation_confidence import columns
from tests.test_judging import QUOTE, answer, citation, judged, run_of, worked

HOSTILE = "<script>alert('x')</script><img src=x onerror=alert(1)>\"&"
# Void in HTML, or empty in an SVG of ours.
VOID = {"meta"}


class Tags(HTMLParser):
    """The tags and the attributes of a page; refuses tags that do not close in order."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: set[str] = set()
        self.attributes: dict[str, set[str]] = {}
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        for name, value in attrs:
            self.attributes.setdefault(name, set()).add(value or "")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag


def hostile() -> Judged:
    """A wrong answer in which all that comes from a file or a document tries to be markup."""
    given: dict[str, Any] = {"title": HOSTILE, "heading": HOSTILE, "source": HOSTILE, "quote": HOSTILE}
    cited: Citation = dataclasses.replace(citation(0, 25), **given)
    asked = Case(HOSTILE, HOSTILE, (HOSTILE,), (Evidence(QUOTE, "port.md"),), history=(HOSTILE,), why=HOSTILE)
    found = judged(asked, dataclasses.replace(answer(cited), text=HOSTILE))
    dangerous = dataclasses.replace(asked, evidence=(Evidence(HOSTILE * 9, None, (60, 90)),))
    return dataclasses.replace(found, case=dangerous)


def hostile_comparison() -> Comparison:
    before = run(case(1), case(2, id=HOSTILE, **WRONG), reader=HOSTILE)
    return compare(before, run(case(1), case(2, id=HOSTILE), case(3, id=HOSTILE + "new"), reader="extractive"))


def test_nothing_of_a_case_or_a_document_becomes_markup() -> None:
    evaluation = dataclasses.replace(run_of(hostile(), *worked()), stopped=HOSTILE)
    made_with = dataclasses.replace(evaluation.made_with, collection=HOSTILE)
    text = page(dataclasses.replace(evaluation, made_with=made_with), hostile_comparison())
    tags = Tags(text)
    assert not tags.tags & {"script", "img", "iframe", "link"}
    assert not {name for name in tags.attributes if name.startswith("on")}
    assert "<script" not in text
    # Question, history, answers, quote, citation, id, fingerprint, reason, and both of the comparison.
    assert text.count("&lt;script&gt;") >= 12


def test_the_page_needs_nothing_but_itself() -> None:
    text = page(run_of(*worked()), None)
    tags = Tags(text)
    assert not {"src", "href", "srcset"} & set(tags.attributes)
    assert "url(" not in text
    assert "@import" not in text
    assert "default-src 'none'" in text
    assert "prefers-color-scheme: dark" in text


def test_the_page_holds_every_figure_with_its_number_and_both_diagrams() -> None:
    text = page(run_of(*worked()), None)
    rows = re.findall(r"<code>(\w+)</code></td><td class=\"number\">([^<]+)</td><td class=\"number\">(\d+)</td>", text)
    figures = {name: (value, n) for name, value, n in reversed(rows)}
    assert figures["first_citation"] == ("33.3%", "3")
    assert figures["auroc"] == ("0.667", "5")
    assert {"recall", "mrr", "aurc", "ece", "answer_hit", "precision", "answered"} <= set(figures)
    assert re.search(r"<td>search</td><td class=\"number\">30.0</td><td class=\"number\">48.0</td>", text)
    assert text.count("<svg") == 2
    assert "Beside the earlier run" not in text


def test_a_run_that_stopped_says_so() -> None:
    assert "The run is not whole" not in page(run_of(*worked()), None)
    assert "The run is not whole: at case q1." in page(
        dataclasses.replace(run_of(*worked()), stopped="at case q1"), None
    )


def test_the_comparison_is_on_the_page() -> None:
    before = run(*(case(n, **WRONG) for n in range(20)))
    text = page(run_of(*worked()), compare(before, run(*(case(n) for n in range(20)))))
    assert "20 cases in common; 20 newly right, 0 newly wrong" in " ".join(text.split())
    assert '<td class="better">better</td>' in text


def test_the_worst_come_first_each_kind_from_its_worst() -> None:
    unanswerable: dict[str, Any] = {**WRONG, "answerable": False, "answer_hit": None}
    found = worst(
        [
            case(1, confidence=0.5, **WRONG),
            case(2, confidence=0.9, **WRONG),
            case(3, confidence=0.95, **unanswerable),
            case(4, confidence=0.3, verdict="declined", right=False, first_citation=False),
            case(5, confidence=0.1, verdict="declined", right=False, first_citation=False),
            case(6),
            case(7, confidence=0.2, verdict="declined", **WRONG),
            case(8, confidence=0.2, verdict="declined", **{**unanswerable, "right": True}),
        ]
    )
    assert [one.case.id for one in found] == ["q2", "q1", "q3", "q5", "q4"]
    assert [one.kind for one in found[1:4]] == [
        "confident and wrong", "answered, although the documents do not say", "right, but declined",
    ]  # fmt: skip


def test_twenty_are_shown_and_a_frequent_kind_does_not_hide_the_others() -> None:
    wrong = [case(number, confidence=number / 100, **WRONG) for number in range(50)]
    declined = [case(100 + n, confidence=0.1, verdict="declined", right=False) for n in range(50)]
    kinds = [one.kind for one in worst([*wrong, *declined])]
    assert (len(kinds), kinds.count("right, but declined")) == (20, 5)
    assert worst([*wrong, *declined])[0].case.id == "q49"
    assert len(worst(wrong)) == 20


def test_of_a_long_quote_what_stands_around_the_answer_is_shown() -> None:
    shown = gold(Evidence("a" * 300 + "ANSWER" + "b" * 300, None, (300, 306)))
    assert (shown.before, shown.answer, shown.after) == ("…" + "a" * 160, "ANSWER", "b" * 160 + "…")
    whole = gold(Evidence("It is here.", None, (6, 10)))
    assert (whole.before, whole.answer, whole.after) == ("It is ", "here", ".")


def test_the_bars_of_the_reliability_diagram_are_as_high_as_the_share_that_is_right() -> None:
    drawn = reliability_diagram(calibration(*columns((0.95, True), (0.92, False), (0.15, True))), 0.4)
    heights = [float(height) for height in re.findall(r'class="bar"[^>]*height="([\d.]+)"', drawn)]
    assert heights == [288.0, 144.0]  # All, and half, of the 288 units from the bottom to the top.
    assert "declines below 0.4" in drawn
    Tags(drawn)


def test_the_dot_on_the_curve_stands_where_the_threshold_is() -> None:
    points = risk_coverage(*columns((0.9, True), (0.6, False), (0.3, True), (0.2, False)))
    assert "declining below 0.5: 50% answered, 50% of these wrong" in risk_coverage_curve(points, 0.5)
    assert "<circle" not in risk_coverage_curve(points, 0.95)
    Tags(risk_coverage_curve((), 0.5))


@pytest.mark.parametrize("count", [1, MOST_POINTS, MOST_POINTS + 1, 5000])
def test_a_long_curve_is_thinned_and_keeps_its_end(count: int) -> None:
    points = [RiskPoint(1 - n / count, n / count, 0.5) for n in range(1, count + 1)]
    (path,) = re.findall(r'points="([^"]+)"', risk_coverage_curve(points, 0.0))
    assert len(path.split()) <= MOST_POINTS + 2
    assert path.split()[-1] == "444.0,160.0"


def test_the_template_is_in_the_package() -> None:
    assert (Path(page.__code__.co_filename).parent / "report.html").is_file()
