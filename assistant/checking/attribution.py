"""Attribution: what sources only report of others, and whom a statement names as saying it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from assistant.checking.clauses import content
from assistant.checking.names import is_common

_SAYING = (
    r"say|says|said|state|states|stated|tell|tells|told|claim|claims|claimed|report|reports|reported|argue|argues|argued|"
    r"hold|holds|held|suspect|suspects|suspected|think|thinks|thought|believe|believes|believed|allege|alleges|alleged|"
    r"explain|explains|explained|warn|warns|warned|add|adds|added|estimate|estimates|estimated|recall|recalls|recalled"
)
_WHO = r"(?:[^,;.]|(?<=\bDr)\.|(?<=\bMr)\.|(?<=\bMs)\.|(?<=\bProf)\.){2,80}?"
_STOP = r"(?=[,;]|(?<!\bDr)(?<!\bMr)(?<!\bMs)(?<!\bProf)\.|\Z)"
_ACCORDING = re.compile(rf"\b[Aa]ccording\s+to\s+(?P<who>{_WHO}){_STOP}|\b[Ss]egún\s+(?P<quien>{_WHO}){_STOP}")
_SUBJECT = r"(?P<who>(?:\w[\w’'.-]*\s+){0,7}?\w[\w’'.-]*)"
# An aside behind a name, in brackets or between commas.
_ASIDE = r"(?:\s+\([^)]{1,40}\))?(?:,[^,;.]{2,60},)?"
# "The analyst says that ...", and "..., media reports say."; who says it is what stands before the verb.
# "that" may be left out behind some of them; "says nothing" and "tells the police about it" report nothing.
_BEFORE = re.compile(
    rf"(?:^|[,;.—–]\s+|\band\s+)[-“\"]?\s*{_SUBJECT}{_ASIDE}\s+"
    rf"(?:(?:{_SAYING})\s+that\b|(?:says?|said|thinks?|thought|believes?)\s+(?!nothing|little|no\b|so\b)[A-Za-z“\"])"
)
_BEHIND = re.compile(rf"[,”\"]\s*{_SUBJECT}\s+(?:{_SAYING})\s*(?:[.,;]|\Z)")
_NEGATED = re.compile(r"\b(?:do|does|did|could|can)\s+not\s*\Z|\b(?:not|never|to|nobody|none)\s*\Z", re.IGNORECASE)
_ANY = re.compile(
    rf"\b(?:[Aa]ccording\s+to|{_SAYING}|[Ii]n\s+(?:his|her|their|its)\s+(?:view|words|account)|[Rr]eportedly|[Aa]llegedly|"
    r"report|view\w*|put(?:s)?|attribut\w+|trac\w+|describ\w+|accus\w+|found\s+that|so-called|[Ss]egún|dijo|afirma\w*)\b"
)
_PRONOUNS = frozenset(["he", "she", "it", "they", "we", "i", "you", "who", "one", "which", "that", "people"])
_MOST = 0.5


def misattributed(text: str, quotes: Sequence[str]) -> list[str]:
    """Whom a statement names as its source, and the sources do not speak of."""
    held = content(" ".join(quotes))
    faults = []
    for match in _ACCORDING.finditer(text):
        who = match["who"] or match["quien"]
        named = content(who)
        if named and not named & held:
            faults.append(f"the sources do not report it from {who}")
    return faults


def attribution_notes(text: str, quotes: Sequence[str]) -> tuple[str, ...]:
    """What must be said beside a statement that gives as a fact what its sources report of others."""
    if _ANY.search(text):
        return ()
    said = content(text)
    notes = []
    for quote in quotes:
        for who, start, end in _reported(quote):
            rest = content(quote[:start] + " " + quote[end:])
            if len(rest & said) >= _MOST * len(said):
                notes.append(f"the source reports this as what {who} said")
    return tuple(dict.fromkeys(notes))


def _reported(quote: str) -> Iterator[tuple[str, int, int]]:
    """Who says what a sentence reports, and where that is said."""
    for match in _ACCORDING.finditer(quote):
        yield _shown(match["who"] or match["quien"]), match.start(), match.end()
    for pattern in (_BEHIND, _BEFORE):
        for match in pattern.finditer(quote):
            who = match["who"].strip()
            if not _NEGATED.search(quote[: match.end("who")]) and who.lower() not in ("we", "i"):
                yield _shown(who), match.start(), match.end("who")
                return


def _shown(who: str) -> str:
    """Who said it, for a reader: a pronoun is somebody whom the cited sentence does not name."""
    words = who.split()
    if not words or words[-1].lower() in _PRONOUNS:
        return "somebody"
    return " ".join([words[0].lower() if is_common(words[0]) else words[0], *words[1:]])
