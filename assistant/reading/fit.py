"""Fits the weights of the extractive reader: `python -m assistant.reading.fit --data DIR`.

From SQuAD 2.0's `train.json` (questions with their answers' places, and questions that their paragraph does not answer)
it makes an index of half of the articles, asks it the questions of that half and a share of the other half's, which
nothing there answers, and fits two logistic models to the sentences that the search brings: which sentence answers, and
whether the chosen one does. `tune.json` is only reported on. Writes `weights.json` beside this file.
"""

from __future__ import annotations

import argparse
import json
import random
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.reading.candidates import candidates, fitted
from assistant.reading.evidence import CHOOSING, CONFIDING, Asked, confiding_features, features
from index.catalog.shelf import Indexed
from index.documents import Details, Document, Hit, Passage, digest_of
from index.embedding import Embedder, open_embedder
from index.errors import NotFound
from index.fusion import fuse
from index.settings import IndexSettings
from index.words import WordIndex

QUESTIONS = 3000
OFF_TOPIC = 1000
TOP = 8
STEPS = 300
RATE = 0.5
PULL = 1e-3
SEED = 11

Matrix = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Known:
    """A question with the place of its answer: a paragraph's number and an offset in it, or None."""

    question: str
    place: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class Example:
    """The sentences that a question brought: evidence, shape (n, features), which of them answer, and their texts."""

    asked: Asked
    rows: Matrix
    right: npt.NDArray[np.bool_]
    texts: tuple[str, ...]


class Paragraphs:
    """Paragraphs as documents of one passage each, searched as the library searches; gives them by id (`Texts`)."""

    def __init__(self, texts: Sequence[str], embedder: Embedder, folder: Path) -> None:
        self._embedder = embedder
        self._documents = {f"p{number}": _document(f"p{number}", text) for number, text in enumerate(texts)}
        self._passages = [_passage(document) for document in self._documents.values()]
        self._vectors = _embedded(embedder, [passage.text for passage in self._passages])
        self._words = WordIndex(folder)
        rows = [
            Indexed(passage, "fit", "", "", Details(language="en"), vector)
            for passage, vector in zip(self._passages, self._vectors, strict=True)
        ]
        self._words.upsert("fit", rows)
        self._words.commit("fit")

    def document(self, document_id: str) -> Document:
        """See `Texts`."""
        if document_id not in self._documents:
            raise NotFound(document_id)
        return self._documents[document_id]

    def search(self, question: str) -> tuple[Hit, ...]:
        """The best hits, by exact comparison of meaning and by words."""
        similarities = self._vectors @ self._embedder.embed_question(question)
        nearest = [(self._passages[place].id, float(similarities[place])) for place in np.argsort(-similarities)[:50]]
        fused = fuse(nearest, self._words.matches("fit", question, 50))[:TOP]
        by_id = {passage.id: passage for passage in self._passages}
        return tuple(
            Hit(by_id[hit.passage_id], hit.score, rank, hit.found_by) for rank, hit in enumerate(fused, start=1)
        )


def examples(known: Sequence[Known], paragraphs: Paragraphs, embedder: Embedder) -> Iterator[Example]:
    """What each question brings. A question that brings nothing gives no example."""
    vectors: dict[str, npt.NDArray[np.float32]] = {}
    for item in known:
        hits = paragraphs.search(item.question)
        found = candidates(hits, paragraphs)
        if not found:
            continue
        new = sorted({candidate.shown for candidate in found} - vectors.keys())
        if new:
            vectors.update(zip(new, _embedded(embedder, new), strict=True))
        asked = Asked(item.question, [hit.passage.text for hit in hits])
        vector = embedder.embed_question(item.question)
        rows = [features(asked, candidate, float(vectors[candidate.shown] @ vector)) for candidate in found]
        right = [
            item.place is not None
            and candidate.document_id == f"p{item.place[0]}"
            and candidate.shown_from <= item.place[1] < candidate.end
            for candidate in found
        ]
        yield Example(asked, np.stack(rows), np.array(right), tuple(candidate.text for candidate in found))


def fit_choosing(fitted_on: Sequence[Example]) -> Matrix:
    """Weights under which the right sentence is the likeliest of those beside it (softmax, gradient ascent)."""
    answered = [example for example in fitted_on if example.right.any()]
    everything = np.concatenate([example.rows for example in answered])
    center, scale = everything.mean(axis=0), everything.std(axis=0) + 1e-9
    most = max(len(example.right) for example in answered)
    rows = np.zeros((len(answered), most, len(CHOOSING)))
    there, right = np.zeros((2, len(answered), most), dtype=bool)
    for place, example in enumerate(answered):
        count = len(example.right)
        rows[place, :count] = (example.rows - center) / scale
        there[place, :count] = True
        right[place, :count] = example.right
    weights = np.zeros(len(CHOOSING))
    for _ in range(STEPS):
        scores = np.where(there, rows @ weights, -np.inf)
        likely = np.exp(scores - scores.max(axis=1, keepdims=True))
        likely /= likely.sum(axis=1, keepdims=True)
        wanted = likely * right
        wanted /= wanted.sum(axis=1, keepdims=True)
        weights += RATE * (np.einsum("nmf,nm->f", rows, wanted - likely) / len(answered) - PULL * weights)
    found: Matrix = weights / scale
    return found


def fit_confiding(fitted_on: Sequence[Example], choosing: Matrix) -> tuple[Matrix, float]:
    """Weights and bias under which the best sentence's evidence says how likely it answers."""
    from sklearn.linear_model import LogisticRegression

    rows, right = _confided(fitted_on, choosing)
    model = LogisticRegression(C=0.5, max_iter=10_000).fit(rows, right)
    return model.coef_[0], float(model.intercept_[0])


