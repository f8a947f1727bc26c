"""The chat reader: a language model writes, and points at sentences that it was shown (law 2).

The hits are cut into sentences and shown with small ordinals, fenced and labelled as material. What the model writes is
cut into statements at its markers, and each is given on as soon as it stands whole; an ordinal that was not shown is
dropped and reported, never repaired, and so is a statement without any other. It does not check whether a statement is
borne out: that is `assistant.checking`'s.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from assistant.answers import Draft, DraftStatement, Dropped, Pointer, Question, Shown
from assistant.chat_models import ChatModel
from assistant.checking import estimate
from assistant.prompts import Prompt
from assistant.reading import Texts
from assistant.reading.hit_sentences import spans
from assistant.reading.markers import SILENCE, Markers, Written
from assistant.reading.material import CLOSE, OPEN, fenced, shown
from index.documents import Document, Hit
from index.sentences import sentences

_UNKNOWN = "it points at a sentence that was not shown"
_UNCITED = "it points at no sentence that was shown"
_ASKING = "it asks something, and states nothing"
_BESIDE = "it says that the documents do not say, beside other statements"


class ChatReader:
    """Reads with a chat model. Of each hit the `neighbours` last sentences before it and first behind it are shown too.

    A draft's confidence is the first statement's score times the share of its pointers that could be kept: a first
    estimate, not calibrated.
    """

    name = "chat"

    def __init__(self, model: ChatModel, prompt: Prompt, *, neighbours: int = 1) -> None:
        self._model = model
        self._prompt = prompt
        self._neighbours = neighbours

    def read(self, question: Question, hits: tuple[Hit, ...], texts: Texts) -> Iterator[Draft]:
        """Let the model write; a draft with every statement that stands whole. Closing it stops the model.

        Empty where there are no hits, or where the model says that the documents do not say. Raises
        `ModelUnavailable`, and `PromptError` where the prompt takes other inputs.
        """
        page = Page(hits, texts, self._neighbours)
        draft = Draft((), 0.0, model=self._model.name, prompt=self._prompt.fingerprint, shown=page.shown)
        if page.sentences:
            messages = self._prompt.render(
                question=shown(question.standalone), material=page.material, silence=SILENCE, open=OPEN, close=CLOSE
            )
            for piece in _pieces(self._model.write(messages.system, messages.user)):
                draft = _grown(draft, piece, page)
                if piece.statements:
                    yield draft
        yield _finished(draft)


class Page:
    """What a model is shown: `material` is the text, and `sentences` holds where each ordinal's sentence stands."""

    def __init__(self, hits: Sequence[Hit], texts: Texts, neighbours: int) -> None:
        self.sentences: dict[str, Pointer] = {}
        self._documents: dict[str, Document] = {}
        self._seen: set[tuple[str, int, int]] = set()
        blocks: list[str] = []
        for hit in hits:
            if hit.passage.document_id not in self._documents:
                self._documents[hit.passage.document_id] = texts.document(hit.passage.document_id)
            block = self._block(hit, len(blocks) + 1, neighbours)
            blocks += [block] if block else []
        self.material = "\n\n".join(blocks)

    @property
    def shown(self) -> tuple[Shown, ...]:
        """Every sentence on the page, in order."""
        return tuple(
            Shown(ordinal, one.passage_id, one.document_id, one.start, one.end)
            for ordinal, one in self.sentences.items()
        )

    def quote(self, pointer: Pointer) -> str:
        """The document's words at a pointer."""
        return self._documents[pointer.document_id].text[pointer.start : pointer.end]

    def _block(self, hit: Hit, number: int, neighbours: int) -> str:
        """One hit as the model sees it; a sentence that was shown before is left out, and an empty block with it."""
        document = self._documents[hit.passage.document_id]
        lines: list[str] = []
        for start, end in spans(hit, document, neighbours):
            line, place = shown(document.text[start:end]), (document.id, start, end)
            if not line or place in self._seen:
                continue
            self._seen.add(place)
            ordinal = f"{number}.{len(lines) + 1}"
            self.sentences[ordinal] = Pointer(document.id, hit.passage.id, start, end)
            lines.append(f"[{ordinal}] {line}")
        return fenced(_label(hit, document, number), lines) if lines else ""


@dataclass(frozen=True, slots=True)
class Piece:
    """What came with one piece of a model's text: the piece as written, and the statements that are whole with it."""

    text: str
    statements: tuple[Written, ...]


def _pieces(coming: Iterator[str]) -> Iterator[Piece]:
    markers = Markers()
    for text in coming:
        yield Piece(text, _sentences(markers.feed(text)))
    yield Piece("", _sentences(markers.close()))


def _grown(draft: Draft, piece: Piece, page: Page) -> Draft:
    """The draft with what came with a piece."""
    statements, dropped, confidence = list(draft.statements), list(draft.dropped), draft.confidence
    for one in piece.statements:
        known = [ordinal for ordinal in one.ordinals if ordinal in page.sentences]
        dropped += [_unknown(ordinal) for ordinal in one.ordinals if ordinal not in page.sentences]
        asks = one.text.endswith("?")
        if not known or not one.text or asks or _is_silence(one.text):
            reason = _BESIDE if _is_silence(one.text) else _ASKING if asks and known else _UNCITED
            dropped.append(Dropped(one.text, reason, ", ".join(one.ordinals) or None))
            continue
        pointers = tuple(page.sentences[ordinal] for ordinal in known)
        score = estimate(one.text, [page.quote(pointer) for pointer in pointers])
        confidence = confidence if statements else score * len(known) / len(one.ordinals)
        statements.append(DraftStatement(pointers, score, one.text))
    return replace(
        draft,
        statements=tuple(statements),
        dropped=tuple(dropped),
        confidence=confidence,
        written=(draft.written or "") + piece.text,
    )


def _finished(draft: Draft) -> Draft:
    """A draft at the end of the text; a model that only says that the documents do not say left nothing out."""
    if draft.statements or any(one.text and not _is_silence(one.text) for one in draft.dropped):
        return draft
    return replace(draft, dropped=tuple(one for one in draft.dropped if not one.text))


def _label(hit: Hit, document: Document, number: int) -> str:
    parts = [f"passage {number} of the document {_quoted(document.title)}"]
    if document.details.published is not None:
        parts.append(f"published {document.details.published.isoformat()}")
    heading = shown(hit.passage.heading)
    if heading and heading != shown(document.title):
        parts.append(f"under {_quoted(heading)}")
    return ", ".join(parts)


def _quoted(words: str) -> str:
    """Words of a document in quotation marks that they cannot close."""
    return '"' + shown(words).replace('"', "'") + '"'


def _sentences(written: Sequence[Written]) -> tuple[Written, ...]:
    return tuple(part for whole in written for part in _sentences_of(whole))


def _sentences_of(written: Written) -> list[Written]:
    """A statement is one sentence: the ordinals are the last one's, and those before it have none."""
    parts = [written.text[start:end].strip() for start, end in sentences(written.text, None)]
    parts = [part for part in parts if part]
    if len(parts) < 2:
        return [written]
    return [*(Written(part, ()) for part in parts[:-1]), Written(parts[-1], written.ordinals)]


def _is_silence(text: str) -> bool:
    return unicodedata.normalize("NFKC", text).strip(" .!*_`'\"“”") == SILENCE


def _unknown(ordinal: str) -> Dropped:
    return Dropped("", _UNKNOWN, ordinal)
