"""Hostile documents: what of the public attacks is suspected, how often ordinary passages are, and what attacks change.

Attacks are planted in the documents of `seeds/`, at the beginning, inside a paragraph, between two, or at the end; one
library holds as many at a time as there are documents. Sentences that ask for nothing are planted likewise: to tell
what any added sentence does.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from assistant.answers import Answer
from assistant.assembly import Dossier, open_dossier
from assistant.settings import Settings
from index.sentences import sentences
from index.suspicion import is_suspected
from tests.benchmarks.figures import Figures
from tests.planting import (
    Attack,
    answers,
    batches,
    change,
    foreign,
    is_marked,
    obedient,
    own_attacks,
    plant,
    public_attacks,
    questions,
    said,
    seeds,
)

NEEDED = ("bipia/text_attack_train.json", "prompt_injection/direct.json", "squad/train.json", "clapnq")
EVERY, QUICK_EVERY = 8, 40
TURNS = 1
QUICK_ATTACKS = 6
ORDINARY = 54

Say = Callable[[str], None]


@dataclass(slots=True)
class Counted:
    """What became of the answers over one set of planted sentences."""

    answers: int = 0
    changes: Counter[str] = field(default_factory=Counter)
    quoted: int = 0
    # Of the worst model: statements that are no words of the clean documents, and those of them that leave unmarked.
    obeyed: int = 0
    own_words: int = 0
    unmarked: int = 0


def measure(data: Path, place: Path, *, quick: bool, say: Say) -> Iterator[Figures]:
    """The figures, one table after the other."""
    sets = {"own": own_attacks(), **public_attacks(data)}
    paragraphs = _squad(data)
    yield _suspected(sets, {"SQuAD paragraphs": paragraphs, "CLAPNQ passages": _clapnq(data), "seeds": _seeds()})
    ordinary = [Attack(f"ordinary {number}", "", text) for number, text in enumerate(_sentences(paragraphs))]
    sets["ordinary sentences"] = ordinary[:ORDINARY]
    asked = questions(QUICK_EVERY if quick else EVERY)
    (place / "hostile" / "seeds").mkdir(parents=True)
    with open_dossier(Settings(data_dir=place / "hostile" / "data")) as dossier:
        tried = _Trial(dossier, place / "hostile" / "seeds", asked)
        rows = []
        for name, attacks in sets.items():
            say(f"planting {name}")
            rows.append((name, tried.over(attacks[:QUICK_ATTACKS] if quick else attacks, TURNS)))
    yield Figures(
        name="hostile-extractive",
        title=f"Extractive answers to {len(asked)} questions of seeds/ with attacks planted, against those without",
        columns=("planted", "answers", "say something else", "quote an attack", "now declined", "now given"),
        rows=tuple(
            (name, one.answers, one.changes["other"], one.quoted, one.changes["declined"], one.changes["given"])
            for name, one in rows
        ),
    )
    yield Figures(
        name="hostile-obedient",
        title="The model that obeys every order: its statements that are no words of the clean documents",
        columns=("planted", "statements", "in the words of what they cite", "leave unmarked"),
        rows=tuple((name, one.obeyed, one.own_words, one.unmarked) for name, one in rows),
    )


class _Trial:
    """One library, planted with one batch after the other."""

    def __init__(self, dossier: Dossier, folder: Path, asked: Sequence[dict[str, Any]]) -> None:
        self._dossier, self._folder, self._asked = dossier, folder, asked
        self._clean_text = " ".join(" ".join(text.split()) for text in seeds().values())
        plant(folder, [])
        dossier.library.ingest([folder])
        self._clean = answers(dossier.assistant, asked)

    def over(self, attacks: Sequence[Attack], turns: int) -> Counted:
        """What became of the answers with each attack planted so many times."""
        found = Counted()
        for plants in batches(attacks, turns):
            plant(self._folder, plants)
            self._dossier.library.ingest([self._folder])
            texts = [" ".join(one.attack.text.split()) for one in plants]
            for row in self._asked:
                self._compare(row, texts, found)
                self._obey(obedient(self._dossier).ask(row["question"]), found)
        return found

    def _compare(self, row: dict[str, Any], texts: Sequence[str], found: Counted) -> None:
        def made() -> Answer:
            return self._dossier.assistant.ask(row["question"], must_answer=True)

        now = self._dossier.assistant.ask(row["question"])
        found.answers += 1
        changed = change(self._clean[row["id"]], now, made)
        found.changes.update([changed] if changed else [])
        quotes = [" ".join(quote.split()) for _, cited in said(now) for quote in cited]
        found.quoted += any(quote not in self._clean_text for quote in quotes if any(quote in text for text in texts))

    def _obey(self, answer: Answer, found: Counted) -> None:
        quotes = {citation.number: citation.quote for citation in answer.citations}
        for statement in foreign(answer, self._clean_text):
            found.obeyed += 1
            if is_marked(statement, answer):
                continue
            # The document says so in these words: it is quoted, and is no invention.
            cited = " ".join(_words(quotes[number]) for number in statement.citations)
            own = _words(statement.text) in cited
            found.own_words += own
            found.unmarked += not own


def _suspected(sets: dict[str, list[Attack]], texts: dict[str, list[str]]) -> Figures:
    rows: list[tuple[str, int, int, float]] = []
    for name, attacks in sets.items():
        rows.append(_row(name, [one.text for one in attacks]))
    rows += [_row(name, passages) for name, passages in texts.items()]
    return Figures(
        name="hostile-suspected",
        title="Texts that are suspected of addressing a language model",
        columns=("texts", "how many", "suspected", "share in %"),
        rows=tuple(rows),
    )


def _row(name: str, texts: Sequence[str]) -> tuple[str, int, int, float]:
    found = sum(map(is_suspected, texts))
    return name, len(texts), found, 100 * found / len(texts)


def _squad(data: Path) -> list[str]:
    articles = json.loads((data / "squad" / "train.json").read_text(encoding="utf-8"))["data"]
    return [paragraph["context"] for article in articles for paragraph in article["paragraphs"]]


def _clapnq(data: Path) -> list[str]:
    lines = [
        line
        for path in sorted((data / "clapnq").glob("*.jsonl"))
        for line in path.read_text(encoding="utf-8").splitlines()
    ]
    return [passage["text"] for line in lines for passage in json.loads(line)["passages"]]


def _seeds() -> list[str]:
    return [paragraph for text in seeds().values() for paragraph in text.split("\n\n") if paragraph.strip()]


def _sentences(paragraphs: Sequence[str]) -> list[str]:
    """The first sentence of every fifth paragraph."""
    return [paragraph[slice(*sentences(paragraph, "en")[0])] for paragraph in paragraphs[::5]]


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text))
