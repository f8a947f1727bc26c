"""A run: every case asked as a user would ask it, each answer judged. Its conversations are removed afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass

from assistant.answers import Answer, AnswerEvent, HitsEvent, QuestionEvent
from assistant.assembly import Dossier
from assistant.errors import InvalidQuestion
from assistant.evaluation.cases import Case
from assistant.evaluation.judging import Judged, Place, comes_from, find_places, judge
from index.documents import DEFAULT_COLLECTION, Document, Hit
from index.errors import InvalidInput, NotFound
from index.library import Library

# Heard of before each case: its question, how many are done, how many there are.
Progress = Callable[[str, int, int], None]
PAGE = 500


@dataclass(frozen=True, slots=True)
class Fingerprint:
    """What a run was made with: two runs differ by what differs here."""

    reader: str
    model: str | None
    prompt: str | None
    embedder: str
    index_version: int
    collection: str
    max_passages: int
    decline_below: float


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A whole run; `assistant.evaluation.metrics` makes figures of it."""

    made_with: Fingerprint
    judged: tuple[Judged, ...]


def evaluate(
    dossier: Dossier,
    cases: Sequence[Case],
    *,
    collection: str = DEFAULT_COLLECTION,
    max_passages: int = 8,
    progress: Progress = lambda _what, _done, _total: None,
) -> Evaluation:
    """Ask every case, its history before it, and judge the answers.

    Raises `InvalidInput` where there is no case, a question cannot be asked, or a right quote is in no document (before
    anything is asked), and what `Assistant.stream` raises.
    """
    if not cases:
        raise InvalidInput("there is no case to evaluate: give a file with at least one")
    places = _places(dossier.library, cases, collection)
    dossier.library.embedder.embed_question(cases[0].question)  # Loading it is not the first question's time.
    judged = []
    for number, (case, right) in enumerate(zip(cases, places, strict=True)):
        progress(case.question, number, len(cases))
        judged.append(_judged(dossier, case, right, collection, max_passages))
    progress("", len(cases), len(cases))
    return Evaluation(_fingerprint(dossier, judged, collection, max_passages), tuple(judged))


def _places(library: Library, cases: Sequence[Case], collection: str) -> list[tuple[Place, ...]]:
    names = {evidence.source for case in cases for evidence in case.evidence}
    documents = list(_documents(library, collection, names))
    return [find_places(case, documents, collection) for case in cases]


def _documents(library: Library, collection: str, names: set[str | None]) -> Iterator[Document]:
    """The documents of a collection that one of the file names means."""
    after: str | None = None
    while True:
        entries, after = library.entries(collection=collection, limit=PAGE, after=after)
        for entry in entries:
            if entry.state == "visible" and any(comes_from(entry.sources, name) for name in names):
                yield library.document(entry.id)
        if after is None:
            return


def _judged(dossier: Dossier, case: Case, places: tuple[Place, ...], collection: str, max_passages: int) -> Judged:
    conversation = _Conversation(dossier, collection, max_passages)
    try:
        for asked in case.history:
            conversation.ask(asked)
        hits, answer = conversation.ask(case.question)
    except InvalidQuestion as error:
        raise InvalidInput(f"case {case.id} cannot be asked: {error}") from error
    finally:
        conversation.forget()
    return judge(case, answer, hits, places, dossier.library)


class _Conversation:
    """A conversation that is forgotten at its end, so that no evaluation stands among the user's own."""

    def __init__(self, dossier: Dossier, collection: str, max_passages: int) -> None:
        self._dossier = dossier
        self._collection = collection
        self._max_passages = max_passages
        self._id: str | None = None

    def ask(self, asked: str) -> tuple[tuple[Hit, ...], Answer]:
        """The hits and the answer of the next question."""
        hits: tuple[Hit, ...] = ()
        answer: Answer | None = None
        for event in self._dossier.assistant.stream(
            asked, conversation_id=self._id, collection=self._collection, max_passages=self._max_passages
        ):
            match event:
                case QuestionEvent():
                    self._id = event.conversation_id
                case HitsEvent():
                    hits = event.hits
                case AnswerEvent():
                    answer = event.answer
        assert answer is not None  # The last event of a stream.
        return hits, answer

    def forget(self) -> None:
        """Remove it, where any of it was kept."""
        if self._id is not None:
            with suppress(NotFound):
                self._dossier.conversations.remove(self._id)


def _fingerprint(dossier: Dossier, judged: Sequence[Judged], collection: str, max_passages: int) -> Fingerprint:
    traces = [one.answer.trace for one in judged]
    return Fingerprint(
        reader=traces[-1].reader,
        # A draft that was never written by a model names none.
        model=next((trace.model for trace in traces if trace.model), None),
        prompt=next((trace.prompt for trace in traces if trace.prompt), None),
        embedder=traces[-1].embedder,
        index_version=traces[-1].index_version,
        collection=collection,
        max_passages=max_passages,
        decline_below=dossier.settings.decline_below,
    )
