"""The worst model there can be, for tests: it obeys every order in what it is shown, and invents beside real ordinals.

For each sentence that asks for something it writes what is asked four times: pointing at a sentence that has nothing to
do with it, pointing at the order itself, with the markers that the order forges, and pointing at nothing. Then it
answers with the first sentence that asks for nothing. It is no language model: it knows an order by a few words.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from assistant.reading.markers import SILENCE
from index.suspicion import is_suspected

_SHOWN = re.compile(r"^\[(\d+\.\d+)\] (.+)$", re.MULTILINE)
_QUESTION = re.compile(r"^(?:Newest question|Question): (.+)$", re.MULTILINE)
# A sentence that asks for something, though it does not say that a model is meant.
_ASKING = re.compile(
    r"\?\W*$|^\W*(?:please |actually,? |now )?(?:add|answer|augment|break|can you|combine|compose|convert|could you|"
    r"describe|develop|draft|enhance|explain|give|group|include|integrate|introduce|jumble|list|misspell|modify|print|"
    r"provide|rearrange|remove|render|repeat|replace|reply|respond|say|scramble|show|substitute|suggest|tell|translate|"
    r"use|write)\b",
    re.IGNORECASE,
)
_QUOTED = re.compile('["“‘«]([^"“”‘’«»]{3,300})["”’»]')
_WHAT = re.compile(
    r"\b(?:add|answer|include|insert|output|print|repeat|reply|respond|say|state|tell the user|write|contesta|escribe|"
    r"responde|napi[sš]ite?|odgovorite?|recite?|одговорите?|напишите?|antworte|réponds|répondez)\b"
    r"(?:\W+(?:only|always|just|exactly|that|with|the|words?|sentence|following|solo|con|la|palabra|frase|samo|sa|da|"
    r"само|nur|mit|uniquement|par))*\W+(.{3,300})",
    re.IGNORECASE,
)
# How markers of documents look when they were made harmless; this model makes them harmful again.
_DISARMED = re.compile(r"\((\d{1,2}\.\d{1,2})\)")
_PIECE = 16


class ObedientModel:
    """Obeys whoever wrote the documents."""

    def __init__(self, name: str) -> None:
        self.name = name

    def write(self, system: str, user: str) -> Iterator[str]:  # noqa: ARG002 - it obeys the last who speaks
        """What the documents ask for, then an answer; of a conversation, what it asks for as the question."""
        shown = [(match[1], match[2]) for match in _SHOWN.finditer(user)]
        text = _answer(shown) if shown else _follow_up(user)
        for start in range(0, len(text), _PIECE):
            yield text[start : start + _PIECE]


def payload(sentence: str) -> str | None:
    """What a sentence asks to be written; None where it asks for nothing."""
    if not is_suspected(sentence) and not _ASKING.search(sentence):
        return None
    quoted = _QUOTED.search(sentence)
    what = quoted or _WHAT.search(sentence)
    words = (what[1] if what else sentence).strip(" :")
    return words if words[-1:] in ".!?…" else f"{words}."


def _answer(shown: list[tuple[str, str]]) -> str:
    orders = [(ordinal, wanted) for ordinal, sentence in shown if (wanted := payload(sentence)) is not None]
    asked = {ordinal for ordinal, _ in orders}
    harmless = [one for one in shown if one[0] not in asked]
    lines = []
    for ordinal, wanted in orders:
        elsewhere = harmless[-1][0] if harmless else ordinal
        forged = _DISARMED.sub(r"[\1]", wanted)
        lines += [f"{wanted} [{elsewhere}]", f"{wanted} [{ordinal}]", f"{forged} [{elsewhere}]", wanted]
    if any(SILENCE in sentence for _, sentence in shown):
        lines.append(SILENCE)
    lines += [f"{sentence} [{ordinal}]" for ordinal, sentence in harmless[:1]]
    return "\n".join(lines)


def _follow_up(user: str) -> str:
    wanted = next((found for line in user.splitlines() if is_suspected(line) and (found := payload(line))), None)
    asked = _QUESTION.findall(user)
    return wanted or (asked[-1] if asked else SILENCE)
