"""Files inside files: each is a document of its own, and comes, changes and goes with the file that holds it."""

from __future__ import annotations

import io
import time
import zipfile
from email.message import EmailMessage
from pathlib import Path

import pytest
from PIL import Image

from assistant.assembly import open_dossier
from assistant.settings import Settings
from index.errors import NotFound
from index.library import Library
from index.reports import Report
from index.unpacking import MOST_DEPTH
from tests.scan_files import saved

pytestmark = pytest.mark.slow

PORT = "The port of Guayaquil is the largest port of Ecuador. Containers of bananas leave it every day."
PRISON = "In 2021, some 316 inmates were killed in the country's prisons. Guards were bribed to look away."


def archive(**files: str | bytes) -> bytes:
    """A ZIP of files; `__` in a name is a slash and `_` a dot."""
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as made:
        for name, content in files.items():
            made.writestr(name.replace("__", "/").replace("_", "."), content)
    return data.getvalue()


def mail(**attached: str) -> bytes:
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "ana@example.org", "luis@example.org", "Figures for March"
    message["Date"] = "Mon, 04 Apr 2022 10:00:00 +0000"
    message.set_content("Dear Luis,\n\nthe figures for March are attached. We counted 41 cases.\n\nAna\n")
    for name, text in attached.items():
        message.add_attachment(text.encode(), maintype="text", subtype="plain", filename=name.replace("_", "."))
    return message.as_bytes()


def outcomes(report: Report) -> dict[str, str]:
    return {row.source: row.outcome for row in report.rows}


def sources(library: Library) -> list[str]:
    return sorted(source for entry in library.entries(limit=100)[0] for source in entry.sources)


def test_an_archive_and_what_it_holds_go_in(library: Library, folder: Path) -> None:
    (folder / "all.zip").write_bytes(archive(port_txt=PORT, below__prison_txt=PRISON, film_mp4=b"x"))
    assert outcomes(library.ingest([folder])) == {
        "reports/all.zip": "added",
        "reports/all.zip/port.txt": "added",
        "reports/all.zip/below/prison.txt": "added",
        "reports/all.zip/film.mp4": "skipped",
    }
    hit = library.search("How many inmates were killed in 2021?")[0]
    assert library.document(hit.passage.document_id).sources == ("reports/all.zip/below/prison.txt",)


def test_a_picture_without_words_is_skipped_and_one_that_is_broken_has_failed(library: Library, folder: Path) -> None:
    logo = saved(Image.new("RGB", (60, 40), "navy"))
    (folder / "all.zip").write_bytes(archive(port_txt=PORT, logo_png=logo, cut_png=logo[:40]))
    (folder / "logo.png").write_bytes(logo)
    report = library.ingest([folder])
    assert outcomes(report) == {
        "reports/all.zip": "added",
        "reports/all.zip/port.txt": "added",
        "reports/all.zip/logo.png": "skipped",
        "reports/all.zip/cut.png": "failed",
        "reports/logo.png": "skipped",
    }
    assert {row.reason for row in report.rows if row.outcome == "skipped"} == {
        "logo.png is a picture in which no text could be read: leave it out, or scan it anew"
    }


def test_a_mail_is_read_with_its_attachment(library: Library, folder: Path) -> None:
    (folder / "march.eml").write_bytes(mail(prison_txt=PRISON))
    library.ingest([folder])
    assert sources(library) == ["reports/march.eml", "reports/march.eml/prison.txt"]
    hit = library.search("How many cases were counted in March?")[0]
    document = library.document(hit.passage.document_id)
    assert document.title == "Figures for March"
    assert str(document.details.published) == "2022-04-04"
    assert "41 cases" in hit.passage.text


def test_what_failed_inside_an_archive_is_tried_again_though_the_archive_is_unchanged(
    library: Library, folder: Path
) -> None:
    (folder / "all.zip").write_bytes(archive(port_txt=PORT, broken_pdf=b"%PDF-1.4 and no more"))
    for _ in range(2):
        assert outcomes(library.ingest([folder]))["reports/all.zip/broken.pdf"] == "failed"
        time.sleep(2.1)  # Its time stamp is in doubt until then.


def test_an_unchanged_archive_is_not_opened_and_keeps_what_it_holds(
    library: Library, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "all.zip").write_bytes(archive(port_txt=PORT))
    library.ingest([folder])
    time.sleep(2.1)  # Its time stamp is in doubt until then.
    library.ingest([folder])
    monkeypatch.setattr(library._loaders, "submit", None)
    assert outcomes(library.ingest([folder])) == {"reports/all.zip": "unchanged"}
    assert sources(library) == ["reports/all.zip", "reports/all.zip/port.txt"]


def test_what_an_archive_no_longer_holds_goes_and_what_changed_in_it_changes(library: Library, folder: Path) -> None:
    file = folder / "all.zip"
    file.write_bytes(archive(port_txt=PORT, prison_txt=PRISON))
    library.ingest([folder])
    port = next(entry.id for entry in library.entries()[0] if entry.sources[0].endswith("port.txt"))
    file.write_bytes(archive(port_txt=PORT + " It is guarded."))
    expected = {
        "reports/all.zip": "changed",
        "reports/all.zip/port.txt": "changed",
        "reports/all.zip/prison.txt": "removed",
    }
    assert outcomes(library.ingest([file])) == expected
    assert library.document(port).text.endswith("It is guarded.")
    file.unlink()
    assert set(outcomes(library.ingest([folder])).values()) == {"removed"}
    assert sources(library) == []


