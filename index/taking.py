"""One path being taken in: what was known below it, what was seen, and the values of a file on its way."""

from __future__ import annotations

import bisect
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import Any

from index.catalog.rows import dump_overrides, load_overrides, of_sidecar
from index.catalog.values import NO_OVERRIDES, FileState, Making, Plan, Wordless
from index.documents import Loaded
from index.finding import read_file
from index.loading import holds_files, supported_suffixes
from index.loading.sidecar import read_sidecar, sidecar_names
from index.making import Draught, made_by
from index.settings import IndexSettings

# A source's last state, its document's id, and what made its newest version.
Known = tuple[FileState, str, Making]
# What is said of a file is true of the files inside it, where it is about who it comes from.
INHERITED = ("reliability", "credibility")


@dataclass(frozen=True, slots=True)
class Opened:
    """A file whose bytes were read: what taking it in means, and what it is being loaded as (None: not needed)."""

    source: str
    data: bytes
    file: FileState
    plan: Plan
    making: Making
    loading: Future[Loaded] | None


@dataclass(frozen=True, slots=True)
class Ready:
    """A file that was loaded and split, and is to be embedded and kept."""

    source: str
    data: bytes
    file: FileState
    making: Making
    draught: Draught


class Taking:
    """What was known below a path before, which sources were seen, and the details given beside the files."""

    def __init__(
        self,
        collection: str,
        settings: IndexSettings,
        known: Mapping[str, Known],
        overrides: Mapping[str, Any] | None = None,
        wordless: Mapping[str, Wordless] | None = None,
    ) -> None:
        self.collection = collection
        self.known = known
        self._wordless = wordless or {}
        self.seen: set[str] = set()
        self._settings = settings
        self._overrides = overrides or {}

    def making(self, source: str, sidecar: Mapping[str, Any] | None = None) -> Making:
        """What a version of a source's file is made with; `sidecar` has the details given in a file beside it."""
        given = self._overrides if sidecar is None else sidecar
        return self._making(source, dump_overrides(given, sidecar=sidecar is not None))

    def inherited(self, making: Making, source: str) -> Making:
        """What a file inside one is made with, which itself is made with `making`."""
        given = load_overrides(making.overrides)
        inherited = {key: given.get(key) for key in INHERITED}
        return self._making(source, dump_overrides(inherited, sidecar=of_sidecar(making.overrides)))

    def _making(self, source: str, overrides: str) -> Making:
        by = partial(made_by, self._settings)
        return Making(by(source), self._settings.embedder, overrides, by)

    def trusted(self, source: str, making: Making, has: Callable[[str], bool]) -> FileState | None:
        """What a file's time stamp may be compared with: its last state, if that was made as now and is whole."""
        known = self.known.get(source)
        if known is None:
            return None
        state, document_id, made = known
        # With what reads a file that holds others, what is inside it may turn out otherwise.
        others = () if holds_files(source) else self._sources.get(document_id, ())
        made_by_alike = made.made_by == making.made_by or any(
            made.made_by == made_by(self._settings, other) for other in others
        )
        alike = made_by_alike and made.embedder == making.embedder
        said = making.overrides == made.overrides or (
            making.overrides == NO_OVERRIDES and not of_sidecar(made.overrides)
        )
        return state if alike and said and has(state.file_digest) else None

    def without_words(self, source: str, making: Making) -> Wordless | None:
        """What is remembered of a file in which nothing was found to read, if it would be read as it was then."""
        found = self._wordless.get(source)
        return found if found is not None and found.made_by == making.made_by else None

    def see_below(self, source: str) -> None:
        """Files inside this one are as they were."""
        self.seen.update(self._below(source))

    def seen_below(self, source: str) -> bool:
        """True where nothing that was known to be inside this file is missing from it."""
        return all(inside in self.seen for inside in self._below(source))

    def gone(self, start: str, unlisted: Sequence[str] = ()) -> list[str]:
        """The known sources below a place that were not seen, but for those in folders that could not be listed."""
        return [
            source
            for source in self._sorted
            if source.startswith(start) and source not in self.seen and not source.startswith(tuple(unlisted))
        ]

    def _below(self, source: str) -> Iterator[str]:
        place = bisect.bisect_left(self._sorted, f"{source}/")
        while place < len(self._sorted) and self._sorted[place].startswith(f"{source}/"):
            yield self._sorted[place]
            place += 1

    @cached_property
    def _sources(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for source, (_, document_id, _) in self.known.items():
            found.setdefault(document_id, []).append(source)
        return found

    @cached_property
    def _sorted(self) -> list[str]:
        return sorted({*self.known, *self._wordless})


class Sidecars:
    """Which of some files are sidecars of others."""

    def __init__(self, files: Sequence[Path]) -> None:
        there = set(files)
        self._of: dict[Path, Path] = {}
        for path in files:
            if path.suffix.lower() in supported_suffixes():
                found = (path.with_name(name) for name in sidecar_names(path.name))
                first = next((one for one in found if one in there), None)
                if first is not None:
                    self._of[path] = first
        self._all = frozenset(self._of.values())

    def __contains__(self, path: Path) -> bool:
        return path in self._all

    def read(self, path: Path) -> dict[str, Any] | None:
        """What the sidecar of a file says; None where it has none. Raises `UnreadableFile`."""
        sidecar = self._of.get(path)
        if sidecar is None:
            return None
        _, data = read_file(sidecar, limit_mb=1, known=None)
        return read_sidecar(sidecar.name, data or b"")


def readable(name: str) -> bool:
    """False for a name with control characters, or that is no UTF-8 on the disk (Python shows that as surrogates)."""
    return not any(unicodedata.category(sign) in ("Cc", "Cs") for sign in name)


def below(root: str, root_path: Path, folder: Path) -> str:
    """How the sources of the files in a folder begin."""
    return f"{root}/" if folder == root_path else f"{root}/{folder.relative_to(root_path).as_posix()}/"
