"""Rule (a): "And in 2022?", "What about Manabí?": a fragment takes the place of its like part in the last question.

Like is a date for a date, a number for a number, a name for a name of the same sort. What finds no like part is added
at the end. A question that has a verb of its own is no fragment, and is left alone.
"""

from __future__ import annotations

import re

from assistant.condensing.mentions import Mention, last_year, mentions
from assistant.condensing.words import (
    AUXILIARIES,
    CONJUNCTIONS,
    DETERMINERS,
    FILLERS,
    FUNCTION,
    IMPERATIVES,
    PREPOSITIONS,
    WH,
    content,
    listed,
    words,
)

LONGEST_FRAGMENT = 9

_LEAD = re.compile(
    r"^(?:(?:and|but|so|ok|okay|interesting|thanks|well|now)\b[,.!]?\s+)*"
    r"(?:what about|how about|and|or|also)\b[,:]?\s+",
    re.IGNORECASE,
)
_END = re.compile(r"[\s?.!]*$")
_ASKING = re.compile(r"^(?:how many|how much|who|when|where|why|what)\b\s+", re.IGNORECASE)
_PLACED = listed("in at on from near")
_RANGE = re.compile(r"(?:between|from) ", re.IGNORECASE)
_RELATIVE = re.compile(r"(?:last|this|next|the previous) (?:year|month|week)|today|yesterday", re.IGNORECASE)
_YEARLESS = re.compile(r"(?:\d{1,2}(?:st|nd|rd|th)? )?[A-Z][a-z]+\.?(?: \d{1,2}(?:st|nd|rd|th)?)?")
_PERIOD = re.compile(r"(?:the )?\w+ (?:half|quarter)|[QH][1-4]")


def has_lead(asked: str) -> bool:
    """Whether a question begins as one that leans on the question before: And ..., What about ..."""
    return _LEAD.match(asked) is not None


def fragment(asked: str, previous: str) -> str | None:
    """What a question that is only a fragment is about; None where it is a question of its own."""
    lead = _LEAD.match(asked)
    inner = _END.sub("", asked[lead.end() if lead else 0 :])
    same = _ASKING.match(inner)
    # "And how many in Manabí?" asks again what was asked before.
    if same and same[0].lower().strip() == previous[: len(same[0])].lower().strip():
        rest = inner[same.end() :]
        inner = rest if words(rest)[:1] and words(rest)[0] in PREPOSITIONS else inner
    found = words(inner)
    if not found or len(found) > LONGEST_FRAGMENT or found[0] in WH | IMPERATIVES | {"if", "whether"}:
        return None
    if any(word in AUXILIARIES - {"may", "might", "will"} for word in re.findall(r"[\w'’]+", inner.lower())):
        return None
    if not lead and (not mentions(inner) or content(_without(inner, mentions(inner)))):
        return None
    return inner if content(inner) else None


def replaced(inner: str, previous: str) -> str:
    """The previous question with the fragment in the place of its like parts."""
    new, old = mentions(inner), mentions(previous)
    # Words that the question has already need no place in it.
    rest = set(content(_without(inner, new))) - set(content(previous))
    taken: list[tuple[Mention, Mention]] = []
    left: list[Mention] = []
    for mention in new:
        like = _like(mention, [other for other in old if all(other is not used for used, _ in taken)])
        if like is None:
            left.append(mention)
        else:
            taken.append((like, mention))
    if rest and not (len(new) == 1 and taken and _is_extended(inner, new[0])):
        return _added(previous, inner)
    result = previous
    for like, mention in sorted(taken, key=lambda pair: pair[0].start, reverse=True):
        result = _exchanged(result, like, mention, inner[mention.end :] if rest else "")
    for mention in left:
        article = "the " if mention.articled else ""
        result = _added(result, f"{mention.preposition} {article}{mention.text}".strip())
    return result[:1].upper() + result[1:]


def _without(inner: str, parts: list[Mention]) -> str:
    """The rest of a fragment, its mentions cut out."""
    for part in sorted(parts, key=lambda mention: mention.start, reverse=True):
        inner = inner[: part.start] + re.sub(r"^['’]s?\b", "", inner[part.end :])
    return inner


