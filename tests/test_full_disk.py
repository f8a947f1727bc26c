"""A full disk, a real one of a few MB: what was acknowledged is whole, what was not is said, and room mends it."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.errors import StoreBroken
from index.library import Library
from index.settings import IndexSettings
from tests.crashing import check_equal, check_laws

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

SMALL, ROOMY = "6m", "400m"


@pytest.fixture
def small_disk(tmp_path: Path, models_dir: Path) -> Iterator[Path]:
    """A data directory on a file system of its own with little room."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={SMALL}", "tmpfs", str(place)]
    mounted = subprocess.run(command, capture_output=True, check=False)
    if mounted.returncode:
        pytest.skip("a file system can be mounted by root alone")
    (place / "models").symlink_to(models_dir, target_is_directory=True)
    try:
        yield place
    finally:
        subprocess.run(["umount", str(place)], check=True)


def write(folder: Path, count: int) -> None:
    for number in range(count):
        told = [f"Report {number} counts {number * 7 + line} crates at quay {line} of the port." for line in range(40)]
        (folder / f"{number}.txt").write_text(f"Report {number}\n\n" + "\n\n".join(told), encoding="utf-8")


def test_a_full_disk_loses_nothing_and_room_mends_it(small_disk: Path, folder: Path) -> None:
    write(folder, 150)
    with pytest.raises(StoreBroken, match=r"disk"), Library(small_disk, IndexSettings()) as library:
        library.ingest([folder])
    subprocess.run(["mount", "-o", f"remount,size={ROOMY}", str(small_disk)], check=True)
    with Library(small_disk, IndexSettings()) as library:
        kept = check_laws(library)
        assert kept < 150
        library.ingest([folder])
        assert check_laws(library) == 150
        check_equal(library, folder)


def test_an_upload_to_a_full_disk_is_not_acknowledged(small_disk: Path) -> None:
    with Library(small_disk, IndexSettings()) as library:
        with pytest.raises(StoreBroken, match="see to the disk"):
            library.upload("large.txt", b"Words upon words. " * 500_000)
        assert not library._catalog.jobs.busy
        job = library.upload("small.txt", b"The harbour has 31 cranes, they say.")
        assert library.job(job.id).state == "queued"
    assert not list((small_disk / "files").glob("??/*.part"))
