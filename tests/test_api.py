"""The HTTP contract, over real sockets against a real server with `seeds/` taken in."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.conftest import make_data_dir, served

BOMBINGS = "How many bombings were recorded in Ecuador between January and August 2022?"
UNANSWERABLE = "Who won the football world cup in 1954?"
HARBOUR = (
    "A note on harbours\n\nThe harbour of Quillota has 4711 mooring posts.\n\nThey are painted blue every spring.\n"
)


@pytest.fixture(scope="module")
def client(seeds_url: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=seeds_url, timeout=60) as opened:
        yield opened


@pytest.fixture(scope="module")
def answer(client: httpx.Client) -> dict[str, Any]:
    """The answer to a question that the library answers."""
    return ask(client, BOMBINGS)


def ask(client: httpx.Client, question: str, **rest: object) -> dict[str, Any]:
    response = client.post("/ask", json={"question": question, **rest})
    assert response.status_code == 200, response.text
    return dict(response.json())


def ask_of(client: httpx.Client, job: dict[str, Any], question: str) -> dict[str, Any]:
    """The answer to a question to one document, which is not to be declined."""
    filters = {"document_ids": [job["document_id"]]}
    return ask(client, question, filters=filters, must_answer=True)


def events(client: httpx.Client, question: str, **rest: object) -> list[tuple[str, dict[str, Any]]]:
    found = []
    with client.stream("POST", "/ask/stream", json={"question": question, **rest}) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        name = ""
        for line in response.iter_lines():
            if line.startswith("event: "):
                name = line[7:]
            elif line.startswith("data: "):
                found.append((name, json.loads(line[6:])))
    return found


def upload(client: httpx.Client, name: str, text: str, **said: str) -> dict[str, Any]:
    """Upload a text and wait until it is in the library, or has failed."""
    response = client.post("/documents", files={"files": (name, text.encode())}, data=said)
    assert response.status_code == 202, response.text
    (job,) = response.json()["jobs"]
    until = time.monotonic() + 60
    while job["state"] not in ("done", "failed"):
        assert time.monotonic() < until, job
        time.sleep(0.05)
        job = client.get(f"/jobs/{job['id']}").json()
    return dict(job)


def assert_problem(response: httpx.Response, status: int) -> dict[str, Any]:
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"
    found = response.json()
    assert found["status"] == status
    assert found["type"]
    assert found["title"]
    assert found["detail"]
    return dict(found)


# -- asking ----------------------------------------------------------------------------------------------------------


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


# -- answers and conversations ---------------------------------------------------------------------------------------


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


# -- documents -------------------------------------------------------------------------------------------------------


def test_documents_are_listed_in_pages(client: httpx.Client) -> None:
    after, seen = None, []
    while True:
        page = client.get("/documents", params={"limit": 4, **({"after": after} if after else {})}).json()
        assert len(page["items"]) <= 4
        seen += [item["id"] for item in page["items"]]
        after = page["next"]
        if after is None:
            break
    assert len(seen) == len(set(seen)) == len(client.get("/documents", params={"limit": 500}).json()["items"])
    assert_problem(client.get("/documents", params={"limit": 0}), 422)
    assert_problem(client.get("/documents", params={"collection": "none"}), 404)


def test_a_document_shows_its_details_and_a_passage_its_neighbours(
    client: httpx.Client, answer: dict[str, Any]
) -> None:
    citation = answer["citations"][0]
    document = client.get(f"/documents/{citation['document_id']}").json()
    text = client.get(f"/documents/{citation['document_id']}/text").text
    assert document["characters"] == len(text)
    assert document["published"] == citation["published"]
    assert all(section["heading"] in text[section["start"] :] for section in document["sections"])
    passage = client.get(f"/passages/{citation['passage_id']}").json()
    assert text[passage["start"] : passage["end"]] == passage["text"]
    for neighbour in (passage["before"], passage["after"]):
        assert neighbour is None or text[neighbour["start"] : neighbour["end"]] == neighbour["text"]


def test_an_upload_becomes_a_document_and_goes_again_with_its_words(client: httpx.Client) -> None:
    job = upload(client, "harbour.txt", HARBOUR, published="2024-05-06", reliability="B", credibility="2")
    assert job["state"] == "done"
    document = client.get(f"/documents/{job['document_id']}").json()
    assert document["source"] == "upload:harbour.txt"
    assert (document["published"], document["reliability"], document["credibility"]) == ("2024-05-06", "B", 2)
    found = ask_of(client, job, "How many mooring posts has the harbour of Quillota?")
    assert "4711" in found["statements"][0]["text"]
    assert found["citations"][0]["document_id"] == job["document_id"]

    assert client.delete(f"/documents/{job['document_id']}").status_code == 204
    for path in ("", "/text", "/view"):
        assert_problem(client.get(f"/documents/{job['document_id']}{path}"), 404)
    kept = client.get(f"/answers/{found['id']}")
    assert "4711" not in kept.text
    resolutions = client.post(f"/answers/{found['id']}/check").json()["citations"]
    assert [one["status"] for one in resolutions if one["number"] == 1] == ["gone"]
    gone = client.get(found["citations"][0]["link"])
    assert gone.status_code == 410
    assert "4711" not in gone.text


def test_an_old_answer_never_opens_at_the_wrong_words(client: httpx.Client) -> None:
    job = upload(client, "lighthouse.txt", "Lighthouses\n\nThe lighthouse of Quillota is 93 metres high.\n")
    found = ask_of(client, job, "How high is the lighthouse of Quillota?")
    path = f"/answers/{found['id']}/check"
    assert client.post(path).json()["citations"][0]["status"] == "exact"

    moved = "Lighthouses\n\nIt was built in 1871.\n\nThe lighthouse of Quillota is 93 metres high.\n"
    assert upload(client, "lighthouse.txt", moved)["document_id"] == job["document_id"]
    resolution = client.post(path).json()["citations"][0]
    assert resolution["status"] == "moved"
    text = client.get(f"/documents/{job['document_id']}/text").text
    assert text[resolution["start"] : resolution["end"]] == found["citations"][0]["quote"]
    assert f"start={resolution['start']}" in client.get(found["citations"][0]["link"]).headers["location"]

    upload(client, "lighthouse.txt", "Lighthouses\n\nThe lighthouse of Quillota is 94 metres high.\n")
    assert client.post(path).json()["citations"][0]["status"] == "changed"
    page = client.get(found["citations"][0]["link"])
    assert page.status_code == 200
    assert "93 metres" in page.text
    client.delete(f"/documents/{job['document_id']}").raise_for_status()


def test_bad_uploads_are_problems_and_leave_nothing(client: httpx.Client) -> None:
    before = client.get("/documents", params={"limit": 500}).json()
    assert_problem(client.post("/documents", json={"files": []}), 415)
    assert_problem(client.post("/documents", files={"collection": (None, "default")}), 422)
    assert_problem(client.post("/documents", files={"files": ("empty.txt", b"")}), 422)
    assert_problem(client.post("/documents", files={"files": ("..", b"text")}), 422)
    file = {"files": ("note.txt", b"text")}
    for said in ({"reliability": "Z"}, {"published": "soon"}, {"credibility": "9"}, {"colour": "red"}):
        problem = assert_problem(client.post("/documents", files=file, data=said), 422)
        assert [error["field"] for error in problem["errors"]] == list(said)
    assert_problem(client.post("/documents", files=file, data={"collection": "none"}), 404)
    headers = {"Content-Type": "multipart/form-data; boundary=x"}
    assert_problem(client.post("/documents", content=b"no multipart at all", headers=headers), 400)
    assert_problem(client.post("/documents", content=b"", headers={"Content-Type": "multipart/form-data"}), 400)
    binary = client.post("/documents", files={"files": ("picture.txt", b"\x89PNG\r\n\x1a\n\x00\x01\x02")})
    (job,) = binary.json()["jobs"]
    until = time.monotonic() + 30
    while job["state"] not in ("done", "failed") and time.monotonic() < until:
        time.sleep(0.05)
        job = client.get(f"/jobs/{job['id']}").json()
    assert job["state"] == "failed"
    assert job["problem"]
    assert client.get("/documents", params={"limit": 500}).json() == before


def test_a_file_that_is_too_large_is_refused_while_it_arrives(
    tmp_path: Path, models_dir: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ASSISTANT_INDEX__MAX_FILE_MB", "1")
    with served(make_data_dir(tmp_path / "data", models_dir)) as url, httpx.Client(base_url=url, timeout=60) as client:
        fits = {"files": ("fits.txt", b"A sentence. " * 50_000)}
        assert client.post("/documents", files=fits).status_code == 202
        large = {"files": ("large.txt", b"A sentence. " * 100_000)}
        assert "large.txt" in assert_problem(client.post("/documents", files=large), 413)["detail"]
        several = [("files", (f"{number}.txt", b"A sentence. " * 80_000)) for number in range(5)]
        assert_problem(client.post("/documents", files=several), 413)


@pytest.mark.parametrize(("start", "end"), [(0, 10**9), (10**9, 10**9 + 1), (5, 4), (-1, 4), ("x", 4)])
@pytest.mark.parametrize("path", ["text", "view"])
def test_offsets_outside_a_text_are_problems(
    client: httpx.Client, answer: dict[str, Any], path: str, start: object, end: object
) -> None:
    document_id = answer["citations"][0]["document_id"]
    response = client.get(f"/documents/{document_id}/{path}?start={start}&end={end}")
    assert_problem(response, 422)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/documents/none"),
        ("DELETE", "/documents/none"),
        ("GET", "/documents/none/text"),
        ("GET", "/documents/none/view"),
        ("GET", "/jobs/none"),
        ("GET", "/passages/none"),
        ("GET", "/passages/a:b:1-2"),
        ("DELETE", "/collections/none"),
        ("GET", "/answers/none"),
        ("GET", "/answers/none/citations/1"),
        ("POST", "/answers/none/check"),
        ("GET", "/conversations/none"),
        ("DELETE", "/conversations/none"),
        ("GET", "/static/none.js"),
        ("GET", "/static/../app.py"),
        ("GET", "/none"),
        ("GET", "/docs"),
    ],
)
def test_what_is_not_there_is_a_problem(client: httpx.Client, method: str, path: str) -> None:
    assert_problem(client.request(method, path), 404)


def test_collections_are_made_and_removed_with_their_documents(client: httpx.Client) -> None:
    assert client.post("/collections", json={"name": "harbours"}).status_code == 201
    assert_problem(client.post("/collections", json={"name": "harbours"}), 422)
    assert_problem(client.post("/collections", json={"name": "../harbours"}), 422)
    job = upload(client, "harbour.txt", HARBOUR, collection="harbours")
    listed = {one["name"]: one for one in client.get("/collections").json()["items"]}
    assert listed["harbours"]["documents"] == 1
    found = ask(client, "How many mooring posts are there?", collection="harbours", must_answer=True)
    assert found["citations"][0]["document_id"] == job["document_id"]
    assert client.delete("/collections/harbours").status_code == 204
    assert_problem(client.get(f"/documents/{job['document_id']}"), 404)
    assert_problem(client.delete("/collections/default"), 422)


def test_hostile_text_is_shown_as_text(client: httpx.Client) -> None:
    hostile = "<script>alert(1)</script> & <mark> \x07 \u202eback\u202c.\n\n" + "x" * 1_000_000 + "\n"
    job = upload(client, "<img src=x onerror=alert(1)>.txt", hostile)
    assert job["state"] == "done"
    page = client.get(f"/documents/{job['document_id']}/view", params={"start": 0, "end": 8})
    assert "<script" not in page.text
    assert "<img" not in page.text
    assert '<mark id="quote" tabindex="-1" autofocus>&lt;script&gt;</mark>' in page.text
    assert "\u202e" not in page.text
    assert "Later in this document" in page.text
    later = client.get(f"/documents/{job['document_id']}/view", params={"at": 200_000})
    assert "Earlier in this document" in later.text
    client.delete(f"/documents/{job['document_id']}").raise_for_status()


# -- the service -----------------------------------------------------------------------------------------------------


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