def report(name: str, measured_on: Sequence[Example], choosing: Matrix, confiding: tuple[Matrix, float]) -> None:
    """Print how the weights do: the right sentence first, and how well confidence tells right from wrong."""
    answerable = [example for example in measured_on if example.right.any()]
    nearest = np.mean([example.right[np.argmax(example.rows[:, 0])] for example in answerable])
    hit = np.mean([example.right[np.argmax(example.rows @ choosing)] for example in answerable])
    rows, right = _confided(measured_on, choosing)
    confidence = 1.0 / (1.0 + np.exp(-(rows @ confiding[0] + confiding[1])))
    order = np.argsort(confidence)
    ranks = np.empty(len(order))
    ranks[order] = np.arange(1, len(order) + 1)
    positives = int(right.sum())
    area = (ranks[right].sum() - positives * (positives + 1) / 2) / (positives * (len(right) - positives))
    bins = np.clip((confidence * 10).astype(int), 0, 9)
    error = sum(
        abs(confidence[bins == place].sum() - right[bins == place].sum())
        for place in range(10)
        if (bins == place).any()
    ) / len(right)
    print(
        f"{name}: n {len(measured_on)}, right sentence first {hit:.3f} (by similarity alone {nearest:.3f}), "
        f"AUROC {area:.3f}, calibration error {error:.3f}"
    )
    for threshold in (0.3, 0.4, 0.5, 0.6):
        given = confidence >= threshold
        print(f"  declining below {threshold}: {given.mean():.3f} answered, {right[given].mean():.3f} of these right")


def _confided(of: Sequence[Example], choosing: Matrix) -> tuple[Matrix, npt.NDArray[np.bool_]]:
    rows, right = [], []
    for example in of:
        scores = example.rows @ choosing
        rows.append(confiding_features(example.asked, example.rows, scores, example.texts))
        right.append(bool(example.right[np.argmax(scores)]))
    return np.stack(rows), np.array(right)


def _embedded(embedder: Embedder, texts: Sequence[str]) -> npt.NDArray[np.float32]:
    """Vectors of texts, shape (n, dimension); those too long for the embedder by their beginning."""
    return embedder.embed_passages([fitted(text, embedder) for text in texts])


def _document(document_id: str, text: str) -> Document:
    return Document(document_id, "fit", (), "", text, digest_of(text), "", (), Details(language="en"))


def _passage(document: Document) -> Passage:
    return Passage(f"{document.id}:0", document.id, "", None, document.text, 0, len(document.text))


def read_squad(file: Path) -> list[tuple[list[str], list[Known]]]:
    """The articles of a SQuAD 2.0 file: each with its paragraphs and their questions."""
    articles = []
    for article in json.loads(file.read_text(encoding="utf-8"))["data"]:
        texts = [paragraph["context"] for paragraph in article["paragraphs"]]
        known = [
            Known(qa["question"], (number, qa["answers"][0]["answer_start"]) if qa["answers"] else None)
            for number, paragraph in enumerate(article["paragraphs"])
            for qa in paragraph["qas"]
        ]
        articles.append((texts, known))
    return articles


def together(articles: Sequence[tuple[list[str], list[Known]]]) -> tuple[list[str], list[Known]]:
    """Several articles as one list of paragraphs and questions."""
    texts: list[str] = []
    known: list[Known] = []
    for paragraphs, asked in articles:
        first = len(texts)
        texts += paragraphs
        known += [Known(item.question, item.place and (item.place[0] + first, item.place[1])) for item in asked]
    return texts, known


def main() -> None:
    """Fit, report, and write the weights."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--data", type=Path, required=True, help="folder that holds squad/train.json and squad/tune.json"
    )
    arguments = parser.parse_args()
    chance = random.Random(SEED)
    articles = read_squad(arguments.data / "squad" / "train.json")
    chance.shuffle(articles)
    half = len(articles) // 2
    texts, known = together(articles[:half])
    _, elsewhere = together(articles[half:])
    asked = chance.sample(known, min(QUESTIONS, len(known)))
    asked += [Known(item.question, None) for item in chance.sample(elsewhere, min(OFF_TOPIC, len(elsewhere)))]
    tune_texts, tune_known = together(read_squad(arguments.data / "squad" / "tune.json"))
    with tempfile.TemporaryDirectory() as folder:
        embedder = open_embedder(IndexSettings(), Path(folder) / "models")
        fitted_on = list(examples(asked, Paragraphs(texts, embedder, Path(folder) / "train"), embedder))
        tune = list(examples(tune_known, Paragraphs(tune_texts, embedder, Path(folder) / "tune"), embedder))
    choosing = fit_choosing(fitted_on)
    confiding = fit_confiding(fitted_on, choosing)
    report("train", fitted_on, choosing, confiding)
    report("tune", tune, choosing, confiding)
    written = {
        "about": "fitted by `python -m assistant.reading.fit` on squad/train.json (SQuAD 2.0, CC BY-SA 4.0)",
        "choosing": _written(CHOOSING, choosing, 0.0),
        "confiding": _written(CONFIDING, *confiding),
    }
    target = Path(__file__).with_name("weights.json")
    target.write_text(json.dumps(written, indent=1) + "\n", encoding="utf-8")


def _written(names: Sequence[str], weights: Matrix, bias: float) -> dict[str, object]:
    named = {name: round(float(weight), 4) for name, weight in zip(names, weights, strict=True)}
    return {"bias": round(bias, 4), "weights": named}


if __name__ == "__main__":
    main()
