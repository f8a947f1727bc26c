"""Evaluation: cases are read with clear errors, and a run over a real library leaves nothing behind."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from assistant.assembly import Dossier, open_dossier
from assistant.evaluation.cases import Case, Evidence, load_cases
from assistant.evaluation.metrics import measure
from assistant.evaluation.run import Evaluation, evaluate
from assistant.settings import Settings
from index.errors import InvalidInput, NotFound, UnreadableFile
from tests.conftest import make_data_dir


def lines_file(folder: Path, *lines: object) -> Path:
    path = folder / "cases.jsonl"
    path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines), encoding="utf-8")
    return path


def test_the_questions_of_the_seeds_are_read() -> None:
    cases = load_cases(Path(__file__).resolve().parent.parent / "seeds" / "questions.jsonl")
    assert len(cases) >= 60
    by_id = {case.id: case for case in cases}
    assert by_id["q001"].evidence[0].source == "situation-report-2022-09.md"
    assert len(by_id["q054"].evidence) == 2
    assert sum(not case.answerable for case in cases) >= 20
    assert all(case.why for case in cases if not case.answerable)


def test_a_case_may_leave_out_what_it_does_not_need(tmp_path: Path) -> None:
    path = lines_file(
        tmp_path,
        {"question": " Who? ", "answers": None},
        "",
        {"question": "What?", "answers": ["x"], "quote": "x y"},
    )
    first, second = load_cases(path)
    assert first == Case("line 1", "Who?", (), ())
    assert second == Case("line 3", "What?", ("x",), (Evidence("x y", None),))


@pytest.mark.parametrize(
    ("line", "says"),
    [
        ("{", r"line 2: no JSON \("),
        ("[1]", "line 2: a case is one object"),
        ({"answers": None}, "line 2: the field question is missing"),
        ({"question": "Who?"}, r"line 2: the field answers is missing: add it \(null where"),
        ({"question": " ", "answers": None}, "line 2: the field question does not fit"),
        ({"question": "Who?", "answers": "x"}, "line 2: the field answers does not fit"),
        ({"question": "Who?", "answer": ["x"]}, "line 2: the field answer"),
        ({"question": "Who?", "answers": None, "histroy": []}, "the field histroy is unknown: did you mean history"),
        (
            {"question": "Who?", "answers": None, "colour": 1},
            "the field colour is unknown: notes go into the field why",
        ),
        ({"question": "Who?", "answers": None, "quote": "x"}, "line 2: answers is null but there is a quote"),
        ({"question": "Who?", "answers": ["x"]}, "line 2: a case with answers needs"),
        ({"question": "Who?", "answers": [], "quote": "x"}, "line 2: a case with answers needs"),
        ({"id": "one", "question": "Who?", "answers": None}, "line 2: the id 'one' is used twice"),
    ],
)
def test_a_faulty_line_is_named_with_its_field(tmp_path: Path, line: object, says: str) -> None:
    path = lines_file(tmp_path, {"id": "one", "question": "Why?", "answers": None}, line)
    with pytest.raises(InvalidInput, match=says):
        load_cases(path)


def test_a_file_that_is_missing_empty_or_no_text_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotFound, match=r"missing\.jsonl does not exist"):
        load_cases(tmp_path / "missing.jsonl")
    with pytest.raises(InvalidInput, match="holds no case"):
        load_cases(lines_file(tmp_path, ""))
    binary = tmp_path / "binary.jsonl"
    binary.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(UnreadableFile, match="is not UTF-8"):
        load_cases(binary)
    with pytest.raises(UnreadableFile, match="cannot be read"):
        load_cases(tmp_path)


FILES = {
    "harbour.md": "# The harbour\n\nThe harbour was shut in May 2021. Police seized 46 tonnes of cocaine there.\n",
    "courts.md": "# The courts\n\nJudge Mira Kolar was appointed in 2019. She works in the town of Lipa.\n",
    "roads.txt": "The road to Lipa has three tunnels. Lorries may not use it at night.\n",
}
RUN = (
    {"id": "r1", "question": "How many tonnes of cocaine were seized?", "answers": ["46 tonnes"],
     "quote": "Police seized 46 tonnes of cocaine there.", "source": "harbour.md"},
    {"id": "r2", "question": "When was Judge Mira Kolar appointed?", "answers": ["2019"],
     "quote": "Judge Mira Kolar was appointed in 2019.", "source": "courts.md"},
    {"id": "r3", "question": "Where does she work?", "answers": ["Lipa"], "quote": "She works in the town of Lipa.",
     "source": "courts.md", "history": ["When was Judge Mira Kolar appointed?"]},
    {"id": "r4", "question": "What does a litre of milk cost in Norway?", "answers": None, "why": "nothing about milk"},
)  # fmt: skip


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory, models_dir: Path) -> Iterator[Dossier]:
    """Three documents, taken in and opened."""
    folder = tmp_path_factory.mktemp("evaluation")
    (folder / "files").mkdir()
    for name, text in FILES.items():
        (folder / "files" / name).write_text(text, encoding="utf-8")
    with open_dossier(Settings(data_dir=make_data_dir(folder / "data", models_dir))) as opened:
        opened.library.ingest([folder / "files"])
        yield opened


@pytest.fixture(scope="module")
def evaluation(small: Dossier, tmp_path_factory: pytest.TempPathFactory) -> Evaluation:
    return evaluate(small, load_cases(lines_file(tmp_path_factory.mktemp("cases"), *RUN)))


@pytest.mark.slow
def test_a_run_judges_every_case_over_a_real_library(evaluation: Evaluation) -> None:
    assert [one.case.id for one in evaluation.judged] == ["r1", "r2", "r3", "r4"]
    figures = {metric.name: metric for metric in measure(evaluation.judged, 8)}
    assert (figures["recall"].value, figures["recall"].n) == (1.0, 3)
    assert figures["citations_sound"].value == 1.0
    assert evaluation.judged[0].first is True
    assert evaluation.judged[3].declined
    assert evaluation.made_with.reader == "extractive"
    assert evaluation.judged[2].answer.question.standalone != "Where does she work?"


@pytest.mark.slow
def test_a_run_leaves_no_conversation_behind(small: Dossier, evaluation: Evaluation) -> None:
    assert evaluation.judged
    entries, _ = small.conversations.entries()
    assert entries == ()


@pytest.mark.slow
def test_a_run_that_breaks_off_leaves_no_conversation_behind(small: Dossier) -> None:
    too_long = Case("long", "x" * 5000, (), (), history=("Where is the road?",))
    with pytest.raises(InvalidInput, match="case long cannot be asked: the question has 5000 characters"):
        evaluate(small, [too_long])
    entries, _ = small.conversations.entries()
    assert entries == ()


@pytest.mark.slow
def test_a_run_reports_how_far_it_is_and_refuses_no_case(small: Dossier) -> None:
    heard: list[tuple[int, int]] = []
    case = Case("one", "Where is the road?", (), ())
    evaluate(small, [case], progress=lambda _, done, total: heard.append((done, total)))
    assert heard == [(0, 1), (1, 1)]
    with pytest.raises(InvalidInput, match="no case"):
        evaluate(small, [])


@pytest.mark.slow
def test_a_case_of_another_library_is_refused_before_anything_is_asked(small: Dossier) -> None:
    with pytest.raises(InvalidInput, match=r"case c1: no document of the collection 'default' has the source port\.md"):
        evaluate(small, [Case("c1", "What was seized?", ("cocaine",), (Evidence("Cocaine was seized.", "port.md"),))])
