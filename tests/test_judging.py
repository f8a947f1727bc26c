"""Judging: answers are held against right quotes by place, counted, and reported, each figure with its number."""

import dataclasses
import datetime
import io
import json
import re
from typing import Any

import pytest
from rich.console import Console, RenderableType

from assistant.answers import Answer, Citation, Question, Statement, Trace
from assistant.evaluation import report
from assistant.evaluation.cases import Case, Evidence
from assistant.evaluation.judging import Judged, find_places, holds_answer, judge
from assistant.evaluation.metrics import follow_ups, measure, times, verdicts
from assistant.evaluation.run import Evaluation, Fingerprint
from index.documents import Details, Document, Hit, Passage
from index.errors import InvalidInput

TEXT = "The port was shut in May. In 2021 police seized 46 tonnes of cocaine. Nobody was charged."
QUOTE = "In 2021 police seized 46 tonnes of cocaine."
CASE = Case("c1", "How much cocaine was seized in 2021?", ("46 tonnes",), (Evidence(QUOTE, "port.md"),))
UNKNOWN = Case("c2", "Who owns the port?", (), ())

DOCUMENT = Document(
    id="d1", collection="default", sources=("notes/port.md",), title="Port", text=TEXT, digest="abc", file_digest="def",
    sections=(), details=Details(),
)  # fmt: skip


class OneText:
    def document(self, document_id: str) -> Document:
        assert document_id == DOCUMENT.id
        return DOCUMENT


def citation(start: int, end: int, number: int = 1, **other: Any) -> Citation:
    plain: dict[str, Any] = {
        "number": number, "passage_id": "p1", "document_id": "d1", "title": "Port", "source": "notes/port.md",
        "heading": "", "page": None, "published": None, "reliability": None, "credibility": None,
        "quote": TEXT[start:end], "start": start, "end": end, "highlight": None,
        "prefix": TEXT[max(0, start - 32) : start], "suffix": TEXT[end : end + 32], "digest": "sha256:abc",
        "link": "/answers/a1/citations/1",
    }  # fmt: skip
    return Citation(**{**plain, **other})


def answer(*citations: Citation, confidence: float = 0.9, milliseconds: float = 10.0) -> Answer:
    return Answer(
        id="a1",
        conversation_id="c1",
        question=Question("asked", "asked"),
        verdict="grounded" if citations else "declined",
        confidence=confidence,
        text="...",
        statements=tuple(Statement(one.quote, (one.number,), "verbatim", 1.0) for one in citations),
        citations=citations,
        closest=(),
        dropped=(),
        differing=False,
        asked_at=datetime.datetime.now(datetime.UTC),
        trace=Trace("extractive", None, None, "test", 1, {"search": milliseconds, "total": 2 * milliseconds}),
    )


def hit(start: int, end: int, rank: int) -> Hit:
    passage = Passage(f"d1:abc:{start}-{end}", "d1", "", None, TEXT[start:end], start, end)
    return Hit(passage, 1 / rank, rank, "both")


def judged(case: Case, given: Answer, *hits: Hit) -> Judged:
    return judge(case, given, hits, find_places(case, [DOCUMENT], "default"), OneText())


def test_a_quote_is_found_whatever_the_spacing_between_its_words() -> None:
    broken = dataclasses.replace(DOCUMENT, text=TEXT.replace("46 tonnes", "46\n  tonnes"))
    (place,) = find_places(CASE, [broken], "default")
    assert broken.text[place.span.start : place.span.end].split() == QUOTE.split()


def test_a_quote_that_stands_nowhere_is_an_error_that_names_the_case() -> None:
    elsewhere = dataclasses.replace(CASE, evidence=(Evidence("Not said.", "port.md"),))
    with pytest.raises(
        InvalidInput, match=r"case c1: its quote is not in port\.md \('Not said\.'\): ingest the library"
    ):
        find_places(elsewhere, [DOCUMENT], "default")
    with pytest.raises(InvalidInput, match=r"case c1: no document of the collection 'default' has the source port\.md"):
        find_places(CASE, [], "default")


def test_a_source_is_a_whole_file_name() -> None:
    with pytest.raises(InvalidInput, match=r"has the source ort\.md"):
        find_places(dataclasses.replace(CASE, evidence=(Evidence(QUOTE, "ort.md"),)), [DOCUMENT], "default")


@pytest.mark.parametrize(
    ("text", "given", "holds"),
    [
        ("seized 46 tonnes", "46", True),
        ("seized 46\ntonnes", "46 Tonnes", True),
        ("in 1946", "46", False),
        ("born in 19461", "1946", False),
        ("(46)", "46", True),
    ],
)
def test_an_answer_is_held_as_whole_words(text: str, given: str, holds: bool) -> None:
    assert holds_answer(text, given) is holds


def test_a_citation_that_overlaps_the_right_quote_and_holds_the_answer_is_right() -> None:
    whole, part, beyond = citation(26, 69), citation(34, 57), citation(26, 89)
    assert whole.quote == QUOTE
    for one in (whole, part, beyond):
        assert judged(CASE, answer(one)).first is True


