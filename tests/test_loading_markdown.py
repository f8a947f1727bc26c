"""Loading Markdown: what is shown of it as plain text, and that nesting and length neither lose words nor take long."""

from __future__ import annotations

import time

import pytest

from index.documents import Loaded
from index.loading import load


def markdown(text: str) -> Loaded:
    return load("note.md", text.encode())


def test_markdown_is_shown_as_plain_text() -> None:
    loaded = markdown(
        "# The *title*\n\nA **bold** word, `code`, a [link](http://x.org) and ![a map](m.png)\non one line.  \n"
        "New line.\n\n> Quoted\n> words.\n\n"
        "```python\nif x:\n    y\n```\n\nSetext\n------\n\n~~gone~~ &amp; kept \\*stars\\*"
    )
    assert loaded.text == (
        "The title\n\nA bold word, code, a link and a map on one line.\nNew line.\n\nQuoted words.\n\n"
        "if x:\n    y\n\nSetext\n\ngone & kept *stars*"
    )
    assert [(section.heading, section.start) for section in loaded.sections] == [("The title", 0), ("Setext", 99)]
    assert loaded.title == "The title"


def test_lists_keep_their_marks_and_nesting() -> None:
    assert markdown(
        "Before\n\n- a\n  - b\n    1. c\n    2. d\n\n  second paragraph\n- e\n\n7. seven\n8. eight"
    ).text == ("Before\n\n- a\n  - b\n    1. c\n    2. d\n  second paragraph\n- e\n7. seven\n8. eight")


def test_tables_become_a_line_a_row_with_headers() -> None:
    loaded = markdown("| Year | *Dead* |\n|---|---|\n| 2021 | 316 |\n| 2022 | |\n\nAfter.")
    assert loaded.text == "Year: 2021; Dead: 316\nYear: 2022\n\nAfter."


def test_html_is_text_without_its_tags_and_scripts() -> None:
    loaded = markdown(
        "One <b>bold</b> <script>alert(1)</script> word<br>next.\n\n<div>\n<p>Block &amp; text</p>\n"
        "<style>p {}</style>\n<ul><li>foo</li><li>bar</li></ul></div>\n\n<!-- hidden -->\n\n"
        "<script>\nalert(2)\n</script>\n\nEnd <script> open."
    )
    assert loaded.text == "One bold  word\nnext.\n\nBlock & text\n- foo\n- bar\n\nEnd  open."


def test_the_markdown_title_is_the_first_heading_of_the_first_level_or_else_the_stem() -> None:
    assert markdown("## Sub\n\n# Main\n\n# Other").title == "Main"
    assert markdown("## Sub\n\ntext").title == "note"
    assert markdown("- # in a list\n\ntext").sections == ()


@pytest.mark.parametrize(
    "start", [">" * 10_000, "- " * 200, "[" * 10_000, "> - " * 100, "*a " * 5_000, "<div>" * 5_000]
)
def test_deep_nesting_ends_quickly_and_loses_no_words(start: str) -> None:
    started = time.monotonic()
    assert "keep" in markdown(f"{start} keep me\n\nand keep this").text
    assert "and keep this" in markdown(f"{start} keep me\n\nand keep this").text
    assert time.monotonic() - started < 5


@pytest.mark.parametrize("unit", ["word ", "a", "[", "![", "*a", "<b>", "“"])
def test_a_million_characters_in_one_line_load_in_seconds(unit: str) -> None:
    line = "Start " + unit * (1_000_000 // len(unit))
    for name in ("note.txt", "note.md"):
        started = time.monotonic()
        assert len(load(name, line.encode()).text) > 0
        assert time.monotonic() - started < 10, name
