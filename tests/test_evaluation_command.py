"""`assistant evaluate` end to end: temporary indexes, thresholds, runs that stop, files written and compared."""

from __future__ import annotations

import itertools
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from assistant.assembly import Dossier, open_dossier
from assistant.evaluation.cases import Case, Evidence
from assistant.evaluation.command import Done, Wanted, run, write
from assistant.evaluation.figures import CONFIDENCE, Columns
from assistant.evaluation.files import load_case_file
from assistant.evaluation.metrics import measure, measure_confidence
from assistant.evaluation.run import evaluate
from assistant.evaluation.saved import read_run, saved
from assistant.evaluation.squad import Paragraph
from assistant.evaluation.temporary import temporary_dossier
from assistant.settings import Settings
from index.embedding import Embedder
from index.errors import DossierError, InvalidInput
from index.settings import IndexSettings
from tests.conftest import make_data_dir
from tests.test_cli import run as command

pytestmark = pytest.mark.slow

HARBOUR = "The harbour of Brodac was shut in May 2021. Police seized 46 tonnes of cocaine there in one night."
COURTS = "Judge Mira Kolar was appointed in 2019.  She works in the town of Lipa, and lives in the town of Brodac."
ROADS = "The road to Lipa has three tunnels. Lorries may not use it at night."
ASKED: tuple[tuple[str, str, str, str | None], ...] = (
    (HARBOUR, "cocaine", "How many tonnes of cocaine were seized in the harbour of Brodac?", "46 tonnes"),
    (HARBOUR, "milk", "What does a litre of milk cost in Norway?", None),
    (COURTS, "kolar", "When was Judge Mira Kolar appointed?", "2019"),
    (ROADS, "tunnels", "How many tunnels does the road to Lipa have?", "three"),
    (ROADS, "owner", "Who paid for the road to Lipa?", None),
)


def squad_file(folder: Path, *contexts: str) -> Path:
    paragraphs = []
    for context in contexts or (HARBOUR, COURTS, ROADS):
        asked = [one for one in ASKED if one[0] == context]
        questions = [
            {
                "id": name,
                "question": question,
                "is_impossible": answer is None,
                "answers": [] if answer is None else [{"text": answer, "answer_start": context.index(answer)}],
            }
            for _, name, question, answer in asked
        ]
        paragraphs.append({"context": context, "qas": questions})
    path = folder / "squad.json"
    path.write_text(
        json.dumps({"version": "v2.0", "data": [{"title": "Brodac: \"its\" harbour", "paragraphs": paragraphs}]}),
        encoding="utf-8",
    )  # fmt: skip
    return path


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary folders are made."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory, models_dir: Path, embedder: Embedder) -> Settings:
    """Settings over a library that holds the paragraphs in two files, and more."""
    place = tmp_path_factory.mktemp("library")
    folder = place / "files"
    folder.mkdir()
    (folder / "first.txt").write_text(f"On the coast\n\n{HARBOUR}\n\n{ROADS}", encoding="utf-8")
    (folder / "second.txt").write_text(COURTS, encoding="utf-8")
    settings = Settings(data_dir=make_data_dir(place / "data", models_dir))
    with open_dossier(settings) as opened:
        assert not opened.library.ingest([folder]).count("failed")
    return settings


@pytest.fixture
def opened(library: Settings) -> Iterator[Dossier]:
    with open_dossier(library) as dossier:
        yield dossier


def figures(done: Done) -> dict[str, tuple[float | None, int]]:
    judged = done.evaluation.judged
    return {one.name: (one.value, one.n) for one in (*measure(judged, 8), *measure_confidence(judged))}


def test_a_squad_file_is_asked_over_its_own_paragraphs_and_nothing_of_it_stays(
    tmp_path: Path, scratch: Path, data_dir: Path
) -> None:
    done = run(Settings(data_dir=data_dir), Wanted(squad_file(tmp_path)))
    assert done.evaluation.made_with.index == "temporary"
    found = figures(done)
    assert found["recall"] == (1.0, 3)
    assert found["answer_hit"] == (1.0, 3)
    assert found["citations_sound"][0] == 1.0
    cited = next(saved(one) for one in done.evaluation.judged if one.case.id == "kolar").cited
    assert cited is not None
    assert (cited.title, "2019" in cited.quote) == ('Brodac: "its" harbour', True)
    assert list(scratch.iterdir()) == []
    # Of the data directory the models alone were used, and they are still there.
    assert [path.name for path in data_dir.iterdir()] == ["models"]
    assert any((data_dir / "models").iterdir())


