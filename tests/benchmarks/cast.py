"""TREC CAsT: conversations of people with a search engine, each turn as it was typed and as a person completed it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

FILES = {
    2019: ("evaluation_topics_v1.0.json", "evaluation_topics_annotated_resolved_v1.0.tsv"),
    2020: ("2020_manual_evaluation_topics_v1.0.json",),
}


@dataclass(frozen=True, slots=True)
class Turn:
    """What was typed; what a person made of it; what the organisers' program did, where the file says so."""

    asked: str
    completed: str
    automatic: str | None = None


def read(folder: Path, year: int) -> list[tuple[Turn, ...]]:
    """The conversations of a year, turns in order."""
    topics = json.loads((folder / FILES[year][0]).read_text(encoding="utf-8"))
    if year == 2019:
        completed = _resolved(folder / FILES[year][1])
        return [
            tuple(
                Turn(turn["raw_utterance"].strip(), completed[f"{topic['number']}_{turn['number']}"])
                for turn in topic["turn"]
            )
            for topic in topics
        ]
    return [
        tuple(
            Turn(
                turn["raw_utterance"].strip(),
                turn["manual_rewritten_utterance"].strip(),
                turn["automatic_rewritten_utterance"].strip(),
            )
            for turn in topic["turn"]
        )
        for topic in topics
    ]


def _resolved(path: Path) -> dict[str, str]:
    lines = path.read_text(encoding="utf-8").splitlines()
    pairs = (line.split("\t") for line in lines if line.strip())
    return {pair[0].strip(): pair[1].strip() for pair in pairs}
