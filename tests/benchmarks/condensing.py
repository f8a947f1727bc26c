"""Condensing on TREC CAsT: how much of what a person put into a follow-up the rules, and a tiny model, put there.

The history of a turn is what the system itself made of the turns before, without answers. A text's content words are
those that `assistant.condensing.words` calls so, as stems.
"""

from __future__ import annotations

import dataclasses
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.answers import Answer
from assistant.chat_models import ChatModel
from assistant.condensing import Condensed, Condenser, ModelCondenser, RuleCondenser
from assistant.condensing.checked import cleaned
from assistant.condensing.words import content, words
from assistant.prompts import load
from assistant.reading.material import shown
from index.words import stems
from tests.benchmarks import cast, misrewriting, tiny_server
from tests.benchmarks.cast import Turn
from tests.benchmarks.figures import Cell, Figures
from tests.turns import turn

MAX_TOKENS = 60
SEED = 4
Conversation = tuple[Turn, ...]
# A follow-up, what a way made of it, and why what the model wrote was set aside.
Made = tuple[Turn, str, str | None]
Say = Callable[[str], None]


class Overheard:
    """A chat model, and the first line of the last text that it wrote."""

    def __init__(self, model: ChatModel) -> None:
        self.name = model.name
        self.last = ""
        self._model = model

    @property
    def line(self) -> str:
        """What the condenser was given to check."""
        return cleaned(self.last.strip().partition("\n")[0])

    def write(self, system: str, user: str) -> Iterator[str]:
        """What the model writes."""
        self.last = ""
        for piece in self._model.write(system, user):
            self.last += piece
            yield piece


class Replayed:
    """What another program wrote for each follow-up, as if a chat model wrote it now."""

    name = "replayed"

    def __init__(self, written: dict[str, str]) -> None:
        self._written = {shown(asked): text for asked, text in written.items()}

    def write(self, system: str, user: str) -> Iterator[str]:
        """The program's rewrite of the question that ends the message."""
        yield self._written[user.rpartition("Newest question: ")[2]]


@dataclass(frozen=True, slots=True)
class Scores:
    """Means over turns: recall and precision of the person's content words, and the share made in the same words."""

    turns: int
    recall: float
    precision: float
    exact: float

    def row(self, name: str) -> tuple[Cell, ...]:
        """For a table."""
        return name, self.turns, self.recall, self.precision, self.exact


def measure(folder: Path, limit: int, say: Say) -> Iterator[Figures]:
    """Two tables for each year: how well, and why the model's words were set aside. `limit`: turns for the model."""
    lacking = tiny_server.lacking()
    if lacking:
        say(f"the tiny model is left out: {lacking}")
    for year in cast.FILES:
        conversations = cast.read(folder, year)
        yield Figures(
            name=f"condensing {year}",
            title=f"CAsT {year}, every follow-up: content words of the person's rewrite, and the same words",
            columns=COLUMNS,
            rows=tuple(scores.row(name) for name, scores in _without_model(conversations).items()),
        )
        yield Figures(
            name=f"condensing {year} altered",
            title=f"CAsT {year}, the persons' rewrites with something altered: share that the checks set aside",
            columns=("altered", "rewrites", "set aside"),
            rows=tuple(misrewriting.caught(conversations)),
        )
        if not lacking:
            yield from _with_model(year, sampled(conversations, limit), say)


COLUMNS = ("way", "turns", "recall", "precision", "exact")


def _without_model(conversations: Sequence[Conversation]) -> dict[str, Scores]:
    followups = [one for conversation in conversations for one in conversation[1:]]
    found = {
        "as asked": scored([(one.asked, one.completed) for one in followups]),
        "by rule": scored([(made, one.completed) for one, made, _ in _made(conversations, RuleCondenser())]),
    }
    automatic = [(one.automatic, one.completed) for one in followups if one.automatic is not None]
    if automatic:
        program = Replayed({one.asked: one.automatic for one in followups if one.automatic is not None})
        condenser = ModelCondenser(program, load("condense"), RuleCondenser())
        made = list(_made(conversations, condenser))
        found["by the organisers' program, as it came"] = scored(automatic)
        found["by the organisers' program, checked"] = scored([(text, one.completed) for one, text, _ in made])
    return found


def _with_model(year: int, conversations: Sequence[Conversation], say: Say) -> Iterator[Figures]:
    """The model's words as they came are judged on the history of the checked ones: both are of one call."""
    raw: list[tuple[str, str]] = []
    with tiny_server.serving(MAX_TOKENS) as model:
        overheard = Overheard(model)
        condenser = ModelCondenser(overheard, load("condense"), RuleCondenser())
        checked: list[Made] = []
        for conversation in conversations:
            for one in _made([conversation], condenser):
                checked.append(one)
                raw.append((overheard.line, one[0].completed))
            say(f"{year}: {len(checked)} follow-ups by the model")
    rows = _without_model(conversations)
    rows["by the tiny model, checked"] = scored([(made, one.completed) for one, made, _ in checked])
    rows["by the tiny model, as it came"] = scored(raw)
    used = [(made, one.completed) for one, made, why in checked if why is None]
    if used:
        rows["of these, what passed the checks"] = scored(used)
    yield Figures(
        name=f"condensing {year} model",
        title=f"CAsT {year}, the follow-ups of {len(conversations)} conversations",
        columns=COLUMNS,
        rows=tuple(scores.row(name) for name, scores in rows.items()),
    )
    yield reasons(f"condensing {year} checks", [why for _, _, why in checked])


def reasons(name: str, found: Sequence[str | None]) -> Figures:
    """How often each check set aside what the tiny model wrote."""
    counts = Counter(found)
    return Figures(
        name=name,
        title=f"Why what the tiny model wrote was set aside, of {len(found)}",
        columns=("check", "set aside"),
        rows=(*((why, count) for why, count in counts.most_common() if why), ("none: used", counts[None])),
    )


def _made(conversations: Sequence[Conversation], condenser: Condenser) -> Iterator[Made]:
    """What a condenser makes of each follow-up, its own words for the earlier ones being the history."""
    for conversation in conversations:
        history: tuple[Answer, ...] = (turn(conversation[0].asked),)
        for one in conversation[1:]:
            done = condenser.condense(one.asked, history)
            yield one, done.standalone, done.set_aside
            history += (asked_turn(one.asked, done),)


def asked_turn(asked: str, done: Condensed) -> Answer:
    """A turn that brought nothing but its question."""
    made = turn(asked)
    question = dataclasses.replace(made.question, standalone=done.standalone, condensed_by=done.by)
    return dataclasses.replace(made, question=question)


def sampled(conversations: Sequence[Conversation], limit: int) -> list[Conversation]:
    """Whole conversations, any, until they hold `limit` follow-ups."""
    order = list(conversations)
    random.Random(SEED).shuffle(order)
    taken: list[Conversation] = []
    while order and sum(len(one) - 1 for one in taken) < limit:
        taken.append(order.pop())
    return taken


def scored(pairs: Sequence[tuple[str, str]]) -> Scores:
    """How near what was made comes to what a person made."""
    recall = precision = exact = 0.0
    for made, person in pairs:
        ours, theirs = _content(made), _content(person)
        both = len(ours & theirs)
        recall += both / len(theirs) if theirs else 1.0
        precision += both / len(ours) if ours else float(not theirs)
        exact += words(made) == words(person)
    count = len(pairs)
    return Scores(count, recall / count, precision / count, exact / count)


def _content(text: str) -> set[str]:
    return {stem for word in content(text) for stem in stems(word)}
