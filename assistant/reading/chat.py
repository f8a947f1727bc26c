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
from assistant.budget import Budget, estimated
from assistant.chat_models import ChatModel
from assistant.errors import FormRefused
from assistant.prompts import Prompt, Rendered
from assistant.reading import Texts
from assistant.reading.forms import Forms, Kind
from assistant.reading.hit_sentences import spans
from assistant.reading.markers import SILENCE, Markers, Written
from assistant.reading.material import CLOSE, OPEN, fenced, shown
from assistant.reading.statements import Statements
from index.documents import Document, Hit
from index.errors import ModelUnavailable
from index.sentences import sentences

_UNKNOWN = "it points at a sentence that was not shown"
_UNCITED = "it points at no sentence that was shown"
_ASKING = "it asks something, and states nothing"
_BESIDE = "it says that the documents do not say, beside other statements"


class ChatReader:
    """Reads with a chat model. Of each hit the `neighbours` last sentences before it and first behind it are shown too.

    Its drafts have no confidence: the model says whether the documents say it, and what it says is checked. `forms`
    hold the model to the ordinals shown, and what does not fit `budget` is not shown.
    """

    name = "chat"

    def __init__(
        self,
        model: ChatModel,
        prompt: Prompt,
        *,
        neighbours: int = 1,
        forms: Forms | None = None,
        budget: Budget | None = None,
    ) -> None:
        self._model = model
        self._prompt = prompt
        self._neighbours = neighbours
        self._forms = forms
        self._budget = budget

    def read(self, question: Question, hits: tuple[Hit, ...], texts: Texts) -> Iterator[Draft]:
        """Let the model write; a draft with every statement that stands whole. Closing it stops the model.

        Empty where there are no hits, or where the model says that the documents do not say. Raises
        `ModelUnavailable`, and `PromptError` where the prompt takes other inputs.
        """
        page = Page(hits, texts, self._neighbours, self._room(question))
        if hits and page.left_out == len(hits):
            raise ModelUnavailable(
                f"the chat model {self._model.name} takes too little text for one passage beside the prompt: raise "
                "ASSISTANT_CHAT_CONTEXT, or lower ASSISTANT_CHAT_MAX_TOKENS"
            )
        kind = self._forms.kind() if self._forms and page.sentences else "off"
        try:
            yield from self._drafts(question, page, kind)
        except FormRefused as error:
            if self._forms is None or not self._forms.give_up(error):
                raise
            yield from self._drafts(question, page, "off")

    def _drafts(self, question: Question, page: Page, kind: Kind) -> Iterator[Draft]:
        prompt = self._forms.json_prompt if self._forms and kind == "json" else self._prompt
        draft = Draft(
            (), None, model=self._model.name, prompt=prompt.fingerprint, shown=page.shown, left_out=page.left_out,
            constrained=None if kind == "off" else kind,
        )  # fmt: skip
        if page.sentences:
            for piece in _pieces(self._written(prompt, question, page, kind), kind):
                draft = _grown(draft, piece, page)
                if piece.statements:
                    yield draft
        yield _finished(draft)

    def _written(self, prompt: Prompt, question: Question, page: Page, kind: Kind) -> Iterator[str]:
        messages = self._rendered(prompt, question, page.material)
        if self._forms is None:
            yield from self._model.write(messages.system, messages.user)
        elif kind == "off":
            yield from self._model.write(messages.system, messages.user)
            self._forms.wrote_plainly()
        else:
            yield from self._forms.write(messages.system, messages.user, kind, tuple(page.sentences))

    def _rendered(self, prompt: Prompt, question: Question, material: str) -> Rendered:
        values = {"question": shown(question.standalone), "material": material, "open": OPEN, "close": CLOSE}
        # The form says by itself how to be silent.
        silence = {"silence": SILENCE} if "silence" in prompt.inputs else {}
        return prompt.render(**values, **silence)

    def _room(self, question: Question) -> int | None:
        """How much material may be shown, in tokens; None: as much as there is."""
        if self._budget is None:
            return None
        prompts = [self._prompt, *([self._forms.json_prompt] if self._forms else [])]
        empty = [self._rendered(prompt, question, "") for prompt in prompts]
        return min(self._budget.room(one.system, one.user) for one in empty)


