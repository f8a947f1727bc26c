"""Trains the reader model: `python -m assistant.reading.train --data DIR`.

Steps, each of which finds what those before it left in `--work`: `network` trains (an hour and a half on two cores;
stopped, it goes on from its last checkpoint), `export` writes reader.onnx, `calibrate` fits weights.json, `report`
prints how they do on tune, and on the held-out sets where they are asked for by name.
"""

from __future__ import annotations

import argparse
import random
import shutil
from pathlib import Path
from typing import Literal

from assistant.reading.own_model import FILE, OwnModel
from assistant.reading.train.plan import SEED, planned, start_folder

Precision = Literal["int8", "float16"]
STEPS = ("network", "export", "calibrate", "report")
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
    if "network" in arguments.steps:
        train_network(arguments.data, arguments.work)
    if "export" in arguments.steps:
        export_network(arguments.work, arguments.precision)
    if "calibrate" in arguments.steps or "report" in arguments.steps:
        from assistant.reading.train.reporting import calibrate, report

        model = OwnModel()
        if "calibrate" in arguments.steps:
            calibrate(arguments.data, arguments.work, model, PACKAGE / "weights.json")
        if "report" in arguments.steps:
            report(arguments.data, arguments.work, model, arguments.sets)


def train_network(data: Path, work: Path) -> None:
    """Train, and leave the weights in `network.pt`."""
    import torch

    from assistant.reading.train.loop import train
    from assistant.reading.train.network import from_embedder

    torch.manual_seed(SEED)
    batches = planned(data, work / "models", random.Random(SEED))
    network = from_embedder(start_folder())
    train(network, batches, work)
    torch.save(network.state_dict(), work / "network.pt")


def export_network(work: Path, precision: Precision) -> None:
    """Write `reader.onnx` into the package."""
    import torch

    from assistant.reading.train.export import difference, export
    from assistant.reading.train.network import from_embedder

    network = from_embedder(start_folder())
    network.load_state_dict(torch.load(work / "network.pt", weights_only=True))
    target = work / f"{precision}.onnx"
    export(network, target, precision)
    apart = difference(network, target)
    print(f"{target}: {target.stat().st_size / 1e6:.1f} MB, sentence scores within {apart:.4f} of torch's")
    shutil.copyfile(target, PACKAGE / FILE)


if __name__ == "__main__":
    main()
