"""BEGIN: answers of chat models with the text that they were given, and whether it bears them out, as people judged."""

from __future__ import annotations

import csv
from pathlib import Path

from assistant.supporting.train.pairs import Pair
from index.sentences import sentences

# Trained on, and the one that is only measured on.
DOMAINS = ("cmu", "tc")
HELD_OUT = "wow"

_BORNE_OUT = "Fully attributable"
_LEFT_OUT = "Generic"


def begin(data: Path, domain: str) -> list[Pair]:
    """The answers of a domain that say something, each with its text cut in sentences."""
    file = data / "begin" / f"begin_dev_{domain}.tsv"
    with file.open(encoding="utf-8", newline="") as lines:
        rows = [
            row
            for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE)
            if row["begin_label"] != _LEFT_OUT and row["response"].strip()
        ]
    return [
        Pair(row["response"], _cut(row["knowledge"]), row["begin_label"] == _BORNE_OUT, domain, row["knowledge"])
        for row in rows
    ]


def _cut(text: str) -> tuple[str, ...]:
    return tuple(part for start, end in sentences(text, "en") if (part := text[start:end].strip()))
