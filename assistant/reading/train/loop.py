"""The training loop: from groups to a trained network, resumed from its last checkpoint after a stop.

The loss of a group has three parts: its sentences, all windows together with one place for "none", by cross-entropy
(so that scores can be compared between windows, and fall below zero where nothing answers); each window's answerability
by binary cross-entropy; and the short answer's start and end by cross-entropy, where the set has them.
"""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch.nn import functional

from assistant.reading.encoding import stacked
from assistant.reading.train.groups import Group, Shown
from assistant.reading.train.network import ReaderNetwork, Scores

WINDOWS_IN_BATCH = 32
WEIGHT_DECAY = 0.01
WARM_UP = 0.06
LONGEST_GRADIENT = 1.0
SPAN_WEIGHT = 0.5
CHECKPOINT_STEPS = 200
REPORT_STEPS = 50
# Groups of about the same length are put together within so many batches, which saves padding.
SORTED_TOGETHER = 40
# A third faster on processors that multiply 16-bit numbers; on others much slower.
HALVED = torch.cpu._is_avx512_bf16_supported()

Batch = tuple[Group, ...]


@dataclass(frozen=True, slots=True)
class Rates:
    """Learning rates of the body and of the heads, and the weight of the loss of answerability."""

    body: float
    heads: float
    answerable: float


def batched(groups: Sequence[Group], chance: random.Random) -> list[Batch]:
    """Batches of about `WINDOWS_IN_BATCH` windows, in a shuffled order."""
    order = list(groups)
    chance.shuffle(order)
    found: list[Batch] = []
    chunk = SORTED_TOGETHER * WINDOWS_IN_BATCH // 3
    for first in range(0, len(order), chunk):
        part = sorted(
            order[first : first + chunk], key=lambda group: max(len(one.encoded.ids) for one in group.windows)
        )
        found += _cut(part)
    chance.shuffle(found)
    return found


def _cut(groups: Sequence[Group]) -> list[Batch]:
    found, batch, count = [], list[Group](), 0
    for group in groups:
        if batch and count + len(group.windows) > WINDOWS_IN_BATCH:
            found.append(tuple(batch))
            batch, count = [], 0
        batch.append(group)
        count += len(group.windows)
    return [*found, tuple(batch)] if batch else found


def train(network: ReaderNetwork, batches: Sequence[Batch], rates: Rates, checkpoint: Path) -> None:
    """Train in place, one step a batch. A stopped run goes on from `checkpoint`, where what is reached is kept."""
    optimizer = _optimizer(network, rates)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: _rate(step, len(batches)))
    first = _resumed(checkpoint, network, optimizer, schedule, len(batches))
    network.train()
    sums, since, windows = [0.0, 0.0, 0.0], time.monotonic(), 0
    for step in range(first, len(batches)):
        losses = _losses(network, batches[step])
        total = losses[0] + rates.answerable * losses[1] + SPAN_WEIGHT * losses[2]
        total.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(network.parameters(), LONGEST_GRADIENT)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad(set_to_none=True)
        sums = [old + float(new.detach()) for old, new in zip(sums, losses, strict=True)]
        windows += sum(len(group.windows) for group in batches[step])
        if (step + 1) % REPORT_STEPS == 0:
            means = " ".join(f"{one / REPORT_STEPS:.3f}" for one in sums)
            rate = windows / (time.monotonic() - since)
            print(f"step {step + 1}/{len(batches)}: losses {means}, {rate:.1f} windows/s", flush=True)
            sums, since, windows = [0.0, 0.0, 0.0], time.monotonic(), 0
        if (step + 1) % CHECKPOINT_STEPS == 0 or step + 1 == len(batches):
            _keep(checkpoint, step + 1, len(batches), network, optimizer, schedule)


