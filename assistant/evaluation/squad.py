"""SQuAD's JSON format, 1.1 and 2.0: questions over paragraphs that the file itself brings. Asks nothing.

    {"data": [{"title": "...", "paragraphs": [{"context": "...", "qas": [
        {"id": "1", "question": "...", "is_impossible": false, "answers": [{"text": "...", "answer_start": 9}]}]}]}]}

`answer_start` counts code points of `context`. Where `is_impossible` is true the paragraph does not say. Other fields
(`plausible_answers`, `version`) are ignored. Source: https://rajpurkar.github.io/SQuAD-explorer/.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field, ValidationError

from assistant.evaluation.cases import Case, Evidence, Words
from index.errors import InvalidInput
from index.loading.canonical import is_blank, one_line, plain_characters


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph as a document of its own: the name of its file, its article's title, its text, its place in JSON."""

    name: str
    title: str
    text: str
    where: str


class _Answer(BaseModel):
    text: str
    answer_start: int = Field(ge=0)


class _Asked(BaseModel):
    id: Words | int
    question: Words
    answers: list[_Answer] = []
    is_impossible: bool = False


class _Paragraph(BaseModel):
    context: str
    qas: list[_Asked]


class _Article(BaseModel):
    title: str = "Untitled"
    paragraphs: list[_Paragraph]


class _File(BaseModel):
    data: list[_Article]


def parse_squad(given: Any, path: Path) -> tuple[tuple[Case, ...], tuple[Paragraph, ...]]:
    """The cases and the paragraphs of a decoded file, in order.

    Raises `InvalidInput` with the place in the file (`data[0].paragraphs[2].qas[1]`) and the question's id.
    """
    try:
        articles = _File.model_validate(given).data
    except ValidationError as error:
        first = error.errors()[0]
        missing = first["type"] == "missing"
        problem = "is missing: add it" if missing else f"does not fit ({first['msg']}): mend it"
        raise InvalidInput(f"{path}: {_place(first['loc'])} {problem}") from error
    paragraphs: list[Paragraph] = []
    cases: dict[str, Case] = {}
    for where, title, paragraph in _paragraphs(articles):
        if is_blank(paragraph.context):
            raise InvalidInput(f"{path}: {where}.context is blank: give its text, or leave the paragraph out")
        brought = Paragraph(f"{len(paragraphs) + 1:05}.txt", title, plain_characters(paragraph.context), where)
        paragraphs.append(brought)
        for number, asked in enumerate(paragraph.qas):
            case = _case(asked, paragraph.context, brought, f"{path}: {where}.qas[{number}] (id {asked.id})")
            if case.id in cases:
                raise InvalidInput(
                    f"{path}: {where}.qas[{number}]: the id {case.id!r} is used twice: give each its own"
                )
            cases[case.id] = case
    if not cases:
        raise InvalidInput(f"{path} holds no question: SQuAD's are in data[].paragraphs[].qas[]")
    return tuple(cases.values()), tuple(paragraphs)


def _paragraphs(articles: Sequence[_Article]) -> Iterator[tuple[str, str, _Paragraph]]:
    """Each paragraph with its place in the file and its article's title (SQuAD writes a title's spaces as `_`)."""
    for outer, article in enumerate(articles):
        for inner, paragraph in enumerate(article.paragraphs):
            title = one_line(article.title.replace("_", " ")) or "Untitled"
            yield f"data[{outer}].paragraphs[{inner}]", title, paragraph


def _case(asked: _Asked, context: str, paragraph: Paragraph, where: str) -> Case:
    if asked.is_impossible and asked.answers:
        raise InvalidInput(f"{where}: is_impossible is true but there are answers: empty them, or make it false")
    if not asked.is_impossible and not asked.answers:
        raise InvalidInput(f"{where}: it has no answer: give one, or make is_impossible true")
    evidence = dict.fromkeys(_evidence(answer, context, paragraph, where) for answer in asked.answers)
    return Case(
        id=str(asked.id),
        question=asked.question,
        answers=tuple(dict.fromkeys(answer.text for answer in asked.answers)),
        evidence=tuple(evidence),
    )


def _evidence(answer: _Answer, context: str, paragraph: Paragraph, where: str) -> Evidence:
    start, end = answer.answer_start, answer.answer_start + len(answer.text)
    if not answer.text.strip():
        raise InvalidInput(f"{where}: an answer's text is blank: give its words, or leave it out")
    if context[start:end] != answer.text:
        raise InvalidInput(
            f"{where}: the answer {answer.text[:60]!r} does not stand at answer_start {start} (there: "
            f"{context[start:end][:60]!r}): count in characters of the context, not in bytes"
        )
    # What was taken out of the text before the answer moves it.
    within = (len(plain_characters(context[:start])), len(plain_characters(context[:end])))
    return Evidence(paragraph.text, paragraph.name, within)


def _place(loc: Sequence[str | int]) -> str:
    """`data[0].paragraphs[2].context`. The alternatives of a field that may be of two types are not part of it."""
    kept = [part for part in loc if isinstance(part, int) or part in _FIELDS]
    shown = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in kept)
    return shown.removeprefix(".") or "the file"


_FIELDS = {name for model in (_File, _Article, _Paragraph, _Asked, _Answer) for name in model.model_fields}


def decode_squad(text: str, path: Path) -> Any:
    """The JSON of a file; raises `InvalidInput` with line and column where it is none."""
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise InvalidInput(
            f"{path} looks like SQuAD's format but is no JSON ({error.msg} at line {error.lineno}, column "
            f"{error.colno}): is it whole?"
        ) from error
