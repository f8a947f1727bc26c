"""Trains the head of support: `python -m assistant.supporting.train --data DIR`.

Steps: `fit` reads the pairs (some minutes on one core, kept in `--work`), prints figures from folds that were not
fitted on and writes head.json; `report` prints how the shipped head does on the domain of BEGIN that nothing was fitted
on, beside simple scores.
"""

from __future__ import annotations

import argparse
import random
from pathlib import Path

import numpy as np

from assistant.supporting.head import load_head, write_head
from assistant.supporting.states import StateReader
from assistant.supporting.train.begin import DOMAINS, HELD_OUT, begin
from assistant.supporting.train.fitting import (
    SEED,
    Mask,
    Recipe,
    Row,
    across,
    balanced_accuracy,
    crossed,
    fit,
    threshold,
)
from assistant.supporting.train.measuring import Measured, measure
from assistant.supporting.train.pairs import derived

STEPS = ("fit", "report")


def main() -> None:
    """Run the steps that were asked for, in order."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of the public sets (tests/data.toml)")
    parser.add_argument("--work", type=Path, default=Path(".support"), help="folder for what was read (%(default)s)")
    parser.add_argument("--steps", nargs="+", choices=STEPS, default=STEPS, help="only these steps")
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    reader = StateReader(threads=1)
    if "fit" in arguments.steps:
        fit_head(arguments.data, arguments.work, reader)
    if "report" in arguments.steps:
        report(arguments.data, arguments.work, reader)


def fit_head(data: Path, work: Path, reader: StateReader) -> None:
    """Fit the head on two domains of BEGIN and on derived pairs, and write it."""
    judged = measure([pair for domain in DOMAINS for pair in begin(data, domain)], reader, work)
    made = measure(derived(data, random.Random(SEED)), reader, work)
    recipe = Recipe()
    scores, of_made = crossed(judged, made, recipe)
    least = threshold(scores, judged.borne_out)
    print(f"in folds, threshold {least}:")
    print_figures("BEGIN's " + " and ".join(DOMAINS), judged, scores, least)
    print_figures("the same, by heads of the other domain", judged, across(judged, made, recipe), least)
    print_figures("derived pairs", made, of_made, least)
    for kind in dict.fromkeys(made.kinds.tolist()):
        flagged = float(np.mean(of_made[made.kinds == kind] < least))
        print(f"  {kind}: {flagged:.2f} of {int((made.kinds == kind).sum())} flagged")
    write_head(fit(judged, made, recipe, least))


def report(data: Path, work: Path, reader: StateReader) -> None:
    """Print how the shipped head does on the domain that is held out, and what simple scores reach there."""
    held = measure(begin(data, HELD_OUT), reader, work)
    head = load_head()
    print_figures(f"BEGIN's {HELD_OUT}, held out", held, head.score(held.rows), head.threshold)
    judged = measure([pair for domain in DOMAINS for pair in begin(data, domain)], reader, work)
    for name, feature in (
        ("share of content words held", "content held"),
        ("cosine of mean states", "cosine layer_norm_10"),
    ):
        place = held.names.index(feature)
        least = best_threshold(judged.rows[:, place], judged.borne_out)
        print_figures(f"  {name} (threshold {least:.3f}, the best on the others)", held, held.rows[:, place], least)


def best_threshold(scores: Row, borne_out: Mask) -> float:
    """The one with the best balanced accuracy."""
    found: list[float] = np.unique(scores).tolist()
    return max(found, key=lambda least: balanced_accuracy(scores, borne_out, least))


def print_figures(name: str, pairs: Measured, scores: Row, least: float) -> None:
    """Balanced accuracy at a threshold, and AUROC."""
    from sklearn.metrics import roc_auc_score

    right = pairs.borne_out
    print(
        f"{name}: balanced accuracy {balanced_accuracy(scores, right, least):.3f}, AUROC "
        f"{roc_auc_score(right, scores):.3f}, n {len(right)} ({int(right.sum())} borne out, "
        f"{float(np.mean(scores[right] < least)):.3f} of them flagged)",
        flush=True,
    )


if __name__ == "__main__":
    main()
