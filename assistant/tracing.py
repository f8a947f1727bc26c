"""Tracing: how long each step of an answer took, in milliseconds."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TypeVar

Item = TypeVar("Item")

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

    def each(self, name: str, items: Iterable[Item]) -> Iterator[Item]:
        """The items, with the time that each of them takes to come added to a step."""
        coming = iter(items)
        while True:
            with self.step(name):
                try:
                    item = next(coming)
                except StopIteration:
                    return
            yield item

    def milliseconds(self) -> dict[str, float]:
        """The steps and their total."""
        steps = {name: round(1000 * seconds, 1) for name, seconds in self._seconds.items()}
        return {**steps, "total": round(sum(steps.values()), 1)}