def test_a_citation_without_the_answer_or_elsewhere_is_wrong() -> None:
    without_answer, elsewhere = citation(26, 40), citation(0, 25)
    assert judged(CASE, answer(without_answer)).first is False
    both = judged(CASE, answer(elsewhere, citation(26, 69, number=2)))
    assert (both.first, both.anywhere, both.fault) == (False, True, "the right quote is not the first")
    other_document = citation(26, 69)
    moved = dataclasses.replace(judged(CASE, answer(other_document)).places[0], document_id="d2")
    assert judge(CASE, answer(other_document), (), (moved,), OneText()).first is False


def test_what_is_outside_of_a_remit_is_none() -> None:
    one = judged(UNKNOWN, answer(citation(0, 25)))
    assert (one.first, one.anywhere, one.rank) == (None, None, None)
    assert one.fault == "answered, although the documents do not say"
    assert judged(UNKNOWN, answer()).right


def test_the_rank_is_that_of_the_first_hit_at_the_right_place() -> None:
    assert judged(CASE, answer(), hit(0, 26, 1), hit(26, 70, 2), hit(60, 90, 3)).rank == 2
    assert judged(CASE, answer(), hit(0, 26, 1)).rank is None


@pytest.mark.parametrize("fault", [{"quote": "Other words."}, {"prefix": ""}, {"suffix": "x"}, {"digest": "sha256:0"}])
def test_a_citation_that_is_not_the_documents_own_words_is_unsound(fault: dict[str, Any]) -> None:
    assert judged(CASE, answer(citation(26, 69))).sound == 1
    assert judged(CASE, answer(citation(26, 69, **fault))).sound == 0


def worked() -> tuple[Judged, ...]:
    """Right, wrong quote, declined wrongly; declined rightly, answered wrongly (the last two follow-ups)."""
    right, elsewhere = citation(26, 69), citation(0, 25)
    after = dataclasses.replace(UNKNOWN, history=("Where is the port?",))
    return (
        judged(CASE, answer(right, confidence=0.9, milliseconds=10), hit(26, 69, 1)),
        judged(CASE, answer(elsewhere, confidence=0.6, milliseconds=20), hit(0, 25, 1), hit(26, 69, 2)),
        judged(CASE, answer(confidence=0.2, milliseconds=30)),
        judged(after, answer(confidence=0.1, milliseconds=40)),
        judged(after, answer(elsewhere, confidence=0.8, milliseconds=50)),
    )


def test_the_figures_of_a_worked_example() -> None:
    figures = {metric.name: (metric.value, metric.n) for metric in measure(worked(), 8)}
    assert figures == {
        "first_citation": (pytest.approx(1 / 3), 3),
        "any_citation": (pytest.approx(1 / 3), 3),
        "declined_wrongly": (pytest.approx(1 / 3), 3),
        "declined_rightly": (0.5, 2),
        "precision": (pytest.approx(1 / 3), 3),
        "recall": (pytest.approx(2 / 3), 3),
        "mrr": (pytest.approx(0.5), 3),
        "auroc": (pytest.approx(4 / 6), 5),
        "citations_sound": (1.0, 3),
    }
    assert verdicts(worked()) == {"grounded": 3, "partial": 0, "declined": 2}
    by_step = {one.step: (one.median, one.p95) for one in times(worked())}
    assert by_step["search"] == pytest.approx((30.0, 48.0))
    assert by_step["total"] == pytest.approx((60.0, 96.0))


def test_follow_ups_are_counted_apart() -> None:
    figures = {metric.name: (metric.value, metric.n) for metric in follow_ups(worked())}
    assert figures == {
        "first_citation": (None, 0), "declined_wrongly": (None, 0), "declined_rightly": (0.5, 2), "recall": (None, 0),
    }  # fmt: skip


def run_of(*cases: Judged) -> Evaluation:
    made_with = Fingerprint("extractive", None, None, "test", 7, "default", 8, 0.5)
    return Evaluation(made_with, cases)


def shown(renderable: RenderableType) -> str:
    console = Console(width=160, file=io.StringIO())
    with console.capture() as captured:
        console.print(renderable)
    return captured.get()


def test_the_table_shows_every_figure_with_its_number() -> None:
    text = shown(report.table(run_of(*worked())))
    assert re.search(r"first_citation +33\.3% +3 ", text)
    assert re.search(r"auroc +0\.667 +5 ", text)
    assert "Follow-ups among them" in text
    assert "grounded 3, partial 0, declined 2" in text
    assert "embedder test, index_version 7" in text


def test_the_wrong_cases_are_shown_with_what_was_known_and_answered() -> None:
    marked = dataclasses.replace(UNKNOWN, why="[bold] is no markup")
    text = shown(report.wrong_table(run_of(*worked(), judged(marked, answer(citation(0, 25))))))
    assert "4 cases went wrong" in text
    assert "declined, although the documents say it" in text
    assert "[bold]" in text
    assert "No case went wrong" in shown(report.wrong_table(run_of(worked()[0])))


def test_the_object_is_json_and_holds_every_case() -> None:
    given = json.loads(json.dumps(report.as_json(run_of(*worked()))))
    assert given["metrics"]["recall"] == {
        "value": pytest.approx(2 / 3), "n": 3, "meaning": "the right quote is among the first 8 hits",
    }  # fmt: skip
    assert given["follow_ups"]["recall"]["value"] is None
    assert [case["right"] for case in given["cases"]] == [True, False, False, True, False]
    assert given["made_with"]["index_version"] == 7
