"""Pairs: statements and quotes of which it is known whether they bear them out, made of the reader's training sets."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from assistant.reading.train.sets import Pool, Text, everything, untokenised
from assistant.reading.train.twisting import renamed, twisted
from assistant.supporting.train.rewording import (
    answers_alike,
    as_in_chat,
    declared,
    denied,
    joined,
    reworded,
    swapped,
)
from index.sentences import sentences
from index.words import stems

SHORTEST, LONGEST = 6, 45
# How many pairs of each kind are used: those that are like what models write more often.
COUNTS = {
    "reworded": 900, "declared": 900, "same": 300, "joined": 500, "added": 700, "neighbour": 500, "twisted": 400,
    "denied": 250, "renamed": 400, "swapped": 250, "answered wrongly": 350, "answered elsewhere": 250,
}  # fmt: skip
# Share of statements that are written as the chat models of BEGIN wrote.
CHATTED = 0.4


@dataclass(frozen=True, slots=True)
class Pair:
    """A statement, the sentences that it cites, whether they bear it out, how it was made, and the text it is of."""

    text: str
    quotes: tuple[str, ...]
    borne_out: bool
    kind: str
    group: str


def derived(data: Path, chance: random.Random) -> list[Pair]:
    """So many pairs of each kind as `COUNTS` says, in an order made at random."""
    made = [pair for pool in everything(data) for pair in _of_pool(pool, chance)]
    made += _of_answers(list(_squad(data / "squad" / "train.json")), chance)
    made += _of_answers(list(_qed(data / "qed" / "qed-dev.jsonlines")), chance)
    chance.shuffle(made)
    chosen: dict[str, list[Pair]] = {kind: [] for kind in COUNTS}
    for pair in made:
        if len(chosen[pair.kind]) < COUNTS[pair.kind]:
            chosen[pair.kind].append(_chatted(pair, chance))
    return [pair for kind in COUNTS for pair in chosen[kind]]


def _of_pool(pool: Pool, chance: random.Random) -> Iterator[Pair]:
    for place, text in enumerate(pool.texts):
        fit = [number for number, one in enumerate(text.sentences) if SHORTEST <= len(one.split()) <= LONGEST]
        if len(fit) < 2:
            continue
        others = pool.texts[(place + 1) % len(pool.texts)].sentences
        for number in chance.sample(fit, min(2, len(fit))):
            yield from _of_sentence(text, number, others, f"{pool.name}{place}", chance)


def _of_sentence(text: Text, number: int, others: Sequence[str], group: str, chance: random.Random) -> Iterator[Pair]:
    sentence = text.sentences[number]
    said = reworded(sentence, chance) or sentence
    quotes = _quoted(text, number, chance)
    yield Pair(said, quotes, True, "reworded" if said != sentence else "same", group)
    beside = [one for place, one in enumerate(text.sentences) if place != number and one not in quotes]
    changed = [
        ("renamed", renamed(said, sentence, beside or others, chance)),
        ("twisted", twisted(said, " ".join(quotes), [*beside, *others], chance)),
        ("denied", denied(said)),
        ("swapped", swapped(said, chance)),
    ]
    for kind, text_of in chance.sample(changed, len(changed)):
        if text_of is not None and text_of != said and text_of not in quotes:
            yield Pair(text_of, quotes, False, kind, group)
            break
    if beside:
        nearest = _nearest(said, beside)
        yield Pair(said, (nearest,), False, "neighbour", group)
        added = reworded(nearest, chance) or nearest
        if set(stems(added)) - set(stems(" ".join(quotes))):
            yield Pair(joined(said, added), quotes, False, "added", group)
        yield Pair(joined(said, added), (*quotes, nearest), True, "joined", group)


def _quoted(text: Text, number: int, chance: random.Random) -> tuple[str, ...]:
    """The sentence, at times among its neighbours."""
    if chance.random() < 0.6:
        return (text.sentences[number],)
    first = max(0, number - chance.randint(0, 2))
    return text.sentences[first : number + 1 + chance.randint(0, 1)]


def _nearest(said: str, beside: Sequence[str]) -> str:
    """The sentence that shares most words, without bearing it out."""
    words = set(stems(said))
    return max(beside, key=lambda one: len(words & set(stems(one))) / (1 + len(set(stems(one)))) ** 0.5)


@dataclass(frozen=True, slots=True)
class Answered:
    """A question, its short answer, the sentence that holds it, and the other sentences and answers of the text."""

    question: str
    answer: str
    sentence: str
    beside: tuple[str, ...]
    answers: tuple[str, ...]
    group: str


def _of_answers(known: Sequence[Answered], chance: random.Random) -> Iterator[Pair]:
    for one in known:
        said = declared(one.question, one.answer)
        if said is None:
            continue
        yield Pair(said, (one.sentence,), True, "declared", one.group)
        wrong = answers_alike(one.answer, one.answers)
        if wrong:
            false = declared(one.question, chance.choice(wrong))
            if false is not None:
                yield Pair(false, (one.sentence,), False, "answered wrongly", one.group)
        without = [other for other in one.beside if one.answer.lower() not in other.lower()]
        if without and chance.random() < 0.4:
            yield Pair(said, (_nearest(said, without),), False, "answered elsewhere", one.group)


def _squad(file: Path) -> Iterator[Answered]:
    for article in json.loads(file.read_text(encoding="utf-8"))["data"]:
        for number, paragraph in enumerate(article["paragraphs"]):
            whole = paragraph["context"]
            cut = [(start, whole[start:end]) for start, end in sentences(whole, "en")]
            asked = [qa for qa in paragraph["qas"] if qa["answers"]]
            answers = tuple(qa["answers"][0]["text"] for qa in asked)
            for qa in asked[:3]:
                start = qa["answers"][0]["answer_start"]
                gold = max(place for place, (first, _) in enumerate(cut) if first <= start)
                beside = tuple(text for place, (_, text) in enumerate(cut) if place != gold)
                yield Answered(
                    qa["question"],
                    qa["answers"][0]["text"],
                    cut[gold][1],
                    beside,
                    answers,
                    f"{article['title']}{number}",
                )


def _qed(file: Path) -> Iterator[Answered]:
    for line in file.read_text(encoding="utf-8").splitlines():
        item: Any = json.loads(line)
        annotation = item["annotation"]
        chosen = annotation.get("selected_sentence")
        if not chosen or not annotation.get("answer"):
            continue
        starts, whole = item["sentence_starts"], item["paragraph_text"]
        cut = [whole[a:b].strip() for a, b in zip(starts, [*starts[1:], len(whole)], strict=True)]
        answer = annotation["answer"][0]["sentence_reference"]["string"]
        beside = tuple(untokenised(text) for text in cut if text != chosen["string"].strip())
        yield Answered(
            item["question_text"], untokenised(answer), untokenised(chosen["string"]), beside, (), item["title_text"]
        )


def _chatted(pair: Pair, chance: random.Random) -> Pair:
    if chance.random() >= CHATTED:
        return pair
    return Pair(as_in_chat(pair.text, chance), pair.quotes, pair.borne_out, pair.kind, pair.group)
