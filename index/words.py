"""The word index: passages by the words that they hold (BM25), stemmed by language, in tantivy. Derived.

Each language has its own field, so that a text is stemmed by its own rules; a question's language is never guessed:
it is looked for in every field, stemmed by that field's rules. Beside its words a passage has what filters ask for, so
that a filtered question finds as many as an unfiltered one. One folder for each collection.
"""

from __future__ import annotations

import json
import math
import shutil
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import tantivy

from index.catalog.shelf import Indexed
from index.documents import NO_FILTERS, Filters
from index.errors import StoreBroken

# Languages that tantivy stems; a text in any other goes, unstemmed, to the field of `OTHER`.
STEMMED = {
    "ar": "arabic", "da": "danish", "nl": "dutch", "en": "english", "fi": "finnish", "fr": "french", "de": "german",
    "el": "greek", "hu": "hungarian", "it": "italian", "no": "norwegian", "pt": "portuguese", "ro": "romanian",
    "ru": "russian", "es": "spanish", "sv": "swedish", "ta": "tamil", "tr": "turkish",
}  # fmt: skip
OTHER = "other"
# Of these tantivy also knows the words that say nothing ("the", "of").
STOPPED = {"da", "nl", "en", "fi", "fr", "de", "hu", "it", "no", "pt", "ru", "es", "sv"}
# Counts the forms of the fields: an index of another form is made anew.
FORM = 2
HEAP_BYTES = 64_000_000
LONGEST_WORD = 60
# As tantivy has BM25 (k1 is 1.2): what a word gains at most by being said often.
MOST_OF_FREQUENCY = 2.2


@cache
def _cached_analyzer(language: str) -> tantivy.TextAnalyzer:
    return _analyzer(language)


@lru_cache(maxsize=20_000)
def stems(text: str, language: str | None = "en") -> tuple[str, ...]:
    """The words of a text as this index knows them: lower case, stemmed, without accents and stop words, in order."""
    return tuple(_cached_analyzer(language if language in STEMMED else OTHER).analyze(text))


