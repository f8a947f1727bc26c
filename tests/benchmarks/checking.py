"""Checking by rules alone, without a learned score: altered statements that are caught, true ones that are flagged.

The rules were written on every second document (`TUNED`) before the others (`HELD_OUT`) were looked at.
"""

from __future__ import annotations

import time
from collections.abc import Sequence

from assistant.checking import Checker
from tests.benchmarks.altering import KINDS, Claim, altered, documents, exchanged, restated
from tests.benchmarks.figures import Cell, Figures

_NAMES = [path.name for path in documents()]
TUNED, HELD_OUT = frozenset(_NAMES[::2]), frozenset(_NAMES[1::2])
COLUMNS = ("statements", "tuned on", "n", "held out", "n ", "both", "n  ")


def flagged(claims: Sequence[Claim], among: frozenset[str]) -> tuple[float, int]:
    """The share of the claims of some documents that are not supported, and of how many."""
    checker = Checker()
    checks = [checker.check(claim.text, claim.quotes).check for claim in claims if claim.document in among]
    return sum(check == "unsupported" for check in checks) / len(checks), len(checks)


def measure() -> tuple[Figures, Figures]:
    """Shares of statements that were not supported, and milliseconds a statement."""
    true, false, turned = restated(), altered(), exchanged()
    rows = [
        _row("altered, caught", false),
        *(_row(f"... by a {kind}", [claim for claim in false if claim.kind == kind]) for kind in KINDS),
        _row("true, flagged", true),
        *(
            _row(f"{kind} exchanged, caught", [one for one in turned if one.kind == kind])
            for kind in ("two numbers", "two names")
        ),
    ]
    shares = Figures("checking", "Statements that are not supported", COLUMNS, tuple(rows))
    started = time.perf_counter()
    checker = Checker()
    for claim in (*true, *false):
        checker.check(claim.text, claim.quotes)
    milliseconds = 1000 * (time.perf_counter() - started) / len((*true, *false))
    timed: tuple[Cell, ...] = ("a statement, milliseconds", milliseconds)
    return shares, Figures("checking time", "Time of checking", ("what", "mean"), (timed,))


def _row(name: str, claims: Sequence[Claim]) -> tuple[Cell, ...]:
    cells: list[Cell] = [name]
    for among in (TUNED, HELD_OUT, TUNED | HELD_OUT):
        share, count = flagged(claims, among)
        cells += [f"{share:.1%}", count]
    return tuple(cells)
