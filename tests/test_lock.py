from __future__ import annotations

import stat
import subprocess
import sys
from pathlib import Path

from index.lock import DataLock, Holder

HOLD = """
import sys
from pathlib import Path
from index.lock import DataLock, Holder
lock = DataLock(Path(sys.argv[1]))
assert lock.acquire()
lock.describe(Holder(42, "http://127.0.0.1:1", "secret"))
print("held", flush=True)
sys.stdin.readline()
"""


def test_one_process_holds_it_and_says_who_it_is(tmp_path: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        assert other.stdout is not None
        assert other.stdout.readline() == "held\n"
        lock = DataLock(tmp_path)
        assert not lock.acquire()
        assert lock.holder() == Holder(42, "http://127.0.0.1:1", "secret"), "a vain attempt leaves the words alone"
        assert "process 42" in str(lock.in_use())
        other.kill()
    assert lock.acquire(wait_seconds=5), "the system gives back what a killed process held"
    lock.release()


def test_only_the_owner_can_read_the_token(tmp_path: Path) -> None:
    lock = DataLock(tmp_path)
    assert lock.acquire()
    lock.describe(Holder(1, "http://127.0.0.1:1", "secret"))
    assert stat.S_IMODE((tmp_path / "lock").stat().st_mode) == 0o600
    lock.release()


def test_a_released_lock_names_nobody(tmp_path: Path) -> None:
    lock = DataLock(tmp_path)
    assert lock.acquire()
    lock.release()
    assert lock.holder() is None


def test_who_does_not_hold_it_cannot_blank_its_words(tmp_path: Path) -> None:
    holding, other = DataLock(tmp_path), DataLock(tmp_path)
    assert holding.acquire()
    holding.describe(Holder(1, "http://127.0.0.1:1", "secret"))
    other.release()
    assert other.holder() == Holder(1, "http://127.0.0.1:1", "secret")
    holding.release()
