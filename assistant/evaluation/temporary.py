"""A temporary library of a file's own paragraphs, each a document; taken in as files are, and removed afterwards."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

from assistant.assembly import Dossier, open_dossier
from assistant.evaluation.squad import Paragraph
from assistant.settings import Settings
from index.errors import InvalidInput, StoreBroken
from index.files import disk_errors
from index.ingest import Progress
from index.loading.languages import detect_language

# Of a text that is too short to tell.
LANGUAGE = "en"


@contextmanager
def temporary_dossier(settings: Settings, paragraphs: Sequence[Paragraph], progress: Progress) -> Iterator[Dossier]:
    """Everything opened over the paragraphs alone, with the settings' reader, embedder and models.

    The models' folder is that of the settings' data directory: what was exported there is used, and what is exported
    now stays. Nothing else of that directory is touched. Raises `InvalidInput` where a paragraph cannot be taken in,
    `StoreBroken`, and what `open_dossier` raises.
    """
    with ExitStack() as undone:
        models = settings.data_dir / "models"
        with disk_errors(models):
            models.mkdir(parents=True, exist_ok=True)
        try:
            place = Path(undone.enter_context(tempfile.TemporaryDirectory(prefix="dossier-evaluate-")))
            link, folder = place / "data" / "models", place / "paragraphs"
            link.parent.mkdir()
            link.symlink_to(models.resolve(), target_is_directory=True)
            folder.mkdir()
            for paragraph in paragraphs:
                (folder / paragraph.name).write_text(_file(paragraph), encoding="utf-8", newline="\n")
        except OSError as error:
            raise StoreBroken(
                f"a temporary library cannot be made in {tempfile.gettempdir()} ({error.strerror or error}): see to "
                "its space and permissions, or name another place with TMPDIR"
            ) from error
        dossier = undone.enter_context(open_dossier(settings.model_copy(update={"data_dir": link.parent})))
        _take_in(dossier, folder, paragraphs, progress)
        yield dossier


def _file(paragraph: Paragraph) -> str:
    """The paragraph as a text file whose front matter gives its title, and its language where that is not plain."""
    language = [] if detect_language(paragraph.text) else [f"language: {LANGUAGE}"]
    # A JSON string is a YAML string.
    return "\n".join(
        ["---", f"title: {json.dumps(paragraph.title, ensure_ascii=False)}", *language, "---", paragraph.text]
    )


def _take_in(dossier: Dossier, folder: Path, paragraphs: Sequence[Paragraph], progress: Progress) -> None:
    report = dossier.library.ingest([folder], progress=progress)
    where = {paragraph.name: paragraph.where for paragraph in paragraphs}
    for row in report.rows:
        if row.outcome in ("failed", "skipped"):
            paragraph = where.get(row.source.rsplit("/", 1)[-1], row.source)
            raise InvalidInput(f"{paragraph} cannot be taken in ({row.reason}): mend its text, or leave it out")
