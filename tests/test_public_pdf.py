"""The PDF loader on public files: fifty quotes are marked where their words stand, and the words are those expected.

Skipped unless `pytest --data DIR` names the folder of public data.
"""

from __future__ import annotations

import difflib
import random
import re
from collections import Counter
from pathlib import Path

import pypdfium2
import pytest

from index.documents import Loaded
from index.layout import MarkedBox, boxes
from index.loading import load
from index.loading.pictures import page_picture
from tests.test_loading import assert_canonical

QUOTES = 50
RESULTS = Path(__file__).parent.parent / "test-results"
_SPACES = re.compile(r"[\W_]+")
# In order and as a share of the words of the Markdown that the data's makers expect. What is missing are words that
# they repeat for each cell of a header over two columns, and page numbers.
EXPECTED = {
    "2305.03393v1-pg9": 0.87,
    "amt_handbook_sample": 0.99,
    "code_and_formula": 0.98,
    "multi_page": 0.99,
    "picture_classification": 0.99,
    "right_to_left_01": 0.92,
    "right_to_left_03": 0.96,
    "table_mislabeled_as_picture": 0.94,
}


@pytest.fixture(scope="module")
def files(public_data: Path) -> dict[str, tuple[bytes, Loaded]]:
    folder = public_data / "loaders" / "pdf"
    paths = [*sorted(folder.glob("*.pdf")), *sorted((folder / "sources").glob("*.pdf"))]
    read = {path.stem: (path.read_bytes(), load(path.name, path.read_bytes())) for path in paths}
    assert len(read) >= 10
    return read


def bare(text: str) -> str:
    """The letters of a text alone: pdfium and the loader differ in spaces and hyphens at line ends."""
    return _SPACES.sub("", text.replace("\ufffe", "").replace("\ufb01", "fi").replace("\ufb02", "fl")).lower()


def words_under(document: pypdfium2.PdfDocument, box: MarkedBox) -> str:
    """The text that pdfium itself finds in a box, which is measured from the top-left corner."""
    page = document[box.page - 1]
    left, _, _, top = page.get_bbox()
    assert page.get_rotation() == 0
    # Boxes of letters overlap those of the lines above and below a little.
    within = (box.bottom - box.top) / 5
    area = (left + box.left, top - box.bottom + within, left + box.right, top - box.top - within)
    found: str = page.get_textpage().get_text_bounded(*area)
    return found


def quotes_of(loaded: Loaded, count: int) -> list[tuple[int, int]]:
    """Spans of two to twenty words within a paragraph."""
    rng = random.Random(7)
    lines = list(re.finditer(r"[^\n]{20,}", loaded.text))
    found = []
    for line in rng.choices(lines, k=count):
        words = list(re.finditer(r"\S+", line[0]))
        first = rng.randrange(len(words))
        last = min(len(words) - 1, first + rng.randint(1, 19))
        span = line.start() + words[first].start(), line.start() + words[last].end()
        found.append(span if len(bare(loaded.text[slice(*span)])) > 4 else line.span())
    return found


def test_the_files_give_canonical_text_with_a_place_for_each_character(files: dict[str, tuple[bytes, Loaded]]) -> None:
    for _, loaded in files.values():
        assert_canonical(loaded)
        assert loaded.layout is not None
        assert len(loaded.layout.places) == 10 * len(loaded.text)
        assert not loaded.layout.pages_without_text


def test_fifty_quotes_are_marked_where_their_words_stand(files: dict[str, tuple[bytes, Loaded]]) -> None:
    each = -(-QUOTES // len(files))
    checked = 0
    for stem, (data, loaded) in files.items():
        assert loaded.layout is not None
        with pypdfium2.PdfDocument(data) as document:
            for start, end in quotes_of(loaded, each):
                quote = loaded.text[start:end]
                found = boxes(loaded.layout, start, end)
                under = bare(" ".join(words_under(document, box) for box in found))
                # Letters at the edge of a box may belong to the next line or word; none of the quote may be missing.
                # Their order is left out: pdfium gives the cells of a row in its own.
                missing = (Counter(bare(quote)) - Counter(under)).total()
                assert missing <= 0.05 * len(bare(quote)), (stem, quote, under)
                assert len(under) <= 1.3 * len(bare(quote)) + 8, (stem, quote, under)
                checked += 1
    assert checked >= QUOTES


def test_a_marked_page_is_written_to_be_looked_at(files: dict[str, tuple[bytes, Loaded]]) -> None:
    RESULTS.mkdir(exist_ok=True)
    for stem, quote in (
        ("amt_handbook_sample", "The wing type that is the most common ranges in size for No. 6"),
        ("2305.03393v1-pg9", "Effects of reducing the # of layers in encoder and decoder stages"),
    ):
        data, loaded = files[stem]
        assert loaded.layout is not None
        start = loaded.text.index(quote)
        found = boxes(loaded.layout, start, start + len(quote))
        assert len(found) >= 2
        (RESULTS / f"marked-{stem}.png").write_bytes(page_picture(f"{stem}.pdf", data, found[0].page, found))


def words(text: str) -> list[str]:
    return re.findall(r"\w+", re.sub(r"\\([_*`#|])", r"\1", re.sub(r"<!--.*?-->", " ", text, flags=re.DOTALL)))


@pytest.mark.parametrize("stem", EXPECTED)
def test_the_words_of_a_file_are_recovered_in_order(
    stem: str, files: dict[str, tuple[bytes, Loaded]], public_data: Path
) -> None:
    markdown = public_data / "loaders" / "pdf" / "groundtruth" / f"{stem}.md"
    expected, got = words(markdown.read_text(encoding="utf-8")), words(files[stem][1].text)
    blocks = difflib.SequenceMatcher(None, expected, got, autojunk=False).get_matching_blocks()
    assert sum(block.size for block in blocks) >= EXPECTED[stem] * len(expected)
