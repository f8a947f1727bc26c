"""Checking, by rules alone and with the learned score: altered statements that are caught, true ones that are flagged.

The rules were written on every second document (`TUNED`) before the others (`HELD_OUT`) were looked at.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import replace

from assistant.checking import Checker
from assistant.supporting.own_support import OwnSupport
from tests.benchmarks.altering import KINDS, Claim, altered, documents, exchanged, restated, said
from tests.benchmarks.figures import Cell, Figures

_NAMES = [path.name for path in documents()]
TUNED, HELD_OUT = frozenset(_NAMES[::2]), frozenset(_NAMES[1::2])
DIGITS = "0123456789"
EXCHANGED = ("two numbers", "two names")
COLUMNS = ("statements", "tuned on", "n", "held out", "n ", "both", "n  ")


def flagged(claims: Sequence[Claim], among: frozenset[str], checker: Checker) -> tuple[float, int]:
    """The share of the claims of some documents that are not supported, and of how many."""
    checks = [checker.check(claim.text, claim.quotes).check for claim in claims if claim.document in among]
    return sum(check == "unsupported" for check in checks) / len(checks), len(checks)


def measure() -> Iterator[Figures]:
    """Shares of statements that were not supported, and milliseconds a statement, in both ways."""
    true, false, turned = restated(), altered(), exchanged()
    named = {
        "altered, caught": false,
        **{f"... by a {kind}": [claim for claim in false if claim.kind == kind] for kind in KINDS},
        "one digit changed, caught": digits_changed(),
        "true, flagged": true,
        **{f"{kind} exchanged, caught": [one for one in turned if one.kind == kind] for kind in EXCHANGED},
    }
    times: list[tuple[Cell, ...]] = []
    for way, checker in (("by rules alone", Checker()), ("with the score of support", Checker(OwnSupport()))):
        begun = time.perf_counter()
        rows = tuple(_row(name, claims, checker) for name, claims in named.items())
        # Each row is counted over both halves, and then over all.
        checked = 2 * sum(map(len, named.values()))
        times.append((way, 1000 * (time.perf_counter() - begun) / checked))
        yield Figures(f"checking {way}", f"Statements that are not supported, {way}", COLUMNS, rows)
    yield Figures("checking time", "Milliseconds a statement", ("way", "mean"), tuple(times))


def digits_changed() -> list[Claim]:
    """Every sentence of the library with each of its digits changed to each other one."""
    return [
        replace(claim, text=f"{quote[:place]}{other}{quote[place + 1 :]}")
        for claim in said()
        for quote in claim.quotes
        for place, sign in enumerate(quote)
        if sign in DIGITS
        for other in DIGITS
        if other != sign
    ]


def _row(name: str, claims: Sequence[Claim], checker: Checker) -> tuple[Cell, ...]:
    cells: list[Cell] = [name]
    for among in (TUNED, HELD_OUT, TUNED | HELD_OUT):
        share, count = flagged(claims, among, checker)
        cells += [f"{share:.1%}", count]
    return tuple(cells)
