"""How the API tests call the service: over real sockets, checking what every response promises."""

from __future__ import annotations

import json
import time
from typing import Any

import httpx

BOMBINGS = "How many bombings were recorded in Ecuador between January and August 2022?"
UNANSWERABLE = "Who won the football world cup in 1954?"
HARBOUR = (
    "A note on harbours\n\nThe harbour of Quillota has 4711 mooring posts.\n\nThey are painted blue every spring.\n"
)


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


def upload(client: httpx.Client, name: str, text: str | bytes, **said: str) -> dict[str, Any]:
    """Upload a text and wait until it is in the library, or has failed."""
    response = client.post(
        "/documents", files={"files": (name, text.encode() if isinstance(text, str) else text)}, data=said
    )
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
