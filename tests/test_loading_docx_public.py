"""Loading the public Word documents: the words of each, in order, against what people expect of it."""

from __future__ import annotations

import difflib
import re
from pathlib import Path

import pytest

from index.loading import load

LEAST_FOUND, LEAST_EXPECTED = 0.96, 0.93
# Equations are in LaTeX there and in plain text here; tables of one column are tables there and text here, and what
# stands in a cell that is merged to the right is repeated there and said once here.
DIFFERENT = {
    "equations": 0.78,
    "table_with_equations": 0.78,
    "docx_checkboxes": 0.9,
    "docx_rich_cells": 0.93,
    "word_tables": 0.88,
}


def words(text: str) -> list[str]:
    """The words of a text, without boxes that are ticked."""
    return re.findall(r"\w+", re.sub(r"\[[x ]\]", " ", text))


def found(expected: list[str], text: list[str]) -> float:
    """How many of the expected words are in the text, in order."""
    matcher = difflib.SequenceMatcher(None, expected, text, autojunk=False)
    return sum(block.size for block in matcher.get_matching_blocks()) / max(1, len(expected))


def test_the_words_of_each_document_are_found_in_order(public_data: Path) -> None:
    folder = public_data / "loaders" / "docx"
    sources = sorted((folder / "sources").glob("*.docx"))
    if not sources:
        pytest.skip("the public documents are not there (loaders/docx in the folder of --data)")
    for source in sources:
        # The expected Markdown is read as Markdown is, so that tables are written the same way.
        expected = words(load("expected.md", (folder / "groundtruth" / f"{source.name}.md").read_bytes()).text)
        read = words(load(source.name, source.read_bytes()).text)
        assert found(expected, read) >= DIFFERENT.get(source.stem, LEAST_FOUND), source.name
        assert found(read, expected) >= LEAST_EXPECTED, source.name
