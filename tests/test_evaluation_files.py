"""Files of cases: JSONL and SQuAD's format are told apart by their content, and what is wrong in one is named."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import Any

import pytest

from assistant.evaluation.cases import Case, sampled
from assistant.evaluation.files import load_case_file
from assistant.evaluation.judging import find_places
from index.documents import Details, Document
from index.errors import InvalidInput, NotFound, UnreadableFile

CONTEXT = "The harbour of Lipa was shut in May 2021. It opened again in 2023."
ARTICLE: dict[str, Any] = {
    "title": "Lipa_Harbour",
    "paragraphs": [
        {
            "context": CONTEXT,
            "qas": [
                {
                    "id": "shut",
                    "question": "When was the harbour shut?",
                    "is_impossible": False,
                    "answers": [
                        {"text": "May 2021", "answer_start": CONTEXT.index("May 2021")},
                        {"text": "2021", "answer_start": CONTEXT.index("2021")},
                        {"text": "2021", "answer_start": CONTEXT.index("2021")},
                    ],
                },
                {
                    "id": "owner",
                    "question": "Who owns the harbour?",
                    "is_impossible": True,
                    "answers": [],
                    "plausible_answers": [{"text": "Lipa", "answer_start": 15}],
                },
            ],
        }
    ],
}


def squad() -> dict[str, Any]:
    return copy.deepcopy({"version": "v2.0", "data": [ARTICLE]})


def written(folder: Path, content: object, name: str = "cases.json") -> Path:
    path = folder / name
    path.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return path


def document(text: str, name: str = "00001.txt") -> Document:
    return Document(
        id="d1", collection="default", sources=(f"paragraphs/{name}",), title="Lipa Harbour", text=text, digest="abc",
        file_digest="def", sections=(), details=Details(),
    )  # fmt: skip


def places(case: Case, text: str) -> list[str]:
    return [text[place.span.start : place.span.end] for place in find_places(case, [document(text)], "default")]


def test_squad_gives_paragraphs_and_cases_with_the_places_of_their_answers(tmp_path: Path) -> None:
    file = load_case_file(written(tmp_path, squad()))
    (paragraph,) = file.paragraphs
    assert (paragraph.title, paragraph.text) == ("Lipa Harbour", CONTEXT)
    shut, owner = file.cases
    assert (shut.id, shut.answers, owner.answerable) == ("shut", ("May 2021", "2021"), False)
    assert [evidence.answer for evidence in shut.evidence] == ["May 2021", "2021"]
    assert places(shut, CONTEXT) == ["May 2021", "2021"]


def test_squad_1_1_says_nothing_of_impossible(tmp_path: Path) -> None:
    given = squad()
    given["data"][0]["paragraphs"][0]["qas"] = [{**ARTICLE["paragraphs"][0]["qas"][0], "id": 7}]
    del given["data"][0]["paragraphs"][0]["qas"][0]["is_impossible"]
    (case,) = load_case_file(written(tmp_path, given)).cases
    assert (case.id, case.answerable) == ("7", True)


def test_the_kind_is_known_by_the_content_whatever_the_name(tmp_path: Path) -> None:
    line = {"question": "Who?", "answers": None}
    assert load_case_file(written(tmp_path, json.dumps(squad(), indent=2), "a.jsonl")).paragraphs
    assert load_case_file(written(tmp_path, {"data": squad()["data"], "version": "v2.0"}, "b.txt")).paragraphs
    late = {"licence": ["a", "list"], **squad()}
    assert load_case_file(written(tmp_path, late, "c.json")).paragraphs
    lines = load_case_file(written(tmp_path, f"{json.dumps(line)}\n{json.dumps({**line, 'id': 'x'})}\n", "d.json"))
    assert ([case.id for case in lines.cases], lines.paragraphs) == (["line 1", "x"], ())
    assert load_case_file(written(tmp_path, json.dumps(line, indent=2), "e.json")).cases[0].question == "Who?"


@pytest.mark.parametrize("content", ["[]", '[{"question": "Who?"}]', '{"version": "v2.0"}', '{"cases": []}'])
def test_json_of_neither_kind_says_what_both_look_like(tmp_path: Path, content: str) -> None:
    with pytest.raises(InvalidInput, match=r"cases\.json is neither JSONL nor SQuAD's format: write one object a line"):
        load_case_file(written(tmp_path, content))


def test_a_broken_squad_file_is_named_with_line_and_column(tmp_path: Path) -> None:
    whole = json.dumps(squad(), indent=1)
    with pytest.raises(InvalidInput, match=r"looks like SQuAD's format but is no JSON \(.* at line \d+, column \d+\)"):
        load_case_file(written(tmp_path, whole[: len(whole) // 2]))


def test_a_faulty_line_is_named_and_so_is_a_file_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(InvalidInput, match="line 1: the field question is missing"):
        load_case_file(written(tmp_path, '{"answers": null}'))
    with pytest.raises(InvalidInput, match=r"line 2: no JSON"):
        load_case_file(written(tmp_path, '{"question": "Who?", "answers": null}\n{'))
    with pytest.raises(NotFound, match=r"missing\.json does not exist: give a file of cases"):
        load_case_file(tmp_path / "missing.json")
    with pytest.raises(UnreadableFile, match="cannot be read"):
        load_case_file(tmp_path)


def changed(change: str, value: object) -> dict[str, Any]:
    """The file with one thing in it set, or taken out, at a path such as `data.0.title`."""
    given = squad()
    *path, last = [int(part) if part.isdigit() else part for part in change.split(".")]
    place: Any = given
    for part in path:
        place = place[part]
    if value is ...:
        del place[last]
    else:
        place[last] = value
    return given


FIRST = "data.0.paragraphs.0.qas.0"


@pytest.mark.parametrize(
    ("change", "value", "says"),
    [
        ("data", {}, r"data does not fit"),
        ("data", [], r"holds no question"),
        ("data.0", [], r"data\[0\] does not fit"),
        ("data.0.paragraphs", ..., r"data\[0\]\.paragraphs is missing: add it"),
        ("data.0.paragraphs.0.context", ..., r"data\[0\]\.paragraphs\[0\]\.context is missing"),
        ("data.0.paragraphs.0.context", " \n", r"data\[0\]\.paragraphs\[0\]\.context is blank"),
        ("data.0.paragraphs.0.qas", ..., r"paragraphs\[0\]\.qas is missing"),
        (f"{FIRST}.question", " ", r"qas\[0\]\.question does not fit"),
        (f"{FIRST}.id", ..., r"qas\[0\]\.id is missing"),
        (f"{FIRST}.id", None, r"qas\[0\]\.id does not fit"),
        (f"{FIRST}.id", "owner", r"qas\[1\]: the id 'owner' is used twice"),
        (f"{FIRST}.is_impossible", True, r"qas\[0\] \(id shut\): is_impossible is true but there are answers"),
        (f"{FIRST}.answers", [], r"qas\[0\] \(id shut\): it has no answer"),
        (f"{FIRST}.answers.0.text", ..., r"qas\[0\]\.answers\[0\]\.text is missing"),
        (f"{FIRST}.answers.0.text", " ", r"\(id shut\): an answer's text is blank"),
        (f"{FIRST}.answers.0.answer_start", -1, r"answers\[0\]\.answer_start does not fit"),
        (f"{FIRST}.answers.0.answer_start", 3, r"'May 2021' does not stand at answer_start 3 \(there: ' harbour'\)"),
        (f"{FIRST}.answers.0.answer_start", 999, r"does not stand at answer_start 999"),
    ],
)
def test_what_is_wrong_in_a_squad_file_is_named_with_its_place(
    tmp_path: Path, change: str, value: object, says: str
) -> None:
    with pytest.raises(InvalidInput, match=rf"cases\.json.*{says}"):
        load_case_file(written(tmp_path, changed(change, value)))


def test_an_answers_place_follows_the_text_through_what_the_loader_changes(tmp_path: Path) -> None:
    # Line ends, trailing space, a control character and blank lines before it are not in a document's text.
    context = "  First.\r\nSecond line. \x07 \n\n\n\nIn May 2021, it was\n shut in May 2021."
    start = context.rindex("May 2021")
    given = squad()
    given["data"][0]["paragraphs"][0].update(context=context)
    given["data"][0]["paragraphs"][0]["qas"] = [
        {"id": "1", "question": "When?", "answers": [{"text": "May 2021", "answer_start": start}]}
    ]
    (case,) = load_case_file(written(tmp_path, given)).cases
    text = "First.\nSecond line.\n\nIn May 2021, it was\nshut in May 2021."
    (place,) = find_places(case, [document(text)], "default")
    assert (place.span.start, text[place.span.start : place.span.end]) == (text.rindex("May 2021"), "May 2021")


def test_a_sample_is_always_the_same_and_a_larger_one_holds_it() -> None:
    cases = tuple(Case(f"q{number}", f"Question {number}?", (), ()) for number in range(50))
    few, more = sampled(cases, 5), sampled(cases, 20)
    assert (len(few), len(more)) == (5, 20)
    assert few == sampled(cases, 5)
    assert set(few) < set(more)
    assert list(more) == sorted(more, key=cases.index)
    assert few != cases[:5]
    assert set(few) & set(sampled((Case("new", "New?", (), ()), *cases), 5))
    assert sampled(cases, None) == sampled(cases, 50) == sampled(cases, 99) == cases
