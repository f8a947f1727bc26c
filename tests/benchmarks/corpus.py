"""Documents and questions to measure on, made from the sentences of `seeds/`: always the same, no two pages alike.

A page is about as long as a printed one. Its paragraphs are drawn sentence by sentence, so that hardly a passage stands
in two pages: embedding no text twice must not be won by documents that repeat themselves.
"""

from __future__ import annotations

import json
import random
import re
from pathlib import Path

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
PAGE_CHARACTERS = 3000
PARAGRAPHS_UNDER_A_HEADING = 3

_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z])")


def write_pages(folder: Path, count: int) -> list[str]:
    """Write `count` Markdown files below `folder`; gives the sentences that they were made of."""
    sentences = sentences_of_seeds()
    chance = random.Random(1)
    folder.mkdir(parents=True)
    for number in range(count):
        (folder / f"page-{number:04}.md").write_text(_page(number, sentences, chance), encoding="utf-8")
    return sentences


def questions(count: int) -> list[str]:
    """Questions that stand alone: those of `seeds/`, then others about its sentences."""
    lines = (SEEDS / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    cases = [json.loads(line) for line in lines if line.strip()]
    asked = [str(case["question"]) for case in cases if not case["history"]]
    sentences = sentences_of_seeds()
    random.Random(2).shuffle(sentences)
    asked += [f"What is known about {' '.join(sentence.split()[2:12])}?" for sentence in sentences]
    return asked[:count]


def _page(number: int, sentences: list[str], chance: random.Random) -> str:
    parts = [f"# Report {number}"]
    paragraphs = 0
    while sum(map(len, parts)) < PAGE_CHARACTERS:
        if paragraphs % PARAGRAPHS_UNDER_A_HEADING == 0:
            heading = " ".join(chance.choice(sentences).split()[:4])
            parts.append(f"## {heading.strip('.,:;')}")
        parts.append(" ".join(chance.sample(sentences, chance.randint(1, 4))))
        paragraphs += 1
    return "\n\n".join(parts) + "\n"


def sentences_of_seeds() -> list[str]:
    """The English sentences of the sample library, without headings, lists and tables."""
    found: list[str] = []
    for path in sorted([*SEEDS.glob("*.md"), *SEEDS.glob("*.txt")]):
        text = path.read_text(encoding="utf-8")
        if "\nlanguage: en\n" not in text:
            continue
        for block in text.split("\n\n"):
            words = " ".join(block.split())
            if words[:1].isalpha():
                found += [sentence for sentence in _SENTENCE.split(words) if _plain(sentence)]
    return list(dict.fromkeys(found))


def _plain(sentence: str) -> bool:
    return 40 <= len(sentence) <= 300 and not sentence.startswith("Sample material")
