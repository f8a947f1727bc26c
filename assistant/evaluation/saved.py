"""A run as it is saved (`--output`) and read again (`--baseline`): what it was made with, and what each case came to.

All figures are made of `SavedCase`s, those of a run just done and those of a file alike.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from assistant.answers import Verdict
from assistant.evaluation.cases import Evidence, read_text
from assistant.evaluation.judging import Judged, shared_words
from index.errors import InvalidInput

# How much of a long quote is shown on either side of the answer.
AROUND = 160


class Gold(BaseModel):
    """A right quote: the words around the answer, the answer and what follows; without a place, all is `before`."""

    model_config = ConfigDict(frozen=True)

    before: str
    answer: str = ""
    after: str = ""

    @property
    def text(self) -> str:
        """The quote."""
        return self.before + self.answer + self.after


class Cited(BaseModel):
    """The first citation: of which document, where, and its words."""

    model_config = ConfigDict(frozen=True)

    title: str
    source: str
    heading: str
    quote: str
    start: int
    end: int


class SavedCase(BaseModel):
    """What one case came to.

    `marked_right` is how well the marked words of a right first citation are a right short answer (0 to 1).
    `verdict`, `first_citation` and `any_citation` are of the answer as it is given at the run's threshold; `text`,
    `answer_hit`, `cited` and `citations` of the answer that it gives where it may not decline.
    """

    model_config = ConfigDict(frozen=True)

    id: str
    question: str
    history: tuple[str, ...] = ()
    standalone: str
    answerable: bool
    answers: tuple[str, ...] = ()
    gold: tuple[Gold, ...] = ()
    right: bool
    fault: str | None
    verdict: Verdict
    confidence: float
    text: str
    cited: Cited | None = None
    first_citation: bool | None
    any_citation: bool | None
    answer_hit: bool | None
    rank: int | None
    citations: int
    citations_sound: int
    # The short answer that is marked in the first citation; runs that were saved before it was judged have none.
    marked: str | None = None
    marked_right: float | None = None
    milliseconds: dict[str, float]

    @property
    def declined(self) -> bool:
        """True where no answer was given."""
        return self.verdict == "declined"


class SavedRun(BaseModel):
    """A run; of the saved object only this is read, the figures are made anew."""

    made_with: dict[str, Any]
    cases: tuple[SavedCase, ...]


def saved(one: Judged) -> SavedCase:
    """What is kept of a judged answer."""
    case, answer = one.case, one.answer
    first = answer.citations[0] if answer.citations else None
    return SavedCase(
        id=case.id,
        question=case.question,
        history=case.history,
        standalone=answer.question.standalone,
        answerable=case.answerable,
        answers=case.answers,
        gold=tuple(gold(evidence) for evidence in case.evidence),
        right=one.right,
        fault=one.fault,
        verdict=one.verdict,
        confidence=answer.confidence,
        text=answer.text,
        cited=Cited.model_validate(first, from_attributes=True) if first else None,
        first_citation=one.first,
        any_citation=one.anywhere,
        answer_hit=one.hit,
        rank=one.rank,
        citations=len(answer.citations),
        citations_sound=one.sound,
        marked=one.marked,
        marked_right=shared_words(one.marked, case.answers) if one.marked and one.hit else None,
        milliseconds=answer.trace.milliseconds,
    )


def gold(evidence: Evidence) -> Gold:
    """A right quote for reading; of a whole paragraph, what stands around the answer."""
    if evidence.within is None:
        return Gold(before=evidence.quote)
    quote, (start, end) = evidence.quote, evidence.within
    before, after = quote[max(0, start - AROUND) : start], quote[end : end + AROUND]
    return Gold(
        before=f"…{before}" if start > AROUND else before,
        answer=quote[start:end],
        after=f"{after}…" if end + AROUND < len(quote) else after,
    )


def read_run(path: Path) -> SavedRun:
    """A saved run. Raises `NotFound`, `UnreadableFile`, or `InvalidInput` where the file is no such run."""
    text = read_text(path)
    again = "make it with `assistant evaluate FILE --output RUN.json`"
    try:
        return SavedRun.model_validate_json(text)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"]) or "the file"
        raise InvalidInput(f"{path} is no saved run ({place}: {first['msg']}): {again}") from error
