"""Pictures without words: looked at once, and not again while they and what reads them are the same."""

from __future__ import annotations

import time
from concurrent.futures import Future
from pathlib import Path

import pytest
from PIL import Image

import index.loading
from index.documents import Loaded
from index.library import Library
from index.reports import Row
from tests.scan_files import saved
from tests.test_unpacking import PORT, archive

pytestmark = pytest.mark.slow

BLANK = saved(Image.new("RGB", (60, 40), "navy"))
OTHER = saved(Image.new("RGB", (60, 40), "teal"))
SAID = "logo.png is a picture in which no text could be read: leave it out, or scan it anew"


@pytest.fixture
def loads(library: Library, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The sources that are loaded from here on."""
    loaded: list[str] = []
    submit = library._loaders.submit

    def noted(source: str, data: bytes) -> Future[Loaded]:
        loaded.append(source)
        return submit(source, data)

    monkeypatch.setattr(library._loaders, "submit", noted)
    return loaded


def remembered(library: Library, root: str = "reports", collection: str = "default") -> list[str]:
    return sorted(library._catalog.wordless.known(collection, root))


def test_it_is_looked_at_once(
    library: Library, folder: Path, loads: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "logo.png").write_bytes(BLANK)
    said = [Row("reports/logo.png", "skipped", reason=SAID)]
    for _ in range(2):  # Its time stamp is in doubt: the bytes tell.
        assert library.ingest([folder]).rows == tuple(said)
    time.sleep(2.1)
    library.ingest([folder])
    monkeypatch.setattr(Path, "read_bytes", None)  # Its time stamp tells.
    assert library.ingest([folder]).rows == tuple(said)
    assert loads == ["reports/logo.png"]


def test_it_is_looked_at_again_when_it_or_what_reads_it_changes(
    library: Library, folder: Path, loads: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "logo.png").write_bytes(BLANK)
    library.ingest([folder])
    (folder / "logo.png").write_bytes(OTHER)
    library.ingest([folder])
    assert len(loads) == 2
    monkeypatch.setattr(index.loading, "OCR_VERSION", "ocr-of-another-kind")
    library.ingest([folder])
    assert len(loads) == 3
    library.ingest([folder])
    assert len(loads) == 3


def test_one_in_an_archive_is_not_looked_at_again_when_the_archive_is_opened(
    library: Library, folder: Path, loads: list[str]
) -> None:
    (folder / "all.zip").write_bytes(archive(port_txt=PORT, logo_png=BLANK))
    library.ingest([folder])
    (folder / "all.zip").write_bytes(archive(port_txt=PORT, logo_png=BLANK, more_txt="More boxes came in May."))
    rows = {row.source: (row.outcome, row.reason) for row in library.ingest([folder]).rows}
    assert rows["reports/all.zip/logo.png"] == ("skipped", SAID)
    assert loads.count("reports/all.zip/logo.png") == 1
    assert loads.count("reports/all.zip") == 2


def test_what_is_gone_or_removed_is_not_remembered(library: Library, folder: Path) -> None:
    (folder / "logo.png").write_bytes(BLANK)
    (folder / "all.zip").write_bytes(archive(port_txt=PORT, logo_png=BLANK))
    (folder / "more.zip").write_bytes(archive(port_txt=f"{PORT} Again.", logo_png=BLANK))
    library.ingest([folder])
    assert remembered(library) == ["reports/all.zip/logo.png", "reports/logo.png", "reports/more.zip/logo.png"]
    (folder / "logo.png").unlink()
    (folder / "more.zip").unlink()
    library.ingest([folder])
    assert remembered(library) == ["reports/all.zip/logo.png"]
    container = next(entry.id for entry in library.entries()[0] if entry.sources == ("reports/all.zip",))
    library.remove(container)
    assert remembered(library) == []


def test_a_removed_collection_takes_them_along_and_a_root_above_gives_them_its_name(
    library: Library, folder: Path
) -> None:
    (folder / "logo.png").write_bytes(BLANK)
    library.create_collection("other")
    library.ingest([folder], collection="other")
    library.ingest([folder])
    library.delete_collection("other")
    assert remembered(library, collection="other") == []
    library.ingest([folder.parent / "reports" / "logo.png"])
    root, _ = library._catalog.collections.root("default", folder.parent)
    assert remembered(library, root) == [f"{root}/reports/logo.png"]
    assert remembered(library) == []
