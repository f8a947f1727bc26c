"""Follow-ups over `seeds/`: whether the right quote is found by what a way makes of them.

Their conversations are held with the extractive reader and the rules, answers and all; then every way completes the
last question of the same conversation. `tests/followups.jsonl` says what a person makes of each.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.answers import Answer
from assistant.assembly import Dossier, open_dossier
from assistant.condensing import ModelCondenser, RuleCondenser
from assistant.evaluation.cases import Case, load_cases, parse_cases
from assistant.evaluation.judging import Place, find_places
from assistant.evaluation.metrics import mean_reciprocal_rank, recall
from assistant.prompts import load
from assistant.settings import Settings
from index.documents import Document
from tests.benchmarks import tiny_server
from tests.benchmarks.condensing import MAX_TOKENS, Overheard, reasons
from tests.benchmarks.figures import Cell, Figures

ROOT = Path(__file__).resolve().parents[2]
FILE = ROOT / "tests" / "followups.jsonl"
SEEDS = ROOT / "seeds"
PASSAGES = 8


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A case whose last question leans on its history, and that question as a person completes it."""

    case: Case
    standalone: str


def read() -> list[FollowUp]:
    """Those of the file; a line without a question completes the case of that name in `seeds/questions.jsonl`."""
    of_seeds = {case.id: case for case in load_cases(SEEDS / "questions.jsonl")}
    found = []
    for line in FILE.read_text(encoding="utf-8").splitlines():
        given = json.loads(line)
        standalone = given.pop("standalone")
        case = parse_cases(json.dumps(given), FILE)[0] if "question" in given else of_seeds[given["id"]]
        found.append(FollowUp(case, standalone))
    return found


def measure(place: Path, say: Callable[[str], None]) -> list[Figures]:
    """Recall and mean reciprocal rank of the right quote among the first eight hits, for each way."""
    followups = read()
    with open_dossier(Settings(data_dir=place / "followups")) as dossier:
        dossier.library.ingest([SEEDS])
        documents = _documents(dossier)
        places = [find_places(one.case, documents, "default") for one in followups]
        histories = [_history(dossier, one.case.history) for one in followups]
        rules = RuleCondenser()
        ways = {
            "as asked": [one.case.question for one in followups],
            "by rule": [
                rules.condense(one.case.question, history).standalone
                for one, history in zip(followups, histories, strict=True)
            ],
        }
        figures = []
        if tiny_server.lacking():
            say(f"the tiny model is left out: {tiny_server.lacking()}")
        else:
            by_model, why = _by_model(followups, histories)
            ways |= by_model
            figures.append(reasons("follow-ups checks", why))
        ways["by a person"] = [one.standalone for one in followups]
        rows = tuple(_row(dossier, name, asked, places) for name, asked in ways.items())
    title = f"{len(followups)} follow-ups over seeds/: the right quote among the hits"
    return [Figures("follow-ups", title, ("way", "recall@1", "recall@8", "MRR"), rows), *figures]


def _by_model(
    followups: Sequence[FollowUp], histories: Sequence[tuple[Answer, ...]]
) -> tuple[dict[str, list[str]], list[str | None]]:
    checked, raw, why = [], [], []
    with tiny_server.serving(MAX_TOKENS) as model:
        overheard = Overheard(model)
        condenser = ModelCondenser(overheard, load("condense"), RuleCondenser())
        for one, history in zip(followups, histories, strict=True):
            done = condenser.condense(one.case.question, history)
            checked.append(done.standalone)
            raw.append(overheard.line or one.case.question)
            why.append(done.set_aside)
    return {"by the tiny model, checked": checked, "by the tiny model, as it came": raw}, why


def _history(dossier: Dossier, asked: Sequence[str]) -> tuple[Answer, ...]:
    conversation: str | None = None
    for question in asked:
        conversation = dossier.assistant.ask(question, conversation_id=conversation).conversation_id
    return dossier.conversations.answers(conversation) if conversation else ()


def _documents(dossier: Dossier) -> list[Document]:
    entries, _ = dossier.library.entries(limit=100)
    return [dossier.library.document(entry.id) for entry in entries]


def _row(dossier: Dossier, name: str, asked: Sequence[str], places: Sequence[tuple[Place, ...]]) -> tuple[Cell, ...]:
    ranks = [_rank(dossier, question, right) for question, right in zip(asked, places, strict=True)]
    first = [rank if rank == 1 else None for rank in ranks]
    return name, recall(first), recall(ranks), mean_reciprocal_rank(ranks)


def _rank(dossier: Dossier, question: str, right: tuple[Place, ...]) -> int | None:
    """The rank of the first hit that overlaps the right quote; None where none does."""
    for hit in dossier.library.search(question, limit=PASSAGES):
        passage = hit.passage
        if any(
            passage.document_id == place.document_id
            and passage.start < place.span.end
            and place.span.start < passage.end
            for place in right
        ):
            return hit.rank
    return None
