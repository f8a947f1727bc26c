"""Opposites: a statement that says "rose" where its sources say "fell", or "all" where they say "some".

Each axis has sides of words that mean much the same on it. A statement whose word stands on one side is at fault where
its sources have words of another side and none of that one. Where one of them denies and the other does not, nothing is
compared. Not done: opposites made by un- and in-, but for those listed.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

# Sides of an axis, parted by "|"; a word that ends in * stands for all that begin so.
_AXES = (
    "rise rises rose risen rising increas* grew grow* climb* surg* gain* jump* widen* up higher expand* larger bigger "
    "| fall falls fell fallen falling decreas* declin* drop* shrank shrink* shrunk narrow* lower down reduc* cut cuts "
    "smaller fewer less",
    "more most | less least fewer",
    "before earlier previously prior | after afterwards later following",
    "early beginning | late end",
    "first | last final",
    "win wins won winning | lose loses lost losing",
    "convict* | acquit* cleared",
    "guilty | innocent",
    "alive survive* surviving lived | dead die died dies killed kill* murdered",
    "arrest* detain* | release* freed",
    "open* | close* closed shut",
    "buy buys bought buying buyer* purchas* | sell sells sold selling seller*",
    "import* | export*",
    "accept* agree* approv* | refus* reject* declin* turned",
    "allow* permit* admitted | forbid* forbade ban banned denied prohibit*",
    "includ* | exclud* left",
    "succeed* success* | fail*",
    "begin begins began begun beginning start* | end ends ended ending stop* ceas*",
    "able possible | unable impossible",
    "known | unknown",
    "likely probably | unlikely",
    "largest biggest greatest highest most | smallest lowest least",
    "best | worst",
    "strengthen* stronger | weaken* weaker",
    "support* favour* favor* backs backed | oppos* against",
    "hot | cold",
    "high | low",
    "long longer | short shorter",
    "old older oldest | young younger youngest new newer newest",
    "north northern | south southern",
    "east eastern | west western",
    "inside | outside",
    "above over | below under",
    "men man male | women woman female",
    "rich wealthy | poor",
    "public | private",
    "cheap* | expensive dear",
    "simple easy | difficult hard complicated",
    "safe safely | unsafe dangerous*",
    "legal lawful | illegal unlawful",
    "present presence | absent absence",
    "all every each always everyone everybody any anyone whole entire both "
    "| most mostly majority usually generally mainly "
    "| some several sometimes certain half many much part parts "
    "| few seldom rarely hardly almost little scarcely "
    "| none no nobody never neither not nothing nor",
    "often frequent* usually | seldom rarely hardly never infrequent*",
    "worldwide global world | national nationwide local",
    "friend* ally allies | enemy enemies foe*",
    "confirm* | denied deny denies",
    "appoint* hired hire | dismiss* fired sacked",
    "join* | leave leaves",
    "push* | pull*",
)  # fmt: skip
_ANY_SIDE = re.compile(
    r"\bas\s+well\s+as\b|\bat\s+(?:all|least|most|first|last)\b|\bafter\s+all\b|\bthe\s+most\b|\bin\s+all\b"
)


@dataclass(frozen=True, slots=True)
class Axis:
    """The sides of an axis, each as one pattern."""

    sides: tuple[re.Pattern[str], ...]


def _side(words: str) -> re.Pattern[str]:
    alternatives = "|".join(rf"{word[:-1]}\w*" if word.endswith("*") else word for word in words.split())
    return re.compile(rf"\b(?:{alternatives})\b", re.IGNORECASE)


AXES = tuple(Axis(tuple(_side(side) for side in axis.split("|"))) for axis in _AXES)


def opposites(text: str, quotes: Sequence[str], *, denied: bool) -> list[str]:
    """Words of a statement whose opposites its sources say; `denied` where either denies something."""
    source = _ANY_SIDE.sub("", "\n".join(quotes))
    said = _ANY_SIDE.sub("", text)
    if denied:
        return []
    return [fault for axis in AXES if (fault := _fault(axis, said, source))]


def _fault(axis: Axis, said: str, source: str) -> str | None:
    mine = [side.search(said) for side in axis.sides]
    theirs = [side.search(source) for side in axis.sides]
    for place, word in enumerate(mine):
        if word is None or theirs[place] is not None:
            continue
        # A side that the statement has too is reworded there, not turned round.
        other = next((found for at, found in enumerate(theirs) if found is not None and mine[at] is None), None)
        if other is not None:
            return f"the sources say “{other[0]}”, not “{word[0]}”"
    return None
