"""Candidates: the sentences of the hits and their neighbours, from which a reader may choose."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assistant.reading import Texts
from assistant.reading.evidence import Candidate
from assistant.reading.hit_sentences import spans as sentence_spans
from index.documents import Document, Hit
from index.embedding import Embedder
from index.suspicion import is_order

# A sentence leans on the one before where it opens with a word that points back ...
_OPENS_LEANING = re.compile(
    r"[\"'“‘«(]?(?:he|she|they|it|his|her|their|its|this|these|those|that|such|both|two of them|of these|of those"
    r"|the former|the latter|él|ella|ellos|ellas|esto|esta|este|estos|estas|su|sus)\b",
    re.IGNORECASE,
)
# ... or where a person's pronoun comes early and no name before it.
_PERSON = re.compile(r"\b(?:he|she|him|his|her|they|their|él|ella)\b")
_EARLY_WORDS = 7
# A title before a heading is cut to so many words.
_TITLE_WORDS = 5
_NAME = re.compile(r"(?<!^)\b[^\W\d_a-zà-öø-ÿ]\w+")
_MONTHS = re.compile(r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December)\b")


def candidates(hits: Sequence[Hit], texts: Texts) -> list[Candidate]:
    """Every sentence of the hits once, with the last before and the first behind each; headings and questions left out.

    So are orders to language models: they are data, but no answer to anybody. A sentence that several hits show belongs
    to the best of them.
    """
    found: dict[tuple[str, int, int], Candidate] = {}
    documents: dict[str, Document] = {}
    for hit in hits:
        document_id = hit.passage.document_id
        if document_id not in documents:
            documents[document_id] = texts.document(document_id)
        for candidate in _of_hit(hit, documents[document_id]):
            found.setdefault((candidate.document_id, candidate.start, candidate.end), candidate)
    return list(found.values())


def _of_hit(hit: Hit, document: Document) -> list[Candidate]:
    passage, text = hit.passage, document.text
    headings = {section.heading for section in document.sections} | {document.title}
    # One more on either side than may be chosen: what the outermost candidates lean on.
    spans = sentence_spans(hit, document, neighbours=2)
    inside = [place for place, (start, end) in enumerate(spans) if start < passage.end and end > passage.start]
    if not inside:
        return []
    shown = range(max(0, inside[0] - 1), min(len(spans), inside[-1] + 2))
    surroundings = f"{document.title}\n{passage.heading}\n{passage.text}"
    context = _context(document.title, passage.heading)
    found = []
    for place in shown:
        start, end = spans[place]
        if not _may_answer(text[start:end], headings):
            continue
        shown_from = _shown_from(text, spans, place)
        found.append(
            Candidate(
                document_id=document.id,
                passage_id=passage.id,
                start=start,
                end=end,
                text=text[start:end],
                shown_from=shown_from,
                shown=text[shown_from:end],
                before=text[slice(*spans[place - 1])] if place > 0 else "",
                after=text[slice(*spans[place + 1])] if place + 1 < len(spans) else "",
                surroundings=surroundings,
                rank=hit.rank,
                score=hit.score,
                context=context,
            )
        )
    return found


def _context(title: str, heading: str) -> str:
    """What a passage stands under, in few words: the title is cut where there is a heading to come after it."""
    if not heading or heading == title:
        return title
    return f"{' '.join(title.split()[:_TITLE_WORDS])}: {heading}"


def _shown_from(text: str, spans: Sequence[tuple[int, int]], place: int) -> int:
    """Where to begin so that no pronoun hangs in the air: at the sentence before, if that is of the same paragraph.

    Across the border of a paragraph a pronoun leans on something else.
    """
    start, end = spans[place]
    if place == 0 or not _leans(text[start:end]):
        return start
    before = spans[place - 1][0]
    return start if "\n" in text[before:start] else _shown_from(text, spans, place - 1)


def _leans(sentence: str) -> bool:
    if _OPENS_LEANING.match(sentence):
        return True
    early = " ".join(sentence.split()[:_EARLY_WORDS])
    pronoun = _PERSON.search(early)
    return pronoun is not None and not _NAME.search(_MONTHS.sub("", early[: pronoun.start()]))


def _may_answer(sentence: str, headings: set[str]) -> bool:
    bare = sentence.strip()
    # A title that is a sentence (the first line of a plain note, say) may answer like any other.
    heading = bare in headings and bare[-1] not in ".!"
    says = any(sign.isalnum() for sign in bare)
    return says and not heading and not bare.endswith("?") and not is_order(bare)


def likeness(embedder: Embedder, question: str, texts: Sequence[str]) -> list[float]:
    """The cosines of the meanings of texts with the question's, in their order."""
    meanings = embedder.embed_passages([fitted(text, embedder) for text in texts])
    return [float(one) for one in meanings @ embedder.embed_question(question)]


def fitted(sentence: str, embedder: Embedder) -> str:
    """A sentence, shortened where it alone is longer than the embedder reads: only its vector is made of less."""
    while embedder.count([sentence])[0] > embedder.max_tokens:
        sentence = sentence[: len(sentence) // 2]
    return sentence
