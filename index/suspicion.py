"""Suspicion: does a text give orders to a language model, or forge what one is shown?

By patterns, in several languages, on a text without invisible signs, look-alike letters and letters apart. It judges
no intent, and finds no order that reads like any other sentence. What it finds is told, never taken out.
"""

from __future__ import annotations

import base64
import binascii
import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import islice

from index.suspicion_rules import RULES, Rule

# How much of a text is shown around what was found, in code points.
LONGEST_EXCERPT = 120
_FEWEST = 20
_MOST_ENCODED = 200
# How far from one of its words a pattern is looked for.
_AROUND = 200
# Signs that are put on one letter are sorted, which takes the square of how many stand in a row.
_PIECE = 1_000
_MOST_GROWTH = 3

_I = re.IGNORECASE
_CERTAIN = tuple(rule for rule in RULES if rule.certain)

_APART = re.compile(r"(?<!\w)(?:[^\W\d_][ .*_-]){7,}[^\W\d_](?!\w)")
_SQUEEZED = re.compile(
    r"(?:ignore|disregard)\w{0,40}?(?:instruction|prompt|previous|prior|above|other)|systemprompt|replywith|answerwith",
    _I,
)
_ENCODED = re.compile(r"(?<![A-Za-z0-9+/=])[A-Za-z0-9+/]{24,4000}={0,2}(?![A-Za-z0-9+/=])")
_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    "\ufe00-\ufe0f\ufeff\uffa0\U000e0000-\U000e01ef]"
)
_TAGGED = re.compile("[\U000e0020-\U000e007e]+")
_LATIN, _OTHER = re.compile("[a-zA-Z]"), re.compile("[\u0370-\u03ff\u0400-\u04ff]")
_LETTERS = re.compile(r"[^\W\d_]+")
# Letters of Cyrillic and Greek that look like Latin ones.
_ALIKE = str.maketrans(
    "аеорсухіјѕԁԛһАВЕКМНОРСТХІЈЅαοερνικΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "aeopcyxijsdqhABEKMHOPCTXIJSaoepvikABEZHIKMNOPTYX",
)


def excerpt(text: str) -> str | None:
    """The first words of a text that address a model or forge what one is shown, on one line; None where none do."""
    plain = _plain(text)
    first = min((match.start() for match in _found(plain, RULES)), default=None)
    if first is None:
        return None
    cut = plain[first : first + 2 * LONGEST_EXCERPT].lstrip(" \t\n.!?:;,…")
    # What forges a message goes over several lines; else a line is enough.
    line = cut.find("\n", _FEWEST)
    words = " ".join((cut if line < 0 else cut[:line]).split())
    if len(words) <= LONGEST_EXCERPT:
        return words
    return f"{words[:LONGEST_EXCERPT].rpartition(' ')[0] or words[:LONGEST_EXCERPT]}…"


def is_suspected(text: str) -> bool:
    """Whether anything in a text looks as if it addressed a model or forged what one is shown: enough for a warning."""
    return next(_found(_plain(text), RULES), None) is not None


def is_order(text: str) -> bool:
    """Whether a text says what nothing but an order to a model says: no letter and no manual, and no true answer."""
    return next(_found(_plain(text), _CERTAIN), None) is not None


def _found(plain: str, rules: Sequence[Rule]) -> Iterator[re.Match[str]]:
    """The first match of every rule that fits."""
    yield from _first_matches(plain, rules)
    for apart in _APART.finditer(plain):
        if _SQUEEZED.search(re.sub(r"[\W_]", "", apart[0])):
            yield apart
            break
    for encoded in islice(_ENCODED.finditer(plain), _MOST_ENCODED):
        if next(_first_matches(_decoded(encoded[0]), rules), None) is not None:
            yield encoded
            break


def _first_matches(plain: str, rules: Sequence[Rule]) -> Iterator[re.Match[str]]:
    lowered = _lowered(plain)
    for rule in rules:
        match = next(_matches(rule, plain, lowered), None)
        if match is not None:
            yield match


def _matches(rule: Rule, plain: str, lowered: str) -> Iterator[re.Match[str]]:
    """The matches of a rule around its words; elsewhere there are none."""
    for word in rule.words:
        place = lowered.find(word)
        while place >= 0:
            start, end = max(0, place - _AROUND), place + _AROUND
            # Words that stand near each other are looked at together: so no text takes longer than its length.
            while 0 <= (place := lowered.find(word, place + 1)) <= end:
                end = place + _AROUND
            match = rule.pattern.search(plain, start, end)
            if match is not None:
                yield match


def _lowered(plain: str) -> str:
    """In lower case, each letter in its place."""
    lowered = plain.lower()
    if len(lowered) == len(plain):
        return lowered
    return "".join(small if len(small := sign.lower()) == 1 else sign for sign in plain)


def _plain(text: str) -> str:
    """A text as it looks: without invisible signs, wide and styled letters as plain ones, look-alikes as their like."""
    if text.isascii():
        return text
    # Signs that nobody can see and that stand for letters are how a text is smuggled past a reader.
    text = _TAGGED.sub(lambda match: " " + "".join(chr(ord(sign) - 0xE0000) for sign in match[0]) + " ", text)
    text = _INVISIBLE.sub("", text)
    pieces = (text[start : start + _PIECE] for start in range(0, len(text), _PIECE))
    text = "".join(map(_normal, pieces)).replace("’", "'")
    return _LETTERS.sub(_of_one_script, text) if _OTHER.search(text) and _LATIN.search(text) else text


def _normal(piece: str) -> str:
    """A piece of text in its plain form; as it is where that is many times as long: some single signs are sentences."""
    normal = unicodedata.normalize("NFKC", piece)
    return normal if len(normal) <= _MOST_GROWTH * len(piece) else piece


def _of_one_script(word: re.Match[str]) -> str:
    """A word whose letters are of two scripts, in one of them; others as they are."""
    mixed = _LATIN.search(word[0]) and _OTHER.search(word[0])
    return word[0].translate(_ALIKE) if mixed else word[0]


def _decoded(encoded: str) -> str:
    """The words that are encoded in base 64; nothing where no words are."""
    if len(encoded) % 4:
        return ""
    try:
        words = base64.b64decode(encoded, validate=True).decode("utf-8")
    except (binascii.Error, UnicodeDecodeError):
        return ""
    return words if words.isprintable() or words.replace("\n", " ").isprintable() else ""
