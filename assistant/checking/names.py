"""Names, and which of a statement's are not in its sources.

A name is a capitalised word; at the start of a sentence one that is not common English (`common_words.txt`). Sources
hold a name where they hold the word, a country's adjective for the country and the other way round, or the words whose
initials an abbreviation is. Titles of address may be left out or added. Two names side by side must stand near each
other in a source too.
Not done: nicknames, names in another script, an abbreviation written out that the sources do not explain.
"""

from __future__ import annotations

import itertools
import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files

from assistant.checking.dates import MONTHS
from index.words import STOPPED, stems

_WORD = re.compile(r"[^\W\d_]+(?:\d+)?|[A-Z]\d+")
_TITLES = frozenset("mr mrs ms miss mx dr prof professor sir lady dame sr sra i".split())  # noqa: SIM905
_LINKS = frozenset("of the and de la del y for in on und van von a an to".split())  # noqa: SIM905
# What changes between a country and its adjective, or its people, behind the same beginning.
_ENDINGS = frozenset(
    """
    a an ans ain ais e ean eans ese i ia ian ians ic ie in ino ins is ish ne ni nian no o s um us vian vians y er ers
    """.split()  # noqa: SIM905
)
_ALIKE = ("roman", "romania"), ("niger", "nigeria"), ("mali", "malia"), ("austr", "austria")
_SAME = (
    "usa us america american americans", "uk britain british briton britons", "france french frenchman",
    "netherlands holland dutch", "spain spanish spaniard spaniards", "greece greek greeks",
    "switzerland swiss", "denmark danish dane danes", "poland polish pole poles", "turkey turkish turk turks",
    "germany german germans", "wales welsh", "ireland irish", "sweden swedish swede swedes",
    "finland finnish finn finns", "iceland icelandic", "croatia croat croats croatian", "czechia czech czechs",
    "thailand thai", "philippines filipino philippine", "norway norwegian norwegians", "mexico mexican mexicans",
    "eu european",
)  # fmt: skip
_LONG = {"united states": "us", "united kingdom": "uk", "european union": "eu", "united nations": "un"}
_NATIONS = {word: group.split()[0] for group in _SAME for word in group.split()}
_LEAST = 4


@dataclass(frozen=True, slots=True)
class Name:
    """A word of a name as it is written, and where."""

    word: str
    start: int
    end: int
    initial: bool


def strange_names(text: str, quotes: Sequence[str]) -> list[str]:
    """The names of a statement that its sources do not hold, whole as they are written."""
    held = _held(tuple(quotes))
    strange: list[Name] = []
    for name in names(text):
        if not _holds(held, name.word, text):
            strange.append(name)
    return [f"{whole} is not in the sources" for whole in _joined(strange, text)]


def parted_names(text: str, quotes: Sequence[str]) -> list[str]:
    """Names side by side in a statement, of which no source has the one near the other."""
    found = names(text)
    parted = []
    for one, other in itertools.pairwise(found):
        if text[one.end : other.start] not in (" ", "-") or (one.initial and is_common(one.word)):
            continue
        # "Belgian" for "in Belgium" may stand before any name: only words that are the sources' own are looked at.
        if {one.word.lower(), other.word.lower()} & set(_NATIONS) or not all(
            any(_folded(name.word) in _folded(quote) for quote in quotes) for name in (one, other)
        ):
            continue
        if not any(_near(one.word, other.word, quote) for quote in quotes):
            parted.append(f"the sources do not name {text[one.start : other.end]}")
    return parted


def names(text: str) -> list[Name]:
    """The words of names in a text, in order."""
    return list(_names(text))


def _names(text: str) -> Iterator[Name]:
    for match in _WORD.finditer(text):
        word = match[0]
        if not word[0].isupper() or word.lower() in _TITLES or word.lower() in MONTHS:
            continue
        before = text[: match.start()].rstrip()
        initial = not before or before[-1] in ".!?:“\"'‘(" or before.endswith(". -")
        if before.endswith(("Dr.", "Mr.", "Ms.", "Mrs.", "St.", "No.", "Prof.")):
            initial = False
        if initial and is_common(word) and not _begins_name(text, match.end()):
            continue
        if match.start() and text[match.start() - 1] in "'’" and len(word) == 1:
            continue
        yield Name(word, match.start(), match.end(), initial)