def test_a_temporary_library_holds_a_document_for_each_paragraph(scratch: Path, data_dir: Path) -> None:
    short = Paragraph("00002.txt", "- a: [title", "--- 46", "data[0]")
    long = Paragraph(
        "00001.txt", "Łódź 😀", "Policja zatrzymała w porcie trzech mężczyzn i przeszukała magazyn.", "data[1]"
    )
    with temporary_dossier(Settings(data_dir=data_dir), [long, short], lambda *_: None) as dossier:
        entries, _ = dossier.library.entries()
        held = {entry.title: dossier.library.document(entry.id) for entry in entries}
        assert {title: document.text for title, document in held.items()} == {
            short.title: short.text, long.title: long.text,
        }  # fmt: skip
        # Too short to tell is English; else the text says it.
        assert held[short.title].details.language == "en"
        assert held[long.title].details.language == "pl"
    assert list(scratch.iterdir()) == []


def test_a_paragraph_that_cannot_be_taken_in_is_named_and_nothing_of_it_stays(scratch: Path, data_dir: Path) -> None:
    settings = Settings(data_dir=data_dir, index=IndexSettings(max_file_mb=1))
    large = Paragraph("00001.txt", "Large", "word " * 250_000, "data[3].paragraphs[0]")
    with (
        pytest.raises(InvalidInput, match=r"data\[3\]\.paragraphs\[0\] cannot be taken in .*more than the 1 MB"),
        temporary_dossier(settings, [large], lambda *_: None),
    ):
        pass
    assert list(scratch.iterdir()) == []


def test_with_library_the_paragraphs_are_looked_for_in_the_documents(tmp_path: Path, library: Settings) -> None:
    done = run(library, Wanted(squad_file(tmp_path), temporary=False))
    assert done.evaluation.made_with.index == "library"
    assert figures(done)["answer_hit"] == (1.0, 3)
    titles = {one.cited.title for one in map(saved, done.evaluation.judged) if one.cited}
    assert 'Brodac: "its" harbour' not in titles


def test_a_paragraph_that_the_library_does_not_hold_is_an_error(tmp_path: Path, data_dir: Path) -> None:
    with pytest.raises(InvalidInput, match=r"case cocaine: its quote is not in any document of the collection"):
        run(Settings(data_dir=data_dir), Wanted(squad_file(tmp_path), temporary=False))


def test_an_index_that_cannot_be_is_refused_with_what_to_do(tmp_path: Path, data_dir: Path) -> None:
    lines = tmp_path / "cases.jsonl"
    lines.write_text('{"question": "Who?", "answers": null}', encoding="utf-8")
    with pytest.raises(InvalidInput, match=r"cases\.jsonl brings no paragraphs .*leave out --temporary"):
        run(Settings(data_dir=data_dir), Wanted(lines, temporary=True))
    with pytest.raises(InvalidInput, match=r"the collection 'reports' is one of the library.*add --library"):
        run(Settings(data_dir=data_dir), Wanted(squad_file(tmp_path), collection="reports"))
    with pytest.raises(InvalidInput, match=r"out\.html cannot be written: give a file in a folder that exists"):
        run(Settings(data_dir=data_dir), Wanted(lines, report=tmp_path / "none" / "out.html"))


