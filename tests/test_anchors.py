from __future__ import annotations

import dataclasses

from hypothesis import given
from hypothesis import strategies as st

from assistant.anchors import context, resolve
from assistant.answers import Citation
from index.documents import Details, Document, digest_of
from index.errors import NotFound

TEXT = "Violence rose. In 2021, some 316 inmates were killed. The trend continued. Nobody was tried."
QUOTE = "In 2021, some 316 inmates were killed."


class Shelf:
    """Documents by id, in memory: `Texts`."""

    def __init__(self, *texts: str) -> None:
        self._documents = {f"d{number}": document(f"d{number}", text) for number, text in enumerate(texts)}

    def document(self, document_id: str) -> Document:
        if document_id not in self._documents:
            raise NotFound(document_id)
        return self._documents[document_id]


def document(document_id: str, text: str) -> Document:
    return Document(document_id, "default", ("s",), "t", text, digest_of(text), "", (), Details())


def citation(text: str, start: int, end: int) -> Citation:
    prefix, suffix = context(text, start, end)
    return Citation(
        number=1, passage_id="p", document_id="d0", title="t", source="s", heading="", page=None, published=None,
        reliability=None, credibility=None, quote=text[start:end], start=start, end=end, highlight=None,
        prefix=prefix, suffix=suffix, digest=f"sha256:{digest_of(text)}", link="/",
    )  # fmt: skip


CITED = citation(TEXT, TEXT.index(QUOTE), TEXT.index(QUOTE) + len(QUOTE))


def test_in_an_unchanged_document_the_quote_is_exact() -> None:
    found = resolve(CITED, Shelf(TEXT))
    assert (found.status, found.start, found.end) == ("exact", CITED.start, CITED.end)


def test_behind_an_inserted_sentence_it_has_moved_and_its_new_place_is_given() -> None:
    changed = "A new first sentence. " + TEXT
    found = resolve(CITED, Shelf(changed))
    assert found.status == "moved"
    assert changed[found.start : found.end] == QUOTE


def test_of_two_places_the_one_with_the_same_surroundings_is_taken() -> None:
    changed = f"{QUOTE} So it was said. {TEXT}"
    found = resolve(CITED, Shelf(changed))
    assert found.start == changed.rindex(QUOTE)


def test_a_corrected_figure_has_changed_and_is_not_matched_by_likeness() -> None:
    found = resolve(CITED, Shelf(TEXT.replace("316", "317")))
    assert (found.status, found.start, found.end) == ("changed", None, None)


def test_without_its_document_it_is_gone() -> None:
    assert resolve(CITED, Shelf()).status == "gone"


def test_a_blanked_quote_is_gone_though_there_is_a_document() -> None:
    assert resolve(dataclasses.replace(CITED, quote=""), Shelf(TEXT)).status == "gone"


@given(st.text(max_size=60), st.text(min_size=1, max_size=20), st.text(max_size=60), st.text(max_size=80))
def test_a_place_that_is_given_always_holds_the_quote(before: str, quote: str, after: str, now: str) -> None:
    cited = citation(before + quote + after, len(before), len(before) + len(quote))
    found = resolve(cited, Shelf(now))
    if found.start is not None:
        assert now[found.start : found.end] == quote
    else:
        assert quote not in now


def test_the_words_right_before_a_quote_count_more_than_those_farther_off() -> None:
    text = "The army said: none fled. The police said: none fled."
    cited = citation(text, text.rindex("none fled"), len(text))
    changed = "X. The police said: none fled. The army said: none fled. The end."
    cited = dataclasses.replace(cited, quote="none fled.", end=len(text), suffix="")
    assert resolve(cited, Shelf(changed)).start == changed.index("none fled")


def test_of_equal_places_the_nearest_is_taken() -> None:
    cited = dataclasses.replace(citation("." * 200 + "Nobody.", 200, 207), prefix="", suffix="")
    changed = "Nobody." + "." * 195 + "Nobody." + "." * 90
    assert resolve(cited, Shelf(changed)).start == 202
