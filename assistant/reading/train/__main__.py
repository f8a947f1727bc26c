"""Trains the reader model: `python -m assistant.reading.train --data DIR`.

Steps, each of which finds what those before it left in `--work`: `first` and `second` train the network (an hour and a
half and an hour on two cores; stopped, they go on from the last checkpoint), `export` writes reader.onnx, `calibrate`
fits weights.json, `report` prints how they do on tune, and on the held-out sets where they are asked for by name.
"""

from __future__ import annotations

import argparse
import random
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from assistant.reading.own_model import FILE, OwnModel
from assistant.reading.train.plan import FIRST, SECOND, SEED, Run, planned, start_folder

if TYPE_CHECKING:
    from assistant.reading.train.network import ReaderNetwork

Precision = Literal["int8", "float16"]
STEPS = ("first", "second", "export", "calibrate", "report")
PACKAGE = Path(__file__).parent.parent


def main() -> None:
    """Run the steps that were asked for, in order."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument(
        "--data", type=Path, required=True, help="folder of the public sets (tests/data.toml lists them)"
    )
    parser.add_argument("--work", type=Path, default=Path(".reader"), help="folder for checkpoints (%(default)s)")
    parser.add_argument("--steps", nargs="+", choices=STEPS, default=STEPS, help="only these steps")
    parser.add_argument("--precision", choices=("int8", "float16"), default="int8", help="how weights are stored")
    parser.add_argument("--sets", nargs="+", default=["tune"], help="what to report on: tune, dev, clapnq")
    arguments = parser.parse_args()
    arguments.work.mkdir(parents=True, exist_ok=True)
    for run in (FIRST, SECOND):
        if run.name in arguments.steps:
            train_network(run, arguments.data, arguments.work)
    if "export" in arguments.steps:
        export_network(arguments.work, arguments.precision)
    if "calibrate" in arguments.steps or "report" in arguments.steps:
        from assistant.reading.train.reporting import calibrate, report

        model = OwnModel()
        if "calibrate" in arguments.steps:
            calibrate(arguments.data, arguments.work, model, PACKAGE / "weights.json")
        if "report" in arguments.steps:
            report(arguments.data, arguments.work, model, arguments.sets)


def train_network(run: Run, data: Path, work: Path) -> None:
    """Train, and leave the weights in `work`. The second run starts from those that the first left."""
    import torch

    from assistant.reading.train.loop import train

    torch.manual_seed(SEED)
    batches = planned(run, data, work / "models", random.Random(SEED))
    network = _network(None if run is FIRST else work / _weights_file(FIRST))
    train(network, batches, run.rates, work / f"{run.name}-checkpoint.pt")
    torch.save(network.state_dict(), work / _weights_file(run))


def _weights_file(run: Run) -> str:
    return f"{run.name}.pt"


def _network(weights: Path | None) -> ReaderNetwork:
    import torch

    from assistant.reading.train.network import from_embedder

    network = from_embedder(start_folder())
    if weights is not None:
        network.load_state_dict(torch.load(weights, weights_only=True))
    return network


def export_network(work: Path, precision: Precision) -> None:
    """Write `reader.onnx` into the package."""
    from assistant.reading.train.export import difference, export

    network = _network(work / _weights_file(SECOND))
    target = work / f"{precision}.onnx"
    export(network, target, precision)
    apart = difference(network, target)
    print(f"{target}: {target.stat().st_size / 1e6:.1f} MB, sentence scores within {apart:.4f} of torch's")
    shutil.copyfile(target, PACKAGE / FILE)


if __name__ == "__main__":
    main()
