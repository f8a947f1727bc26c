"""What kind of answer a question expects, and where in a sentence such an answer stands. English and Spanish words.

Not a parser: patterns for numbers, dates and names, good enough to prefer a sentence that can answer and to mark the
short answer inside it. Where it is not sure it marks nothing.
"""

from __future__ import annotations

import re
from enum import Enum

from index.words import stems


class Expected(Enum):
    """Kinds of short answers."""

    NUMBER = "number"
    DATE = "date"
    PERSON = "person"
    PLACE = "place"
    REASON = "reason"
    LIST = "list"
    OTHER = "other"


_QUESTIONS: tuple[tuple[Expected, re.Pattern[str]], ...] = tuple(
    (expected, re.compile(pattern, re.IGNORECASE))
    for expected, pattern in (
        (
            Expected.NUMBER,
            r"\bhow (?:many|much|old|long|far|large|big|high|often|tall|deep|fast|wide)\b"
            r"|\b(?:what|which) (?:\w+ ){0,2}"
            r"(?:number|share|percentage|percent|proportion|amount|sum|price|cost|rate|rank|score|total|size|length"
            r"|age|distance|population|weight|fee|salary|pay)\b|\bcuánt[oa]s?\b|\bqué porcentaje\b",
        ),
        (
            Expected.DATE,
            r"\bwhen\b|\b(?:what|which) (?:\w+ )?(?:year|date|day|month|century|decade|time)\b"
            r"|\bsince when\b|\bcuándo\b|\ben qué (?:año|fecha|mes)\b",
        ),
        (Expected.PERSON, r"\bwho(?:m|se)?\b|\bwhich (?:person|man|woman|official|minister)\b|\bquién(?:es)?\b"),
        (
            Expected.PLACE,
            r"\bwhere\b|\b(?:what|which) (?:\w+ ){0,2}(?:city|country|place|port|province|region|town|state|district"
            r"|location|island|river|countries|cities)\b|\bdónde\b",
        ),
        (Expected.REASON, r"\bwhy\b|\bwhat (?:caused|led|explains|reasons?)\b|\bhow come\b|\bpor qué\b"),
        (
            Expected.LIST,
            r"\bwhat are\b|\bwhich (?:\w+ ){0,3}(?:are|were|have|do|did)\b|\bname (?:the|all|some|two|three)\b|\blist\b"
            r"|\bwhat (?:kinds|types|ways|forms|steps|measures)\b|\bcuáles\b",
        ),
    )
)

_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Jan\.|Feb\.|Mar\.|Apr\.|Aug\.|Sept?\.|Oct\.|Nov\.|Dec\."
    r"|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre)"
)
_DATE = re.compile(
    rf"(?:\d{{1,2}}(?:st|nd|rd|th)? )?(?:de )?\b{_MONTH}(?: \d{{1,2}}(?:st|nd|rd|th)?,?)?(?: (?:de )?\d{{4}})?\b"
    r"|\b(?:1[0-9]|20)\d{2}s?\b|\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}(?:st|nd|rd|th) century\b"
)
_SPELLED = (
    "one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen"
    "|eighteen|nineteen|twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|billion|dozen"
    "|half|third|quarter|twice|uno|dos|tres|cuatro|cinco|seis|siete|ocho|nueve|diez|once|doce|veinte|treinta|cien|mil"
)
_NUMBER = re.compile(
    rf"(?:[$€£]\s?)?\b\d+(?:[.,]\d+)*(?:(?:st|nd|rd|th)\b)?(?:\s?%|\s(?:per cent|percent|million|billion|thousand)\b)?"
    rf"|\b(?:{_SPELLED})(?:[- ](?:{_SPELLED}))*\b",
    re.IGNORECASE,
)
_NAME = re.compile(
    r"\b[^\W\d_a-zà-öø-ÿ][\w’'-]*(?:\s(?:(?:of|de|del|la|the|al|von|van|and)\s)?[^\W\d_a-zà-öø-ÿ][\w’'-]*)*"
)
_REASON = re.compile(r"\b(?:because|since|due to|so that|in order to|as a result|owing to|porque|debido a)\b", re.I)


def expected(question: str) -> Expected:
    """The kind of answer that a question asks for; the first question word decides."""
    found = [
        (match.start(), order, kind)
        for order, (kind, pattern) in enumerate(_QUESTIONS)
        if (match := pattern.search(question))
    ]
    return min(found)[2] if found else Expected.OTHER


def answers_in(sentence: str, kind: Expected, question: str) -> list[tuple[int, int]]:
    """Where short answers of a kind may stand in a sentence; what the question says itself is none."""
    if kind is Expected.DATE:
        spans = [match.span() for match in _DATE.finditer(sentence)]
    elif kind is Expected.NUMBER:
        dates = [match.span() for match in _DATE.finditer(sentence)]
        spans = [match.span() for match in _NUMBER.finditer(sentence)]
        spans = [span for span in spans if not any(start <= span[0] < end for start, end in dates)]
    elif kind in (Expected.PERSON, Expected.PLACE):
        spans = [match.span() for match in _NAME.finditer(sentence)]
    elif kind is Expected.REASON:
        return [match.span() for match in _REASON.finditer(sentence)]
    else:
        return []
    asked = set(stems(question))
    return [span for span in spans if not _said(sentence[span[0] : span[1]], asked)]


def short_answer(sentence: str, kind: Expected, question: str) -> tuple[int, int] | None:
    """The one short answer that a sentence gives, for kinds that have a form of their own; None where it is not clear.

    Of several numbers the one that stands nearest before words of the question is taken.
    """
    if kind not in (Expected.NUMBER, Expected.DATE, Expected.PERSON):
        return None
    spans = answers_in(sentence, kind, question)
    if kind is Expected.PERSON:
        # A sentence's first word is capitalised whatever it is: a name there has to be longer than that word.
        spans = [span for span in spans if span[0] > 0 or " " in sentence[span[0] : span[1]]]
    if kind is Expected.NUMBER and any(sentence[start:end].strip("$€£ ")[:1].isdigit() for start, end in spans):
        # Beside figures, "one" or "three" in words is seldom what was asked for.
        spans = [(start, end) for start, end in spans if any(sign.isdigit() for sign in sentence[start:end])]
    if not spans:
        return None
    if len(spans) == 1 or kind is not Expected.NUMBER:
        return spans[0] if len(spans) == 1 else None
    asked = set(stems(question))
    near = [(_distance(sentence[end:], asked), start, end) for start, end in spans]
    near.sort()
    return (near[0][1], near[0][2]) if near[0][0] < near[1][0] else None


def _distance(after: str, asked: set[str]) -> int:
    """How many words stand between a number and the next word that the question has."""
    words = stems(after)
    return next((place for place, word in enumerate(words) if word in asked), len(words) + 99)


def _said(words: str, asked: set[str]) -> bool:
    found = stems(words)
    return not found or set(found) <= asked
