"""Rule (c): a question of under three content words that does not stand alone takes those of the question before.

"Why?" after "When was he moved?" becomes "Why was he moved?"; where no such form is at hand, the words stand in
parentheses behind the question: "By whom (inmates killed in 2021)?".
"""

from __future__ import annotations

import re

from assistant.condensing.mentions import mentions
from assistant.condensing.topics import BESIDE, named_topic
from assistant.condensing.words import (
    ASPECTS,
    AUXILIARIES,
    COLOURLESS,
    FUNCTION,
    IMPERATIVES,
    WH,
    content,
    listed,
    words,
)

FEW = 3
MOST_WORDS = 24

_BARE = re.compile(
    r"(?:(?:and|but|so)\s+)?(?P<asks>(?:since |until )?when|where|why|how(?: long)?)(?:\s+(?:not|so|exactly))?", re.I
)
_AUXILIARY = "|".join(sorted(re.escape(word) for word in AUXILIARIES if "'" not in word))
_ASKED = re.compile(
    r"^(?P<placed>(?:in|on|at|by|for|to|since|of|from)\s+)?"
    r"(?:(?P<wh>what|which|who|when|where|why|how many|how much|how long|how)\b)?\s*"
    rf"(?P<noun>(?:(?!(?:{_AUXILIARY})\b)[\w’'-]+\s+)*?)(?P<verb>{_AUXILIARY})\s+(?P<rest>.+)$",
    re.IGNORECASE,
)
_ADVERBS = listed("when where why how")
_DEFINES = re.compile(
    r"^(?:what|who)\s+(?:is|are|was|were)\s+(?!the\b|some\b|other\b|its\b)(?P<rest>.+)$", re.IGNORECASE
)
# "Tell me about makos.", "Is chilli a stew?": whose subject has no article brings a topic of its own.
_OPENS = re.compile(
    r"^(?:tell (?:me |us )?(?:more )?about|describe|define|explain"
    r"|(?:(?:how|where|when|why)\s+)?(?:is|are|was|were|does|do|did|can))\s+"
    r"(?!(?:other|special)\b)(?P<rest>[a-z].*)$",
    re.IGNORECASE,
)
# "How long" and "how often" go whole.
_MEASURES = listed("long old often far big large")
_INNER = re.compile(r"\s*\([^()]*\)")


def is_short(asked: str) -> bool:
    """Whether a question says too little to be searched: few content words, and neither a name nor a definition."""
    if len(content(asked)) >= FEW:
        return False
    found = words(asked)
    if not content(asked) and not set(found) & (WH | AUXILIARIES):
        return False
    has_verb = any(word in AUXILIARIES | IMPERATIVES for word in found) or len(content(asked)) == FEW - 1
    if has_verb and any(mention.kind == "name" for mention in mentions(asked)):
        return False
    return not _has_own_topic(asked.strip(" ?.!"))


def _has_own_topic(asked: str) -> bool:
    defined = _DEFINES.match(asked)
    if defined is not None:
        said = content(defined["rest"])
        return bool(said) and not set(said) & (COLOURLESS | ASPECTS)
    opens = _OPENS.match(asked)
    first = words(opens["rest"])[:1] if opens else []
    return bool(first) and not set(first) & (FUNCTION | COLOURLESS | ASPECTS)


def completed(asked: str, previous: str) -> str:
    """The question with what the previous one was about."""
    stem = asked.strip().rstrip("?.! ")
    turned = _turned(stem, previous)
    if turned is not None:
        return turned
    about = _about(previous)
    # A question with a noun of its own wants what that noun is of, and not all that was asked of it.
    if content(asked) and "(" not in previous:
        names = [
            mention for mention in mentions(previous) if mention.kind == "name" and mention.preposition not in BESIDE
        ]
        about = named_topic(previous, names[-1]) if names else about
    return f"{stem} ({about})?" if about else asked


def _turned(stem: str, previous: str) -> str | None:
    """The previous question asked with another question word, where its form allows."""
    bare, before = _BARE.fullmatch(stem), _ASKED.match(previous.strip(" ?.!"))
    if bare is None or before is None:
        return None
    asked, noun, verb = (before["wh"] or "").lower(), before["noun"].strip(), before["verb"].lower()
    word, rest = bare["asks"].capitalize(), before["rest"]
    if asked in _ADVERBS or not asked or (before["placed"] and noun):
        return f"{word} {verb} {rest}?" if asked or not noun else None
    if not noun:
        return None
    if verb in ("do", "does", "did"):
        return f"{word} {verb} {rest} ({noun})?"
    return f"{word} {verb} {noun} {rest}?"


def _about(previous: str) -> str:
    """The content words of a question, with the small words between them, on from the first."""
    inner = _INNER.search(previous)
    if inner is not None:
        # What was too short itself leaned on an older question, and so does, as a rule, its sister.
        return inner[0].strip(" ()")
    found = previous.rstrip(" ?.!").split()
    while found and found[0].strip(",.:;").lower().replace("’", "'") in FUNCTION | _MEASURES:
        found.pop(0)
    return " ".join(found[:MOST_WORDS])