class Page:
    """What a model is shown: `material` is the text, and `sentences` holds where each ordinal's sentence stands.

    Of the hits as many are shown as `room` holds (tokens; None: all), the best first; `left_out` counts the others.
    """

    def __init__(self, hits: Sequence[Hit], texts: Texts, neighbours: int, room: int | None = None) -> None:
        self.sentences: dict[str, Pointer] = {}
        self.left_out = 0
        self._documents: dict[str, Document] = {}
        self._seen: set[tuple[str, int, int]] = set()
        blocks: list[str] = []
        for place, hit in enumerate(hits):
            if hit.passage.document_id not in self._documents:
                self._documents[hit.passage.document_id] = texts.document(hit.passage.document_id)
            block, pointers = self._block(hit, len(blocks) + 1, neighbours)
            if room is not None and estimated("\n\n".join([*blocks, block])) > room:
                self.left_out = len(hits) - place
                break
            self.sentences |= pointers
            blocks += [block] if block else []
        self.material = "\n\n".join(blocks)

    @property
    def shown(self) -> tuple[Shown, ...]:
        """Every sentence on the page, in order."""
        return tuple(
            Shown(ordinal, one.passage_id, one.document_id, one.start, one.end)
            for ordinal, one in self.sentences.items()
        )

    def _block(self, hit: Hit, number: int, neighbours: int) -> tuple[str, dict[str, Pointer]]:
        """One hit as the model sees it, and where its sentences stand; what was shown before is left out."""
        document = self._documents[hit.passage.document_id]
        pointers: dict[str, Pointer] = {}
        lines: list[str] = []
        for start, end in spans(hit, document, neighbours):
            line, place = shown(document.text[start:end]), (document.id, start, end)
            if not line or place in self._seen:
                continue
            self._seen.add(place)
            ordinal = f"{number}.{len(lines) + 1}"
            pointers[ordinal] = Pointer(document.id, hit.passage.id, start, end)
            lines.append(f"[{ordinal}] {line}")
        return (fenced(_label(hit, document, number), lines) if lines else ""), pointers


@dataclass(frozen=True, slots=True)
class Piece:
    """What came with one piece of a model's text: the piece as written, and the statements that are whole with it."""

    text: str
    statements: tuple[Written, ...]


def _pieces(coming: Iterator[str], kind: Kind) -> Iterator[Piece]:
    parser = Statements() if kind == "json" else Markers()
    for text in coming:
        yield Piece(text, _sentences(parser.feed(text), kind))
    yield Piece("", _sentences(parser.close(), kind))


def _grown(draft: Draft, piece: Piece, page: Page) -> Draft:
    """The draft with what came with a piece."""
    statements, dropped = list(draft.statements), list(draft.dropped)
    for one in piece.statements:
        known = [ordinal for ordinal in one.ordinals if ordinal in page.sentences]
        dropped += [_unknown(ordinal) for ordinal in one.ordinals if ordinal not in page.sentences]
        asks = one.text.endswith("?")
        if not known or not one.text or asks or _is_silence(one.text):
            reason = _BESIDE if _is_silence(one.text) else _ASKING if asks and known else _UNCITED
            dropped.append(Dropped(one.text, reason, ", ".join(one.ordinals) or None))
            continue
        pointers = tuple(page.sentences[ordinal] for ordinal in known)
        statements.append(DraftStatement(pointers, text=one.text))
    return replace(
        draft,
        statements=tuple(statements),
        dropped=tuple(dropped),
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


def _sentences(written: Sequence[Written], kind: Kind) -> tuple[Written, ...]:
    return tuple(part for whole in written for part in _sentences_of(whole, kind))


def _quoted(words: str) -> str:
    """Words of a document in quotation marks that they cannot close."""
    return '"' + shown(words).replace('"', "'") + '"'


def _sentences_of(written: Written, kind: Kind) -> list[Written]:
    """A statement is one sentence: markers are those of the last one, and what stands before it has none. In JSON
    ordinals are said of a whole text: each of its sentences has them, and is checked by itself.
    """
    parts = [written.text[start:end].strip() for start, end in sentences(written.text, None)]
    parts = [part for part in parts if part]
    if len(parts) < 2:
        return [written]
    others = written.ordinals if kind == "json" else ()
    return [*(Written(part, others) for part in parts[:-1]), Written(parts[-1], written.ordinals)]


def _is_silence(text: str) -> bool:
    return unicodedata.normalize("NFKC", text).strip(" .!*_`'\"“”") == SILENCE


def _unknown(ordinal: str) -> Dropped:
    return Dropped("", _UNKNOWN, ordinal)
