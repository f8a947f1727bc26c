"""Statements made false: one number, date, name or denial of a true one is changed, always the same ones.

It knows nothing of how `assistant.checking` reads numbers, dates and names: what that overlooks is altered as well.
"""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from index.loading import load
from index.sentences import sentences
from tests.benchmarks.altered_words import BASES, DROPPED, NAMES, OPPOSITES, SPELLED, UNITS

ROOT = Path(__file__).parents[2]
KINDS = ("number", "date", "name", "negation")
FEWEST_WORDS = 5

_MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_MONTH = re.compile(rf"\b(?:{'|'.join(_MONTHS)}|Jan\.|Feb\.|Aug\.|Sept\.|Oct\.|Nov\.|Dec\.)")
_DIGITS = re.compile(r"(?<![\w.,:-])[$€]?(?P<number>\d[\d.,]*\d|\d)(?:m\b)?(?![\w:])")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b(?! (?:US|dollars|euros))")
_AUXILIARY = re.compile(
    r"\b(?:(?:was|were|is|are)(?! also\b)|(?:has|have|had)(?= (?:been|begun|become|\w+(?:ed|en))\b)|"
    r"(?:will|would|should|can|could)(?! also\b))\b"
)
_BEFORE_UNIT = rf"(?:\d|\b(?:{'|'.join(SPELLED)}|hundred|thousand))[ -]"
_NUMBER_WORD = re.compile(rf"(?<![\w.,$€-])\d[\d.,]*\d|(?<![\w.,$€])\d\b|\b(?:{'|'.join(SPELLED)})\b(?!-)")
_DENIAL = re.compile(r"\b(?:not|never)\s|(?<=\bcan)not\b")
_DENIES = re.compile(r"\b(?:no|nobody|none|nothing|nor|neither|without|hardly|seldom|rarely)\b", re.IGNORECASE)
_AFTER_AUXILIARY = re.compile(r"\b(?:is|are|was|were|be|been|being|has|have|had|whom?|we)\s+(?:\w+\s+)?\Z")
_SPELLED = re.compile(rf"(?<!-)\b(?:{'|'.join(SPELLED)})\b(?!-(?:{'|'.join(SPELLED)}|one)\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Claim:
    """A statement and the sentences that it cites; `kind` is what was changed in it, "" where it is true."""

    document: str
    text: str
    quotes: tuple[str, ...]
    kind: str = ""


def restated() -> list[Claim]:
    """The restatements of the sample library's sentences, all true."""
    rows = (ROOT / "tests" / "restatements.jsonl").read_text(encoding="utf-8").splitlines()
    found = [json.loads(row) for row in rows]
    return [Claim(row["document"], row["text"], tuple(row["quotes"])) for row in found]


def said() -> list[Claim]:
    """The sample library's own sentences, headings and short ones left out."""
    found = []
    for path in documents():
        text = load(path.name, path.read_bytes()).text
        for start, end in sentences(text, None):
            sentence = re.sub(r"^(?:- |\d\. )", "", text[start:end])
            whole = sentence.endswith((".", "!")) and not sentence.startswith("Sample material")
            if whole and len(sentence.split()) >= FEWEST_WORDS:
                found.append(Claim(path.name, sentence, (text[start:end],)))
    return found


def documents() -> list[Path]:
    """The files of the sample library, in order."""
    return sorted(path for path in (ROOT / "seeds").iterdir() if path.suffix in (".md", ".txt"))


def altered() -> list[Claim]:
    """Every true statement with one thing changed, the kinds in turn; what stays true or is nonsense is left out."""
    found = []
    for place, claim in enumerate([*restated(), *said()]):
        for turn in range(len(KINDS)):
            kind = KINDS[(place + turn) % len(KINDS)]
            text = _altered(claim, kind)
            if text is not None and text not in DROPPED:
                found.append(Claim(claim.document, text, claim.quotes, kind))
                break
    return found


def exchanged() -> list[Claim]:
    """The restatements with two of their names, or two of their numbers, in each other's place."""
    found = []
    for claim in restated():
        words = [match for match in _NUMBER_WORD.finditer(claim.text) if not _YEAR.fullmatch(match[0])]
        names = [match for name in (name for group in NAMES for name in group) for match in _whole(name, claim.text)]
        for kind, matches in (("two numbers", words), ("two names", names)):
            places = sorted(matches, key=lambda match: match.start())
            if len(places) < 2 or places[0][0] == places[1][0] or places[0].end() > places[1].start():
                continue
            one, other = places[:2]
            text = claim.text
            text = text[: one.start()] + other[0] + text[one.end() : other.start()] + one[0] + text[other.end() :]
            found.append(Claim(claim.document, text, claim.quotes, kind))
    return [claim for claim in found if claim.text not in DROPPED]


def _whole(word: str, text: str) -> Iterator[re.Match[str]]:
    return re.finditer(rf"(?<![\w-]){re.escape(word)}(?![\w-])", text)


def _altered(claim: Claim, kind: str) -> str | None:
    """A statement with one thing of a kind changed, None where it has none; the choice depends on its words alone."""
    chance = random.Random(f"{kind} {claim.text}")
    ways: dict[str, Callable[[Claim], Iterator[str]]] = {
        "number": _numbers, "date": _dates, "name": _names, "negation": _negations,
    }  # fmt: skip
    held = " ".join((claim.text, *claim.quotes))
    choices = [text for text in ways[kind](claim) if text != claim.text and text not in held]
    return chance.choice(choices) if choices else None


def _numbers(claim: Claim) -> Iterator[str]:
    text, chance = claim.text, random.Random(claim.text)
    for match in _DIGITS.finditer(text):
        after = text[match.end() : match.end() + 12]
        if _YEAR.fullmatch(match["number"]) or _MONTH.search(text[max(0, match.start() - 10) : match.start()] + after):
            continue
        place = chance.randrange(len(match["number"]))
        while not match["number"][place].isdigit():
            place -= 1
        digit = str((int(match["number"][place]) % 9) + 1)
        at = match.start("number") + place
        yield text[:at] + digit + text[at + 1 :]
    for word in _SPELLED.finditer(text):
        others = [other for other in SPELLED if other != word[0].lower()]
        other = chance.choice(others)
        yield text[: word.start()] + (other.capitalize() if word[0][0].isupper() else other) + text[word.end() :]
    for unit, other in UNITS.items():
        for match in re.finditer(rf"{_BEFORE_UNIT}{re.escape(unit)}\b", text):
            start = match.end() - len(unit)
            yield text[:start] + other + text[match.end() :]
    for match in re.finditer(r"[$€](?=\d)", text):
        yield text[: match.start()] + ("€" if match[0] == "$" else "$") + text[match.end() :]


def _dates(claim: Claim) -> Iterator[str]:
    text, chance = claim.text, random.Random(claim.text)
    for match in _YEAR.finditer(text):
        yield text[: match.start()] + str(int(match[0]) + chance.choice((-3, -2, -1, 1, 2))) + text[match.end() :]
    for match in _MONTH.finditer(text):
        others = [month for month in _MONTHS if month[:3] != match[0][:3]]
        yield text[: match.start()] + chance.choice(others) + text[match.end() :]
        for day in (re.search(r"(\d+) \Z", text[: match.start()]), re.match(r" (\d\d?)\b(?!\d)", text[match.end() :])):
            if day:
                start = day.start(1) + (match.end() if day.re.pattern.startswith(" ") else 0)
                number = str(int(day[1]) % 27 + 2)
                yield text[:start] + number + text[start + len(day[1]) :]


def _names(claim: Claim) -> Iterator[str]:
    text, chance = claim.text, random.Random(claim.text)
    held = " ".join((text, *claim.quotes))
    for group in NAMES:
        for name in group:
            for match in _whole(name, text):
                others = [other for other in group if other not in held and other[:5] != name[:5]]
                yield text[: match.start()] + chance.choice(others) + text[match.end() :]


def _negations(claim: Claim) -> Iterator[str]:
    text = claim.text
    if claim.document == "informe-manabi.md":
        return  # Denials are read in English alone.
    denial = _DENIAL.search(text)
    if denial:
        yield text[: denial.start()] + text[denial.end() :]
    elif not _DENIES.search(text):
        match = _AUXILIARY.search(text)
        if match:
            yield f"{text[: match.end()]} not{text[match.end() :]}"
        for past, base in BASES.items():
            match = re.search(rf"(?<=[\w)] )\b{past}\b(?! (?:and|or|by)\b)", text)
            if match and not _AFTER_AUXILIARY.search(text[: match.start()]):
                yield f"{text[: match.start()]}did not {base}{text[match.end() :]}"
    for word, opposite in OPPOSITES:
        match = re.search(rf"\b{word}\b(?![.-])", text)
        if match:
            yield text[: match.start()] + opposite + text[match.end() :]
