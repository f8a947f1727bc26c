"""Questions over `seeds/` that no single passage answers: `tests/two_passages.jsonl`, in the manner of HotpotQA.

Each was written by hand, in an analyst's words, before anything was measured on it. A bridge leads over one passage to
another ("a visit as in Uruguay"), a comparison needs a fact of each; mostly they stand in two documents, one of them
sometimes in Spanish. `evidence` holds the two quotes, words of their documents that stand there once.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from index.documents import Document, Passage

FILE = Path(__file__).parents[1] / "two_passages.jsonl"


@dataclass(frozen=True, slots=True)
class Quote:
    """What one of the two passages says, and the name of its document's file."""

    text: str
    source: str


@dataclass(frozen=True, slots=True)
class Pair:
    """A question with the two quotes that answer it together; `kind` is bridge or comparison."""

    id: str
    kind: str
    question: str
    quotes: tuple[Quote, ...]


def read_pairs(path: Path = FILE) -> list[Pair]:
    """The questions of a file, one JSON object a line."""
    entries = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line]
    return [
        Pair(
            entry["id"],
            entry["kind"],
            entry["question"],
            tuple(Quote(one["quote"], one["source"]) for one in entry["evidence"]),
        )
        for entry in entries
    ]


def holders(quote: Quote, documents: Mapping[str, Document], passages: Iterable[Passage]) -> frozenset[str]:
    """The ids of the passages that a quote stands in, wholly or in part; `documents` go by the names of their files.

    Raises `ValueError` where the quote does not stand in its document exactly once.
    """
    document = documents[quote.source]
    if document.text.count(quote.text) != 1:
        raise ValueError(f"{quote.source} does not say {quote.text!r} exactly once: correct {FILE.name}")
    start = document.text.index(quote.text)
    end = start + len(quote.text)
    return frozenset(
        passage.id
        for passage in passages
        if passage.document_id == document.id and passage.start < end and start < passage.end
    )
