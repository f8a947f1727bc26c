"""Cells: a question that names a row and a column gets that cell; one that names more than the table says does not."""

from __future__ import annotations

from pathlib import Path

import pytest

from assistant.assembly import Dossier, open_dossier
from assistant.reading.cells import CELL_CONFIDENCE, cells_of
from assistant.settings import Settings

SCORES = """Country,Criminality 2021,Criminality 2023,Resilience 2023
Ecuador,5.81,7.07,4.83
Colombia,7.67,7.75,5.63
Peru,6.23,6.40,4.75
Chile,4.60,5.18,6.43
"""
LONG = """Country,Year,Score
Ecuador,2021,5.81
Ecuador,2023,7.07
Peru,2023,6.40
"""


@pytest.fixture
def tables(data_dir: Path, folder: Path) -> Dossier:
    (folder / "scores.csv").write_text(SCORES, encoding="utf-8")
    opened = open_dossier(Settings(data_dir=data_dir))
    opened.library.ingest([folder])
    return opened


@pytest.mark.parametrize(
    ("question", "row", "cell"),
    [
        ("What was Ecuador's criminality score in 2023?", "Country: Ecuador", "7.07"),
        ("What was Chile's criminality in 2021?", "Country: Chile", "4.60"),
        ("How high was the resilience of Peru in 2023?", "Country: Peru", "4.75"),
    ],
)
def test_the_cell_is_cited_with_its_row_and_column_and_marked(
    tables: Dossier, question: str, row: str, cell: str
) -> None:
    with tables:
        answer = tables.assistant.ask(question)
    (citation,) = answer.citations
    assert citation.quote.startswith(row)
    assert citation.highlight is not None
    text = citation.quote[citation.highlight.start - citation.start : citation.highlight.end - citation.start]
    assert (text, answer.verdict, answer.confidence >= CELL_CONFIDENCE) == (cell, "grounded", True)


@pytest.mark.parametrize(
    "question",
    [
        "What was Brazil's criminality score in 2023?",
        "What was Chile's criminality in 2019?",
        "What was the criminality score of Ecuador's province Guayas in 2023?",
    ],
)
def test_what_the_table_does_not_say_is_not_answered_by_a_cell(tables: Dossier, question: str) -> None:
    with tables:
        answer = tables.assistant.ask(question, must_answer=True)
    assert answer.confidence < CELL_CONFIDENCE


def test_a_row_is_chosen_by_all_that_names_it(data_dir: Path, folder: Path) -> None:
    (folder / "long.csv").write_text(LONG, encoding="utf-8")
    with open_dossier(Settings(data_dir=data_dir)) as dossier:
        dossier.library.ingest([folder])
        answer = dossier.assistant.ask("What was the score of Ecuador in 2023?")
        assert answer.citations[0].quote == "Country: Ecuador; Year: 2023; Score: 7.07"
        both = dossier.assistant.ask("What was the score of Ecuador?", must_answer=True)
        assert both.confidence < CELL_CONFIDENCE  # Two rows fit: no one cell is asked for.


def test_prose_is_no_row() -> None:
    assert cells_of("He said: nothing; she said: much") != []
    assert cells_of("He said nothing; she said much") == []
    assert cells_of("Time: 10:30") == []
    (first, second) = cells_of("Place: Quito; Opened: 10:30")
    assert (first.header, first.value, second.header, second.value) == ("Place", "Quito", "Opened", "10:30")
    assert "Place: Quito; Opened: 10:30"[second.start : second.end] == "10:30"
