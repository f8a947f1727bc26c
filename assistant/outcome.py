"""The outcome of a draft: what stands of it, what was dropped, and the verdict on the whole (law 3).

A draft may grow while it is settled; what has been settled of it stays.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from assistant.answers import Citation, Closest, Draft, DraftStatement, Dropped, Statement, StatementEvent, Verdict
from assistant.checking import Checker
from assistant.citing import Citations
from assistant.reading import KnownCopies
from index.documents import Hit

# How many passages are shown where the documents do not say.
CLOSEST = 3

Unsupported = Literal["show", "drop"]


class Outcome:
    """Settles a draft's statements one after the other, each cited and checked before it is sent."""

    def __init__(
        self, answer_id: str, hits: tuple[Hit, ...], texts: KnownCopies, checker: Checker, unsupported: Unsupported
    ) -> None:
        self._hits = hits
        self._texts = texts
        self._checker = checker
        self._unsupported = unsupported
        self._citations = Citations(answer_id, {hit.passage.id: hit.passage for hit in hits}, texts)
        self._settled = 0
        self._own: list[Dropped] = []
        self._left_out = False
        self.draft = Draft((), 0.0)
        self.statements: list[Statement] = []

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The citations of the statements that stand."""
        return self._citations.all

    @property
    def dropped(self) -> tuple[Dropped, ...]:
        """What the reader left out, and what was left out here."""
        return (*self.draft.dropped, *self._own)

    @property
    def verdict(self) -> Verdict:
        """Grounded where all is cited and checked; partial where some is not, or was left out; else declined."""
        if not self.statements:
            return "declined"
        unsupported = any(statement.check == "unsupported" for statement in self.statements)
        # A pointer alone may be dropped and its statement stand; a statement that is left out makes an answer partial.
        left_out = self._left_out or any(dropped.text for dropped in self.draft.dropped)
        return "partial" if unsupported or left_out else "grounded"

    def settle(self, draft: Draft, *, declined: bool) -> Iterator[StatementEvent]:
        """Take a draft that holds the one before it; cite and check what is new in it, unless it is declined."""
        self.draft = draft
        for statement in () if declined else draft.statements[self._settled :]:
            self._settled += 1
            event = self._stands(statement)
            if event is not None:
                yield event

    def _stands(self, draft: DraftStatement) -> StatementEvent | None:
        """One statement, cited and checked; None where it is dropped, and `dropped` says why."""
        pointers, faults = self._citations.sound(draft)
        self._own += faults
        quotes = [self._citations.quote(pointer) for pointer in pointers]
        text = " ".join(quotes) if draft.text is None else draft.text
        if not quotes:
            self._drop(text, "it points at nothing that was shown")
            return None
        checked = self._checker.check(text, quotes)
        if checked.check == "unsupported" and self._unsupported == "drop":
            self._drop(text, f"the sentences that it points at do not bear it out: {'; '.join(checked.faults)}")
            return None
        known = len(self.citations)
        cited = [self._citations.cite(pointer) for pointer in pointers]
        numbers = tuple(dict.fromkeys(citation.number for citation in cited))
        score = draft.score if draft.text is None else checked.score
        statement = Statement(text, numbers, checked.check, score, checked.faults, checked.notes)
        self.statements.append(statement)
        return StatementEvent(statement, self.citations[known:])

    def closest(self) -> tuple[Closest, ...]:
        """The nearest passages, for an answer in which no statement stands."""
        if self.statements:
            return ()
        rank = {passage_id: place for place, passage_id in enumerate(self.draft.order)}
        nearest = sorted(self._hits, key=lambda hit: rank.get(hit.passage.id, len(rank)))
        return tuple(self._closest(hit) for hit in nearest[:CLOSEST])

    def _drop(self, text: str, reason: str) -> None:
        self._own.append(Dropped(text=text, reason=reason))
        self._left_out = True

    def _closest(self, hit: Hit) -> Closest:
        passage, document = hit.passage, self._texts.document(hit.passage.document_id)
        return Closest(
            passage_id=passage.id,
            document_id=document.id,
            title=document.title,
            source=document.sources[0] if document.sources else "",
            heading=passage.heading,
            page=passage.page,
            published=document.details.published,
            text=passage.text,
            start=passage.start,
            end=passage.end,
            score=hit.score,
        )
