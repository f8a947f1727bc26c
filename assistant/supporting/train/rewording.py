"""Rewording: says what a sentence says in other words, or part of it; by rule, so that it is surely borne out.

Every way gives None where the sentence is not of the form that it knows.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence

LEAST_WORDS = 5
# Words that begin a part of a sentence which can go without changing what the rest says.
_TRAILING = re.compile(
    r",? (?:which|who|whose|where|while|whereas|although|including|such as|as well as|and|but|because|since|when) .*$"
)
_ASIDE = re.compile(r" ?\([^()]*\)| [–—-]{1,2} [^–—]{3,60} [–—-]{1,2}(?= )")
_LEADING = re.compile(
    r"^((?:In|On|At|By|During|After|Before|Since|From|Under|With|As of|Until|For|Throughout|Following) [^,]{3,50}), "
    r"(?=[A-Za-z])"
)
_APPOSITION = re.compile(r"^((?:The |An? )?[A-Z][\w’' -]{2,40}), ((?:an?|the) [^,]{6,70}), (?=[a-z])")
_QUESTION_OF_SUBJECT = re.compile(
    r"^(?:who|(?:what|which)(?: [\w-]+){0,2}?|how many [\w-]+) (?!(?:did|do|does)\b)", re.I
)
_QUESTION_OF_BEING = re.compile(
    r"^(?:what|who) (is|was|are|were) ((?:the|an?) [^,]*?(?: of| in| for)? [^,]*)$", re.IGNORECASE
)
_QUESTION_OF_PLACE = re.compile(
    r"^(where|when|in what year) (is|was|are|were) (.+) (\w+(?:ed|born|built|held|made))$", re.I
)
_VERB = re.compile(
    r"^(?:is|was|are|were|has|had|have|can|could|will|would|may|might|must|\w+(?:ed|es|s)|won|wrote|made|led|sang|plays?|"
    r"became|began|built|gave|took|held|found|ran|said|sent|came|went|got|grew|left|lost|brought|bought|taught|wore)\b"
)  # fmt: skip
_NUMBERS = ("how many",)

Way = Callable[[str], str | None]


def shortened(sentence: str) -> str | None:
    """Without its last clause."""
    return _whole(_TRAILING.sub("", sentence.rstrip(" .")), sentence)


def without_asides(sentence: str) -> str | None:
    """Without what stands in brackets or between dashes."""
    return _whole(_ASIDE.sub("", sentence).rstrip(" ."), sentence)


def without_setting(sentence: str) -> str | None:
    """Without the time or place that it begins with."""
    rest = _LEADING.sub("", sentence)
    return _whole(rest[:1].upper() + rest[1:].rstrip(" ."), sentence)


def setting_last(sentence: str) -> str | None:
    """With the time or place that it begins with at its end."""
    found = _LEADING.match(sentence)
    if found is None or "," in sentence[found.end() :]:
        return None
    rest, setting = sentence[found.end() :].rstrip(" ."), found.group(1)
    return f"{rest[:1].upper()}{rest[1:]} {setting[:1].lower()}{setting[1:]}."


def apposition(sentence: str) -> str | None:
    """What it says in passing of its subject: "X, a Y, did Z" says that X is a Y."""
    found = _APPOSITION.match(sentence)
    if found is None:
        return None
    being = "was" if re.search(r"\b(?:was|were|had|\w+ed)\b", sentence[found.end() :]) else "is"
    return f"{found.group(1)} {being} {found.group(2)}."


WAYS: tuple[Way, ...] = (shortened, without_asides, without_setting, setting_last, apposition)


def reworded(sentence: str, chance: random.Random) -> str | None:
    """The sentence in one of the ways, or in two."""
    ways = list(WAYS)
    chance.shuffle(ways)
    for number, way in enumerate(ways):
        first = way(sentence)
        if first is not None:
            second = next((said for other in ways[number + 1 :] if (said := other(first))), None)
            return second if second is not None and chance.random() < 0.3 else first
    return None


def declared(question: str, answer: str) -> str | None:
    """A question and its short answer as one statement."""
    asked = question.strip().rstrip("? ").strip()
    answer = answer.strip().rstrip(".")
    found = _QUESTION_OF_PLACE.match(asked)
    if found is not None:
        word = "at" if re.match(r"\d+[: ]", answer) else "in"
        said = answer if re.match(r"(?:in|on|at|near|from|by|during|after)\b", answer, re.I) else f"{word} {answer}"
        return _sentence(f"{found.group(3)} {found.group(2)} {found.group(4)} {said}")
    found = _QUESTION_OF_BEING.match(asked)
    if found is not None and not re.search(r"\b(?:\w+ed|called|known|to|by)$", asked):
        return _sentence(f"{found.group(2)} {found.group(1)} {answer}")
    found = _QUESTION_OF_SUBJECT.match(asked)
    if found is not None and _VERB.match(asked[found.end() :]):
        said = f"{answer} {found.group().split()[2]}" if found.group().lower().startswith("how many") else answer
        return _sentence(f"{said} {asked[found.end() :]}")
    return None


def as_in_chat(text: str, chance: random.Random) -> str:
    """As chat models of 2021 wrote: lower case, marks apart, no stop."""
    text = re.sub(r"([,.;:?!()]|'s\b|n't\b)", r" \1 ", text) if chance.random() < 0.5 else text
    return " ".join(text.lower().split()).rstrip(" .") if chance.random() < 0.7 else text.lower()


def joined(sentence: str, other: str) -> str:
    """One statement out of what two sentences say."""
    other = other.rstrip(" .")
    keep = re.match(r"[A-Z]\w*(?: [A-Z]|’s|'s)|I\b", other)
    return f"{sentence.rstrip(' .')}, and {other if keep else other[:1].lower() + other[1:]}."


def swapped(sentence: str, chance: random.Random) -> str | None:
    """With two of its names in each other's place."""
    names = list(
        dict.fromkeys(re.findall(r"(?<=[a-z,] )[A-Z][\w’'-]+(?: [A-Z][\w’'-]+)*|^[A-Z]\w+ [A-Z]\w+", sentence))
    )
    if len(names) < 2:
        return None
    one, other = chance.sample(names, 2)
    if one in other or other in one:
        return None
    return re.sub(f"{re.escape(one)}|{re.escape(other)}", lambda hit: other if hit.group() == one else one, sentence)


