"""Problems: every error over HTTP is a problem object that says what, which one and what next, and leaks nothing."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from assistant.api.guard import SECURITY_HEADERS
from assistant.api.limits import JSON_BYTES, BodyLimit
from assistant.api.problems import install, problem_of
from assistant.api.received import AskIn
from assistant.errors import InvalidQuestion, PromptError
from index.errors import (
    DossierError,
    EmbedderMismatch,
    InvalidInput,
    LibraryInUse,
    ModelUnavailable,
    NotFound,
    NothingIndexed,
    StoreBroken,
    UnsupportedFile,
)

UPLOAD_BYTES = 3_000_000


@pytest.fixture
def client() -> Iterator[TestClient]:
    """An application with our errors, limits and the schema of a question."""
    app = FastAPI(openapi_url=None)
    install(app)
    app.add_middleware(BodyLimit, upload_bytes=UPLOAD_BYTES)

    @app.post("/ask")
    def ask(asked: AskIn) -> dict[str, str]:
        return {"question": asked.question}

    @app.get("/items/{number}")
    def item(number: int) -> int:
        if number == 0:
            raise RuntimeError("the secret words of a document")
        raise NotFound(f"no item {number}: list the items")

    @app.post("/documents")
    def documents(body: dict[str, str]) -> int:
        return len(body)

    with TestClient(app, base_url="http://localhost", raise_server_exceptions=False) as opened:
        yield opened


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (InvalidInput("x"), 422),
        (InvalidQuestion("x"), 422),
        (UnsupportedFile("x"), 422),
        (NotFound("x"), 404),
        (NothingIndexed("x"), 409),
        (LibraryInUse("x"), 503),
        (StoreBroken("x"), 503),
        (EmbedderMismatch("x"), 503),
        (ModelUnavailable("x"), 503),
        (PromptError("x"), 500),
    ],
)
def test_each_of_our_errors_has_its_status(error: DossierError, status: int) -> None:
    found = problem_of(error)
    assert found["status"] == status
    assert found["type"].startswith("urn:dossier:problem:")
    assert found["title"]
    assert found["detail"] == "X."


def test_our_own_error_is_sent_as_a_problem(client: TestClient) -> None:
    response = client.get("/items/7")
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json() == {
        "type": "urn:dossier:problem:not-found",
        "title": "Not found",
        "status": 404,
        "detail": "No item 7: list the items.",
    }


def test_an_unknown_path_and_a_wrong_method_are_problems(client: TestClient) -> None:
    unknown = client.get("/nowhere")
    assert (unknown.status_code, unknown.json()["status"]) == (404, 404)
    assert "/nowhere" in unknown.json()["detail"]
    wrong = client.put("/ask")
    assert (wrong.status_code, wrong.headers["allow"]) == (405, "POST")
    assert "use POST" in wrong.json()["detail"]


def test_an_unexpected_error_tells_nothing_of_itself(client: TestClient) -> None:
    response = client.get("/items/0")
    assert response.status_code == 500
    assert response.headers["content-type"] == "application/problem+json"
    assert "secret" not in response.text
    assert "Traceback" not in response.text
    assert response.headers["content-security-policy"] == SECURITY_HEADERS["Content-Security-Policy"]


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        ({}, "question"),
        ({"question": ""}, "question"),
        ({"question": " \n\t "}, "question"),
        ({"question": "x" * 2001}, "question"),
        ({"question": None}, "question"),
        ({"question": "Why?", "max_passages": 0}, "max_passages"),
        ({"question": "Why?", "max_passages": 51}, "max_passages"),
        ({"question": "Why?", "max_passage": 8}, "max_passage"),
        ({"question": "Why?", "filters": {"publishd": 1}}, "filters.publishd"),
        ({"question": "Why?", "filters": {"published_from": "yesterday"}}, "filters.published_from"),
        ({"question": "Why?", "filters": {"published_from": "2022-02-01", "published_to": "2022-01-01"}}, "filters"),
        ({"question": "Why?", "must_answer": "perhaps"}, "must_answer"),
        ([], "body"),
    ],
)
def test_an_invalid_question_names_the_field(client: TestClient, sent: object, field: str) -> None:
    response = client.post("/ask", json=sent)
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    assert [error["field"] for error in response.json()["errors"]] == [field]
    assert f"`{field}`" in response.json()["detail"]


def test_what_was_sent_is_not_sent_back(client: TestClient) -> None:
    assert "PRIVATE" not in client.post("/ask", json={"question": "PRIVATE" * 400}).text


def test_a_body_that_is_no_json_is_a_problem(client: TestClient) -> None:
    for content, kind in ((b"{", "application/json"), (b"\xff\xfe", "application/json"), (b"question=x", "text/plain")):
        response = client.post("/ask", content=content, headers={"Content-Type": kind})
        assert response.status_code in (400, 422)
        assert response.headers["content-type"] == "application/problem+json"


def test_a_question_is_trimmed(client: TestClient) -> None:
    assert client.post("/ask", json={"question": "  Why?\n"}).json() == {"question": "Why?"}
    assert client.post("/ask", json={"question": f" {'x' * 2000} "}).status_code == 200


def test_a_number_that_is_none_names_its_place(client: TestClient) -> None:
    response = client.get("/items/many")
    assert response.status_code == 422
    assert response.json()["errors"][0]["field"] == "number"


def test_a_body_that_is_too_large_is_refused_before_it_is_read(client: TestClient) -> None:
    response = client.post("/ask", content=b"x", headers={"Content-Length": str(JSON_BYTES + 1)})
    assert response.status_code == 413
    assert response.headers["content-type"] == "application/problem+json"


def test_a_body_that_hides_its_length_is_counted(client: TestClient) -> None:
    def parts() -> Iterator[bytes]:
        for _ in range(JSON_BYTES // 1000 + 1):
            yield b" " * 1000

    response = client.post("/ask", content=parts(), headers={"Content-Type": "application/json"})
    assert response.status_code == 413
    assert response.json()["status"] == 413


def test_an_upload_may_be_longer_than_json(client: TestClient) -> None:
    body = b'{"a": "' + b"x" * (UPLOAD_BYTES - 100) + b'"}'
    headers = {"Content-Type": "application/json"}
    assert client.post("/documents", content=body, headers=headers).status_code == 200
    assert client.post("/documents", content=body + b" " * 200, headers=headers).status_code == 413
