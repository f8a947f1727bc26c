"""Calibration: fits the four small models of `assistant.reading.weighing` and writes `weights.json`.

`promising` is fitted on a share of SQuAD's train articles. The reader model has seen those, so what it says of them is
no guide: `leading`, `choosing` and `confiding` are fitted on `tune`, which it has not.
"""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt

from assistant.reading.evidence import EVIDENCE, Asked, features
from assistant.reading.models import ReaderModel
from assistant.reading.train.retrieval import Brought, Paragraphs, read_squad, together
from assistant.reading.weighing import (
    CHOOSING,
    CONFIDING,
    LEADING,
    Alike,
    Looked,
    Weights,
    compared,
    confiding_features,
    look,
)
from index.embedding import Embedder

PROMISING_QUESTIONS = 3000
STEPS = 400
RATE = 0.5
PULL = 1e-3
# How strongly the confidence's weights are held near zero (scikit-learn's C: less holds more).
HELD = 0.03
AIM = 0.80

Matrix = npt.NDArray[np.float64]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Example:
    """A question with what reading showed: which of the candidates that were read answer, and if any text does."""

    asked: Asked
    looked: Looked
    right: Mask
    answerable: bool


def looked_at(brought: Sequence[Brought], model: ReaderModel, promising: Weights) -> list[Example]:
    """Let the model read what retrieval brought."""
    found = []
    for one in brought:
        looked = look(one.asked, one.candidates, model, promising)
        answers = {id(candidate) for candidate, right in zip(one.candidates, one.right, strict=True) if right}
        right = np.array([id(candidate) in answers for candidate in looked.candidates])
        found.append(Example(one.asked, looked, right, one.answerable))
    return found


def fit_promising(data: Path, embedder: Embedder, folder: Path, chance: random.Random) -> Weights:
    """Weights of the words' evidence, from half of SQuAD's train articles."""
    articles = read_squad(data / "squad" / "train.json")
    chance.shuffle(articles)
    paragraphs, known = together(articles[: len(articles) // 2])
    answerable = [one for one in known if one.offsets]
    asked = chance.sample(answerable, min(PROMISING_QUESTIONS, len(answerable)))
    rows, right = [], []
    for one in Paragraphs(paragraphs, embedder, folder).brought(asked):
        if one.right.any():
            rows.append(np.stack([features(one.asked, candidate) for candidate in one.candidates]))
            right.append(one.right)
    return fit_softmax(EVIDENCE, rows, right)


def fit_softmax(names: tuple[str, ...], rows: Sequence[Matrix], right: Sequence[Mask], pull: float = PULL) -> Weights:
    """Weights under which the right rows are the likeliest of those beside them (softmax, gradient ascent)."""
    everything = np.concatenate(rows)
    center, scale = everything.mean(axis=0), everything.std(axis=0) + 1e-9
    most = max(len(one) for one in right)
    padded = np.zeros((len(rows), most, len(names)))
    there, wanted = np.zeros((2, len(rows), most), dtype=bool)
    for place, (some, answers) in enumerate(zip(rows, right, strict=True)):
        padded[place, : len(some)] = (some - center) / scale
        there[place, : len(some)] = True
        wanted[place, : len(some)] = answers
    weights = np.zeros(len(names))
    for _ in range(STEPS):
        scores = np.where(there, padded @ weights, -np.inf)
        likely = np.exp(scores - scores.max(axis=1, keepdims=True))
        likely /= likely.sum(axis=1, keepdims=True)
        target = likely * wanted
        target /= target.sum(axis=1, keepdims=True)
        weights += RATE * (np.einsum("nmf,nm->f", padded, target - likely) / len(rows) - pull * weights)
    return Weights(names, weights / scale, 0.0)


def fit_leading(examples: Sequence[Example]) -> Weights:
    """Weights that say which candidates are compared by meaning."""
    return _fit_chosen(LEADING, examples)


def with_likeness(examples: Sequence[Example], leading: Weights, alike: Alike) -> list[Example]:
    """The examples with their leading candidates compared."""
    return [replace(one, looked=compared(one.asked, one.looked, leading, alike)) for one in examples]


def _fit_chosen(names: tuple[str, ...], examples: Sequence[Example]) -> Weights:
    fitting = [one for one in examples if one.right.any()]
    return fit_softmax(names, [one.looked.rows for one in fitting], [one.right for one in fitting], pull=1e-2)


def fit_choosing(examples: Sequence[Example]) -> Weights:
    """Weights that choose, from the questions whose answer was brought."""
    return _fit_chosen(CHOOSING, examples)


def fit_confiding(examples: Sequence[Example], misses: Sequence[Example], choosing: Weights) -> Weights:
    """Weights and bias under which the chosen sentence's evidence says how likely it answers.

    `misses` are near misses made from answerable questions: what betrays them is learned from both together. But they
    are not what the set holds, so the probabilities are fitted to the examples alone (Platt scaling).
    """
    from sklearn.linear_model import LogisticRegression

    rows, right = confided([*examples, *misses], choosing)
    center, scale = rows.mean(axis=0), rows.std(axis=0) + 1e-9
    model = LogisticRegression(C=HELD, max_iter=10_000).fit((rows - center) / scale, right)
    values = model.coef_[0] / scale
    held = Weights(CONFIDING, values, float(model.intercept_[0] - center @ values))
    own = slice(len(examples))
    level = LogisticRegression(C=np.inf).fit(held.score(rows[own])[:, np.newaxis], right[own])
    slope, shift = float(level.coef_[0, 0]), float(level.intercept_[0])
    return Weights(CONFIDING, slope * held.values, slope * held.bias + shift)


def confided(examples: Sequence[Example], choosing: Weights) -> tuple[Matrix, Mask]:
    """For each question the evidence of its chosen sentence, shape (n, features of `CONFIDING`), and if it answers."""
    rows, right = [], []
    for one in examples:
        scores = choosing.score(one.looked.rows)
        rows.append(confiding_features(one.asked, one.looked, scores))
        right.append(bool(one.right[np.argmax(scores)]))
    return np.stack(rows), np.array(right)


def threshold(confidence: Matrix, right: Mask, aim: float = AIM) -> float:
    """The lowest threshold, in steps of 0.01, from which on at least `aim` of the answers given are right."""
    for step in range(1, 100):
        given = confidence >= step / 100
        if given.any() and right[given].mean() >= aim:
            return step / 100
    return 0.99


def written(fitted: dict[str, Weights], decline_below: float, file: Path) -> None:
    """Write the weights, and the threshold that is the default of the setting `decline_below`."""
    data: dict[str, object] = {
        "about": "fitted by `python -m assistant.reading.train` on SQuAD 2.0 (CC BY-SA 4.0)",
        "decline_below": decline_below,
    }
    for name, weights in fitted.items():
        values = {feature: round(float(value), 4) for feature, value in zip(weights.names, weights.values, strict=True)}
        data[name] = {"bias": round(weights.bias, 4), "weights": values}
    file.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
