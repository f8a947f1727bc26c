"""The last steps of training: calibrating on tune, and printing how reader and confidence do on a set."""

from __future__ import annotations

import random
import tempfile
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np

from assistant.reading.candidates import likeness
from assistant.reading.models import ReaderModel
from assistant.reading.train.calibrate import (
    Example,
    Mask,
    Matrix,
    confided,
    fit_choosing,
    fit_confiding,
    fit_leading,
    fit_promising,
    looked_at,
    threshold,
    with_likeness,
    written,
)
from assistant.reading.train.plan import SEED
from assistant.reading.train.retrieval import (
    Known,
    Paragraph,
    Paragraphs,
    near_misses,
    read_clapnq,
    read_squad,
    together,
)
from assistant.reading.weighing import Fitted, Weights, load_fitted
from index.embedding import Embedder, open_embedder
from index.settings import IndexSettings

FOLDS = 5
BINS = 10


def calibrate(data: Path, work: Path, model: ReaderModel, target: Path) -> None:
    """Fit the three small models and write them; what is printed is from folds that were not fitted on."""
    embedder = open_embedder(IndexSettings(), work / "models")
    with tempfile.TemporaryDirectory() as folder:
        promising = fit_promising(data, embedder, Path(folder), random.Random(SEED))
    paragraphs, known = together(read_squad(data / "squad" / "tune.json"))
    missed = near_misses(paragraphs, known, random.Random(SEED))
    examples, misses = _read((paragraphs, [*known, *missed]), embedder, model, promising, len(known))
    # On all of them, and then no part of what is crossed: it only says which few are compared.
    leading = fit_leading(examples)
    alike = partial(likeness, embedder)
    examples, misses = with_likeness(examples, leading, alike), with_likeness(misses, leading, alike)
    choosing = fit_choosing(examples)
    confidence, right, missing = crossed(examples, misses)
    print_figures("tune, in five folds", examples, confidence, right)
    least = threshold(confidence, right)
    print(f"  lowest threshold whose answers are right often enough: {least}")
    print(f"  of {len(misses)} near misses {(missing < least).mean():.3f} are declined then")
    confiding = fit_confiding(examples, misses, choosing)
    fitted = {"promising": promising, "leading": leading, "choosing": choosing, "confiding": confiding}
    written(fitted, least, target)
    load_fitted.cache_clear()


def crossed(examples: Sequence[Example], misses: Sequence[Example]) -> tuple[Matrix, Mask, Matrix]:
    """Confidence of every question, whether the chosen sentence answers, and the confidence of every near miss.

    By weights fitted on the other folds. A fold's questions stand together, so that those about one paragraph are on
    one side; the near misses are in the same order.
    """
    confidence, right = np.zeros(len(examples)), np.zeros(len(examples), dtype=bool)
    missing = np.zeros(len(misses))
    for fold in range(FOLDS):
        held, missed = _fold(len(examples), fold), _fold(len(misses), fold)
        others = [one for place, one in enumerate(examples) if place not in held]
        choosing = fit_choosing(others)
        confiding = fit_confiding(others, [one for place, one in enumerate(misses) if place not in missed], choosing)
        rows, answers = confided(examples[held.start : held.stop], choosing)
        confidence[held.start : held.stop] = 1 / (1 + np.exp(-confiding.score(rows)))
        right[held.start : held.stop] = answers
        rows, _ = confided(misses[missed.start : missed.stop], choosing)
        missing[missed.start : missed.stop] = 1 / (1 + np.exp(-confiding.score(rows)))
    return confidence, right, missing


def _fold(count: int, fold: int) -> range:
    return range(fold * count // FOLDS, (fold + 1) * count // FOLDS)


def report(data: Path, work: Path, model: ReaderModel, sets: Sequence[str]) -> None:
    """Print how the shipped weights do on some sets."""
    fitted, embedder = load_fitted(), open_embedder(IndexSettings(), work / "models")
    for name in sets:
        examples = examples_of(name, data, work, model, fitted.promising)
        examples = with_likeness(examples, fitted.leading, partial(likeness, embedder))
        print_figures(name, examples, *_said(examples, fitted))


def examples_of(name: str, data: Path, work: Path, model: ReaderModel, promising: Weights) -> list[Example]:
    """What reading shows for every question of a set: `tune`, `dev` or `train` of SQuAD, or `clapnq`."""
    embedder = open_embedder(IndexSettings(), work / "models")
    squad = data / "squad" / f"{name}.json"
    asked = read_clapnq(data / "clapnq") if name == "clapnq" else together(read_squad(squad))
    return _read(asked, embedder, model, promising, len(asked[1]))[0]


def _read(
    asked: tuple[Sequence[Paragraph], Sequence[Known]],
    embedder: Embedder,
    model: ReaderModel,
    promising: Weights,
    first: int,
) -> tuple[list[Example], list[Example]]:
    """What reading shows for the first so many questions, and for the others."""
    paragraphs, known = asked
    with tempfile.TemporaryDirectory() as folder:
        searched = Paragraphs(paragraphs, embedder, Path(folder))
        one, other = (list(searched.brought(part)) for part in (known[:first], known[first:]))
    return looked_at(one, model, promising), looked_at(other, model, promising)


def print_figures(name: str, examples: Sequence[Example], confidence: Matrix, right: Mask) -> None:
    """Answer hit, AUROC, calibration and what each threshold gives."""
    from sklearn.metrics import roc_auc_score

    answerable = np.array([one.answerable for one in examples])
    bins = np.clip((confidence * BINS).astype(int), 0, BINS - 1)
    error = sum(abs(confidence[bins == one].sum() - right[bins == one].sum()) for one in range(BINS)) / len(right)
    print(
        f"{name}: {len(examples)} questions, {int(answerable.sum())} answerable; right sentence first "
        f"{right[answerable].mean():.3f}, AUROC {roc_auc_score(answerable, confidence):.3f} "
        f"(right against wrong {roc_auc_score(right, confidence):.3f}), calibration error {error:.3f}"
    )
    for least in (0.3, 0.4, 0.5, 0.6, 0.7):
        given = confidence >= least
        print(
            f"  declining below {least}: {right[given].mean():.3f} of {int(given.sum())} answers right, "
            f"{given[answerable].mean():.3f} of the answerable answered, "
            f"{1 - given[~answerable].mean():.3f} of the others declined"
        )


def _said(examples: Sequence[Example], fitted: Fitted) -> tuple[Matrix, Mask]:
    rows, right = confided(examples, fitted.choosing)
    return 1 / (1 + np.exp(-fitted.confiding.score(rows))), right
