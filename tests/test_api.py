"""The HTTP contract, over real sockets against a real server: asking, answers, conversations, the service."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

import httpx
import pytest

from tests.calling import BOMBINGS, UNANSWERABLE, ask, assert_problem, events


def test_an_answer_is_grounded_and_has_the_fields_of_the_contract(answer: dict[str, Any]) -> None:
    assert answer["verdict"] == "grounded"
    assert 0 <= answer["confidence"] <= 1
    assert answer["question"]["asked"] == answer["question"]["standalone"] == BOMBINGS
    assert "145" in answer["statements"][0]["text"]
    assert answer["statements"][0]["check"] == "verbatim"
    assert answer["statements"][0]["citations"] == [1]
    assert "[1]" in answer["text"]
    assert [citation["number"] for citation in answer["citations"]] == list(range(1, len(answer["citations"]) + 1))
    assert answer["trace"]["milliseconds"]["total"] > 0


def test_every_quote_is_the_documents_own_words(client: httpx.Client, answer: dict[str, Any]) -> None:
    for citation in answer["citations"]:
        text = client.get(f"/documents/{citation['document_id']}/text").text
        assert text[citation["start"] : citation["end"]] == citation["quote"]
        span = {"start": citation["start"], "end": citation["end"]}
        assert client.get(f"/documents/{citation['document_id']}/text", params=span).text == citation["quote"]


def test_a_citations_link_leads_to_the_marked_quote(client: httpx.Client, answer: dict[str, Any]) -> None:
    for citation in answer["citations"]:
        response = client.get(citation["link"])
        assert response.status_code == 303
        assert response.headers["location"].endswith("#quote")
        page = client.get(response.headers["location"])
        assert page.headers["content-type"].startswith("text/html")
        marked = re.findall(r"<mark[^>]*>(.*?)</mark>", page.text, re.DOTALL)
        assert unescape("".join(marked)).split() == citation["quote"].split()
        assert "<script" not in page.text


def test_a_stream_says_what_the_answer_says(client: httpx.Client) -> None:
    found = events(client, BOMBINGS)
    names = [name for name, _ in found]
    assert names[:2] == ["question", "hits"]
    assert names[2:-1] == ["statement"] * (len(names) - 3)
    assert names[-1] == "answer"
    whole = found[-1][1]
    assert found[0][1]["id"] == whole["id"]
    assert [data["statement"] for name, data in found if name == "statement"] == whole["statements"]
    assert [one for name, data in found if name == "statement" for one in data["citations"]] == whole["citations"]
    assert client.get(f"/answers/{whole['id']}").json() == whole


def test_what_the_documents_do_not_say_is_declined(client: httpx.Client) -> None:
    declined = ask(client, UNANSWERABLE)
    assert declined["verdict"] == "declined"
    assert declined["statements"] == []
    assert declined["citations"] == []
    assert declined["text"]
    for closest in declined["closest"]:
        span = {"start": closest["start"], "end": closest["end"]}
        assert client.get(f"/documents/{closest['document_id']}/text", params=span).text == closest["text"]
    assert [name for name, _ in events(client, UNANSWERABLE)] == ["question", "hits", "answer"]
    assert ask(client, UNANSWERABLE, must_answer=True)["verdict"] != "declined"


def test_a_client_that_goes_away_in_the_middle_harms_nothing(client: httpx.Client) -> None:
    for _ in range(5):
        with client.stream("POST", "/ask/stream", json={"question": BOMBINGS}) as response:
            next(response.iter_lines())
    assert ask(client, BOMBINGS)["verdict"] == "grounded"


def test_filters_narrow_the_search(client: httpx.Client, answer: dict[str, Any]) -> None:
    document_id = answer["citations"][0]["document_id"]
    hits = dict(events(client, BOMBINGS, filters={"document_ids": [document_id]}))["hits"]["hits"]
    assert {hit["document_id"] for hit in hits} == {document_id}
    assert_problem(client.post("/ask", json={"question": "Why?", "filters": {"document_ids": ["none"]}}), 404)


def test_max_passages_is_how_many_are_read(client: httpx.Client) -> None:
    assert len(ask(client, BOMBINGS, max_passages=3)["trace"]["hits"]) == 3


@pytest.mark.parametrize("path", ["/ask", "/ask/stream"])
@pytest.mark.parametrize(
    "body",
    [{}, {"question": " "}, {"question": "x" * 2001}, {"question": "Why?", "more": 1}, {"question": ["Why?"]}],
)
def test_an_invalid_question_is_a_problem(client: httpx.Client, path: str, body: dict[str, Any]) -> None:
    assert assert_problem(client.post(path, json=body), 422)["errors"]


def test_an_empty_collection_and_an_unknown_one_are_problems(client: httpx.Client) -> None:
    client.post("/collections", json={"name": "empty-shelf"}).raise_for_status()
    assert_problem(client.post("/ask", json={"question": "Why?", "collection": "empty-shelf"}), 409)
    name, problem = events(client, "Why?", collection="empty-shelf")[-1]
    assert (name, problem["status"]) == ("error", 409)
    assert client.delete("/collections/empty-shelf").status_code == 204
    assert_problem(client.post("/ask", json={"question": "Why?", "collection": "empty-shelf"}), 404)
    assert_problem(client.post("/ask", json={"question": "Why?", "conversation_id": "none"}), 404)
    assert_problem(client.post("/ask/stream", json={"question": "Why?", "conversation_id": "none"}), 404)


def test_a_receipt_is_the_answer_as_it_was_given(client: httpx.Client, answer: dict[str, Any]) -> None:
    assert client.get(f"/answers/{answer['id']}").json() == answer
    checked = client.post(f"/answers/{answer['id']}/check").json()
    assert checked["answer_id"] == answer["id"]
    assert [one["status"] for one in checked["citations"]] == ["exact"] * len(answer["citations"])
    assert client.post(f"/answers/{answer['id']}/feedback", json={"helpful": True}).status_code == 204
    assert_problem(client.post(f"/answers/{answer['id']}/feedback", json={"helpful": True, "stars": 5}), 422)
    assert_problem(client.get(f"/answers/{answer['id']}/citations/99"), 404)


def test_a_conversation_is_kept_renamed_and_removed(client: httpx.Client) -> None:
    first = ask(client, BOMBINGS)
    conversation = first["conversation_id"]
    second = ask(client, "And in 2021?", conversation_id=conversation)
    assert second["conversation_id"] == conversation
    assert second["question"]["standalone"] != second["question"]["asked"]
    found = client.get(f"/conversations/{conversation}").json()
    assert found["answers"] == [first, second]
    assert found["turns"] == 2
    listed = client.get("/conversations", params={"limit": 1}).json()
    assert listed["items"][0]["id"] == conversation
    assert listed["next"]
    following = client.get("/conversations", params={"limit": 1, "after": listed["next"]}).json()
    assert following["items"][0]["id"] != conversation
    renamed = client.patch(f"/conversations/{conversation}", json={"title": " Bombings "})
    assert renamed.json()["title"] == "Bombings"
    assert_problem(client.patch(f"/conversations/{conversation}", json={"title": "  "}), 422)
    assert client.delete(f"/conversations/{conversation}").status_code == 204
    assert_problem(client.get(f"/conversations/{conversation}"), 404)
    assert_problem(client.get(f"/answers/{first['id']}"), 404)


def test_no_web_page_may_feed_or_read_the_library(client: httpx.Client) -> None:
    for headers in (
        {"Host": "evil.example"},
        {"Origin": "https://evil.example"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"},
    ):
        assert_problem(client.get("/documents", headers=headers), 403)
        assert_problem(client.post("/documents", headers=headers, files={"files": ("a.txt", b"a")}), 403)
        assert_problem(client.post("/ask", headers=headers, json={"question": "Why?"}), 403)
    assert_problem(client.get("/documents", headers={"Authorization": "Bearer wrong"}), 401)


def test_the_service_says_that_it_lives_and_is_ready(client: httpx.Client) -> None:
    assert client.get("/health/live").json() == {"status": "live"}
    ready = client.get("/health/ready").json()
    assert ready["status"] == "ready"
    assert ready["documents"] > 10


def test_the_description_lists_every_call_of_the_contract(client: httpx.Client) -> None:
    described = client.get("/openapi.json").json()
    assert {"/ask", "/ask/stream", "/documents", "/jobs/{job_id}", "/answers/{answer_id}/check"} < set(
        described["paths"]
    )
    for path in described["paths"].values():
        for call in path.values():
            assert "application/problem+json" in call["responses"]["default"]["content"]
    assert "Problem" in described["components"]["schemas"]
    assert "HTTPValidationError" not in described["components"]["schemas"]


def test_the_chat_page_is_whole_and_needs_nothing_from_elsewhere(client: httpx.Client) -> None:
    page = client.get("/")
    assert page.headers["content-type"].startswith("text/html")
    for name in re.findall(r'(?:src|href)="(/static/[^"]+)"', page.text):
        assert client.get(name).status_code == 200
    assert not re.search(r"(?:src|href)=\"(?!/static/|#)", page.text)
    assert not re.search(r"<script(?![^>]*src=)|<style|style=|\son\w+=", page.text)