def _begins_name(text: str, end: int) -> bool:
    """Whether a common word at the start of a sentence is the first of a name: "Blue Heron Trading"."""
    after = _WORD.match(text, end + 1)
    return bool(after and text[end : end + 1] == " " and after[0][0].isupper() and is_common(after[0]))


@cache
def common_words() -> frozenset[str]:
    """Common English words in lower case, and their stems."""
    lines = files(__package__).joinpath("common_words.txt").read_text(encoding="utf-8").splitlines()
    words = [line for line in lines if not line.startswith("#")]
    return frozenset(words) | {stem for word in words for stem in stems(word)}


@lru_cache(maxsize=4096)
def is_common(word: str) -> bool:
    """Whether a word at the start of a sentence is no name: common English, or a stop word of any language."""
    plain = word.lower()
    if plain in common_words() or set(stems(plain)) <= common_words():
        return True
    return any(not stems(plain, language) for language in STOPPED)


@lru_cache(maxsize=256)
def _held(quotes: tuple[str, ...]) -> frozenset[str]:
    """What the sources hold of words: as written, as stems, and as abbreviations."""
    words: set[str] = set()
    for quote in quotes:
        plain = [_folded(word) for word in _WORD.findall(quote)]
        words.update(plain, stems(quote), _initials(plain))
        lowered = " ".join(plain)
        words.update(short for long, short in _LONG.items() if long in lowered)
    return frozenset(words)


def _initials(words: Sequence[str]) -> Iterator[str]:
    """What runs of two to six words may be shortened to; "of", "the" and the like may be passed over."""
    telling = [word for word in words if word not in _LINKS]
    for row in (words, telling):
        letters = [word[0] for word in row if word]
        for length in range(2, 7):
            yield from ("".join(letters[at : at + length]) for at in range(len(letters) - length + 1))


def _holds(held: frozenset[str], word: str, text: str) -> bool:
    plain = _folded(word)
    if plain in held or (stems(word) and set(stems(word)) <= held):
        return True
    if word.isupper() or (word[:-1].isupper() and word.endswith("s")):
        if len(word) > 1 and (plain in held or plain.rstrip("s") in held):
            return True
        return any(_same_nation(plain, other) for other in held) if len(word) > 1 else False
    if any(long in text.lower() and short in held and plain in long.split() for long, short in _LONG.items()):
        return True
    return any(_same_nation(plain, other) for other in held)


@lru_cache(maxsize=20_000)
def _same_nation(one: str, other: str) -> bool:
    """Whether two words are a country and its adjective or people."""
    if one in _NATIONS and other in _NATIONS:
        return _NATIONS[one] == _NATIONS[other]
    if len(one) < _LEAST or len(other) < _LEAST or any({one, other} == set(pair) for pair in _ALIKE):
        return False
    shared = 0
    while shared < min(len(one), len(other)) and one[shared] == other[shared]:
        shared += 1
    # "Serbia", "Serb" and "Serbian"; "Belgium" and "Belgian".
    return any(one[cut:] in _ENDINGS | {""} and other[cut:] in _ENDINGS | {""} for cut in range(_LEAST, shared + 1))


def are_alike(one: str, other: str) -> bool:
    """Whether two words name the same: the same word, or a country and its adjective."""
    return _folded(one) == _folded(other) or _same_nation(_folded(one), _folded(other))


def _near(one: str, other: str, quote: str) -> bool:
    """Whether a text has one word and then another, at most two words between them."""
    words = [_folded(word) for word in _WORD.findall(quote)]
    first, second = _folded(one), _folded(other)
    return any(word == first and second in words[at + 1 : at + 4] for at, word in enumerate(words))


def _joined(found: Sequence[Name], text: str) -> list[str]:
    """Names side by side as one."""
    whole: list[tuple[int, int]] = []
    for name in found:
        if whole and text[whole[-1][1] : name.start] in (" ", "-"):
            whole[-1] = (whole[-1][0], name.end)
        else:
            whole.append((name.start, name.end))
    return list(dict.fromkeys(text[start:end] for start, end in whole))


def _folded(word: str) -> str:
    """A word in lower case without accents."""
    apart = unicodedata.normalize("NFKD", word.casefold())
    return "".join(sign for sign in apart if not unicodedata.combining(sign))
