"""Pace: work that takes long by its nature says each time that it has got on, so that its limit of time begins anew.

A limit on a whole file would either refuse a long scan or let a loop run for as long as the longest scan takes.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator
from contextvars import ContextVar
from enum import Enum


class Sign(Enum):
    """What a process that reads files sends besides its answers."""

    GOT_ON = "got on"


def _nobody() -> None:
    """No one listens: the file is read where no limit holds."""


_LISTENER: ContextVar[Callable[[], None]] = ContextVar("listener", default=_nobody)


def got_on() -> None:
    """A part of the file was read that cannot be read again: the next one may take as long."""
    _LISTENER.get()()


@contextlib.contextmanager
def heard_by(listener: Callable[[], None]) -> Iterator[None]:
    """Within, `listener` is called each time that reading has got on."""
    token = _LISTENER.set(listener)
    try:
        yield
    finally:
        _LISTENER.reset(token)
