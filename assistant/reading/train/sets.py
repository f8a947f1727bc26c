"""The public sets that the reader model learns from, each read into one shape. `tests/data.toml` says where from.

A set that retrieval can be tried on is a `Pool`: texts cut in sentences, and questions with the sentences that answer.
"""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from index.sentences import sentences

# Sentences that follow one another in the list of pairs are of one article: so many are taken for one text.
PAIRED_TEXT = 5

_BRACKETS = {"-lrb-": "(", "-rrb-": ")", "-lsb-": "[", "-rsb-": "]", "``": '"', "''": '"'}


@dataclass(frozen=True, slots=True)
class Text:
    """A passage as its sentences, and what it stands under ("" where that is not known)."""

    context: str
    sentences: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Asking:
    """A question about one text of its pool.

    `gold` numbers the sentences that answer (none: the text does not); `span` is the short answer's place in the first
    of them, as (start, end) in code points, where the set has it.
    """

    question: str
    text: int
    gold: tuple[int, ...]
    span: tuple[int, int] | None = None


@dataclass(slots=True)
class Pool:
    """Texts and the questions about them."""

    name: str
    texts: list[Text] = field(default_factory=list)
    askings: list[Asking] = field(default_factory=list)


def squad(file: Path) -> Pool:
    """SQuAD 2.0: paragraphs with questions that they answer, and others that look as if."""
    pool = Pool("squad")
    paragraphs = ((article["title"], one) for article in _json(file)["data"] for one in article["paragraphs"])
    for title, paragraph in paragraphs:
        context = paragraph["context"]
        spans = sentences(context, "en")
        place = len(pool.texts)
        pool.texts.append(Text(title.replace("_", " "), tuple(context[start:end] for start, end in spans)))
        found = (_of_squad(qa, spans, place) for qa in paragraph["qas"])
        pool.askings += [asking for asking in found if asking is not None]
    return pool


def _of_squad(qa: Any, spans: Sequence[tuple[int, int]], text: int) -> Asking | None:
    """None where the answer runs over two sentences, or lies in none."""
    question, answers = qa["question"].strip(), qa["answers"]
    if not answers:
        return Asking(question, text, ())
    start = answers[0]["answer_start"]
    end = start + len(answers[0]["text"])
    for number, (first, last) in enumerate(spans):
        if first <= start and end <= last:
            return Asking(question, text, (number,), (start - first, end - first))
    return None


def squad_pairs(file: Path) -> Pool:
    """Sentences with a question that each answers, in the order of their documents; lower-cased and tokenised."""
    pool = Pool("squad_sentences")
    asked: dict[str, list[str]] = {}
    for line in file.read_text(encoding="utf-8").splitlines():
        sentence, question = line.split("\t")
        asked.setdefault(sentence, []).append(question)
    order = list(asked)
    for first in range(0, len(order), PAIRED_TEXT):
        part = order[first : first + PAIRED_TEXT]
        pool.texts.append(Text("", tuple(untokenised(sentence) for sentence in part)))
        pool.askings += [
            Asking(untokenised(question), len(pool.texts) - 1, (number,))
            for number, sentence in enumerate(part)
            for question in asked[sentence]
        ]
    return pool


def selqa(files: Iterable[Path]) -> Pool:
    """SelQA: sections of articles, with the sentences that answer."""
    pool = Pool("selqa")
    known: dict[tuple[str, ...], int] = {}
    for item in itertools.chain.from_iterable(_json(file) for file in files):
        cut = tuple(item["candidates"])
        if cut not in known:
            known[cut] = len(pool.texts)
            pool.texts.append(Text(f"{item['article']}: {item['section']}", tuple(untokenised(one) for one in cut)))
        pool.askings.append(Asking(item["question"], known[cut], tuple(item["answers"])))
    return pool


def qed(file: Path, without: frozenset[str]) -> Pool:
    """QED: questions as people typed them, with the sentence that entails the answer; but not articles in `without`."""
    pool = Pool("qed")
    for item in _lines(file):
        chosen = item["annotation"].get("selected_sentence")
        if not chosen or item["title_text"] in without:
            continue
        starts, whole = item["sentence_starts"], item["paragraph_text"]
        if chosen["start"] not in starts:
            continue
        ends = [*starts[1:], len(whole)]
        cut = tuple(untokenised(whole[start:end]) for start, end in zip(starts, ends, strict=True))
        pool.texts.append(Text(item["title_text"], cut))
        gold = starts.index(chosen["start"])
        pool.askings.append(Asking(item["question_text"], len(pool.texts) - 1, (gold,)))
    return pool


def clapnq_titles(folder: Path) -> frozenset[str]:
    """The articles of CLAPNQ, which is held out."""
    files = sorted(folder.glob("*.jsonl"))
    return frozenset(passage["title"] for file in files for item in _lines(file) for passage in item["passages"])


def everything(data: Path) -> list[Pool]:
    """All that is trained on, from the folder that `--data` names."""
    return [
        squad(data / "squad" / "train.json"),
        squad_pairs(data / "squad_sentences" / "pairs.tsv"),
        selqa(sorted((data / "selqa").glob("selqa-ass-*.json"))),
        qed(data / "qed" / "qed-dev.jsonlines", clapnq_titles(data / "clapnq")),
    ]


def untokenised(text: str) -> str:
    """A text whose marks stand apart from the words, written as people write."""
    for sign, written in _BRACKETS.items():
        text = text.replace(sign, written)
    text = re.sub(r"\s+([,.;:?!%)\]]|'s\b|n't\b|'\w\w?\b)", r"\1", text)
    text = re.sub(r"([(\[$£€#])\s+", r"\1", text)
    text = re.sub(r'"\s+([^"]*?)\s*"', r'"\1"', text)
    return re.sub(r"(\w) - (\w)", r"\1-\2", text).strip()


def _json(file: Path) -> Any:
    return json.loads(file.read_text(encoding="utf-8"))


def _lines(file: Path) -> Iterator[Any]:
    for line in file.read_text(encoding="utf-8").splitlines():
        if line.strip():
            yield json.loads(line)
