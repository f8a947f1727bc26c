"""What a piece of work takes of the machine: seconds, the processor's seconds, and memory."""

from __future__ import annotations

import re
import time
from pathlib import Path

_HIGHEST, _NOW = "VmHWM", "VmRSS"


class Clock:
    """Runs from its making to `stop`."""

    def __init__(self) -> None:
        self._memory = _forgotten_highest()
        self._cpu = time.process_time()
        self._begun = time.perf_counter()

    def stop(self) -> tuple[float, float, float | None]:
        """Seconds, seconds on all cores, and the most MB that the process held beyond those at the start.

        The memory is None where the system does not tell it (it is Linux that does).
        """
        seconds, cpu = time.perf_counter() - self._begun, time.process_time() - self._cpu
        return seconds, cpu, _megabytes(_HIGHEST) - self._memory if self._memory is not None else None


def _forgotten_highest() -> float | None:
    """The MB held now, from where on the highest is counted anew."""
    try:
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")
    except OSError:
        return None
    return _megabytes(_NOW)


def _megabytes(name: str) -> float:
    found = re.search(rf"^{name}:\s+(\d+) kB$", Path("/proc/self/status").read_text(encoding="ascii"), re.MULTILINE)
    assert found is not None, name
    return int(found[1]) / 1024
