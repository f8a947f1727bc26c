"""An ingest that was stopped within an archive: the next one takes in the rest, and trusts the archive only then."""

from __future__ import annotations

import time
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path

import pytest

import index.ingest
from index.catalog.values import FileState, Making, Plan
from index.documents import Attachment, Loaded
from index.holding import Holding
from index.library import Library
from index.reports import Row
from index.taking import Opened
from tests.test_unpacking import archive, mail, outcomes, sources
from tests.test_uploads import ended

pytestmark = pytest.mark.slow

NOTES = {f"note{number:02}_txt": f"Note {number} counts {number * 7} boxes at the quay." for number in range(60)}
HELD = sorted(f"/note{number:02}.txt" for number in range(60))


class Stopped(BaseException):
    """What a signal raises."""


def stopping_at(turn: int) -> Callable[..., None]:
    """A function that raises when it is called for the time of this number."""
    calls = iter(range(1, turn + 1))

    def heard(*_given: object) -> None:
        if next(calls) == turn:
            raise Stopped

    return heard


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(index.ingest, "BATCH_PASSAGES", 16)


@pytest.mark.parametrize("batches", [1, 2, 3])
def test_the_rest_of_an_archive_is_taken_in_after_a_stop(library: Library, folder: Path, batches: int) -> None:
    (folder / "all.zip").write_bytes(archive(**NOTES))
    time.sleep(2.1)  # Its time stamp is in doubt until then.
    with pytest.raises(Stopped):
        library._ingest.run([folder], "default", kept=stopping_at(batches))
    assert "reports/all.zip" in sources(library) or library._catalog.waiting
    library.ingest([folder])
    assert sources(library) == ["reports/all.zip", *(f"reports/all.zip{name}" for name in HELD)]
    assert outcomes(library.ingest([folder])) == {"reports/all.zip": "unchanged"}


def test_a_whole_archive_is_trusted_though_the_ingest_stops_later(
    library: Library, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "a.eml").write_bytes(mail(note_txt="The quays of Manta were closed in May."))
    (folder / "b.zip").write_bytes(archive(**NOTES))
    time.sleep(2.1)
    with pytest.raises(Stopped):
        library._ingest.run([folder], "default", kept=stopping_at(2))
    opened: list[str] = []
    submit = library._loaders.submit

    def noted(source: str, data: bytes) -> Future[Loaded]:
        opened.append(source)
        return submit(source, data)

    monkeypatch.setattr(library._loaders, "submit", noted)
    library.ingest([folder])
    assert "reports/b.zip" in opened
    assert "reports/a.eml" not in opened
    assert len(sources(library)) == 63


def test_what_has_gone_from_an_archive_goes_though_an_ingest_stopped_between(library: Library, folder: Path) -> None:
    (folder / "a.zip").write_bytes(archive(**NOTES))
    library.ingest([folder])
    (folder / "a.zip").write_bytes(archive(note00_txt=NOTES["note00_txt"] + " No more."))
    (folder / "b.zip").write_bytes(archive(**{name: f"{text} Again." for name, text in NOTES.items()}))
    time.sleep(2.1)
    with pytest.raises(Stopped):
        library._ingest.run([folder], "default", kept=stopping_at(2))
    library.ingest([folder])
    assert [source for source in sources(library) if "a.zip" in source] == ["reports/a.zip", "reports/a.zip/note00.txt"]


def test_an_upload_that_was_killed_half_way_is_whole_after_the_next_start(library: Library) -> None:
    job = library.upload("all.zip", archive(**NOTES))
    waiting = library._catalog.jobs.next()
    assert waiting is not None
    library._catalog.jobs.report(job.id, state="embedding")
    data = library._files.read(waiting[1])
    with pytest.raises(Stopped):
        library._ingest.take_bytes("upload:all.zip", data, "default", {}, stopping_at(3))
    library.start_worker()
    assert ended(library, job.id).state == "done"
    assert sources(library) == ["upload:all.zip", *(f"upload:all.zip{name}" for name in HELD)]


def test_a_file_that_was_overtaken_leaves_those_that_hold_it_in_doubt() -> None:
    state, making = FileState("f", 1, 1, 5), Making("loader", "embedder")
    loading: Future[Loaded] = Future()
    loading.set_result(Loaded("", "", attachments=(Attachment("c.txt", b"x"),)))
    holding = Holding()
    for source in ("r/a.zip", "r/b.zip"):
        holding.through(Opened(source, b"", state, Plan("added", "d", True), making, loading))
    holding.kept([Row("r/a.zip/in.zip/c.txt", "failed"), Row("r/b.zip/c.txt", "added")])
    assert list(holding.whole(lambda _source: True)) == [("r/b.zip", state)]
    assert list(holding.whole(lambda _source: True)) == []