def _optimizer(network: ReaderNetwork, rates: Rates) -> torch.optim.AdamW:
    """Slower for the body than for the new heads; no decay for biases and norms."""
    groups: dict[tuple[float, float], list[torch.nn.Parameter]] = {}
    for name, parameter in network.named_parameters():
        if parameter.requires_grad:
            rate = rates.body if name.startswith("body.") else rates.heads
            decay = WEIGHT_DECAY if parameter.ndim > 1 else 0.0
            groups.setdefault((rate, decay), []).append(parameter)
    return torch.optim.AdamW(
        [{"params": of, "lr": rate, "weight_decay": decay} for (rate, decay), of in groups.items()]
    )


def _rate(step: int, steps: int) -> float:
    warm = max(1, int(WARM_UP * steps))
    return (step + 1) / warm if step < warm else max(0.0, (steps - step) / (steps - warm))


def _losses(network: ReaderNetwork, batch: Batch) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    windows = [one for group in batch for one in group.windows]
    inputs = {name: torch.from_numpy(value) for name, value in stacked([one.encoded for one in windows]).items()}
    with torch.autocast("cpu", dtype=torch.bfloat16, enabled=HALVED):
        scores = Scores(*(one.float() for one in network(**inputs)))
    answers = torch.tensor([float(bool(one.gold)) for one in windows])
    answerable = functional.binary_cross_entropy_with_logits(scores.answerable, answers)
    return _choosing_loss(scores, batch), answerable, _span_loss(scores, windows, inputs["segments"])


def _choosing_loss(scores: Scores, batch: Batch) -> torch.Tensor:
    """Mean over groups: how unlikely the gold sentences are among all of the group's and "none", whose score is 0."""
    none = torch.zeros(1)
    losses, first = [], 0
    for group in batch:
        own = scores.sentence[first : first + len(group.windows)]
        first += len(group.windows)
        everything = torch.logsumexp(torch.cat([own.flatten(), none]), 0)
        right = [own[row, number] for row, one in enumerate(group.windows) for number in one.gold]
        losses.append(everything - (torch.logsumexp(torch.stack(right), 0) if right else 0.0))
    return torch.stack(losses).mean()


def _span_loss(scores: Scores, windows: Sequence[Shown], segments: torch.Tensor) -> torch.Tensor:
    rows = [row for row, one in enumerate(windows) if one.span is not None]
    if not rows:
        return torch.zeros(())
    outside = segments[rows] < 1
    wanted = torch.tensor([windows[row].span for row in rows])
    start = scores.start[rows].masked_fill(outside, -1e4)
    end = scores.end[rows].masked_fill(outside, -1e4)
    return (functional.cross_entropy(start, wanted[:, 0]) + functional.cross_entropy(end, wanted[:, 1])) / 2


def _keep(
    file: Path,
    step: int,
    steps: int,
    network: ReaderNetwork,
    optimizer: torch.optim.Optimizer,
    schedule: torch.optim.lr_scheduler.LambdaLR,
) -> None:
    """Write the checkpoint whole or not at all."""
    partial = file.with_suffix(".partial")
    state = {
        "step": step,
        "steps": steps,
        "network": network.state_dict(),
        "optimizer": optimizer.state_dict(),
        "schedule": schedule.state_dict(),
    }
    torch.save(state, partial)
    partial.replace(file)


def _resumed(
    file: Path,
    network: ReaderNetwork,
    optimizer: torch.optim.Optimizer,
    schedule: torch.optim.lr_scheduler.LambdaLR,
    steps: int,
) -> int:
    """Take up a checkpoint and return the steps behind it; 0 where there is none. Another plan's is refused."""
    if not file.exists():
        return 0
    state = torch.load(file, weights_only=True)
    if state["steps"] != steps:
        raise SystemExit(
            f"{file} is of a run of {state['steps']} steps, this one has {steps}: name another --work folder"
        )
    network.load_state_dict(state["network"])
    optimizer.load_state_dict(state["optimizer"])
    schedule.load_state_dict(state["schedule"])
    print(f"goes on after step {state['step']} of {file}")
    return int(state["step"])