class WordIndex:
    """The word indexes of all collections below `folder`. Raises `StoreBroken` where one cannot be opened."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._analyzers = {language: _cached_analyzer(language) for language in (*STEMMED, OTHER)}
        self._schema = _schema()
        self._opening = threading.Lock()  # tantivy gives one writer a folder: two first questions must not race for it.
        self._open: dict[str, tuple[tantivy.Index, tantivy.IndexWriter]] = {}
        # How many passages BM25 counts with, by collection.
        self._counted: dict[str, int] = {}

    def upsert(self, collection: str, rows: Sequence[Indexed]) -> None:
        """Take passages in; nothing is searchable before `commit`."""
        with _translated(self._folder):
            _, writer = self._opened(collection)
            for row in rows:
                writer.delete_documents_by_term("id", row.passage.id)
                language = row.details.language if row.details.language in STEMMED else OTHER
                document = tantivy.Document()
                document.add_text("id", row.passage.id)
                document.add_text(f"text_{language}", row.passage.embedded_text)
                document.add_text("document", row.passage.document_id)
                if row.details.language is not None:
                    document.add_text("language", row.details.language)
                if row.details.published is not None:
                    document.add_integer("published", row.details.published.toordinal())
                writer.add_document(document)

    def delete(self, collection: str, ids: Sequence[str]) -> None:
        """Forget passages; effective at `commit`."""
        with _translated(self._folder):
            _, writer = self._opened(collection)
            for passage_id in ids:
                writer.delete_documents_by_term("id", passage_id)

    def commit(self, collection: str) -> None:
        """Make what was taken in searchable and durable."""
        with _translated(self._folder):
            index, writer = self._opened(collection)
            writer.commit()
            index.reload()
            self._counted[collection] = _counted(self._folder / collection)

    def matches(
        self, collection: str, question: str, limit: int, filters: Filters = NO_FILTERS
    ) -> list[tuple[str, float]]:
        """The ids of passages that share words with the question, best first, with their scores (above 0).

        A score is BM25 counted in rarest words: 1.0 is the most that a word can bring that no other passage holds. So
        it does not grow with the number of passages, as BM25 itself does.
        """
        with _translated(self._folder):
            index, _ = self._opened(collection)
            searcher = index.searcher()
            words = self._question(question) if searcher.num_docs else None
            if words is None:
                return []
            kept = [(tantivy.Occur.Must, tantivy.Query.const_score_query(one, 0.0)) for one in self._kept(filters)]
            asked = tantivy.Query.boolean_query([(tantivy.Occur.Must, words), *kept]) if kept else words
            found = searcher.search(asked, limit=limit, count=False).hits
            rarest = _rarest(self._counted[collection])
            return [(str(searcher.doc(address)["id"][0]), float(score) / rarest) for score, address in found]

    def count(self, collection: str, filters: Filters = NO_FILTERS) -> int:
        """How many passages are held that pass the filters."""
        with _translated(self._folder):
            index, _ = self._opened(collection)
            searcher, kept = index.searcher(), self._kept(filters)
            if not kept:
                return int(searcher.num_docs)
            every = tantivy.Query.boolean_query([(tantivy.Occur.Must, one) for one in kept])
            found: Any = searcher.search(every, limit=1)  # Its stubs do not know `count`.
            return int(found.count)

    def ids(self, collection: str) -> set[str]:
        """Every id that the collection's index holds."""
        with _translated(self._folder):
            index, _ = self._opened(collection)
            searcher = index.searcher()
            if searcher.num_docs == 0:
                return set()
            found = searcher.search(tantivy.Query.all_query(), limit=searcher.num_docs, count=False).hits
            return {str(searcher.doc(address)["id"][0]) for _, address in found}

    def drop(self, collection: str) -> None:
        """Forget a whole collection."""
        self._open.pop(collection, None)
        shutil.rmtree(self._folder / collection, ignore_errors=True)

    def close(self) -> None:
        """Let go of the folder; what was not committed is forgotten, and comes again from the catalog."""
        with _translated(self._folder):
            for _, writer in self._open.values():
                writer.rollback()
                writer.wait_merging_threads()
        self._open.clear()

    def _question(self, question: str) -> tantivy.Query | None:
        parts: list[tuple[tantivy.Occur, tantivy.Query]] = []
        for language, analyzer in self._analyzers.items():
            for word in dict.fromkeys(analyzer.analyze(question)):
                query = tantivy.Query.term_query(self._schema, f"text_{language}", word, index_option="freq")
                parts.append((tantivy.Occur.Should, query))
        return tantivy.Query.boolean_query(parts) if parts else None

    def _kept(self, filters: Filters) -> list[tantivy.Query]:
        """What a passage must be, besides, to pass the filters."""
        kept = []
        if filters.document_ids:
            kept.append(tantivy.Query.term_set_query(self._schema, "document", list(filters.document_ids)))
        if filters.language:
            kept.append(tantivy.Query.term_query(self._schema, "language", filters.language))
        if filters.published_from or filters.published_to:
            first = filters.published_from.toordinal() if filters.published_from else None
            last = filters.published_to.toordinal() if filters.published_to else None
            kept.append(tantivy.Query.range_query(self._schema, "published", tantivy.FieldType.Integer, first, last))
        return kept

    def _opened(self, collection: str) -> tuple[tantivy.Index, tantivy.IndexWriter]:
        with self._opening:
            return self._opened_once(collection)

    def _opened_once(self, collection: str) -> tuple[tantivy.Index, tantivy.IndexWriter]:
        if collection not in self._open:
            folder = self._folder / collection
            folder.mkdir(parents=True, exist_ok=True)
            index = tantivy.Index(self._schema, path=str(folder))
            for language, analyzer in self._analyzers.items():
                index.register_tokenizer(f"words_{language}", analyzer)
            # One thread: the order of documents, and so of equal scores, is that of adding.
            writer = index.writer(heap_size=HEAP_BYTES, num_threads=1)
            # What a killed commit wrote and never named stands in the way of the next one, which has the same number.
            writer.garbage_collect_files()
            self._counted[collection] = _counted(folder)
            self._open[collection] = (index, writer)
        return self._open[collection]


def _counted(folder: Path) -> int:
    """The passages of an index as BM25 counts them: those that were deleted are among them until tantivy merges."""
    described = json.loads((folder / "meta.json").read_text(encoding="utf-8"))
    return max(1, sum(int(segment["max_doc"]) for segment in described["segments"]))


def _rarest(passages: int) -> float:
    """The BM25 score that a word brings at most of so many passages: in one of them alone, and very often in that."""
    return MOST_OF_FREQUENCY * math.log(1 + (passages - 0.5) / 1.5)


def _analyzer(language: str) -> tantivy.TextAnalyzer:
    """Words in lower case, without accents, stemmed; without stop words where the language's are known."""
    builder = tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
    builder = builder.filter(tantivy.Filter.remove_long(LONGEST_WORD)).filter(tantivy.Filter.lowercase())
    if language in STOPPED:
        builder = builder.filter(tantivy.Filter.stopword(STEMMED[language]))
    if language in STEMMED:
        builder = builder.filter(tantivy.Filter.stemmer(STEMMED[language]))
    return builder.filter(tantivy.Filter.ascii_fold()).build()


def _schema() -> tantivy.Schema:
    builder = tantivy.SchemaBuilder()
    builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
    builder.add_text_field("document", tokenizer_name="raw", index_option="basic")
    builder.add_text_field("language", tokenizer_name="raw", index_option="basic")
    builder.add_integer_field("published", indexed=True, fast=True)
    for language in (*STEMMED, OTHER):
        builder.add_text_field(f"text_{language}", tokenizer_name=f"words_{language}", index_option="freq")
    return builder.build()


@contextmanager
def _translated(folder: Path) -> Iterator[None]:
    """Errors of tantivy (ValueError, OSError, and RuntimeError of a finished writer), named once."""
    try:
        yield
    except (ValueError, OSError, RuntimeError) as error:
        raise StoreBroken(
            f"the word index {folder} failed ({error}); restart: it is rebuilt from the catalog"
        ) from error
