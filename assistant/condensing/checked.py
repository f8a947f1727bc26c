"""Checking what a model made of a follow-up, before it is searched: is it still that question, and no more?

Each check has a name, which is kept as the reason where what was written is set aside. What a name or a topic is is
told by words and their stems: roughly, and rather too strictly, since the rules take over.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from assistant.answers import Answer
from assistant.condensing.completing import is_short
from assistant.condensing.languages import language
from assistant.condensing.mentions import mentions
from assistant.condensing.pronouns import is_open
from assistant.condensing.replacing import has_lead
from assistant.condensing.telling import said
from assistant.condensing.words import (
    AUXILIARIES,
    COLOURLESS,
    FUNCTION,
    IMPERATIVES,
    WH,
    WORD,
    bare,
    content,
    listed,
    words,
)
from index.words import stems

Fault = Literal[
    "empty", "several lines", "too long", "marks", "no question", "several questions", "another language",
    "invents a number", "invents a name", "another story", "loses a name", "loses its words", "repeats", "left open",
]  # fmt: skip

LONGEST_STANDALONE = 400
# Content words that nobody said, and words of answers that are no names: a paraphrase needs few, an order more.
MOST_NEW, MOST_ANSWERED = 2, 3
# Share of its own content words that a follow-up must keep.
LEAST_KEPT = 0.5

_LABEL = re.compile(r"^(?:the )?(?:[\w-]+ ){0,2}question(?: is)?:\s*", re.IGNORECASE)
_MARKS = re.compile(r"https?:|www\.|\S@\S|[<>{}|\\`*#]|\[\s*\d|:\s", re.IGNORECASE)
_END = re.compile(r"[.?!？。]+[\"'”’)]*(?:\s+|$)")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_NUMBER_WORDS = listed(
    "two three four five six seven eight nine ten eleven twelve twenty thirty forty fifty sixty seventy eighty ninety "
    "hundred thousand million billion"
)
_ABBREVIATED = re.compile(r"\b(?:Dr|Mr|Mrs|Ms|Gen|Col|St|No|vs|approx|[A-Z])\.", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Known:
    """What the conversation holds, as stems: of its questions (the newest too), of its answers; and its numbers."""

    questions: frozenset[str]
    answers: frozenset[str]
    numbers: frozenset[str]


def cleaned(written: str) -> str:
    """What a model wrote, without the quotation marks and the label that it likes to put around a question."""
    return _LABEL.sub("", written.strip().strip("\"“”'").strip()).strip("\"“”' ")


def fault(written: str, asked: str, history: Sequence[Answer]) -> Fault | None:
    """What is wrong with a standalone question that a model wrote for `asked`; None where nothing is."""
    misshapen = _misshapen(written, asked)
    if misshapen is not None:
        return misshapen
    if _is_foreign(written, asked, history):
        return "another language"
    return _invention(written, _known(asked, history)) or _loss(written, asked) or _idle(written, asked, history)


def _misshapen(written: str, asked: str) -> Fault | None:
    if not written:
        return "empty"
    if len(written.splitlines()) > 1:
        return "several lines"
    if len(written) > LONGEST_STANDALONE:
        return "too long"
    if _MARKS.search(written) and not _MARKS.search(asked):
        return "marks"
    if not _is_question(written, asked):
        return "no question"
    return "several questions" if _sentences(written) > max(1, _sentences(asked)) else None


def _is_question(written: str, asked: str) -> bool:
    """It ends or begins as one; where the follow-up does neither ("the second half"), the rewrite need not."""
    if written.endswith(("?", "？")):
        return True
    begins = WH | AUXILIARIES | IMPERATIVES
    if (words(written)[:1] or [""])[0] in begins:
        return True
    return not asked.rstrip().endswith(("?", "？")) and (words(asked)[:1] or [""])[0] not in begins


def _sentences(text: str) -> int:
    return len(_END.findall(_ABBREVIATED.sub("", text).rstrip(".?!？。 ") + "."))


def _is_foreign(written: str, asked: str, history: Sequence[Answer]) -> bool:
    """A fragment that does not tell its own language has that of the question before."""
    own = language(asked) or (language(history[-1].question.standalone) if history else None)
    other = language(written)
    return own is not None and other is not None and own != other


def _known(asked: str, history: Sequence[Answer]) -> _Known:
    questions = [asked, *(text for turn in history for text in (turn.question.asked, turn.question.standalone))]
    answers = [said(turn) for turn in history]
    return _Known(
        frozenset(stem for text in questions for stem in stems(text)),
        frozenset(stem for text in answers for stem in stems(text)),
        frozenset(number for text in (*questions, *answers) for number in _numbers(text)),
    )


def _invention(written: str, known: _Known) -> Fault | None:
    """What nobody said: a number or date, a name, or more than a few other words."""
    if not _numbers(written) <= known.numbers:
        return "invents a number"
    dates = [mention.text for mention in mentions(written) if mention.kind == "date"]
    everything = known.questions | known.answers
    if not _stems(dates) - known.numbers <= everything | known.numbers:
        return "invents a number"
    names = _stems(_names(written))
    if not names <= everything:
        return "invents a name"
    others = _content(written) - names
    new, answered = others - everything, (others & known.answers) - known.questions
    return "another story" if len(new) > MOST_NEW or len(answered) > MOST_ANSWERED else None


def _loss(written: str, asked: str) -> Fault | None:
    """What the follow-up itself said, and the rewrite does not."""
    kept = set(stems(written))
    if not _numbers(asked) <= _numbers(written) or not _stems(_names(asked)) <= kept:
        return "loses a name"
    own = _content(asked)
    if own and len(own & kept) < LEAST_KEPT * len(own):
        return "loses its words"
    first = next((word for word in words(asked) if word not in ("and", "but", "so")), "")
    if first in WH and not has_lead(asked) and first not in words(written):
        return "loses its words"
    return None


def _idle(written: str, asked: str, history: Sequence[Answer]) -> Fault | None:
    """A rewrite that asks an older question again, or leaves open what only the conversation can say."""
    plain = words(written)
    if plain != words(asked) and any(plain == words(turn.question.standalone) for turn in history):
        return "repeats"
    needs = is_open(asked) or has_lead(asked) or (language(asked) == "en" and is_short(asked))
    if needs and not _content(written) - _content(asked):
        return "left open"
    return "left open" if is_open(asked) and is_open(written) else None


def _numbers(text: str) -> set[str]:
    """Figures without their separators, and numbers in words as these."""
    figures = {number.replace(",", "") for number in _NUMBER.findall(text)}
    return figures | {word for word in words(text) if word in _NUMBER_WORDS}


def _names(text: str) -> list[str]:
    """Capitalised words; one that begins a sentence only where the next is capitalised too, or it stands alone."""
    found = list(WORD.finditer(text))
    names = []
    for place, match in enumerate(found):
        word = match[0]
        if not word[0].isupper() or (word.lower() in FUNCTION and (len(word) == 1 or not word.isupper())):
            continue
        begins = place == 0 or _END.search(text[found[place - 1].end() : match.start()]) is not None
        follows = place + 1 < len(found) and found[place + 1][0][0].isupper()
        if not begins or follows or len(found) == 1 or word[1:] != word[1:].lower():
            names.append(bare(word))
    return names


def _stems(texts: Sequence[str]) -> set[str]:
    return {stem for text in texts for stem in stems(text)}


def _content(text: str) -> set[str]:
    return {stem for word in content(text) if word not in COLOURLESS for stem in stems(word)}
