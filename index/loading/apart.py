"""Loading in processes of their own, within a limit of time and of memory, beyond which no file can go.

The limit of time is one without getting on (see `index.loading.pace`): a long scan is read page by page.

A file that loops, grows without end or brings its parser down ends one such process and is `UnreadableFile`; the next
file gets a fresh process. Short plain text is read here: its parsers are bounded, and a process costs half a second.
"""

from __future__ import annotations

import contextlib
import os
import queue
import resource
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import PurePath
from types import TracebackType
from typing import Literal, Self

from index.documents import Loaded, file_name
from index.errors import DossierError, UnreadableFile
from index.layout import MarkedBox
from index.loading import load
from index.loading.pace import Sign, heard_by
from index.settings import IndexSettings

# Read in this process up to so many bytes.
_PLAIN = frozenset({".log", ".markdown", ".md", ".text", ".txt"})
_SHORT = 1_000_000
_LONGEST_REASON = 200
# On a busy machine, starting may take longer than a file may.
_START_SECONDS = 60

Task = Literal["load", "picture"]


class Loaders:
    """Loads files, several at once, each in a process that does nothing else. Close it; or use it as a context manager.

    Thread-safe. At most `processes` of them start, when files need them, and are used again; `program` is the module
    that they run.
    """

    def __init__(self, settings: IndexSettings, program: str = "index.loading.apart") -> None:
        self._program = program
        self.processes = settings.parse_processes or os.cpu_count() or 1
        self._settings = settings
        self._idle: queue.LifoQueue[_Process] = queue.LifoQueue()
        self._free = threading.Semaphore(self.processes)
        self._threads = ThreadPoolExecutor(self.processes, thread_name_prefix="loading")
        self._closed = False

    def load(self, name: str, data: bytes) -> Loaded:
        """See `index.loading.load`; also `UnreadableFile` where a limit was reached or the parser came down."""
        if PurePath(name).suffix.lower() in _PLAIN and len(data) <= _SHORT:
            return load(name, data)
        loaded = self._done(name, "load", (name, data))
        assert isinstance(loaded, Loaded)
        return loaded

    def picture(self, name: str, data: bytes, number: int, boxes: Sequence[MarkedBox]) -> bytes:
        """See `index.loading.pictures.page_picture`; also `UnreadableFile` as `load`."""
        drawn = self._done(name, "picture", (name, data, number, boxes))
        assert isinstance(drawn, bytes)
        return drawn

    def submit(self, source: str, data: bytes) -> Future[Loaded]:
        """Have the file of a source loaded; what `load` raises, the future's `result` does."""
        return self._threads.submit(self.load, file_name(source), data)

    def close(self) -> None:
        """Wait for files that are being loaded, and end all processes."""
        self._closed = True
        self._threads.shutdown(cancel_futures=True)
        with contextlib.suppress(queue.Empty):
            while True:
                self._idle.get_nowait().end()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def _done(self, name: str, task: Task, arguments: tuple[object, ...]) -> object:
        with self._free:
            process = self._started()
            try:
                return process.do(name, task, arguments, self._settings.parse_seconds)
            finally:
                self._give_back(process)

    def _started(self) -> _Process:
        with contextlib.suppress(queue.Empty):
            while True:
                process = self._idle.get_nowait()
                if not process.ended:
                    return process
                process.end()  # Something outside has killed it.
        return _Process(self._program, self._settings.parse_memory_mb)

    def _give_back(self, process: _Process) -> None:
        if process.ended or self._closed:
            process.end()
        else:
            self._idle.put(process)


class _Process:
    """One process that loads one file after the other until it is ended."""

    def __init__(self, program: str, memory_mb: int) -> None:
        self._memory_mb = memory_mb
        self._started = False
        self._connection, theirs = Pipe()
        self._said = tempfile.TemporaryFile()  # noqa: SIM115 - closed in `end`.
        # One file is one core's work, and threads would each claim memory within the limit.
        alone = ["env", "OMP_NUM_THREADS=1", "OPENBLAS_NUM_THREADS=1"]
        command = [*alone, sys.executable, "-m", program, str(theirs.fileno()), str(memory_mb)]
        self._process = subprocess.Popen(
            command, pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, stderr=self._said
        )
        theirs.close()

    @property
    def ended(self) -> bool:
        """True where the process is no more."""
        return self._process.poll() is not None

    def do(self, name: str, task: Task, arguments: tuple[object, ...], seconds: int) -> object:
        """Do one task on the file `name`; the process has ended if this raised anything but what the task raises."""
        try:
            self._connection.send((name, task, arguments))
            answer: object = Sign.GOT_ON
            while answer is Sign.GOT_ON:
                # It has started, or read another page: after each sign of life the limit begins anew.
                limit = seconds if self._started else max(seconds, _START_SECONDS)
                if not self._connection.poll(limit):
                    self._process.kill()
                    self._process.wait()
                    raise UnreadableFile(
                        f"{name} was not read within {seconds} s: save it anew or in another format, or raise "
                        "ASSISTANT_INDEX__PARSE_SECONDS"
                    )
                answer = self._connection.recv()
                self._started = True
        except (EOFError, OSError) as error:
            raise UnreadableFile(self._broken(name)) from error
        if isinstance(answer, DossierError):
            raise answer
        return answer

    def end(self) -> None:
        """End the process."""
        self._connection.close()
        if not self.ended:
            self._process.kill()
        self._process.wait()
        self._said.close()

    def _broken(self, name: str) -> str:
        code = self._process.wait()
        self._said.seek(0)
        lines = self._said.read().decode("utf-8", "replace").strip().splitlines()
        last = lines[-1][:_LONGEST_REASON] if lines else f"it ended with {code}"
        return (
            f"{name} brought down the process that read it ({last}): the file is broken, or needs more than "
            f"{self._memory_mb} MB; save it anew or in another format, or raise ASSISTANT_INDEX__PARSE_MEMORY_MB"
        )


def serve(connection: Connection, memory_mb: int, tasks: Mapping[Task, Callable[..., object]]) -> None:
    """Do what is sent until the other end closes, and send back what it gave, or the error that it raised."""
    resource.setrlimit(resource.RLIMIT_AS, (memory_mb * 1_000_000, memory_mb * 1_000_000))
    # What it took to start, on a busy machine, is no file's time.
    connection.send(Sign.GOT_ON)
    while True:
        try:
            name, task, arguments = connection.recv()
        except EOFError:
            return
        answer: object
        try:
            with heard_by(lambda: connection.send(Sign.GOT_ON)):
                answer = tasks[task](*arguments)
        except DossierError as error:
            answer = error
        except MemoryError:
            answer = UnreadableFile(
                f"{name} needs more than {memory_mb} MB to be read: split it, or raise ASSISTANT_INDEX__PARSE_MEMORY_MB"
            )
        except RecursionError:
            answer = UnreadableFile(f"{name} is nested too deeply to be read: save it anew or in another format")
        connection.send(answer)


def _picture(name: str, data: bytes, number: int, boxes: Sequence[MarkedBox]) -> bytes:
    from index.loading.pictures import page_picture

    return page_picture(name, data, number, boxes)


TASKS: Mapping[Task, Callable[..., object]] = {"load": load, "picture": _picture}


def main(arguments: Sequence[str], tasks: Mapping[Task, Callable[..., object]] = TASKS) -> int:
    """Serve over an inherited descriptor."""
    descriptor, memory_mb = arguments
    with Connection(int(descriptor)) as connection, contextlib.suppress(BrokenPipeError):
        serve(connection, int(memory_mb), tasks)
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
