"""The HTTP contract, over real sockets against a real server: documents, passages, uploads, collections."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.calling import HARBOUR, ask, ask_of, assert_problem, upload
from tests.conftest import make_data_dir, served

pytestmark = pytest.mark.slow


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