_NEGATED = {
    "is": "is not", "was": "was not", "are": "are not", "were": "were not", "can": "cannot", "has": "has not",
    "had": "had not", "will": "will not", "could": "could not", "would": "would not",
}  # fmt: skip


def denied(sentence: str) -> str | None:
    """Saying the opposite: with a "not" more, or a "not" less."""
    if re.search(r"\b(?:not|never|no)\b", sentence):
        return (
            re.sub(r" \b(?:not|never)\b", "", sentence, count=1) if re.search(r" (?:not|never)\b", sentence) else None
        )
    said = re.sub(rf"\b({'|'.join(_NEGATED)})\b", lambda hit: _NEGATED[hit.group()], sentence, count=1)
    return said if said != sentence else None


def answers_alike(answer: str, others: Sequence[str]) -> list[str]:
    """Those of other answers that are of the same kind: numbers for a number, names for a name."""
    return [
        other
        for other in others
        if _kind(other) == _kind(answer) and other.lower() not in answer.lower() and answer.lower() not in other.lower()
    ]


def _kind(answer: str) -> str:
    if re.search(r"\d", answer):
        return "number"
    return "name" if answer[:1].isupper() else "words"


def _whole(said: str, sentence: str) -> str | None:
    """What is left, as a sentence; None where it is too little or all."""
    changed = len(said.split()) >= LEAST_WORDS and said != sentence.rstrip(" .")
    return _sentence(said) if changed and re.search(r"\b(?:\w+ed|\w+s|is|are|was|were|ha[ds]|can)\b", said) else None


def _sentence(said: str) -> str:
    return f"{said[:1].upper()}{said[1:]}."