def test_one_run_gives_what_the_assistant_gives_at_every_threshold(tmp_path: Path, library: Settings) -> None:
    """The law behind asking with `must_answer` once: the threshold alone decides, on the same answer."""
    cases = load_case_file(squad_file(tmp_path)).cases
    with open_dossier(library) as dossier:
        whole = [dossier.assistant.ask(case.question, must_answer=True) for case in cases]
    levels = sorted({answer.confidence for answer in whole})
    between = [
        0.0,
        1.0,
        levels[len(levels) // 2],
        *((low + high) / 2 for low, high in itertools.pairwise(levels)),
    ]
    verdicts = set()
    for level in between:
        settings = library.model_copy(update={"decline_below": level})
        with open_dossier(settings) as dossier:
            plain = [dossier.assistant.ask(case.question) for case in cases]
            judged = evaluate(dossier, [Case(case.id, case.question, (), ()) for case in cases]).judged
        for given, one in zip(plain, judged, strict=True):
            verdicts.add(given.verdict)
            assert one.answer.confidence == given.confidence
            assert one.verdict == given.verdict
            assert one.declined or [c.quote for c in one.answer.citations] == [c.quote for c in given.citations]
    assert verdicts == {"declined", "grounded"}


def test_a_threshold_changes_what_is_given_and_not_what_is_known(tmp_path: Path, library: Settings) -> None:
    wanted = Wanted(squad_file(tmp_path), temporary=False)
    never, always = (figures(run(library.model_copy(update={"decline_below": level}), wanted)) for level in (0.0, 1.0))
    assert (never["answered"], always["answered"]) == ((1.0, 3), (0.0, 3))
    assert (never["first_citation"], always["first_citation"]) == ((1.0, 3), (0.0, 3))
    assert never["precision"][0] == pytest.approx(3 / 5)
    assert always["precision"] == (None, 0)
    assert (always["citations_sound"], always["declined_rightly"]) == ((None, 0), (1.0, 2))
    for name in ("answer_hit", "recall", "mrr", "auroc", "auroc_right", "aurc", "ece"):
        assert never[name] == always[name], name


def stopping(at: int) -> Any:
    """A progress that is interrupted, as by Ctrl-C, before a case."""

    def progress(what: str, done: int, _total: int) -> None:
        if what and done == at:
            raise KeyboardInterrupt

    return progress


ROAD = Case("road", "How many tunnels does the road to Lipa have?", ("three",), (Evidence(ROADS, None),))
LONG = Case("long", "x" * 5000, (), (), history=("Where is the road?",))


def test_a_case_that_cannot_be_asked_ends_the_run_and_keeps_the_others(opened: Dossier) -> None:
    kept = opened.conversations.entries()
    evaluation = evaluate(opened, [ROAD, LONG, ROAD])
    assert [one.case.id for one in evaluation.judged] == ["road"]
    assert evaluation.stopped is not None
    assert "stopped at case long (1 of 3 were answered" in evaluation.stopped
    assert "the question has 5000 characters" in evaluation.stopped
    assert opened.conversations.entries() == kept


def test_an_interrupted_run_keeps_what_was_answered(opened: Dossier) -> None:
    kept = opened.conversations.entries()
    evaluation = evaluate(opened, [ROAD, ROAD, ROAD], progress=stopping(2))
    assert len(evaluation.judged) == 2
    assert evaluation.stopped is not None
    assert evaluation.stopped.endswith("it was interrupted")
    with pytest.raises(KeyboardInterrupt):
        evaluate(opened, [ROAD], progress=stopping(0))
    assert opened.conversations.entries() == kept


def test_a_whole_run_has_not_stopped(opened: Dossier) -> None:
    assert evaluate(opened, [ROAD]).stopped is None


def test_what_is_written_is_what_was_found(tmp_path: Path, library: Settings) -> None:
    wanted = Wanted(squad_file(tmp_path), temporary=False, output=tmp_path / "run.json", report=tmp_path / "run.html")
    done = run(library, wanted)
    write(done, wanted)
    read = read_run(tmp_path / "run.json")
    assert [case.id for case in read.cases] == ["cocaine", "milk", "kolar", "tunnels", "owner"]
    first = read.cases[0]
    assert (first.answers, first.gold[0].answer, first.rank, first.answer_hit) == (
        ("46 tonnes",), "46 tonnes", 1, True,
    )  # fmt: skip
    assert first.cited is not None
    assert "46 tonnes" in first.cited.quote
    assert read.cases[1].gold == ()
    assert len(Columns.of(read.cases).confidence) == 5
    html = (tmp_path / "run.html").read_text(encoding="utf-8")
    assert all(f"<code>{figure.name}</code>" in html for figure in CONFIDENCE)
    again = run(library, Wanted(wanted.cases, temporary=False, baseline=tmp_path / "run.json", limit=3))
    assert again.comparison is not None
    assert (again.comparison.n, len(again.comparison.only_before)) == (3, 2)


def test_a_file_that_cannot_be_written_is_an_error(tmp_path: Path, library: Settings) -> None:
    cases, folder = squad_file(tmp_path), tmp_path / "runs"
    with pytest.raises(InvalidInput, match="cannot be written"):
        run(library, Wanted(cases, output=tmp_path / ("x" * 300)))
    folder.mkdir()
    wanted = Wanted(cases, temporary=False, limit=1, output=folder / "run.json")
    done = run(library, wanted)
    folder.rmdir()
    with pytest.raises(DossierError, match=r"run\.json cannot be written \(No such file or directory\)"):
        write(done, wanted)


def test_a_run_that_stopped_is_shown_written_and_not_done(tmp_path: Path, library: Settings) -> None:
    lines = [{"id": "road", "question": ROAD.question, "answers": None}, {"question": LONG.question, "answers": None}]
    path, output = tmp_path / "cases.jsonl", tmp_path / "run.json"
    path.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    done = command(library.data_dir, "evaluate", str(path), "--output", str(output))
    assert done.returncode == 1
    assert "1 questions" in done.stdout
    assert "Error: stopped at case line 2 (1 of 2 were answered" in done.stderr
    assert [case.id for case in read_run(output).cases] == ["road"]
