"""The values of answering: what a question becomes on its way to an answer.

Values are frozen. `Draft` never leaves `assistant.answering`: declining and checking come before a statement is sent.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass, field
from typing import Literal

from index.documents import FoundBy, Hit

Check = Literal["verbatim", "supported", "unsupported"]
Verdict = Literal["grounded", "partial", "declined"]
# Who completed a question: nobody, for it was searched as asked; the rules; a chat model.
CondensedBy = Literal["asked", "rule", "model"]


@dataclass(frozen=True, slots=True)
class Span:
    """`[start, end)` in code points of a document's canonical text."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Question:
    """A question as it was asked, and as it is searched; both are equal on a first turn.

    `set_aside` is why a model that was to complete it did not: it was down, or a check says what it wrote is wrong.
    """

    asked: str
    standalone: str
    conversation_id: str | None = None
    condensed_by: CondensedBy = "asked"
    set_aside: str | None = None


@dataclass(frozen=True, slots=True)
class Pointer:
    """A sentence that a reader points at: `[start, end)` of `document_id`, within or adjoining `passage_id`.

    `highlight` is the short answer inside it, where the reader knows one.
    """

    document_id: str
    passage_id: str
    start: int
    end: int
    highlight: Span | None = None


@dataclass(frozen=True, slots=True)
class Shown:
    """A sentence that a model was shown, by the ordinal that stood before it: where its words are, not the words."""

    ordinal: str
    passage_id: str
    document_id: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class DraftStatement:
    """One sentence of a draft. `text` is None where the statement is the document's own words, cut by the pointers.

    Of these the reader gives the score; that of another's words comes with the check.
    """

    pointers: tuple[Pointer, ...]
    score: float = 0.0
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Dropped:
    """What was left out of an answer, and why; `pointer` is what it pointed at, as written."""

    text: str
    reason: str
    pointer: str | None = None


@dataclass(frozen=True, slots=True)
class Draft:
    """What a reader makes of a question and its hits.

    `confidence` is the probability that the first statement answers the question, None where the reader has no measure
    of it: then the language model alone has said whether the documents say it. An empty draft declines.
    `shown` is what a language model was shown, `left_out` how many hits did not fit, `written` its text as it came, and
    `constrained` what kept that to the ordinals shown (grammar, json), if anything did. `fallback` is why another
    reader made the draft than the one that was to, named in `reader`.
    `differing` says that the statements are what several sources say of one figure, newest first. `order`
    is passage ids, the best first, where the reader orders the hits better than the search did.
    """

    statements: tuple[DraftStatement, ...]
    confidence: float | None
    dropped: tuple[Dropped, ...] = ()
    differing: bool = False
    model: str | None = None
    prompt: str | None = None
    order: tuple[str, ...] = ()
    shown: tuple[Shown, ...] = ()
    left_out: int = 0
    written: str | None = None
    constrained: str | None = None
    reader: str | None = None
    fallback: str | None = None


@dataclass(frozen=True, slots=True)
class Citation:
    """An anchor in the W3C Web Annotation sense: quote with prefix and suffix, position, and digest of the version."""

    number: int
    passage_id: str
    document_id: str
    title: str
    source: str
    heading: str
    page: int | None
    published: datetime.date | None
    reliability: str | None
    credibility: int | None
    quote: str
    start: int
    end: int
    highlight: Span | None
    prefix: str
    suffix: str
    digest: str
    link: str
    # The ids of documents that are nearly the same text: reprints, not further sources.
    copies: tuple[str, ...] = ()
    # In words, where the document addresses a language model (`assistant.suspicion`).
    warning: str | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """One sentence of an answer; `text` carries no markers, `citations` are numbers.

    `faults` says what its sources do not bear out, `notes` what must be said beside it, both in words for a reader.
    """

    text: str
    citations: tuple[int, ...]
    check: Check
    score: float
    faults: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Closest:
    """A passage shown when the documents do not say: where it is and what it says."""

    passage_id: str
    document_id: str
    title: str
    source: str
    heading: str
    page: int | None
    published: datetime.date | None
    text: str
    start: int
    end: int
    score: float


@dataclass(frozen=True, slots=True)
class TracedHit:
    """A hit as the trace keeps it."""

    passage_id: str
    score: float
    rank: int
    found_by: FoundBy


@dataclass(frozen=True, slots=True)
class Trace:
    """Enough to explain an answer and to check it again; times in milliseconds."""

    reader: str
    model: str | None
    prompt: str | None
    embedder: str
    index_version: int
    milliseconds: dict[str, float] = field(default_factory=dict)
    hits: tuple[TracedHit, ...] = ()
    # Of a language model: the sentences that it was shown, how many hits did not fit, its text as it came, and what
    # kept that to the ordinals shown.
    shown: tuple[Shown, ...] = ()
    left_out: int = 0
    written: str | None = None
    constrained: str | None = None
    # Why the language model did not answer, where another way was taken.
    fallback: str | None = None
    # Whether the confidence is a measure to decline by; if not, it is the score of the first statement.
    measured: bool = True


@dataclass(frozen=True, slots=True)
class Answer:
    """A checked answer. `text` is rendered for reading; programs read `statements`."""

    id: str
    conversation_id: str
    question: Question
    verdict: Verdict
    confidence: float
    text: str
    statements: tuple[Statement, ...]
    citations: tuple[Citation, ...]
    closest: tuple[Closest, ...]
    dropped: tuple[Dropped, ...]
    differing: bool
    asked_at: datetime.datetime
    trace: Trace


@dataclass(frozen=True, slots=True)
class QuestionEvent:
    """First event of a stream: what will be searched."""

    id: str
    conversation_id: str
    question: Question


@dataclass(frozen=True, slots=True)
class HitsEvent:
    """Second event: what the search found."""

    hits: tuple[Hit, ...]


@dataclass(frozen=True, slots=True)
class StatementEvent:
    """A statement that stands, with the citations that it is the first to use."""

    statement: Statement
    citations: tuple[Citation, ...]


@dataclass(frozen=True, slots=True)
class AnswerEvent:
    """Last event: the whole answer; its statements are those that were streamed."""

    answer: Answer


Event = QuestionEvent | HitsEvent | StatementEvent | AnswerEvent