def test_an_archive_that_broke_keeps_what_it_held(library: Library, folder: Path) -> None:
    file = folder / "all.zip"
    file.write_bytes(archive(port_txt=PORT))
    library.ingest([folder])
    file.write_bytes(b"PK\x03\x04 nonsense")
    report = library.ingest([folder])
    assert outcomes(report) == {"reports/all.zip": "failed"}
    assert "all.zip" in (report.rows[0].reason or "")
    assert sources(library) == ["reports/all.zip", "reports/all.zip/port.txt"]


def test_one_file_that_cannot_be_read_does_not_hold_up_the_others(library: Library, folder: Path) -> None:
    (folder / "all.zip").write_bytes(archive(port_txt=PORT, broken_pdf=b"%PDF-1.7 nonsense", empty_txt=""))
    found = outcomes(library.ingest([folder]))
    assert found == {
        "reports/all.zip": "added",
        "reports/all.zip/port.txt": "added",
        "reports/all.zip/broken.pdf": "failed",
        "reports/all.zip/empty.txt": "failed",
    }


def test_the_same_file_in_and_beside_an_archive_is_one_document_of_two_sources(library: Library, folder: Path) -> None:
    (folder / "all.zip").write_bytes(archive(port_txt=PORT))
    (folder / "port.txt").write_text(PORT, encoding="utf-8")
    library.ingest([folder])
    found = [entry.sources for entry in library.entries()[0] if entry.passages]
    assert found == [("reports/all.zip/port.txt", "reports/port.txt")]
    (folder / "all.zip").unlink()
    library.ingest([folder])
    assert sources(library) == ["reports/port.txt"]


def test_archives_in_archives_are_opened_up_to_a_depth(library: Library, folder: Path) -> None:
    data = archive(port_txt=PORT)
    for _ in range(MOST_DEPTH + 1):
        data = archive(inner_zip=data)
    (folder / "deep.zip").write_bytes(data)
    report = library.ingest([folder])
    failed = [row for row in report.rows if row.outcome == "failed"]
    assert len(failed) == 1
    assert "files inside it are not read" in (failed[0].reason or "")
    (folder / "deep.zip").write_bytes(archive(inner_zip=archive(port_txt=PORT)))
    library.ingest([folder])
    assert "reports/deep.zip/inner.zip/port.txt" in sources(library)


def test_the_grade_of_a_container_is_that_of_what_it_holds(library: Library, folder: Path) -> None:
    (folder / "all.zip").write_bytes(archive(port_txt=PORT))
    (folder / "all.zip.yaml").write_text("title: All\nreliability: C\n", encoding="utf-8")
    library.ingest([folder])
    held = {entry.sources[0]: (entry.title, entry.details.reliability) for entry in library.entries()[0]}
    assert held == {"reports/all.zip": ("All", "C"), "reports/all.zip/port.txt": (PORT, "C")}


def test_with_a_container_the_words_of_what_it_held_leave_kept_answers(data_dir: Path, folder: Path) -> None:
    (folder / "all.zip").write_bytes(archive(prison_txt=PRISON))
    with open_dossier(Settings(data_dir=data_dir)) as dossier:
        dossier.library.ingest([folder])
        answer = dossier.assistant.ask("How many inmates were killed in 2021?", must_answer=True)
        assert "316" in answer.citations[0].quote
        container = next(entry.id for entry in dossier.library.entries()[0] if not entry.passages)
        assert dossier.remove(container).sources == ("reports/all.zip",)
        (kept,) = dossier.conversations.answers(answer.conversation_id)
        assert kept.citations[0].quote == ""
        assert dossier.library.entries()[0] == ()


def test_two_attachments_of_one_name_are_two_documents(library: Library, folder: Path) -> None:
    message = EmailMessage()
    message["From"], message["Subject"] = "ana@example.org", "Twice"
    message.set_content("Both lists are attached to this mail.")
    for text in (PORT, PRISON):
        message.add_attachment(text.encode(), maintype="text", subtype="plain", filename="list.txt")
    (folder / "twice.eml").write_bytes(message.as_bytes())
    library.ingest([folder])
    assert sources(library) == ["reports/twice.eml", "reports/twice.eml/list (2).txt", "reports/twice.eml/list.txt"]


def test_an_uploaded_mail_brings_its_attachments_and_takes_them_with_it(library: Library) -> None:
    library.start_worker()
    job = library.upload("march.eml", mail(prison_txt=PRISON, broken_pdf="x"), overrides={"reliability": "B"})
    while library.job(job.id).state not in ("done", "failed"):
        time.sleep(0.05)
    done = library.job(job.id)
    assert done.state == "done"
    assert "broken.pdf" in (done.problem or "")
    assert sources(library) == ["upload:march.eml", "upload:march.eml/prison.txt"]
    assert {entry.details.reliability for entry in library.entries()[0]} == {"B"}
    assert done.document_id is not None
    inside = next(entry.id for entry in library.entries()[0] if entry.id != done.document_id)
    library.remove(done.document_id)
    assert sources(library) == []
    with pytest.raises(NotFound):
        library.document(inside)
