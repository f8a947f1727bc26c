"""Topics: what a question without a fitting name is about, as the words that can stand for it ("the oceanic crust").

No parser: closed lists of words, and where in a question its subject stands. Roughly right, and measured.
"""

from __future__ import annotations

import re

from assistant.condensing.mentions import Mention
from assistant.condensing.words import ASPECTS, AUXILIARIES, COLOURLESS, FUNCTION, WH, WORD, content, listed

LONGEST_TOPIC = 6

# Behind these stands what a question compares with, or where and when it places something, less than what it is about.
BESIDE = listed("to with against from in on at near by during")

_COUNTED = re.compile(
    r"^(?:of |in |from )?(?:how many|how much|which|what (?:number|share|kinds?|types?|sorts?) of(?: the)?)\s+"
    r"(?P<rest>.+)$",
    re.IGNORECASE,
)
_ABOUT = re.compile(
    r"\b(?:tell (?:me|us) (?:more )?about|information (?:on|about)|learn (?:more )?about|describe|explain|define"
    r"|what (?:is|are|was|were)|what['’]s|who (?:are|were)|what about|how about)\s+(?P<rest>.+)$",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"\s(?:that|which|who|when|where|if|because|and why|and how|and what|like|called)\b|[,;(]", re.IGNORECASE
)
_PLACED = re.compile(r"((?:the|a|an) [\w-]+(?: [\w-]+)? (?:of|in|for|on|at) (?:the )?)$", re.IGNORECASE)
# What the rules added to a question that was too short; it is not what that question asks for.
_INNER = re.compile(r"\s*\([^()]*\)")
# Behind these a name may be half of one: "Tell me about Blue whales."
_NAMED = re.compile(r"\b(?:about|describe|define|explain|history of) $", re.IGNORECASE)
_OBJECT = re.compile(r".*\b(?:of|between|about)\s+(?P<rest>.+)$", re.IGNORECASE)
_JOINING = frozenset(("of", "in", "for", "on", "at", "the"))
_DEFINING = re.compile(r"(?:what|who) (?:is|are|was|were) the ", re.IGNORECASE)
_NOUN = re.compile(r" ([a-z][\w-]+)(?=\s(?:in|of|on|at|for|during|and)\b|\s\w+ed\b)")
_LAST_NOUN = re.compile(r" ([a-z][\w-]+)(?=[\s?.!]*$|\s(?:in|of|on|at|for|during|and)\b|\s\w+ed\b)")
# One name in three words: a state of exception.
_KIND_OF = re.compile(r"an? [\w-]+ of [\w-]+", re.IGNORECASE)
_DETERMINER = frozenset(("the", "a", "an"))


def named_topic(asked: str, name: Mention) -> str:
    """A name with the words that belong to it: the pilot in Lima, the Bronze Age collapse."""
    before = _PLACED.search(asked[: name.start])
    if before is not None and not FUNCTION & set(before[1].lower().split()[1:-1]) - _JOINING:
        return f"{before[1]}{name.text}".replace("The ", "the ", 1)
    article = "the " if name.articled else ""
    return f"{article}{name.text}{_noun_behind(asked, name)}"


def _noun_behind(asked: str, name: Mention) -> str:
    """The noun that a name is half of: the Milgram experiment, Blue whales; and no verb."""
    lead, rest = asked[: name.start], asked[name.end :]
    if not name.articled and (" " in name.text or not _NAMED.search(lead)):
        return ""
    verb_before = any(word in AUXILIARIES for word in lead.lower().split()) and not _DEFINING.fullmatch(lead)
    behind = (_NOUN if verb_before else _LAST_NOUN).match(rest)
    noun = behind[1] if behind else ""
    return f" {noun}" if noun and noun not in FUNCTION and not noun.endswith("ed") else ""


def topic(asked: str, *, counted: bool = False) -> str | None:
    """What a question is about; with `counted`, only what it counts or chooses from. None where nothing says so."""
    asked = _INNER.sub("", asked)
    match = _COUNTED.match(asked)
    if match:
        found = _owner(_upto_verb(match["rest"]))
        return f"the {found}" if found else None
    if counted:
        return None
    match = _ABOUT.search(asked)
    if match:
        rest = _CLAUSE.split(match["rest"].strip(" ?.!"))[0]
        if _KIND_OF.fullmatch(rest):
            return rest
        inner = _OBJECT.match(rest)
        return _owner(_first_phrase(inner["rest"] if inner else rest))
    return _owner(_subject(asked))


def _owner(found: str | None) -> str | None:
    """Of "solar energy's uses" the energy; None where a topic has nothing but words that any question may have."""
    if not found:
        return None
    owner = re.match(r"(?P<owner>.+?)(?:['’]s|(?<=s)['’])\s", found)
    found = owner["owner"] if owner else found
    said = [word for word in content(found) if word not in COLOURLESS | ASPECTS and not word.endswith("ly")]
    return found if said else None


def _upto_verb(text: str) -> str:
    """The words before the first verb that is known as one; nothing where there is none."""
    taken: list[str] = []
    for word in text.rstrip(" ?.!").split():
        if word.lower() in AUXILIARIES or word.endswith(("ed", ",")):
            return " ".join(taken) if len(taken) <= LONGEST_TOPIC else ""
        taken.append(word)
    return ""


def _first_phrase(text: str) -> str | None:
    """The first run of content words, with its article."""
    taken: list[str] = []
    article = ""
    for match in WORD.finditer(text):
        word = match[0]
        if word.lower() in FUNCTION:
            if taken:
                break
            article = f"{word.lower()} " if word.lower() in _DETERMINER else ""
            continue
        # "makos' adaptations": without its apostrophe the owner would be lost in what it owns.
        taken.append(word + ("'" if text[match.end() : match.end() + 1] in ("'", "’") else ""))
    return f"{article}{' '.join(taken)}" if 0 < len(taken) <= LONGEST_TOPIC else None


def _subject(asked: str) -> str | None:
    """The first phrase behind the auxiliary, without the verb that ends it; else the object, behind the verb."""
    found = [match[0] for match in WORD.finditer(asked)]
    verb = next((place for place, word in enumerate(found) if word.lower() in AUXILIARIES), None)
    if verb is None:
        asks = found and found[0].lower() in WH
        return _first_phrase(" ".join(found[2:])) if asks and len(content(asked)) > 1 else None
    taken: list[str] = []
    article = ""
    for word in found[verb + 1 :]:
        if word.lower() not in FUNCTION and not (taken and word.lower() in COLOURLESS):
            taken.append(word)
        elif taken:
            break
        else:
            article = f"{word.lower()} " if word.lower() in _DETERMINER else ""
    taken = taken[:-1] if len(taken) > 1 else taken
    return f"{article}{' '.join(taken)}" if 0 < len(taken) <= LONGEST_TOPIC else None
