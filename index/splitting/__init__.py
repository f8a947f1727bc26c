"""Splitting: cuts a document into passages along sections, paragraphs and sentences, by spans only.

A passage aims at one length and never passes another, both in tokens of the embedder for `Passage.embedded_text`, so
that nothing that is embedded is truncated. Passages do not overlap, and every character that is not white space is in
exactly one. Text is never looked up again: a span is carried from the sentence to the passage.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from index.documents import Document, Passage, Section, passage_id
from index.sentences import sentences
from index.splitting.cuts import Cuts, merged
from index.splitting.units import WORD, Stretch, between_characters, headed, parts_of, units_of

# Raise it whenever the same text may be cut elsewhere.
SPLITTER_VERSION = "splitter-2"

Count = Callable[[Sequence[str]], list[int]]

# A tokenizer may know a word of any length as one unknown token. No writing has so many characters to a token.
_CHARACTERS_PER_TOKEN = 12


@dataclass(frozen=True, slots=True)
class Splitter:
    """Cuts documents. `aim` and `maximum` are tokens of an embedded text; `count` counts them with the special ones."""

    aim: int
    maximum: int
    count: Count

    def split(self, document: Document) -> tuple[Passage, ...]:
        """The passages of a document, in order; none where its text is blank."""
        special = self.count([""])[0]
        stretches = self._stretches(document, special)
        stretches = [self._with_short_sentences(document.text, stretch, special) for stretch in stretches]
        cuts = Cuts(self.aim, self.maximum, special)
        passages = [
            _passage(document, stretch.heading, stretch.page, start, end)
            for stretch in merged(stretches, self.aim - special)
            for start, end in cuts.of(document.text, stretch)
        ]
        return self._fitting(passages, document)

    def _stretches(self, document: Document, special: int) -> list[Stretch]:
        """The sections with the sentences in them, all counted in one call."""
        text = document.text
        language = document.details.language
        parts = [
            (section, [(start + first, start + last) for first, last in sentences(text[start:end], language)])
            for section, start, end in _sections(document)
        ]
        parts = [(section, spans) for section, spans in parts if spans]
        headings = {section.heading for section, _ in parts}
        words = [*headings, *(text[start:end] for _, spans in parts for start, end in spans)]
        tokens = self._tokens(words, special)
        shown = {heading: self._shortened(heading, tokens[heading], special) for heading in headings}
        return [
            Stretch(
                heading=shown[section.heading][0],
                page=section.page,
                units=tuple(units_of(text, spans, section.heading, tokens)),
                content=sum(tokens[text[start:end]] for start, end in spans[headed(text, spans, section.heading) :]),
                heading_tokens=shown[section.heading][1],
            )
            for section, spans in parts
        ]

    def _tokens(self, texts: Iterable[str], special: int) -> dict[str, int]:
        """Tokens of each distinct text without the special ones, at least one for every dozen characters."""
        distinct = list(dict.fromkeys(texts))
        counts = self.count(distinct) if distinct else []
        return {
            text: max(count - special, -(-len(text) // _CHARACTERS_PER_TOKEN), 1 if text else 0)
            for text, count in zip(distinct, counts, strict=True)
        }

    def _shortened(self, heading: str, tokens: int, special: int) -> tuple[str, int]:
        """A heading that leaves at least half of every passage to its text: its first words where it is longer."""
        while heading and tokens + special > self.maximum // 2:
            half = heading[: len(heading) // 2]
            heading = (half.rsplit(None, 1) or [""])[0] if " " in half.strip() else half
            tokens = self._tokens([heading], special)[heading]
        return heading, tokens

    def _with_short_sentences(self, text: str, stretch: Stretch, special: int) -> Stretch:
        """The stretch with every sentence that alone is too long cut into parts of about equal length."""
        budget = max(1, self.maximum - special - stretch.heading_tokens)
        long = [unit for unit in stretch.units if unit.tokens > budget]
        if not long:
            return stretch
        tokens = self._tokens((word[0] for unit in long for word in WORD.finditer(text, unit.start, unit.end)), special)
        units = itertools.chain.from_iterable(
            parts_of(text, unit, budget, tokens) if unit.tokens > budget else (unit,) for unit in stretch.units
        )
        return dataclasses.replace(stretch, units=tuple(units))

    def _fitting(self, passages: list[Passage], document: Document) -> tuple[Passage, ...]:
        """Count what will be embedded, and halve what is over after all: tokens do not always add up."""
        done: dict[int, Passage] = {}
        while passages:
            counts = self.count([passage.embedded_text for passage in passages])
            over: list[Passage] = []
            for passage, count in zip(passages, counts, strict=True):
                if count <= self.maximum or len(passage.text) == 1:
                    done[passage.start] = passage
                else:
                    over += _halves(document, passage)
            passages = over
        return tuple(done[start] for start in sorted(done))


def _sections(document: Document) -> Iterator[tuple[Section, int, int]]:
    """The sections with their ends, and what stands before the first of them."""
    sections = sorted(document.sections, key=lambda section: section.start)
    if not sections or sections[0].start > 0:
        sections.insert(0, Section(0, ""))
    ends = [*(section.start for section in sections[1:]), len(document.text)]
    return ((section, section.start, end) for section, end in zip(sections, ends, strict=True))


def _passage(document: Document, heading: str, page: int | None, start: int, end: int) -> Passage:
    """The passage at `[start, end)`, without white space at its ends."""
    text = document.text[start:end]
    start, end = start + len(text) - len(text.lstrip()), end - len(text) + len(text.rstrip())
    return Passage(
        id=passage_id(document.id, document.digest, start, end),
        document_id=document.id,
        heading=heading,
        page=page,
        text=document.text[start:end],
        start=start,
        end=end,
    )


def _halves(document: Document, passage: Passage) -> tuple[Passage, Passage]:
    """A passage in two, cut at the last white space before its middle, else at its middle."""
    middle = max(1, len(passage.text) // 2)
    words = [word.end() for word in WORD.finditer(passage.text, 0, middle + 1) if word.end() <= middle]
    cut = passage.start + (words[-1] if words else between_characters(passage.text, 0, middle))
    return (
        _passage(document, passage.heading, passage.page, passage.start, cut),
        _passage(document, passage.heading, passage.page, cut, passage.end),
    )