def _is_extended(inner: str, mention: Mention) -> bool:
    """Whether the mention begins the fragment and other words follow it: Rexhepi's brother, 20 kilos."""
    skipped = PREPOSITIONS | DETERMINERS | CONJUNCTIONS | FILLERS
    return mention.kind != "date" and all(word in skipped for word in words(inner[: mention.start]))


def _like(new: Mention, old: list[Mention]) -> Mention | None:
    """The part of the previous question whose place a mention may take: the most alike, of equals the last."""
    fitting = [other for other in old if other.kind == new.kind and (new.kind != "name" or _may_replace(new, other))]
    if not fitting:
        return None
    return max(
        fitting,
        key=lambda other: (
            other.is_country == new.is_country,
            other.is_body == new.is_body,
            bool(new.preposition) and other.preposition == new.preposition,
            (" " in other.text) == (" " in new.text),
            other.start,
        ),
    )


def _may_replace(new: Mention, other: Mention) -> bool:
    if new.is_people or other.is_people:
        return new.is_people and other.is_people
    if new.is_country and other.is_country:
        return True
    placed = other.preposition in _PLACED
    if new.preposition in _PLACED or new.is_country:
        return placed
    return True


def _exchanged(text: str, old: Mention, new: Mention, behind: str) -> str:
    if old.kind == "date":
        return _exchanged_date(text, old, new)
    before, after = text[: old.start], text[old.end :]
    if old.kind == "number" and behind:
        # "20 kilos" takes the place of "10 grams", noun and all.
        after = re.sub(r"^\s+\w+", "", after)
    if old.kind == "name":
        before = _with_article(before, old, new)
        if behind.startswith(("'", "’")) and after.startswith(("'", "’")):
            behind += "'s"
            after = re.sub(r"^['’]s?", "", after)
        if new.preposition and old.preposition in _PLACED and new.preposition in _PLACED:
            before = re.sub(rf"\b{old.preposition}( the)? $", rf"{new.preposition}\1 ", before, flags=re.IGNORECASE)
    return before + new.text + behind + after


def _with_article(before: str, old: Mention, new: Mention) -> str:
    """Names keep their own article, except where the question counts: How many Serbs."""
    if old.articled and not new.articled and not new.is_people:
        return before[:-4]
    if new.articled and not old.articled and not re.search(r"\b(?:many|more|most|few|which|what|any) $", before, re.I):
        return f"{before}the "
    return before


def _exchanged_date(text: str, old: Mention, new: Mention) -> str:
    core = _dated(new.text, old.text, text)
    start, alone = old.start, bool(_RANGE.match(new.text) or _RELATIVE.fullmatch(new.text))
    adverbial = bool(_RANGE.match(old.text) or _RELATIVE.fullmatch(old.text))
    preposition = ""
    if old.preposition and old.preposition != "of":
        start = text.lower().rindex(old.preposition, 0, old.start)
        preposition = new.preposition or old.preposition
    elif adverbial:
        preposition = new.preposition or "in"
    words_in = core if alone or not preposition else f"{preposition} {core}"
    return text[:start] + words_in + text[old.end :]


def _dated(new: str, old: str, text: str) -> str:
    """A month or a half takes the year of the date whose place it takes."""
    year = last_year(old) or last_year(text)
    if year is None or last_year(new):
        return new
    if re.search(r"(?:the|that) year$", new):
        return re.sub(r"(?:the|that) year$", year, new)
    if _PERIOD.fullmatch(new):
        return f"{new} {year}" if new[0] in "QH" else f"{new} of {year}"
    return f"{new} {year}" if _YEARLESS.fullmatch(new) else new


def _added(text: str, more: str) -> str:
    """A question with more words at its end."""
    end = _END.search(text)
    stem = text[: end.start()] if end else text
    first = words(more)[0]
    joint = " " if first in PREPOSITIONS else ", and "
    more = more if first in FUNCTION or more[:1].isupper() or more[:1].isdigit() else more[:1].lower() + more[1:]
    return f"{stem}{joint}{more}?"
