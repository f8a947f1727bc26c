"""A run: every case asked as a user would ask it, each answer judged. Its conversations are removed afterwards."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Literal

from assistant.answering import Options
from assistant.answers import Answer, AnswerEvent, HitsEvent, QuestionEvent
from assistant.assembly import Dossier
from assistant.errors import InvalidQuestion
from assistant.evaluation.cases import Case
from assistant.evaluation.judging import Judged, Place, find_places, judge
from index.documents import DEFAULT_COLLECTION, Document, Hit
from index.errors import DossierError, InvalidInput, NotFound
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
    index: Literal["library", "temporary"] = "library"


@dataclass(frozen=True, slots=True)
class Evaluation:
    """A run; `assistant.evaluation.metrics` makes figures of it. `stopped` says why it ended before its last case."""

    made_with: Fingerprint
    judged: tuple[Judged, ...]
    stopped: str | None = None


def evaluate(
    dossier: Dossier,
    cases: Sequence[Case],
    *,
    collection: str = DEFAULT_COLLECTION,
    max_passages: int = 8,
    index: Literal["library", "temporary"] = "library",
    progress: Progress = lambda _what, _done, _total: None,
) -> Evaluation:
    """Ask every case, its history before it, and judge the answers.

    A case that cannot be asked ends the run, and so does an interrupt: what was answered before is kept, and `stopped`
    names the case. Raises `InvalidInput` where there is no case, or a right quote is in no document (before anything is
    asked), and what the first case raises.
    """
    if not cases:
        raise InvalidInput("there is no case to evaluate: give a file with at least one")
    places = _places(dossier.library, cases, collection)
    # Loading the models is not the first question's time.
    dossier.prepare()
    judged: list[Judged] = []
    stopped: str | None = None
    for number, (case, right) in enumerate(zip(cases, places, strict=True)):
        try:
            progress(case.question, number, len(cases))
            judged.append(_judged(dossier, case, right, collection, max_passages))
        except (DossierError, KeyboardInterrupt) as error:
            if not judged:
                raise
            why = "it was interrupted" if isinstance(error, KeyboardInterrupt) else str(error)
            stopped = f"stopped at case {case.id} ({number} of {len(cases)} were answered, and are shown): {why}"
            break
    progress("", len(judged), len(cases))
    return Evaluation(_fingerprint(dossier, judged, collection, max_passages, index), tuple(judged), stopped)


def _places(library: Library, cases: Sequence[Case], collection: str) -> list[tuple[Place, ...]]:
    """Where each case's right quotes stand. Documents are looked up by the names of their files: they may be many."""
    names = {evidence.source for case in cases for evidence in case.evidence}
    documents = list(_documents(library, collection, names))
    by_file: dict[str, list[Document]] = {}
    for document in documents:
        for name in dict.fromkeys(_file_of(source) for source in document.sources):
            by_file.setdefault(name, []).append(document)

    def meant(case: Case) -> Iterable[Document]:
        sources = [evidence.source for evidence in case.evidence]
        if None in sources:
            return documents
        found = [document for source in sources if source for document in by_file.get(_file_of(source), ())]
        return {document.id: document for document in found}.values()

    return [find_places(case, meant(case), collection) for case in cases]


def _documents(library: Library, collection: str, names: set[str | None]) -> Iterator[Document]:
    """The documents of a collection that one of the file names may mean; `find_places` looks at the whole name."""
    files = {_file_of(name) for name in names if name is not None}
    after: str | None = None
    while True:
        entries, after = library.entries(collection=collection, limit=PAGE, after=after)
        for entry in entries:
            meant = None in names or any(_file_of(source) in files for source in entry.sources)
            if entry.state == "visible" and meant:
                yield library.document(entry.id)
        if after is None:
            return


def _file_of(source: str) -> str:
    return re.split("[/:]", source)[-1]


def _judged(dossier: Dossier, case: Case, places: tuple[Place, ...], collection: str, max_passages: int) -> Judged:
    conversation = _Conversation(dossier, collection, max_passages)
    try:
        for asked in case.history:
            conversation.ask(asked)
        # It may not decline, so that its statements are there to be judged in any case. `Assistant.stream` declines by
        # nothing but this: `must_answer` is not set, and the draft's confidence is below the threshold. The draft, its
        # confidence and what becomes of its statements do not depend on `must_answer`. So the threshold, applied to the
        # answer's confidence afterwards (`judge`), gives what the assistant would have given, and one run is enough.
        hits, answer = conversation.ask(case.question, must_answer=True)
    except InvalidQuestion as error:
        raise InvalidInput(f"case {case.id} cannot be asked: {error}") from error
    finally:
        conversation.forget()
    return judge(case, answer, hits, places, dossier.library, dossier.settings.decline_below)


class _Conversation:
    """A conversation that is forgotten at its end, so that no evaluation stands among the user's own."""

    def __init__(self, dossier: Dossier, collection: str, max_passages: int) -> None:
        self._dossier = dossier
        self._options: Options = {"collection": collection, "max_passages": max_passages}

    def ask(self, asked: str, *, must_answer: bool = False) -> tuple[tuple[Hit, ...], Answer]:
        """The hits and the answer of the next question."""
        hits: tuple[Hit, ...] = ()
        answer: Answer | None = None
        options: Options = {**self._options, "must_answer": must_answer}
        for event in self._dossier.assistant.stream(asked, **options):
            match event:
                case QuestionEvent():
                    self._options["conversation_id"] = event.conversation_id
                case HitsEvent():
                    hits = event.hits
                case AnswerEvent():
                    answer = event.answer
        assert answer is not None  # The last event of a stream.
        return hits, answer

    def forget(self) -> None:
        """Remove it, where any of it was kept."""
        kept = self._options.get("conversation_id")
        if kept is not None:
            with suppress(NotFound):
                self._dossier.conversations.remove(kept)


def _fingerprint(
    dossier: Dossier,
    judged: Sequence[Judged],
    collection: str,
    max_passages: int,
    index: Literal["library", "temporary"],
) -> Fingerprint:
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
        index=index,
    )
