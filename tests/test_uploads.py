"""Uploads: kept, queued, taken in or refused."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from index.documents import Job
from index.errors import InvalidInput, NotFound, StoreBroken
from index.library import Library
from index.uploads import UploadWorker
from tests.test_library import PORT, PRISON, write


def ended(library: Library, job_id: str) -> Job:
    """A job that is done or failed, waited for."""
    until = time.monotonic() + 60
    while (job := library.job(job_id)).state not in ("done", "failed"):
        assert time.monotonic() < until, job
        time.sleep(0.05)
    return job


def test_an_upload_is_kept_queued_and_taken_in(library: Library) -> None:
    queued = library.upload("../../etc/prison.md", PRISON.encode(), overrides={"reliability": "B"})
    assert (queued.name, queued.state) == ("prison.md", "queued")
    library.start_worker()
    job = ended(library, queued.id)
    assert job.state == "done", job.problem
    assert job.document_id is not None
    document = library.document(job.document_id)
    assert (document.sources, document.details.reliability) == (("upload:prison.md",), "B")


def test_an_upload_that_cannot_be_read_fails_with_its_reason_and_keeps_nothing(
    library: Library, data_dir: Path
) -> None:
    queued = library.upload("picture.txt", b"\x89PNG\r\n\x1a\n" + bytes(200))
    library.start_worker()
    job = ended(library, queued.id)
    assert job.state == "failed"
    assert job.problem
    assert not [path for path in (data_dir / "files").rglob("*") if path.is_file()]


@pytest.mark.parametrize("name", ["", "..", "/", "x" * 300, "\x00\x01"])
def test_an_upload_needs_a_name(library: Library, name: str) -> None:
    with pytest.raises(InvalidInput, match="name"):
        library.upload(name, b"text")


def test_uploads_are_limited(library: Library) -> None:
    with pytest.raises(InvalidInput, match="empty"):
        library.upload("a.txt", b"")
    with pytest.raises(NotFound, match="no collection"):
        library.upload("a.txt", b"text", collection="other")


def test_a_file_that_fails_leaves_the_bytes_to_another_upload(library: Library) -> None:
    library.upload("notes.xyz", PRISON.encode())
    second = library.upload("notes.txt", PRISON.encode())
    library.start_worker()
    assert ended(library, second.id).state == "done"


def test_removing_a_document_leaves_its_bytes_to_an_upload_that_waits(library: Library, folder: Path) -> None:
    write(folder, prison_md=PRISON)
    library.ingest([folder])
    job = library.upload("again.md", PRISON.encode())
    library.remove(library.entries()[0][0].id)
    library.start_worker()
    assert ended(library, job.id).state == "done"


def test_the_worker_outlives_a_collection_that_goes_while_its_upload_is_under_way(library: Library) -> None:
    library.create_collection("case-one")
    library.upload("notes.txt", PORT.encode(), collection="case-one")
    waiting = library._catalog.jobs.next()
    assert waiting is not None
    library.delete_collection("case-one")
    worker = UploadWorker(library._catalog, library._files, lambda: library._ingest, library._follow)
    worker._take(*waiting)
    library.start_worker()
    library.check_worker()
    assert ended(library, library.upload("port.txt", PORT.encode()).id).state == "done"


def test_a_worker_that_has_ended_is_said(library: Library) -> None:
    library.start_worker()
    assert library._worker is not None
    library._worker.stop()
    with pytest.raises(StoreBroken, match="restart the server"):
        library.check_worker()
