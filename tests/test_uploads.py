"""Uploads: kept, queued, taken in or refused."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from index.documents import Job
from index.errors import InvalidInput, NotFound
from index.library import Library
from tests.test_library import PRISON


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
