"""The outcome of a draft: what stands of it, what was dropped, and the verdict on the whole (law 3)."""

from __future__ import annotations

from typing import Literal

from assistant.answers import Citation, Closest, Draft, Dropped, Statement, StatementEvent, Verdict
from assistant.checking import check
from assistant.citing import Citations
from assistant.reading import KnownCopies
from index.documents import Hit

# How many passages are shown where the documents do not say.
CLOSEST = 3

Unsupported = Literal["show", "drop"]


class Outcome:
    """Settles a draft's statements one after the other, each cited and checked before it is sent."""

    def __init__(self, answer_id: str, hits: tuple[Hit, ...], texts: KnownCopies, draft: Draft) -> None:
        self._hits = hits
        self._texts = texts
        self._draft = draft
        self._citations = Citations(answer_id, {hit.passage.id: hit.passage for hit in hits}, texts)
        self.statements: list[Statement] = []
        self.dropped: list[Dropped] = list(draft.dropped)
        # A pointer alone may be dropped and its statement stand; a statement that is left out makes an answer partial.
        self._left_out = any(dropped.text for dropped in draft.dropped)

    @property
    def citations(self) -> tuple[Citation, ...]:
        """The citations of the statements that stand."""
        return self._citations.all

    @property
    def verdict(self) -> Verdict:
        """Grounded where all is cited and checked; partial where some is not, or was left out; else declined."""
        if not self.statements:
            return "declined"
        unsupported = any(statement.check == "unsupported" for statement in self.statements)
        return "partial" if unsupported or self._left_out else "grounded"

    def settle(self, position: int, unsupported: Unsupported) -> StatementEvent | None:
        """Cite and check one statement; None where it is dropped, and `dropped` says why."""
        draft = self._draft.statements[position]
        pointers, faults = self._citations.sound(draft)
        self.dropped += faults
        quotes = [self._citations.quote(pointer) for pointer in pointers]
        text = " ".join(quotes) if draft.text is None else draft.text
        if not quotes:
            self._drop(text, "it points at nothing that was shown")
            return None
        verdict, score = check(text, quotes)
        if verdict == "unsupported" and unsupported == "drop":
            self._drop(text, "the sentences that it points at do not bear it out")
            return None
        known = len(self.citations)
        cited = [self._citations.cite(pointer) for pointer in pointers]
        numbers = tuple(dict.fromkeys(citation.number for citation in cited))
        statement = Statement(text, numbers, verdict, draft.score if draft.text is None else score)
        self.statements.append(statement)
        return StatementEvent(statement, self.citations[known:])

    def closest(self) -> tuple[Closest, ...]:
        """The nearest passages, for an answer in which no statement stands."""
        if self.statements:
            return ()
        rank = {passage_id: place for place, passage_id in enumerate(self._draft.order)}
        nearest = sorted(self._hits, key=lambda hit: rank.get(hit.passage.id, len(rank)))
        return tuple(self._closest(hit) for hit in nearest[:CLOSEST])

    def _drop(self, text: str, reason: str) -> None:
        self.dropped.append(Dropped(text=text, reason=reason))
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
