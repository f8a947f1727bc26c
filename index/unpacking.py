"""Unpacking: a file, and the files inside it (what a mail brought, what an archive holds), made ready to be kept.

A file inside another has the source `CONTAINER/NAME` and is a document of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

from index.catalog import Catalog
from index.catalog.rows import load_overrides
from index.catalog.values import FileState, Wordless
from index.documents import Attachment, Loaded, digest_of
from index.errors import DossierError, NoWords, StoreBroken
from index.files import KeptFiles
from index.holding import in_doubt
from index.loading import holds_files, supported_suffixes, why_not_read
from index.loading.apart import Loaders
from index.making import Maker
from index.reports import Row
from index.taking import Opened, Ready, Taking, readable

# An archive in a mail in an archive; and how many files may come out of one file in all.
MOST_DEPTH = 3
MOST_FILES = 20_000


class Unpacker:
    """Makes opened files ready, with everything inside them."""

    def __init__(self, catalog: Catalog, files: KeptFiles, loaders: Loaders, maker: Callable[[], Maker]) -> None:
        self._catalog = catalog
        self._files = files
        self._loaders = loaders
        self._maker = maker

    def made(self, opened: Opened, taking: Taking) -> Iterator[Row | Ready]:
        """The file itself, then the files inside it, depth first. What goes wrong with one of them is its row."""
        waiting: list[tuple[Opened, int]] = [(opened, 0)]
        count = 0
        while waiting:
            here, depth = waiting.pop()
            count += 1
            if count > MOST_FILES:
                yield Row(here.source, "failed", reason=f"more than {MOST_FILES} files are in one: unpack it yourself")
                return
            known = taking.known.get(here.source)
            try:
                loaded = here.loading.result() if here.loading else None
                yield self._itself(here, loaded, taking.collection)
            except StoreBroken:
                raise  # Not this file's fault: the next would fail likewise.
            except NoWords as error:
                # Among reports, pictures of other things are as usual as files that are no documents.
                wordless = Wordless(here.file, here.making.made_by, str(error))
                self._catalog.wordless.remember(taking.collection, here.source, wordless)
                yield Row(here.source, "skipped", known[1] if known else None, reason=wordless.reason)
                continue
            except DossierError as error:
                taking.see_below(here.source)
                yield Row(here.source, "failed", known[1] if known else None, reason=str(error))
                continue
            inside = loaded.attachments if loaded else ()
            if inside and depth == MOST_DEPTH:
                yield Row(here.source, "failed", reason=f"files inside it are not read: {MOST_DEPTH} deep is the limit")
                continue
            found = [self._inside(here, attachment, taking) for attachment in inside]
            yield from (one for one in found if isinstance(one, Row))
            waiting += [(one, depth + 1) for one in reversed(found) if isinstance(one, Opened)]

    def joined(self, row: Row, collection: str) -> Row:
        """A file that joined a document: where the document's other files are gone, it has moved from there."""
        if row.outcome != "added" or row.document_id is None:
            return row
        roots = self._catalog.collections.roots(collection)
        for other in self._catalog.shelf.entry(row.document_id).sources:
            name, _, rest = other.partition("/")
            if other != row.source and name in roots and not _stands(roots[name] / rest):
                self._catalog.changes.drop_source(collection, other)
                row = Row(row.source, "moved", row.document_id, reason=f"was {other}")
        return row

    def _itself(self, opened: Opened, loaded: Loaded | None, collection: str) -> Row | Ready:
        plan = opened.plan
        file = in_doubt(opened.file) if loaded is not None and loaded.attachments else opened.file
        if plan.make and loaded is not None:
            draught = self._maker().draught(plan.document_id, loaded, load_overrides(opened.making.overrides))
            return Ready(opened.source, opened.data, file, opened.making, draught)
        self._files.keep(opened.data)
        plan = self._catalog.changes.put(collection, opened.source, file, opened.making, None)
        return self.joined(Row(opened.source, plan.outcome, plan.document_id), collection)

    def _inside(self, container: Opened, attachment: Attachment, taking: Taking) -> Row | Opened:
        source = f"{container.source}/{attachment.name}"
        taking.seen.add(source)
        if not readable(source):
            return Row(repr(source)[1:-1], "failed", reason="its name holds signs that cannot be shown")
        suffix = PurePosixPath(attachment.name).suffix.lower()
        if suffix not in supported_suffixes():
            return Row(source, "skipped", reason=why_not_read(suffix))
        making = taking.inherited(container.making, source)
        file = FileState(digest_of(attachment.data))
        wordless = taking.without_words(source, making)
        if wordless is not None and wordless.file.file_digest == file.file_digest:
            known = taking.known.get(source)
            return Row(source, "skipped", known[1] if known else None, reason=wordless.reason)
        plan = self._catalog.changes.plan(taking.collection, source, file, making)
        loading = self._loaders.submit(source, attachment.data) if plan.make or holds_files(source) else None
        return Opened(source, attachment.data, file, plan, making, loading)


def _stands(path: Path) -> bool:
    """True where a file is there, or the file that it is inside of."""
    return path.exists() or any(parent.is_file() for parent in path.parents)
