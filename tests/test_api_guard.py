"""The guard: no web page may feed or read the library, and every response carries the security headers."""

from __future__ import annotations

import anyio
import pytest
from starlette.responses import PlainTextResponse
from starlette.testclient import TestClient
from starlette.types import Receive, Scope, Send
from starlette.websockets import WebSocketDisconnect

from assistant.api.guard import SECURITY_HEADERS, Guard

HOSTS = ("127.0.0.1", "localhost", "[::1]")
TOKEN = "the-token-of-the-lock"


async def inside(scope: Scope, receive: Receive, send: Send) -> None:
    """What the guard guards: it answers everything."""
    await PlainTextResponse("inside")(scope, receive, send)


def client(token: str | None = TOKEN) -> TestClient:
    return TestClient(Guard(inside, allowed_hosts=HOSTS, token=token), base_url="http://localhost:8000")


@pytest.mark.parametrize("host", ["127.0.0.1:8000", "localhost", "LOCALHOST:1", "[::1]:8000", "[::1]"])
def test_a_listed_host_comes_in(host: str) -> None:
    assert client().get("/", headers={"Host": host}).text == "inside"


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "evil.example:8000",
        "localhost.evil.example",
        "127.0.0.1.evil.example",
        "evil.example@localhost",
        "localhost:8000@evil.example",
        "localhost:",
        "localhost:80:80",
        "[::1]evil",
        "[::1",
        "",
    ],
)
def test_any_other_host_is_refused(host: str) -> None:
    response = client().get("/", headers={"Host": host})
    assert response.status_code == 403
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["title"] == "Host not allowed"
    assert response.json()["status"] == 403


async def answer_without_a_host(headers: list[tuple[bytes, bytes]]) -> int:
    """The status of a request that no client library would send."""
    sent = []

    async def send(message: object) -> None:
        sent.append(message)

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": b"", "more_body": False}

    scope = {"type": "http", "method": "GET", "path": "/", "headers": headers, "query_string": b""}
    await Guard(inside, allowed_hosts=HOSTS, token=None)(scope, receive, send)
    start = sent[0]
    assert isinstance(start, dict)
    return int(start["status"])


@pytest.mark.parametrize("headers", [[], [(b"host", b"localhost"), (b"host", b"evil.example")]])
def test_a_missing_or_doubled_host_is_refused(headers: list[tuple[bytes, bytes]]) -> None:
    assert anyio.run(answer_without_a_host, headers) == 403


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "OPTIONS", "HEAD"])
@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "http://localhost:3000",
        "http://127.0.0.1:8000",
        "null",
        "file://",
        "http://localhost:8000.evil.example",
        "chrome-extension://localhost:8000",
    ],
)
def test_a_foreign_origin_is_refused(origin: str, method: str) -> None:
    response = client().request(method, "/", headers={"Host": "localhost:8000", "Origin": origin})
    assert response.status_code == 403
    assert "access-control-allow-origin" not in response.headers


@pytest.mark.parametrize("origin", ["http://localhost:8000", "https://LOCALHOST:8000"])
def test_the_services_own_origin_comes_in(origin: str) -> None:
    assert client().post("/", headers={"Host": "localhost:8000", "Origin": origin}).text == "inside"


@pytest.mark.parametrize("site", ["cross-site", "same-site", "nonsense"])
@pytest.mark.parametrize(
    ("method", "mode", "destination"),
    [
        ("GET", "no-cors", "image"),
        ("GET", "cors", "empty"),
        ("GET", "navigate", "iframe"),
        ("POST", "navigate", "document"),
        ("POST", "no-cors", "empty"),
    ],
)
def test_what_another_sites_page_asks_for_is_refused(site: str, method: str, mode: str, destination: str) -> None:
    headers = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode, "Sec-Fetch-Dest": destination}
    assert client().request(method, "/", headers=headers).status_code == 403


def test_a_link_from_another_site_may_be_followed() -> None:
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate", "Sec-Fetch-Dest": "document"}
    assert client().get("/", headers=headers).text == "inside"


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_the_page_itself_and_the_address_bar_come_in(site: str) -> None:
    assert client().post("/", headers={"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "cors"}).text == "inside"


def test_the_right_token_comes_in_and_so_does_none() -> None:
    assert client().get("/", headers={"Authorization": f"Bearer {TOKEN}"}).text == "inside"
    assert client().get("/").text == "inside"


@pytest.mark.parametrize("sent", ["Bearer wrong", f"Basic {TOKEN}", TOKEN, "Bearer ", "Bearer None", ""])
def test_a_wrong_token_is_refused(sent: str) -> None:
    for guarded in (client(), client(token=None)):
        response = guarded.get("/", headers={"Authorization": sent})
        assert response.status_code == 401
        assert response.headers["www-authenticate"] == "Bearer"
        assert TOKEN not in response.text


def test_every_response_carries_the_security_headers() -> None:
    for response in (client().get("/"), client().get("/", headers={"Host": "evil.example"})):
        for name, value in SECURITY_HEADERS.items():
            assert response.headers[name] == value


def test_only_what_holds_no_data_may_be_kept_by_a_browser() -> None:
    assert client().get("/documents").headers["cache-control"] == "no-store"
    assert client().get("/static/style.css").headers["cache-control"] == "no-cache"


def test_the_policy_allows_nothing_inline_and_nothing_from_elsewhere() -> None:
    policy = dict(part.split(" ", 1) for part in SECURITY_HEADERS["Content-Security-Policy"].split("; "))
    assert policy["default-src"] == "'none'"
    assert "unsafe" not in " ".join(policy.values())
    assert "http" not in " ".join(policy.values())


def test_there_are_no_websockets() -> None:
    with pytest.raises(WebSocketDisconnect), client().websocket_connect("/"):
        pass


def test_a_right_token_beside_another_is_refused() -> None:
    headers = [("Authorization", f"Bearer {TOKEN}"), ("Authorization", "Bearer other")]
    assert client().get("/", headers=headers).status_code == 401
