"""Every question of `seeds/questions.jsonl` through HTTP: what the contract promises of each citation holds."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from tests.conftest import SEEDS

pytestmark = pytest.mark.slow

CASES = [json.loads(line) for line in (SEEDS / "questions.jsonl").read_text("utf-8").splitlines()]


def ask(client: httpx.Client, case: dict[str, Any]) -> dict[str, Any]:
    conversation: str | None = None
    for question in (*case["history"], case["question"]):
        body = {"question": question, "conversation_id": conversation}
        answer: dict[str, Any] = client.post("/ask", json=body).raise_for_status().json()
        conversation = answer["conversation_id"]
    client.delete(f"/conversations/{conversation}").raise_for_status()
    return answer


def test_every_citation_of_every_answer_is_its_documents_own_words(seeds_url: str) -> None:
    texts: dict[str, str] = {}
    checked = declined = 0
    with httpx.Client(base_url=seeds_url, timeout=60) as client:
        for case in CASES:
            answer = ask(client, case)
            declined += answer["verdict"] == "declined"
            for citation in answer["citations"]:
                document = citation["document_id"]
                if document not in texts:
                    texts[document] = client.get(f"/documents/{document}/text").raise_for_status().text
                assert texts[document][citation["start"] : citation["end"]] == citation["quote"], case["id"]
                checked += 1
            for statement in answer["statements"]:
                quotes = [answer["citations"][number - 1]["quote"] for number in statement["citations"]]
                assert statement["text"] in quotes, case["id"]
    assert checked > 0
    assert 0 < declined < len(CASES)
