"""Uploads: one thread that takes queued files in, one after the other, and has the derived stores follow."""

from __future__ import annotations

import logging
import threading
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from index.catalog import Catalog
from index.documents import UPLOADED, Job
from index.errors import DossierError, InvalidInput
from index.files import KeptFiles
from index.ingest import Ingest
from index.reports import Row

log = logging.getLogger(__name__)

IDLE_SECONDS = 0.5
LONGEST_NAME = 200
MOST_TOLD = 5


def checked_name(name: str) -> str:
    """The last part of an uploaded file's name; raises `InvalidInput` where nothing usable is left."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1].strip()
    clean = "".join(sign for sign in last if unicodedata.category(sign)[0] != "C")
    if not clean.strip(". ") or len(clean) > LONGEST_NAME:
        raise InvalidInput(
            f"{name[:LONGEST_NAME]!r} is no name for a file: give 1 to {LONGEST_NAME} readable characters"
        )
    return clean


def _left_out(rows: Sequence[Row]) -> str | None:
    """Which of the files inside an uploaded one were not taken in, and why; None where all were."""
    failed = [f"{row.source.removeprefix(UPLOADED)}: {row.reason}" for row in rows if row.outcome == "failed"]
    if not failed:
        return None
    more = f"; and {len(failed) - MOST_TOLD} more" if len(failed) > MOST_TOLD else ""
    return f"{len(failed)} of the files inside were not read: {'; '.join(failed[:MOST_TOLD])}{more}"


class UploadWorker:
    """Runs jobs until it is stopped; a job that is under way then is finished first."""

    def __init__(
        self, catalog: Catalog, files: KeptFiles, ingest: Callable[[], Ingest], follow: Callable[[], None]
    ) -> None:
        self._catalog = catalog
        self._files = files
        self._ingest = ingest
        self._follow = follow
        self._stopped = threading.Event()
        self._work = threading.Event()
        self._thread = threading.Thread(target=self._run, name="uploads", daemon=True)

    def start(self) -> None:
        """Begin with what an earlier process left in the queue."""
        self._catalog.jobs.requeue()
        self._thread.start()

    @property
    def alive(self) -> bool:
        """True while the thread runs."""
        return self._thread.is_alive()

    def wake(self) -> None:
        """Say that there is work."""
        self._work.set()

    def stop(self) -> None:
        """Finish the job under way and end the thread."""
        self._stopped.set()
        self._work.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                self._once()
            except DossierError:
                # A store that fails now is tried again at the next round, and looked at by the next start.
                log.exception("the worker could not go on")
            self._work.wait(IDLE_SECONDS)
            self._work.clear()

    def _once(self) -> None:
        if self._catalog.waiting:
            self._follow()
        while not self._stopped.is_set():
            waiting = self._catalog.jobs.next()
            if waiting is None:
                return
            self._take(*waiting)

    def _take(self, job: Job, file_digest: str, overrides: Mapping[str, Any]) -> None:
        jobs = self._catalog.jobs

        def embedding(document_id: str | None, total: int) -> None:
            jobs.report(job.id, state="embedding", document_id=document_id, total=total)

        jobs.report(job.id, state="reading")
        try:
            data = self._files.read(file_digest)
            row, *inside = self._ingest().take_bytes(
                f"{UPLOADED}{job.name}", data, job.collection, overrides, embedding
            )
            self._follow()
        except DossierError as error:
            self._fail(job, file_digest, str(error))
            return
        if row.outcome == "failed":
            self._fail(job, file_digest, row.reason or "")
            return
        passages = row.passages + sum(one.passages for one in inside)
        jobs.report(
            job.id, state="done", document_id=row.document_id, done=passages, total=passages, problem=_left_out(inside)
        )

    def _fail(self, job: Job, file_digest: str, problem: str) -> None:
        self._catalog.jobs.report(job.id, state="failed", problem=problem)
        # The same bytes may wait under another name, or stand in the library already.
        if not self._catalog.jobs.waiting_for(file_digest) and not self._catalog.changes.uses_file(file_digest):
            self._files.forget(file_digest)
