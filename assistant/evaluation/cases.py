"""Cases: questions whose answers are known, read from JSONL (one object a line). Asks nothing and judges nothing.

    {"id": "q1", "question": "...", "answers": ["145"], "quote": "...", "source": "report.md", "history": []}

`answers`, `quote` and `source` are null where the documents do not say. `source` is the name of the file (or the end of
its path), null for any. `history` holds the questions that are asked before, in one conversation. `also` lists further
right quotes (`{"quote", "source"}`), `why` is a note.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from index.errors import InvalidInput, NotFound, UnreadableFile

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]


@dataclass(frozen=True, slots=True)
class Evidence:
    """A right quote and the name of its file; without a name, it may stand in any document."""

    quote: str
    source: str | None


@dataclass(frozen=True, slots=True)
class Case:
    """One question with what is known of its answer; without evidence, the documents do not say."""

    id: str
    question: str
    answers: tuple[str, ...]
    evidence: tuple[Evidence, ...]
    history: tuple[str, ...] = ()
    why: str | None = None

    @property
    def answerable(self) -> bool:
        """True where the documents say it."""
        return bool(self.evidence)


class _Right(BaseModel):
    model_config = ConfigDict(extra="forbid")

    quote: Words
    source: Words | None = None


class _Line(BaseModel):
    model_config = ConfigDict(extra="forbid")

    id: Words | None = None
    question: Words
    answers: list[Words] | None
    quote: Words | None = None
    source: Words | None = None
    history: list[Words] = []
    also: list[_Right] = []
    why: str | None = None


def load_cases(path: Path) -> tuple[Case, ...]:
    """The cases of a file in order. Raises `NotFound`, `UnreadableFile`, or `InvalidInput` naming line and field."""
    cases: dict[str, Case] = {}
    for number, line in enumerate(_lines(path), start=1):
        if not line.strip():
            continue
        case = _case(line, number, f"{path}, line {number}")
        if case.id in cases:
            raise InvalidInput(f"{path}, line {number}: the id {case.id!r} is used twice: give each case its own")
        cases[case.id] = case
    if not cases:
        raise InvalidInput(f"{path} holds no case: write one JSON object a line, with question and answers")
    return tuple(cases.values())


def _lines(path: Path) -> list[str]:
    try:
        # Not splitlines(): JSON may hold U+2028 within a line.
        return path.read_text(encoding="utf-8-sig").split("\n")
    except FileNotFoundError as error:
        raise NotFound(f"{path} does not exist: give a JSONL file of cases, such as seeds/questions.jsonl") from error
    except UnicodeDecodeError as error:
        raise UnreadableFile(f"{path} is not UTF-8 ({error.reason} at byte {error.start}): save it as UTF-8") from error
    except OSError as error:
        raise UnreadableFile(f"{path} cannot be read ({error.strerror}): give a file that you may read") from error


def _case(text: str, number: int, where: str) -> Case:
    try:
        line = _Line.model_validate(json.loads(text))
    except json.JSONDecodeError as error:
        raise InvalidInput(
            f"{where}: no JSON ({error.msg} at column {error.colno}): write one object a line"
        ) from error
    except ValidationError as error:
        raise InvalidInput(f"{where}: {_fault(error)}") from error
    if line.answers is None and (line.quote or line.also):
        raise InvalidInput(f"{where}: answers is null but there is a quote: give the answers, or make the quote null")
    if line.answers is not None and (not line.answers or line.quote is None):
        raise InvalidInput(f"{where}: a case with answers needs at least one, and its quote: or make both null")
    first = [Evidence(line.quote, line.source)] if line.quote else []
    return Case(
        id=line.id or f"line {number}",
        question=line.question,
        answers=tuple(line.answers or ()),
        evidence=(*first, *(Evidence(right.quote, right.source) for right in line.also)),
        history=tuple(line.history),
        why=line.why,
    )


def _fault(error: ValidationError) -> str:
    """What is wrong with a line's first faulty field, and what to do."""
    first = error.errors()[0]
    field = ".".join(str(part) for part in first["loc"])
    if not field:
        return "a case is one object in braces, with question and answers"
    if first["type"] == "extra_forbidden":
        close = get_close_matches(field, _Line.model_fields, n=1)
        meant = f"did you mean {close[0]}?" if close else "notes go into the field why"
        return f"the field {field} is unknown: {meant}"
    if first["type"] == "missing":
        null = " (null where the documents do not say)" if field == "answers" else ""
        return f"the field {field} is missing: add it{null}"
    return f"the field {field} does not fit ({first['msg']}): mend it"
