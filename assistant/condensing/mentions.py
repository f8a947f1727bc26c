"""Mentions: the dates, numbers and names in a question, by patterns. A name is capitalised and no ordinary word.

Names are told apart roughly: nationalities, countries, people, and others. What a name is of, nobody knows here.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from assistant.condensing.words import FUNCTION, bare, listed

Kind = Literal["date", "number", "name"]

_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?"
)
_YEAR = r"(?:1[5-9]|20)\d\ds?"
_DAY = r"\d{1,2}(?:st|nd|rd|th)?"
_PART = (
    r"(?:the )?(?:(?:first|second|last) half|(?:first|second|third|fourth|last) quarter|beginning|end|start|middle)"
    rf"(?: of (?:the year|that year|{_YEAR}))?|Q[1-4](?: {_YEAR})?|H[12](?: {_YEAR})?"
    rf"|(?:the )?(?:first|last) (?:\w+ )?(?:days?|weeks?|months?|quarters?) of (?:the year|that year|{_YEAR})"
    rf"|(?:the whole|all) of {_YEAR}"
)
_POINT = (
    rf"\d{{4}}-\d\d-\d\d|(?:{_DAY} )?{_MONTH}(?: {_DAY},?)?(?: (?:of )?{_YEAR})?|(?:the (?=\d{{3}}0s))?{_YEAR}"
    r"|(?:last|this|next|the previous) (?:year|month|week|century|decade)|today|yesterday"
    r"|\d{1,2}(?:st|nd|rd|th) century"
)
_DATE = re.compile(
    rf"\b(?:(?:between|from) (?:{_POINT}) (?:and|to|until|through) (?:{_POINT})"
    rf"|(?:{_POINT}) ?(?:to|until|–|-) ?(?:{_POINT})"
    rf"|{_PART}|(?:early|late|mid)[ -](?:{_POINT})|(?:{_POINT}))(?!\w)"
)
_NUMBER = re.compile(r"(?<![\w.])\d+(?:[.,]\d+)*(?![\w%])|(?<![\w.])\d+(?:[.,]\d+)*%")
_UPPER = r"[^\W\d_a-zß-öø-ÿ]"
_CAPITAL = rf"(?:{_UPPER}[\w]*(?:[-’']{_UPPER}?\w+)*)"
_NAME = re.compile(
    rf"\b(?:(?:Dr|Mr|Mrs|Ms|Gen|Col|St)\. )?{_CAPITAL}"
    rf"(?:(?: (?:of|de|del|de la|de los|la|al|von|van|bin|the|of the|for|on))? {_CAPITAL})*"
)
_JOINED = re.compile(r"(?:,| and| or|, and) (?:the )?")
_PREPOSITION = re.compile(
    r"(?:^|\s)(in|on|at|of|for|from|to|by|with|since|until|during|before|after|near|against) (?:the )?$", re.I
)

COUNTRIES = listed(
    "Afghanistan Albania Algeria Angola Argentina Armenia Australia Austria Azerbaijan Bangladesh Belarus Belgium "
    "Belize Bolivia Bosnia Brazil Bulgaria Cambodia Cameroon Canada Chile China Colombia Croatia Cuba Cyprus Denmark "
    "Ecuador Egypt England Estonia Ethiopia Finland France Georgia Germany Ghana Greece Guatemala Guinea Guyana Haiti "
    "Honduras Hungary Iceland India Indonesia Iran Iraq Ireland Israel Italy Jamaica Japan Jordan Kazakhstan Kenya "
    "Kosovo Kuwait Latvia Lebanon Libya Lithuania Luxembourg Malaysia Mali Malta Mexico Moldova Mongolia Montenegro "
    "Morocco Mozambique Namibia Nepal Netherlands Nicaragua Niger Nigeria Norway Pakistan Panama Paraguay Peru "
    "Philippines Poland Portugal Qatar Romania Russia Rwanda Scotland Senegal Serbia Singapore Slovakia Slovenia "
    "Somalia Spain Sudan Suriname Sweden Switzerland Syria Taiwan Tanzania Thailand Tunisia Turkey Uganda Ukraine "
    "Uruguay Venezuela Vietnam Wales Yemen Zambia Zimbabwe Africa America Asia Europe EU Union US USA UK UN NATO"
)
_PEOPLES = re.compile(
    r"(?:\w+(?:ian|ean|ese|ish)|Serb|Croat|Dutch|French|German|Greek|Czech|Turk|Swis|Thai|Pole|Dane|Swede|Finn|Spaniard"
    r"|Scot|Arab|Kurd|Slovak|Slovene|Bosniak|Kosovar|Iraqi|Israeli|Pakistani|American|Mexican|African|Moroccan|Roma)s?"
)
_BODY = listed(
    "index group cartel university ministry court port council police company bank party union agency office unit act "
    "experiment museum institute service commission war empire age theory system report province city island river "
    "guard army navy force forces federation association organization organisation scale convention project"
)
_ORDINARY = listed(
    "monday tuesday wednesday thursday friday saturday sunday authorities police prosecutors officials investigators "
    "according firearms violence experts analysts media reports sources prisoners inmates"
)
_TITLE = re.compile(
    r"(?:Dr\.?|Mr\.?|Mrs\.?|Ms\.?|Judge|President|Minister|Commander|General|Colonel|Superintendent|Prosecutor)\b"
)


@dataclass(frozen=True, slots=True)
class Mention:
    """`text[start:end]`, what it is, and the preposition before it in lower case ("" where there is none)."""

    kind: Kind
    text: str
    start: int
    end: int
    preposition: str
    articled: bool

    @property
    def is_people(self) -> bool:
        """A nationality: Serbs, Albanian."""
        return self.kind == "name" and all(_PEOPLES.fullmatch(word) for word in re.split(r",? and |, ", self.text))

    @property
    def is_country(self) -> bool:
        """A country, a continent or a union of them."""
        return self.kind == "name" and any(word in COUNTRIES for word in re.findall(r"\w+", self.text))

    @property
    def is_body(self) -> bool:
        """An organisation, an office, a work: by its words or its article."""
        return self.articled or any(word in _BODY for word in self.text.lower().split())

    @property
    def is_person(self) -> bool:
        """May be somebody."""
        if self.kind != "name" or self.is_people or self.is_country or self.is_body:
            return False
        return _TITLE.match(self.text) is not None or self.preposition not in ("in", "at", "near", "on")


def mentions(text: str) -> list[Mention]:
    """The mentions in a text, in order; none lies in another."""
    found = [_mention("date", text, match.span()) for match in _DATE.finditer(text) if _is_date(match[0], text, match)]
    spans = [(mention.start, mention.end) for mention in found]
    for match in _NUMBER.finditer(text):
        if not _within(match.span(), spans):
            found.append(_mention("number", text, match.span()))
    names = [span for match in _NAME.finditer(text) for span in _names(text, match.span()) if not _within(span, spans)]
    found += [_mention("name", text, span) for span in _joined(text, names)]
    return sorted(found, key=lambda mention: mention.start)


def last_year(text: str) -> str | None:
    """The last year that a text names."""
    years = re.findall(rf"\b{_YEAR}\b", text)
    return years[-1] if years else None


def _is_date(found: str, text: str, match: re.Match[str]) -> bool:
    """Whether it is one: "May" alone is a month only behind a preposition, and "the end" only where a year follows."""
    if found in ("May", "March", "Mar"):
        return re.search(r"\b(?:in|since|until|of|by|during|from|and) $", text[: match.start()]) is not None
    return re.fullmatch(r"(?:the )?(?:beginning|end|start|middle)", found) is None


def _mention(kind: Kind, text: str, span: tuple[int, int]) -> Mention:
    start, end = span
    before = _PREPOSITION.search(text[:start])
    articled = re.search(r"\bthe $", text[:start], re.IGNORECASE) is not None
    return Mention(kind, text[start:end], start, end, before[1].lower() if before else "", articled)


def _within(span: tuple[int, int], others: list[tuple[int, int]]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in others)


def _names(text: str, span: tuple[int, int]) -> list[tuple[int, int]]:
    """The name in a run of capitalised words: without the ordinary word that begins a sentence, and no possessive."""
    start, end = span
    while start < end:
        first = re.match(r"\S+", text[start:end])
        if first is None:
            return []
        word = bare(first[0]).lower().replace("’", "'")
        if word not in FUNCTION and word not in _ORDINARY:
            break
        start += first.end()
        start += len(text[start:end]) - len(text[start:end].lstrip())
    words = text[start:end].split(" ")
    while words and words[-1].lower() in FUNCTION:
        words.pop()
    name = bare(" ".join(words))
    return [(start, start + len(name))] if len(name) > 1 else []


def _joined(text: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Names that stand in one list are one mention: Serbia and Albania."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        if joined and _JOINED.fullmatch(text, joined[-1][1], start):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined
