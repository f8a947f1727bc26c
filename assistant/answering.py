"""The spine: from a question to a checked answer, as events. `stream` is the primitive; `ask` consumes it.

    question -condense-> Question -search-> Hits -read-> Draft -check-> Answer

Declining and checking come before a statement is sent: what was streamed is what the answer says. The parts come
through the constructor; `assistant.assembly` chooses them.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol, TypedDict, Unpack

from assistant.answers import (
    Answer,
    AnswerEvent,
    Draft,
    Event,
    HitsEvent,
    Question,
    QuestionEvent,
    Trace,
    TracedHit,
)
from assistant.checking import Checker
from assistant.condensing import Condenser
from assistant.conversations import ConversationStore, new_id
from assistant.errors import InvalidQuestion
from assistant.outcome import Outcome, Unsupported
from assistant.reading import KnownCopies, Reader
from assistant.snapshot import Snapshot
from assistant.tracing import Stopwatch
from assistant.wording import answer_text
from index.documents import DEFAULT_COLLECTION, NO_FILTERS, Filters, Hit

LONGEST_QUESTION = 2000


class Searching(KnownCopies, Protocol):
    """What the assistant needs of a library."""

    @property
    def embedder_name(self) -> str:
        """What made the vectors."""
        ...

    @property
    def index_version(self) -> int:
        """Counts the changes of what is visible."""
        ...

    def search(
        self, question: str, *, collection: str = ..., filters: Filters = ..., limit: int = ...
    ) -> tuple[Hit, ...]:
        """The best hits, ranks 1..n."""
        ...


@dataclass(frozen=True, slots=True)
class Policy:
    """When to decline (below which confidence), and what becomes of a statement that its sources do not bear out."""

    decline_below: float
    unsupported: Unsupported = "show"

    def declines(self, confidence: float | None) -> bool:
        """Whether an answer of this confidence is not given; the model has decided where it is None."""
        return confidence is not None and confidence < self.decline_below


class Options(TypedDict, total=False):
    """What may be said beside a question; see `Assistant.stream`."""

    conversation_id: str | None
    collection: str
    filters: Filters
    max_passages: int
    must_answer: bool


class Assistant:
    """Answers questions from one library. Thread-safe where its parts are."""

    def __init__(
        self,
        library: Searching,
        condenser: Condenser,
        reader: Reader,
        conversations: ConversationStore,
        checker: Checker,
        policy: Policy,
    ) -> None:
        self._library = library
        self._condenser = condenser
        self._reader = reader
        self._conversations = conversations
        self._checker = checker
        self._policy = policy

    def ask(self, asked: str, **options: Unpack[Options]) -> Answer:
        """The whole answer; options and errors as `stream`."""
        *_, last = self.stream(asked, **options)
        assert isinstance(last, AnswerEvent)
        return last.answer

    def stream(
        self,
        asked: str,
        *,
        conversation_id: str | None = None,
        collection: str = DEFAULT_COLLECTION,
        filters: Filters = NO_FILTERS,
        max_passages: int = 8,
        must_answer: bool = False,
    ) -> Iterator[Event]:
        """Answer a question, event by event: question, hits, statements, answer. Closing the iterator cancels.

        `must_answer` turns declining off. Raises `InvalidQuestion`, `NotFound` (conversation, collection, filtered
        document), `NothingIndexed`, `LibraryInUse`, `ModelUnavailable`; nothing is kept then.
        """
        watch = Stopwatch()
        with watch.step("condense"):
            question = self._question(asked, conversation_id)
        answer_id, conversation = new_id("a"), conversation_id or new_id("c")
        yield QuestionEvent(answer_id, conversation, question)

        with watch.step("search"):
            texts = Snapshot(self._library)
            hits = texts.standing(
                self._library.search(question.standalone, collection=collection, filters=filters, limit=max_passages)
            )
        yield HitsEvent(hits)

        outcome = Outcome(answer_id, hits, texts, self._checker, self._policy.unsupported)
        for draft in watch.each("read", self._reader.read(question, hits, texts)):
            declined = not must_answer and self._policy.declines(draft.confidence)
            yield from watch.each("check", outcome.settle(draft, declined=declined))

        draft = outcome.draft
        differing = draft.differing and len(outcome.statements) > 1
        answer = Answer(
            id=answer_id,
            conversation_id=conversation,
            question=question,
            verdict=outcome.verdict,
            confidence=outcome.confidence,
            text=answer_text(
                outcome.statements,
                outcome.citations,
                differing,
                fallback=draft.fallback is not None,
                confidence=outcome.confidence,
            ),
            statements=tuple(outcome.statements),
            citations=outcome.citations,
            closest=outcome.closest(),
            dropped=outcome.dropped,
            differing=differing,
            asked_at=datetime.datetime.now(datetime.UTC),
            trace=self._trace(draft, hits, watch),
        )
        self._conversations.keep(answer, collection)
        yield AnswerEvent(answer)

    def _question(self, asked: str, conversation_id: str | None) -> Question:
        asked = asked.strip()
        if not asked:
            raise InvalidQuestion("the question is empty: ask in a sentence")
        if len(asked) > LONGEST_QUESTION:
            raise InvalidQuestion(
                f"the question has {len(asked)} characters, at most {LONGEST_QUESTION} are read: ask a shorter one"
            )
        history = self._conversations.answers(conversation_id) if conversation_id else ()
        done = self._condenser.condense(asked, history)
        return Question(asked, done.standalone, conversation_id, done.by, done.set_aside)

    def _trace(self, draft: Draft, hits: tuple[Hit, ...], watch: Stopwatch) -> Trace:
        return Trace(
            reader=draft.reader or self._reader.name,
            model=draft.model,
            prompt=draft.prompt,
            embedder=self._library.embedder_name,
            index_version=self._library.index_version,
            milliseconds=watch.milliseconds(),
            hits=tuple(TracedHit(hit.passage.id, hit.score, hit.rank, hit.found_by) for hit in hits),
            shown=draft.shown,
            left_out=draft.left_out,
            written=draft.written,
            constrained=draft.constrained,
            fallback=draft.fallback,
            measured=draft.confidence is not None,
        )
