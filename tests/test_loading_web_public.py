"""Pages and mails of the public data: what is read of them, against what is expected."""

from __future__ import annotations

import difflib
import re
import unicodedata
from pathlib import Path

import pytest

from index.loading import load
from tests.test_loading import assert_canonical

# Where less than all is found: menus are expected of the last; lowered digits are words of their own there; cells that
# are merged to the right are repeated there; a list begins to count anew; tables in tables are laid out otherwise.
LEAST = {
    "example_01": 0.96, "example_04": 0.87, "example_05": 0.87, "formatting": 0.9, "html_code_snippets": 0.98,
    "html_rich_table_cells": 0.93, "table_05": 0.94, "table_06": 0.96, "wiki_duck": 0.86,
}  # fmt: skip


def words(text: str) -> list[str]:
    return re.findall(r"\w+", unicodedata.normalize("NFKC", text))


def in_order(expected: list[str], found: list[str]) -> float:
    """How many of the expected words are found, in order."""
    blocks = difflib.SequenceMatcher(None, expected, found, autojunk=False).get_matching_blocks()
    return sum(block.size for block in blocks) / max(1, len(expected))


def test_the_words_of_each_page_are_found_in_order(public_data: Path) -> None:
    folder = public_data / "loaders/html"
    sources = sorted((folder / "sources").glob("*.html"))
    assert len(sources) > 30
    for source in sources:
        # The expected Markdown is read as Markdown is, so that tables are written the same way.
        expected = words(load("expected.md", (folder / "groundtruth" / f"{source.name}.md").read_bytes()).text)
        loaded = load(source.name, source.read_bytes())
        assert_canonical(loaded)
        share = in_order(expected, words(loaded.text))
        assert share >= LEAST.get(source.stem, 1.0), source.name


def test_the_article_is_found_in_a_large_page(public_data: Path) -> None:
    source = public_data / "loaders/html/sources/wiki_duck.html"
    loaded = load(source.name, source.read_bytes())
    headings = re.findall(r"^#+ (.+)$", (public_data / "loaders/html/groundtruth/wiki_duck.html.md").read_text(), re.M)
    assert [section.heading for section in loaded.sections] == headings[1:]
    for menu in ("Aragonés", "Permanent link", "move to sidebar", "Categories", "Privacy policy", "[edit]", "navbox"):
        assert menu not in loaded.text
    assert "Main article: Waterfowl hunting" in loaded.text
    assert loaded.title == "Duck"
    assert loaded.details.language == "en"


@pytest.mark.parametrize(
    ("name", "attachments"),
    [
        ("eml_simple.eml", []),
        ("eml_with_attachment.eml", [("test.txt", 64)]),
        ("msg_simple.msg", []),
        ("msg_with_attachment.msg", [("test.txt", 64), ("report.pdf", 26)]),
    ],
)
def test_the_mails_are_read_with_their_attachments(
    name: str, attachments: list[tuple[str, int]], public_data: Path
) -> None:
    loaded = load(name, (public_data / "loaders/email/sources" / name).read_bytes())
    assert_canonical(loaded)
    assert loaded.text.startswith("From: Alice Example <alice@example.com>\nTo: Bob Example <bob@example.com>\n")
    assert [(one.name, len(one.data)) for one in loaded.attachments] == attachments
    assert loaded.details.author == "Alice Example"
