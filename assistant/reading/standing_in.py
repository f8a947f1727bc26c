"""Standing in: where the reader's model is down, another reader answers, and the draft says why."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from dataclasses import replace

from assistant.answers import Draft, Question
from assistant.reading import Reader, Texts
from index.documents import Hit
from index.errors import ModelUnavailable

logger = logging.getLogger(__name__)


class StandingIn:
    """Reads with `reader`; where its model is not available before it has made a statement, with `other`.

    What breaks off later is an error: statements of two readers are no one answer.
    """

    def __init__(self, reader: Reader, other: Reader) -> None:
        self.name = reader.name
        self._reader = reader
        self._other = other

    def read(self, question: Question, hits: tuple[Hit, ...], texts: Texts) -> Iterator[Draft]:
        """As `Reader.read`. Raises `ModelUnavailable` where the model breaks off after a statement."""
        given = False
        try:
            for draft in self._reader.read(question, hits, texts):
                given = given or bool(draft.statements)
                yield draft
        except ModelUnavailable as error:
            if given:
                raise
            why = str(error)
        else:
            return
        # Not why: a server's message may repeat what it was sent. The answer's trace has it.
        logger.warning("the %s reader answers, the language model is not available", self._other.name)
        for draft in self._other.read(question, hits, texts):
            yield replace(draft, reader=self._other.name, fallback=why)
