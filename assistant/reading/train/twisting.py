"""Twisting: makes a question that a text does not answer out of one that it does, by changing one detail of it.

As the people did who wrote SQuAD 2.0's unanswerable questions: another name, another number, the opposite, or another
word of the same text in a word's place.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

from assistant.reading.evidence import counted

_PAIRS = (
    "first last", "largest smallest", "biggest smallest", "highest lowest", "most least", "more less", "more fewer",
    "before after", "north south", "east west", "northern southern", "eastern western", "early late", "earliest latest",
    "oldest youngest", "increase decrease", "increased decreased", "rise fall", "rose fell", "began ended", "begin end",
    "start stop", "started stopped", "won lost", "win lose", "born buried", "inside outside", "above below",
    "maximum minimum", "allowed forbidden", "accepted rejected", "supported opposed", "with without", "never always",
    "male female", "men women", "public private", "best worst", "longest shortest", "majority minority",
    "import export", "imports exports", "buy sell",
)  # fmt: skip
OPPOSITES: dict[str, str] = {}
for _pair in _PAIRS:
    _one, _other = _pair.split()
    OPPOSITES.setdefault(_one, _other)
    OPPOSITES.setdefault(_other, _one)
# Nearly every question has one of these, so they are not always taken.
NEGATED = {"is": "isn't", "was": "wasn't", "did": "didn't", "does": "doesn't", "can": "cannot", "are": "aren't"}
OFTEN_NEGATED = 0.15

_NUMBER = re.compile(r"\b\d[\d,.]*\b")
_NAME = re.compile(r"(?<=[a-z,] )[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)*")
_WORD = re.compile(r"\b[a-z]{5,}\b")
_PLURAL = re.compile(r"\b(?:[a-z]{3,}[^\Wsu]s|people|men|women|children)\b")
_SMALL = frozenset(
    {"which", "where", "there", "their", "these", "those", "about", "under", "would", "could", "should", "while"}
    | {"being", "other", "many", "whose"}
)

Way = Callable[[str, str, Sequence[str], random.Random], str | None]


def renamed(question: str, gold: str, others: Sequence[str], chance: random.Random) -> str | None:
    """The question with another name or number in it, as `twisted`: the near misses that people ask."""
    ways = [_number, _name]
    chance.shuffle(ways)
    return _changed(ways, question, gold, others, chance)


def recounted(question: str, gold: str, others: Sequence[str], chance: random.Random) -> str | None:
    """The question with another kind of thing to be counted ("how many guards"), which nearby texts speak of."""
    place = counted(question)
    if place is None:
        return None
    held = set(re.findall(r"\w+", f"{question} {gold}".lower()))
    there = {word for text in others for word in _PLURAL.findall(text)} - held
    return f"{question[: place[0]]}{chance.choice(sorted(there))}{question[place[1] :]}" if there else None


def twisted(question: str, gold: str, others: Sequence[str], chance: random.Random) -> str | None:
    """The question with one detail changed so that `gold`, the sentence that answered it, does so no more.

    `others` are other texts of the same subject, which new details are taken from. None where nothing can be changed.
    """
    ways = [_opposite, _number, _name, _word]
    chance.shuffle(ways)
    return _changed(ways, question, gold, others, chance)


def _changed(ways: Sequence[Way], question: str, gold: str, others: Sequence[str], chance: random.Random) -> str | None:
    for way in ways:
        changed = way(question, gold, others, chance)
        if changed is not None and changed.lower() != question.lower():
            return changed
    return None


def _opposite(question: str, _gold: str, _others: Sequence[str], chance: random.Random) -> str | None:
    changes = OPPOSITES | NEGATED if chance.random() < OFTEN_NEGATED else OPPOSITES
    found = [match for match in re.finditer(r"\b[a-z]+\b", question) if match.group() in changes]
    return _replaced(question, chance.choice(found), changes) if found else None


def _number(question: str, gold: str, others: Sequence[str], chance: random.Random) -> str | None:
    found = list(_NUMBER.finditer(question))
    if not found:
        return None
    place = chance.choice(found)
    there = [number for text in others for number in _NUMBER.findall(text)]
    fitting = [number for number in there if len(number) == len(place.group()) and number not in gold]
    if not fitting:
        bare = place.group().replace(",", "")
        if not bare.isdigit():
            return None
        fitting = [str(int(bare) + chance.choice([-20, -10, -3, -1, 1, 2, 5, 10, 30]))]
    return _replaced(question, place, {place.group(): chance.choice(fitting)})


def _name(question: str, gold: str, others: Sequence[str], chance: random.Random) -> str | None:
    found = list(_NAME.finditer(question))
    names = [name for text in others for name in _NAME.findall(text) if name not in gold and name not in question]
    if not found or not names:
        return None
    place = chance.choice(found)
    return _replaced(question, place, {place.group(): chance.choice(names)})


def _word(question: str, gold: str, others: Sequence[str], chance: random.Random) -> str | None:
    """Another word with the same ending (so mostly of the same kind) in the place of one that the answer has too."""
    held = set(_WORD.findall(gold.lower()))
    found = [match for match in _WORD.finditer(question) if match.group() in held - _SMALL]
    if not found:
        return None
    place = chance.choice(found)
    there = {word for text in others for word in _WORD.findall(text)} - held - _SMALL
    fitting = sorted(word for word in there if word[-2:] == place.group()[-2:] and word not in question)
    return _replaced(question, place, {place.group(): chance.choice(fitting)}) if fitting else None


def _replaced(question: str, place: re.Match[str], by: dict[str, str]) -> str:
    return question[: place.start()] + by[place.group()] + question[place.end() :]
