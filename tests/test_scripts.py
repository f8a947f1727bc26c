"""Every way that a model may go, by a script of its own, through the whole assistant: what is sent and what is kept."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.answers import Answer, AnswerEvent, Statement, StatementEvent
from assistant.assembly import Dossier, open_dossier
from assistant.printing import answer_view
from assistant.rendering import contract, from_contract
from assistant.scripted_model import SCRIPTS
from assistant.settings import Settings
from assistant.wording import FALLBACK
from index.errors import ModelUnavailable
from index.library import Library
from index.settings import IndexSettings
from tests.conftest import SEEDS, make_data_dir
from tests.test_answering import BOMBINGS, check_citations
from tests.text_of import text_of

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory, models_dir: Path, embedder: object) -> Path:
    """A data directory of this module's own: each test opens it with another model."""
    path = make_data_dir(tmp_path_factory.mktemp("scripts") / "data", models_dir)
    with Library(path, IndexSettings()) as library:
        library.ingest([SEEDS])
    return path


@dataclasses.dataclass
class Heard:
    """What left the assistant for one question."""

    sent: list[Statement]
    answer: Answer | None
    error: ModelUnavailable | None


def hear(dossier: Dossier, question: str = BOMBINGS) -> Heard:
    heard = Heard([], None, None)
    kept = len(dossier.conversations.entries()[0])
    try:
        for event in dossier.assistant.stream(question, max_passages=3):
            if isinstance(event, StatementEvent):
                heard.sent.append(event.statement)
            elif isinstance(event, AnswerEvent):
                heard.answer = event.answer
    except ModelUnavailable as error:
        heard.error = error
    assert len(dossier.conversations.entries()[0]) == kept + (heard.answer is not None), "only an answer is kept"
    if heard.answer is not None:
        assert list(heard.answer.statements) == heard.sent, "what was streamed is what the answer says"
        check_citations(heard.answer, dossier)
        assert from_contract(contract(heard.answer)) == heard.answer
    return heard


def opened(place: Path, script: str, **settings: object) -> Dossier:
    return open_dossier(
        Settings.model_validate({"data_dir": place, "reader": "chat", "chat_model": f"scripted:{script}", **settings})
    )


@pytest.fixture
def heard(place: Path, request: pytest.FixtureRequest) -> Iterator[Heard]:
    with opened(place, request.param) as dossier:
        yield hear(dossier)


def told(heard: Heard) -> Answer:
    assert heard.error is None
    assert heard.answer is not None
    return heard.answer


@pytest.mark.parametrize(("heard", "count"), [("first", 1), ("good", 2), ("slow", 1)], indirect=["heard"])
def test_what_a_model_says_in_the_documents_words_is_grounded(heard: Heard, count: int) -> None:
    answer = told(heard)
    assert (answer.verdict, len(heard.sent), answer.dropped) == ("grounded", count, ())
    assert {statement.check for statement in heard.sent} == {"verbatim"}
    assert "grounded, support of the first statement 1.00" in text_of(answer_view(answer))
    assert (answer.trace.reader, answer.trace.fallback) == ("chat", None)


@pytest.mark.parametrize("heard", ["silent", "does-not-know"], indirect=True)
def test_a_model_that_says_nothing_or_does_not_know_declines(heard: Heard) -> None:
    answer = told(heard)
    assert (answer.verdict, heard.sent, answer.dropped) == ("declined", [], ())
    assert answer.closest
    assert answer.trace.fallback is None, "a model that was there is not stood in for"


@pytest.mark.parametrize("heard", ["inventing"], indirect=True)
def test_what_a_model_invents_is_marked_or_dropped_and_said(heard: Heard) -> None:
    answer = told(heard)
    true, made_up = heard.sent
    assert (answer.verdict, true.check, made_up.check) == ("partial", "verbatim", "unsupported")
    assert "98765" in made_up.text
    assert "not borne out" in answer.text
    assert any(dropped.pointer == "99.9" for dropped in answer.dropped)
    assert any(dropped.text.startswith("Nobody knows") for dropped in answer.dropped)
    assert "Nobody knows" not in answer.text


def test_what_is_invented_is_not_sent_where_the_setting_says_so(place: Path) -> None:
    with opened(place, "inventing", unsupported="drop") as dossier:
        heard = hear(dossier)
    assert [statement.check for statement in heard.sent] == ["verbatim"]
    assert any("98765" in dropped.text for dropped in told(heard).dropped)


@pytest.mark.parametrize("heard", ["cut-short"], indirect=True)
def test_half_a_marker_at_the_end_points_at_nothing(heard: Heard) -> None:
    answer = told(heard)
    assert (answer.verdict, len(heard.sent)) == ("partial", 1)
    assert any("More is to come" in dropped.text for dropped in answer.dropped)
    assert "[1." not in answer.text.replace("[1]", "")


@pytest.mark.parametrize("heard", ["breaks-off"], indirect=True)
def test_a_model_that_breaks_off_after_a_statement_is_an_error_and_nothing_is_kept(heard: Heard) -> None:
    assert heard.error is not None
    assert (len(heard.sent), heard.answer) == (1, None)


@pytest.mark.parametrize("heard", ["breaks-off-early", "failing"], indirect=True)
def test_a_model_that_fails_before_a_statement_is_stood_in_for_and_the_answer_says_so(heard: Heard) -> None:
    answer = told(heard)
    assert answer.verdict == "grounded"
    assert {statement.check for statement in heard.sent} == {"verbatim"}
    assert answer.trace.reader == "extractive"
    assert answer.trace.fallback is not None
    assert "as its script says" in answer.trace.fallback
    assert answer.text.startswith(FALLBACK)
    assert f"The language model was not available: {answer.trace.fallback}" in text_of(answer_view(answer))


@pytest.mark.parametrize("script", ["breaks-off-early", "failing"])
def test_without_a_fallback_a_failing_model_is_an_error(place: Path, script: str) -> None:
    with opened(place, script, chat_fallback="none") as dossier:
        heard = hear(dossier)
    assert (heard.sent, heard.answer) == ([], None)
    assert "as its script says" in str(heard.error)


def test_a_follow_up_is_completed_by_rule_where_the_model_is_down(place: Path) -> None:
    with opened(place, "failing") as dossier:
        before = dossier.assistant.ask("How many murders were recorded in Ecuador in 2021?")
        after = dossier.assistant.ask("And in 2022?", conversation_id=before.conversation_id)
    assert (before.question.set_aside, after.question.standalone) == (
        None,
        "How many murders were recorded in Ecuador in 2022?",
    )
    assert "as its script says" in str(after.question.set_aside)
    assert "not completed by the language model" in text_of(answer_view(after))
    with opened(place, "failing", chat_fallback="none") as dossier, pytest.raises(ModelUnavailable):
        dossier.assistant.ask("And in 2022?", conversation_id=before.conversation_id)


def test_closing_the_stream_stops_a_slow_model(place: Path) -> None:
    with opened(place, "slow") as dossier:
        kept = len(dossier.conversations.entries()[0])
        stream = dossier.assistant.stream(BOMBINGS)
        assert [type(next(stream)).__name__ for _ in range(2)] == ["QuestionEvent", "HitsEvent"]
        assert hasattr(stream, "close")
        stream.close()
        assert len(dossier.conversations.entries()[0]) == kept


def test_every_script_has_its_test() -> None:
    source = Path(__file__).read_text(encoding="utf-8")
    # What obeys the orders of documents is tested with them.
    assert not [name for name in SCRIPTS if name != "obedient" and f'"{name}"' not in source]
