"""Cases: questions whose answers are known, read from JSONL (one object a line). Asks nothing and judges nothing.

SQuAD's format is read by `assistant.evaluation.squad`; `assistant.evaluation.files` tells the two apart.

    {"id": "q1", "question": "...", "answers": ["145"], "quote": "...", "source": "report.md", "history": []}

`answers`, `quote` and `source` are null where the documents do not say. `source` is the name of the file (or the end of
its path), null for any. `history` holds the questions that are asked before, in one conversation. `also` lists further
right quotes (`{"quote", "source"}`), `why` is a note.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError

from index.errors import InvalidInput, NotFound, UnreadableFile

Words = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
SEED = 4


@dataclass(frozen=True, slots=True)
class Evidence:
    """A right quote and the name of its file; without a name, it may stand in any document.

    `within` is the answer's place in the quote, `[start, end)` in code points, where the file of cases says it: then
    only that place is right, and only the answer that stands there.
    """

    quote: str
    source: str | None
    within: tuple[int, int] | None = None

    @property
    def answer(self) -> str | None:
        """The words at `within`; None where the whole quote is the place."""
        return self.quote[self.within[0] : self.within[1]] if self.within else None


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
    """The cases of a JSONL file in order; raises `NotFound`, `UnreadableFile`, or what `parse_cases` raises."""
    return parse_cases(read_text(path), path)


def parse_cases(text: str, path: Path) -> tuple[Case, ...]:
    """The cases of a JSONL file's text in order. Raises `InvalidInput` naming line and field."""
    cases: dict[str, Case] = {}
    # Not splitlines(): JSON may hold U+2028 within a line.
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        case = _case(line, number, f"{path}, line {number}")
        if case.id in cases:
            raise InvalidInput(f"{path}, line {number}: the id {case.id!r} is used twice: give each case its own")
        cases[case.id] = case
    if not cases:
        raise InvalidInput(f"{path} holds no case: write one JSON object a line, with question and answers")
    return tuple(cases.values())


def sampled(cases: tuple[Case, ...], limit: int | None) -> tuple[Case, ...]:
    """At most `limit` cases, drawn at random but always the same ones, in the order of the file.

    Each case is drawn by a hash of its own (with a fixed seed): a larger sample holds the smaller one, and cases that
    are added to the file leave the others in. So runs with different limits still have cases in common.
    """
    if limit is None or limit >= len(cases):
        return cases
    drawn = sorted(cases, key=lambda case: hashlib.sha256(f"{SEED}:{case.id}:{case.question}".encode()).digest())
    kept = {case.id for case in drawn[:limit]}
    return tuple(case for case in cases if case.id in kept)


def read_text(path: Path) -> str:
    """A file's text. Raises `NotFound` and `UnreadableFile`."""
    try:
        return path.read_text(encoding="utf-8-sig")
    except FileNotFoundError as error:
        raise NotFound(
            f"{path} does not exist: give a file of cases (JSONL, such as seeds/questions.jsonl, or SQuAD's JSON)"
        ) from error
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
