"""Tracing: how long each step of an answer took, in milliseconds."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager

STEPS = ("condense", "search", "read", "check")


class Stopwatch:
    """Times the steps of one answer. The time that a caller takes between two events is nobody's."""

    def __init__(self) -> None:
        self._seconds = dict.fromkeys(STEPS, 0.0)

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Add the time of a block to a step."""
        begun = time.perf_counter()
        try:
            yield
        finally:
            self._seconds[name] += time.perf_counter() - begun

    def milliseconds(self) -> dict[str, float]:
        """The steps and their total."""
        steps = {name: round(1000 * seconds, 1) for name, seconds in self._seconds.items()}
        return {**steps, "total": round(sum(steps.values()), 1)}
