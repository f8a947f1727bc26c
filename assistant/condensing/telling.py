"""Telling a model the conversation: the newest turns whole, within a budget, and of those left out the names.

The budget is in characters, as no tokenizer is the model's own; English has about four to a token.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from assistant.answers import Answer
from assistant.condensing.mentions import mentions
from assistant.reading.material import fenced, shown

BUDGET = 3000
# Of one question or answer the beginning is shown.
LONGEST_SHOWN = 400
LONGEST_NAMES = 300


def told(history: Sequence[Answer], budget: int = BUDGET) -> str:
    """The conversation inside its fence, oldest turn first; the newest is shown whatever the budget is."""
    turns: list[list[str]] = []
    left = budget
    for answer in reversed(history):
        lines = _turn(answer)
        left -= sum(len(line) + 1 for line in lines)
        if left < 0 and turns:
            break
        turns.append(lines)
    before = _names(history[: len(history) - len(turns)], turns)
    return fenced("conversation", [*before, *(line for lines in reversed(turns) for line in lines)])


def said(answer: Answer) -> str:
    """What a turn's answer states; empty where it declined."""
    return " ".join(statement.text for statement in answer.statements)


def _turn(answer: Answer) -> list[str]:
    """A declined turn is only its question: that the documents do not say tells nothing of what is asked next."""
    lines = [f"Question: {shown(answer.question.standalone)[:LONGEST_SHOWN]}"]
    if answer.statements:
        lines.append(f"Answer: {shown(said(answer))[:LONGEST_SHOWN]}")
    return lines


def _names(older: Sequence[Answer], turns: list[list[str]]) -> list[str]:
    """One line with the names of turns that are not shown, the latest first, as far as there is room."""
    seen = " ".join(line for lines in turns for line in lines)
    names: list[str] = []
    room = LONGEST_NAMES
    for name in _named(older):
        if name in seen or name in names:
            continue
        room -= len(name) + 2
        if room < 0:
            break
        names.append(name)
    return [f"Named before: {', '.join(names)}"] if names else []


def _named(older: Sequence[Answer]) -> Iterator[str]:
    for answer in reversed(older):
        for text in (shown(answer.question.standalone), shown(said(answer))):
            yield from (mention.text for mention in mentions(text) if mention.kind == "name")
