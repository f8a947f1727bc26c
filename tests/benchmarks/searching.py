"""Search beside LangChain's similarity_search on the same documents, question by question; and `/ask` over HTTP."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path

import httpx

from index.library import Library
from index.settings import IndexSettings
from tests.benchmarks import plain
from tests.benchmarks.figures import Figures, middle, p95
from tests.benchmarks.ingesting import Stores
from tests.benchmarks.processes import serving

WARMING = 10
PASSAGES = 8
PROBLEM = 400


def measure(stores: Stores, questions: Sequence[str]) -> Iterator[Figures]:
    """Milliseconds for each question: ours and theirs in turns, then `/ask` of a server on the same library."""
    embeddings = plain.open_embeddings()
    store = plain.open_store(stores.plain_store, embeddings)
    with Library(stores.data_dir, IndexSettings()) as library:
        ours, theirs = _in_turns(
            lambda question: library.search(question, limit=PASSAGES),
            lambda question: store.similarity_search(question, k=PASSAGES),
            questions,
        )
    yield _figures("search", ours, theirs)
    yield _figures("/ask", _over_http(stores.data_dir, questions), theirs)


def _figures(name: str, ours: list[float], theirs: list[float]) -> Figures:
    mine, other = (middle(ours), p95(ours)), (middle(theirs), p95(theirs))
    return Figures(
        name=name.strip("/"),
        title=f"Milliseconds a question, {len(ours)} questions, {PASSAGES} passages each: {name}",
        columns=("what", "p50", "p95"),
        rows=(
            (f"dossier {name}", *mine),
            ("langchain similarity_search", *other),
            ("ratio", mine[0] / other[0], mine[1] / other[1]),
        ),
    )


def _in_turns(
    one: Callable[[str], object], other: Callable[[str], object], questions: Sequence[str]
) -> tuple[list[float], list[float]]:
    """Both timed for each question, now one first and now the other."""
    for question in questions[:WARMING]:
        one(question)
        other(question)
    taken: tuple[list[float], list[float]] = ([], [])
    for number, question in enumerate(questions):
        both = ((one, taken[0]), (other, taken[1]))
        for call, times in both if number % 2 == 0 else reversed(both):
            times.append(_milliseconds(call, question))
    return taken


def _over_http(data_dir: Path, questions: Sequence[str]) -> list[float]:
    with serving(data_dir) as server, httpx.Client(base_url=server.url, timeout=60) as client:
        for question in questions[:WARMING]:
            _ask(client, question)
        return [_milliseconds(partial(_ask, client), question) for question in questions]


def _ask(client: httpx.Client, question: str) -> None:
    response = client.post("/ask", json={"question": question, "max_passages": PASSAGES})
    if response.status_code >= PROBLEM:
        raise SystemExit(f"/ask failed with {response.status_code}: {response.text[:300]}")


def _milliseconds(call: Callable[[str], object], question: str) -> float:
    begun = time.perf_counter()
    call(question)
    return 1000 * (time.perf_counter() - begun)
