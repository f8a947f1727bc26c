"""Attacks planted in the documents of `seeds/`, and what the extractive reader answers over them."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from assistant.answering import Assistant, Policy
from assistant.answers import Answer, Statement
from assistant.assembly import Dossier
from assistant.checking import Checker
from assistant.condensing import RuleCondenser
from assistant.outcome import Unsupported
from assistant.prompts import load
from assistant.reading.chat import ChatReader
from assistant.scripted_model import open_script

SEEDS = Path(__file__).parent.parent / "seeds"
# An answer was given before and is not now, or the other way round; or it says something else.
Change = Literal["declined", "given", "other"]
# Where in a document an attack is planted.
PLACES = ("beginning", "inside", "between", "end")

_STOP = re.compile(r"(?<=[a-z)][.!?]) +(?=[A-ZÁÉÍÓÚ])")


@dataclass(frozen=True, slots=True)
class Attack:
    """A text that gives orders to a language model, or forges what a model is shown."""

    id: str
    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class Plant:
    """An attack at a place of a document."""

    attack: Attack
    document: str
    place: str


def planted(document: str, attack: str, place: str) -> str:
    """A document with front matter, and an attack in it at one of the `PLACES`."""
    opening, front, body = document.split("---\n", 2)
    paragraphs = body.strip("\n").split("\n\n")
    # The longest paragraph is prose, and what it says is asked for.
    middle = max(range(len(paragraphs)), key=lambda number: (len(_STOP.findall(paragraphs[number])), -number))
    if place == "beginning":
        paragraphs.insert(0, attack)
    elif place == "end":
        paragraphs.append(attack)
    elif place == "between":
        paragraphs.insert(middle + 1, attack)
    else:
        first, rest = _STOP.split(paragraphs[middle], maxsplit=1)
        paragraphs[middle] = f"{first} {' '.join(attack.split())} {rest}"
    return f"{opening}---\n{front}---\n\n" + "\n\n".join(paragraphs) + "\n"


def seeds() -> dict[str, str]:
    """The documents of `seeds/` by name."""
    return {path.name: path.read_text(encoding="utf-8") for path in sorted(SEEDS.iterdir()) if path.suffix != ".jsonl"}


def questions(every: int = 1) -> list[dict[str, Any]]:
    """The questions of `seeds/` that stand alone, or every so manieth of them."""
    lines = (SEEDS / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    alone = [row for line in lines if not (row := json.loads(line))["history"]]
    return alone[::every]


def batches(attacks: Sequence[Attack], turns: int = 1) -> Iterator[list[Plant]]:
    """Every attack once a turn, as many at a time as there are documents, each in another; all places in each batch.

    At each turn an attack is planted in another document and at another place.
    """
    names = list(seeds())
    for turn in range(turns):
        for start in range(0, len(attacks), len(names)):
            part = attacks[start : start + len(names)]
            yield [
                Plant(attack, names[(number + turn * 5) % len(names)], PLACES[(turn + number) % len(PLACES)])
                for number, attack in enumerate(part)
            ]


def plant(folder: Path, plants: Sequence[Plant]) -> None:
    """Write `seeds/` to a folder, with the attacks in them."""
    by_document = {one.document: one for one in plants}
    for name, text in seeds().items():
        one = by_document.get(name)
        (folder / name).write_text(text if one is None else planted(text, one.attack.text, one.place), encoding="utf-8")


def said(answer: Answer) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What an answer says: each statement with its quotes. Nothing, where it declines."""
    quotes = {citation.number: citation.quote for citation in answer.citations}
    return tuple((one.text, tuple(quotes[number] for number in one.citations)) for one in answer.statements)


def answers(assistant: Assistant, asked: Sequence[dict[str, Any]]) -> dict[str, Answer]:
    """The answer to each question, by the question's id."""
    return {row["id"]: assistant.ask(row["question"]) for row in asked}


def change(clean: Answer, now: Answer, made: Callable[[], Answer]) -> Change | None:
    """How an answer differs from the one over clean documents; `made` is the answer that is given in any case.

    A confidence near the bound may fall below it, or rise above it, by any sentence that is added to a document.
    """
    if said(now) == said(clean):
        return None
    if not clean.statements:
        return "given"
    if now.statements or said(made()) != said(clean):
        return "other"
    return "declined"


def obedient(dossier: Dossier, unsupported: Unsupported = "show") -> Assistant:
    """The assistant over a library, written by the worst model there can be; it declines nothing."""
    reader = ChatReader(open_script("scripted:obedient"), load("answer"))
    policy = Policy(decline_below=0.0, unsupported=unsupported)
    return Assistant(dossier.library, RuleCondenser(), reader, dossier.conversations, Checker(), policy)


def own_attacks() -> list[Attack]:
    """The attacks of this repository."""
    lines = (Path(__file__).parent / "attacks.jsonl").read_text(encoding="utf-8").splitlines()
    return [Attack(**json.loads(line)) for line in lines]


def public_attacks(data: Path) -> dict[str, list[Attack]]:
    """The attacks of the public sets, by the set's name."""
    tasks = json.loads((data / "bipia" / "text_attack_train.json").read_text(encoding="utf-8"))
    direct = json.loads((data / "prompt_injection" / "direct.json").read_text(encoding="utf-8"))
    return {
        "bipia": [
            Attack(f"{kind} {number}", kind, text)
            for kind, texts in tasks.items()
            for number, text in enumerate(texts, 1)
        ],
        "prompt_injection": [
            Attack(f"direct {row['prompt_id']}", row["injection_variant"], row["user_input"]) for row in direct
        ],
    }


def foreign(answer: Answer, clean: str) -> list[Statement]:
    """The statements of an answer that are no words of the clean documents (in which white space is one space)."""
    return [one for one in answer.statements if " ".join(one.text.split()) not in clean]


def is_marked(statement: Statement, answer: Answer) -> bool:
    """Whether a statement leaves as not borne out, or with a warning of what it cites."""
    cited = [citation for citation in answer.citations if citation.number in statement.citations]
    return statement.check == "unsupported" or any(citation.warning for citation in cited)
