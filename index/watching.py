"""Watching folders: says when something below them has changed, once it has been quiet for a moment."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

from index.errors import NotFound

# A copy of many files is one change: what follows within this time is waited for, but not for ever.
QUIET_MS = 800
LONGEST_WAIT_MS = 10_000
TURN_MS = 500


def changes(paths: Sequence[Path], stopped: threading.Event | None = None) -> Iterator[frozenset[Path]]:
    """Nothing at first, as soon as changes are heard of; then what changed, each time that something did.

    So whoever takes the folders in at each turn misses nothing. Ends when `stopped` is set. Raises `NotFound` for a
    path that is not there.
    """
    from watchfiles import watch

    for path in paths:
        if not path.exists():
            raise NotFound(f"{path} does not exist: give files or folders that do")
    begun = False
    heard = watch(
        *paths, step=QUIET_MS, debounce=LONGEST_WAIT_MS, rust_timeout=TURN_MS, yield_on_timeout=True,
        stop_event=stopped, raise_interrupt=True,
    )  # fmt: skip
    for found in heard:
        if found or not begun:
            begun = True
            yield frozenset(Path(place) for _, place in found)
