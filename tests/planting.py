"""Attacks planted in the documents of `seeds/`, and what the extractive reader answers over them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.answers import Answer
from assistant.assembly import Dossier

SEEDS = Path(__file__).parent.parent / "seeds"
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


def batches(attacks: Sequence[Attack], places: Sequence[str] = PLACES) -> Iterator[list[Plant]]:
    """Every attack once at each place, as many at a time as there are documents: one attack a document and batch."""
    names = list(seeds())
    for turn in range(len(places)):
        for start in range(0, len(attacks), len(names)):
            part = attacks[start : start + len(names)]
            # Another document at each place, and places mixed in each batch.
            yield [
                Plant(attack, names[(number + turn * 5) % len(names)], places[(turn + number) % len(places)])
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


def answers(dossier: Dossier, asked: Sequence[dict[str, Any]]) -> dict[str, Answer]:
    """The answer to each question, by the question's id."""
    return {row["id"]: dossier.assistant.ask(row["question"]) for row in asked}
