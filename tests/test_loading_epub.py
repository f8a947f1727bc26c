"""Loading EPUB books, made by hand."""

from __future__ import annotations

import datetime
import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.documents import Loaded
from index.errors import UnreadableFile, UnsupportedFile
from index.loading import load
from tests.test_loading import assert_canonical, assert_loads_or_says_why

CONTAINER = (
    "<container xmlns='urn:oasis:names:tc:opendocument:xmlns:container'><rootfiles><rootfile full-path='{}'/>"
    "</rootfiles></container>"
)
METADATA = (
    "<dc:title>The <b>Ports</b></dc:title><dc:creator>A. Writer</dc:creator><dc:creator>B. Other</dc:creator>"
    "<dc:date>2022-09-30</dc:date><dc:language>en-GB</dc:language>"
)
OPF = (
    "<?xml version='1.0'?><package xmlns='http://www.idpf.org/2007/opf' xmlns:dc='http://purl.org/dc/elements/1.1/'>"
    "<metadata>{metadata}</metadata><manifest>{items}</manifest><spine>{spine}</spine></package>"
)
PAGE = (
    "<?xml version='1.0' encoding='utf-8'?><html xmlns='http://www.w3.org/1999/xhtml'><head><title/></head>"
    "<body>{}</body></html>"
)


def book(
    pages: dict[str, str], order: list[str], metadata: str = METADATA, extra: dict[str, str] | None = None
) -> bytes:
    items = "".join(
        f"<item id='{name}' href='{name}' media-type='application/xhtml+xml'"
        f"{' properties=' + repr('nav') if name.startswith('nav') else ''}/>"
        for name in pages
    )
    spine = "".join(f"<itemref idref='{name}'/>" for name in order)
    members = {
        "mimetype": "application/epub+zip",
        "META-INF/container.xml": CONTAINER.format("OEBPS/book.opf"),
        "OEBPS/book.opf": OPF.format(metadata=metadata, items=items, spine=spine),
        **{f"OEBPS/{name}": PAGE.format(body) for name, body in pages.items()},
        **(extra or {}),
    }
    return zipped({name: text for name, text in members.items() if text})


def zipped(members: dict[str, str]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return packed.getvalue()


def read(data: bytes) -> Loaded:
    loaded = load("book.epub", data)
    assert_canonical(loaded)
    return loaded


TWO = {"two.xhtml": "<h2>Two</h2><p>Second&#160;words</p>", "one.xhtml": "<h2>One</h2><nav><p>First</p></nav>"}


def test_chapters_stand_in_reading_order_with_what_the_book_says_of_itself() -> None:
    loaded = read(book({**TWO, "nav.xhtml": "<ol><li>One</ol>"}, ["nav.xhtml", "one.xhtml", "two.xhtml"]))
    assert loaded.text == "One\n\nFirst\n\nTwo\n\nSecond\u00a0words"
    assert [section.heading for section in loaded.sections] == ["One", "Two"]
    assert loaded.title == "The Ports"
    details = loaded.details
    assert (details.author, details.language, details.published) == (
        "A. Writer, B. Other", "en", datetime.date(2022, 9, 30)
    )  # fmt: skip
    assert details.media_type == "application/epub+zip"


def test_names_with_signs_and_in_other_letters_are_found() -> None:
    loaded = read(book({"a%20b.xhtml": ""}, ["a%20b.xhtml"], extra={"OEBPS/A b.xhtml": PAGE.format("<p>Words")}))
    assert loaded.text == "Words"


def test_a_book_without_metadata_is_named_by_its_file() -> None:
    assert read(book(TWO, ["one.xhtml"], metadata="")).title == "book"


def test_entities_are_not_expanded_or_fetched() -> None:
    bomb = "<!DOCTYPE p [<!ENTITY a 'boom'><!ENTITY b '&a;&a;'><!ENTITY c SYSTEM 'file:///etc/passwd'>]>"
    data = book(TWO, ["one.xhtml"], metadata="<dc:title>T&b;&c;</dc:title>")
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = {name: archive.read(name).decode() for name in archive.namelist()}
    members["OEBPS/book.opf"] = members["OEBPS/book.opf"].replace("?>", f"?>{bomb}", 1)
    title = read(zipped(members)).title
    assert "boom" not in title
    assert "root" not in title


LOCKED = "<encryption><EncryptedData><EncryptionMethod Algorithm='{}'/></EncryptedData></encryption>"


def test_a_locked_book_is_said_to_be_so_and_locked_fonts_are_no_matter() -> None:
    aes = LOCKED.format("http://www.w3.org/2001/04/xmlenc#aes256-cbc")
    with pytest.raises(UnreadableFile, match=r"book\.epub is locked by its seller"):
        load("book.epub", book(TWO, ["one.xhtml"], extra={"META-INF/encryption.xml": aes}))
    fonts = LOCKED.format("http://www.idpf.org/2008/embedding")
    assert read(book(TWO, ["one.xhtml"], extra={"META-INF/encryption.xml": fonts})).text.startswith("One")


@pytest.mark.parametrize(
    ("data", "error", "said"),
    [
        (b"", UnreadableFile, "empty"),
        (b"words", UnsupportedFile, "no ZIP"),
        (zipped({"a.txt": "a"}), UnsupportedFile, "no EPUB"),
        (zipped({"META-INF/container.xml": "<container/>"}), UnreadableFile, "lacks its part"),
        (zipped({"META-INF/container.xml": "words"}), UnreadableFile, "is broken"),
        (book(TWO, []), UnreadableFile, "no chapters"),
        (book(TWO, ["three.xhtml"]), UnreadableFile, "no chapters"),
        (book({"one.xhtml": "<p>"}, ["one.xhtml"]), UnreadableFile, "holds no text"),
        (book({"a%20c.xhtml": "x"}, ["a%20c.xhtml"]), UnreadableFile, "lacks its chapter OEBPS/a c.xhtml"),
        (book(TWO, ["one.xhtml"])[:-60], UnreadableFile, "broken or cut short"),
    ],
)
def test_what_is_no_book_is_refused(data: bytes, error: type[Exception], said: str) -> None:
    with pytest.raises(error, match=said):
        load("book.epub", data)


SAMPLE = book(TWO, ["one.xhtml", "two.xhtml"])


@settings(max_examples=200, deadline=None)
@given(st.lists(st.tuples(st.integers(0, len(SAMPLE) - 1), st.binary(min_size=1, max_size=4)), max_size=5))
def test_a_damaged_book_gives_text_or_an_error_of_ours(changes: list[tuple[int, bytes]]) -> None:
    damaged = bytearray(SAMPLE)
    for place, new in changes:
        damaged[place : place + len(new)] = new
    assert_loads_or_says_why("book.epub", bytes(damaged))


@settings(max_examples=100, deadline=None)
@given(st.text(alphabet="<>/&;'\" abc:item id=href-", max_size=60), st.sampled_from(["book.opf", "one.xhtml"]))
def test_any_words_in_the_parts_of_a_book_give_text_or_an_error_of_ours(words: str, where: str) -> None:
    data = book(TWO, ["one.xhtml"], extra={f"OEBPS/{where}": words})
    assert_loads_or_says_why("book.epub", data)
