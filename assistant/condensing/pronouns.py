"""Rule (b): a pronoun with nothing before it to stand for takes the last fitting name of the conversation.

The latest turn comes first: its question, then what its answer marked or quoted first; then the turns before. He and
she take who may be a person; it and they take other names, or else what the question was about ("the oceanic crust").
"It" that stands for nothing ("is it true that") is left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Literal

from assistant.answers import Answer
from assistant.condensing.mentions import Mention, mentions
from assistant.condensing.topics import BESIDE, named_topic, topic
from assistant.condensing.words import FUNCTION, content, is_english, listed

Referent = Literal["person", "thing", "many"]

# What may be said of a "that ..." in place of a name.
_GENERIC = (
    "group|gang|cartel|organisation|organization|network|company|agency|country|city|town|province|port|region|case"
    "|man|woman|person|official|report|index|experiment|process|event|team|groups|gangs|people|countries|cities"
)
_PRONOUN = re.compile(
    r"\b(?:(?P<person>he|him|his|she|hers?|himself|herself)|(?P<thing>its?|itself)|(?P<many>they|them|theirs?|themselves)"
    rf"|(?P<that>(?:this|that|these|those) (?:{_GENERIC})))\b(?P<short>['’](?:s|re)\b)?"
    r"|(?:(?<=\bof )|(?<=\bfor )|(?<=\bby ))(?P<end>this|that|these|those)(?=\s*\?*$)",
    re.IGNORECASE,
)
_POSSESSIVE = frozenset(("his", "its", "their", "theirs", "hers"))
_PEOPLE = listed("man woman person official")
_EMPTY_IT = re.compile(
    r"\bit(?:['’]s)?\s+(?:\w+ly\s+)?(?:true|possible|impossible|likely|unlikely|clear|unclear|known|necessary|worth|fair"
    r"|correct|legal|illegal|obvious|certain|said|believed|reported|estimated|thought|expected|alleged|common|raining)\b"
    r"|\bit\s+(?:\w+ly\s+)?(?:seems?|appears?|turns? out|matters?)\b|\btime is it\b"
    r"|\b(?:does|did|do|will|would|can|could)\s+it\s+(?:usually |really |actually |normally )?"
    r"(?:take|cost|matter|help|hurt)\b(?:\s+for\s+\w+)?(?:\s+(?:\w+\s+){0,3}?to\b)"
    r"|\b(?:was|is)\s+it\s+(?:that|who|because)\b",
    re.IGNORECASE,
)
# So many content words before "it" or "they", and it is likely that one of them is meant.
MANY_BEFORE = 4


def resolved(asked: str, history: tuple[Answer, ...]) -> str:
    """The question with its first open pronoun replaced; as it was where nothing fits."""
    for match in _open(asked):
        name = _referent(_kind(match), history)
        if name is None:
            continue
        return asked[: match.start()] + _rendered(name, match, asked) + asked[match.end() :]
    return asked


def is_open(asked: str) -> bool:
    """Whether a question has a pronoun whose name the conversation must give."""
    return any(_open(asked))


def _open(asked: str) -> Iterator[re.Match[str]]:
    for match in _PRONOUN.finditer(asked):
        if not _stands_for_nothing(asked, match) and not _has_own(asked[: match.start()], _kind(match)):
            yield match


def _kind(match: re.Match[str]) -> Referent:
    if match["person"]:
        return "person"
    if match["many"]:
        return "many"
    if match["that"] and match["that"].split()[-1].lower() in _PEOPLE:
        return "person"
    return "many" if match[0].lower().startswith(("these", "those")) else "thing"


def _stands_for_nothing(asked: str, match: re.Match[str]) -> bool:
    if match[0].lower() not in ("it", "it's", "it’s"):
        return False
    return any(found.start() <= match.start() < found.end() for found in _EMPTY_IT.finditer(asked))


def _has_own(before: str, kind: Referent) -> bool:
    """Whether the question itself says who or what is meant, before the pronoun."""
    names = [mention for mention in mentions(before) if mention.kind == "name"]
    if kind == "person":
        return any(mention.is_person for mention in names)
    return any(not mention.is_people for mention in names) or len(content(before)) >= MANY_BEFORE


def _referent(kind: Referent, history: tuple[Answer, ...]) -> str | None:
    for answer in reversed(history):
        asked = answer.question.standalone
        if not is_english(asked):
            return None
        found = _in_question(kind, asked) or _in_quote(kind, answer)
        if found:
            return found
    return None


def _in_question(kind: Referent, asked: str) -> str | None:
    names = _fitting(kind, asked)
    if kind == "person":
        return names[-1].text if names else None
    if kind == "many":
        several = [name for name in names if name.is_people or re.search(r"s$|\b(?:and|Los|Las)\b", name.text)]
        counted = topic(asked, counted=True)
        about = topic(asked) or ""
        if counted or several or about.endswith("s"):
            return counted or (named_topic(asked, several[-1]) if several else about)
    if names:
        # What a question compares with, or where it places something, is less likely meant than what it is about.
        return named_topic(asked, ([name for name in names if name.preposition not in BESIDE] or names)[-1])
    found = topic(asked)
    if kind == "many" and any(mention.is_person for mention in mentions(found or "")):
        return None
    return found


def _in_quote(kind: Referent, answer: Answer) -> str | None:
    """The short answer that was marked where it fits, else the last fitting name of the first quote."""
    if not answer.citations:
        return None
    first = answer.citations[0]
    if first.highlight is not None:
        marked = first.quote[first.highlight.start - first.start : first.highlight.end - first.start]
        names = _fitting(kind, marked)
        if names:
            return names[-1].text
    names = _fitting(kind, first.quote)
    return names[-1].text if names else None


def _fitting(kind: Referent, text: str) -> list[Mention]:
    names = [mention for mention in mentions(text) if mention.kind == "name"]
    if kind == "person":
        return [name for name in names if name.is_person and (name.start > 0 or _is_subject(text, name))]
    if kind == "thing":
        return [name for name in names if not name.is_people or _is_language(text, name)]
    # They may be an organisation, but seldom one person.
    return [name for name in names if not (name.is_person and " " in name.text)]


def _is_language(text: str, name: Mention) -> bool:
    """Whether a word for a people stands for its language: learning Norwegian."""
    if name.articled or name.text.endswith("s") or name.text.lower().endswith("men"):
        return False
    return re.match(r"[\s?.!]*$|,| (?:and|as|in|to)\b", text[name.end :]) is not None and " " not in name.text


def _is_subject(text: str, name: Mention) -> bool:
    """Whether what begins a sentence is a name: one word alone is where a verb or a comma follows."""
    if " " in name.text:
        return True
    return name.text == text or re.match(r" (?:was|is|has|had|did|\(|\w+ed\b)|,|['’]s\b", text[name.end :]) is not None


def _rendered(name: str, match: re.Match[str], asked: str) -> str:
    pronoun = match[0].lower()
    if match["short"]:
        verb = "are" if "re" in match["short"] else "is"
        return f"{name} {verb}"
    behind = re.match(r"\s+([\w'’-]+)", asked[match.end() :])
    owns = pronoun in _POSSESSIVE or (pronoun == "her" and behind is not None and behind[1].lower() not in FUNCTION)
    rendered = possessive(name) if owns else name
    return rendered[:1].upper() + rendered[1:] if match.start() == 0 else rendered


def possessive(name: str) -> str:
    """Rexhepi's, Los Choneros'."""
    if name.endswith(("'s", "’s", "'", "’")):
        return name
    return f"{name}'" if name.endswith("s") else f"{name}'s"
