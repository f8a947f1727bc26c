"""The guard: who may call, before anything else runs. Pure ASGI.

No web page may feed or read the library: the Host must be one of a list (no DNS rebinding), a foreign Origin and a
request that another site's page makes are refused, and every response carries the security headers. It knows no
users: whoever can reach the address may ask; a token, where one is sent, must be the right one.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Sequence
from dataclasses import dataclass

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    )
)

SECURITY_HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cache-Control": "no-store",
}

# Pages under this prefix hold none of the user's data; they may be kept and are asked for again each time.
STATIC_PREFIX = "/static/"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is refused."""

    status: int
    title: str
    detail: str


class Guard:
    """Refuses what must not come in, and puts the security headers on whatever goes out."""

    def __init__(self, app: ASGIApp, *, allowed_hosts: Sequence[str], token: str | None) -> None:
        self._app = app
        self._hosts = frozenset(host.lower() for host in allowed_hosts)
        self._token = token

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let an HTTP request through or refuse it; there are no WebSockets here."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            await send({"type": "websocket.close", "code": 1008})
            return
        guarded = _with_headers(send, scope["path"])
        refusal = self.refusal(scope)
        if refusal is None:
            await self._app(scope, receive, guarded)
        else:
            await _refuse(guarded, refusal)

    def refusal(self, scope: Scope) -> Refusal | None:
        """Why a request is refused, or None."""
        headers = Headers(scope=scope)
        return self._wrong_host(headers) or _foreign(headers, scope["method"]) or self._wrong_token(headers)

    def _wrong_host(self, headers: Headers) -> Refusal | None:
        hosts = headers.getlist("host")
        if len(hosts) == 1 and _name(hosts[0]) in self._hosts:
            return None
        return Refusal(
            403,
            "Host not allowed",
            "This service is not called by that name: use one of its own, or add the name to ASSISTANT_ALLOWED_HOSTS.",
        )

    def _wrong_token(self, headers: Headers) -> Refusal | None:
        given = headers.getlist("authorization")
        if not given:
            return None
        expected = f"Bearer {self._token}".encode()
        sent = given[0].encode("utf-8", "surrogateescape")
        if self._token and len(given) == 1 and secrets.compare_digest(sent, expected):
            return None
        return Refusal(
            401,
            "Wrong token",
            "The Authorization header does not hold this server's token: send the one of its lock file, or none.",
        )


def _name(host: str) -> str:
    """The name in a Host header, without its port."""
    host = host.strip().lower()
    if host.startswith("["):
        name, bracket, rest = host.partition("]")
        return name + bracket if not rest or _is_port(rest) else ""
    name, colon, port = host.partition(":")
    return name if not colon or _is_port(colon + port) else ""


def _is_port(text: str) -> bool:
    return text.startswith(":") and text[1:].isascii() and text[1:].isdigit()


def _foreign(headers: Headers, method: str) -> Refusal | None:
    """Refuse what the page of another site (or of another port of this machine) asks for."""
    for origin in headers.getlist("origin"):
        scheme, _, netloc = origin.partition("://")
        if scheme not in ("http", "https") or netloc.lower() != headers.get("host", "").strip().lower():
            return _FOREIGN
    site = headers.get("sec-fetch-site", "none")
    if site in ("same-origin", "none"):
        return None
    opened = headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"
    return None if opened and method in ("GET", "HEAD") else _FOREIGN


_FOREIGN = Refusal(
    403, "Foreign origin", "A page of another origin may not use this service: open the service's own page instead."
)


def _with_headers(send: Send, path: str) -> Send:
    async def guarded(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(scope=message)
            for name, value in SECURITY_HEADERS.items():
                headers.setdefault(name, value)
            if path.startswith(STATIC_PREFIX):
                headers["Cache-Control"] = "no-cache"
        await send(message)

    return guarded


async def _refuse(send: Send, refusal: Refusal) -> None:
    body = json.dumps(
        {
            "type": f"urn:dossier:problem:{refusal.title.lower().replace(' ', '-')}",
            "title": refusal.title,
            "status": refusal.status,
            "detail": refusal.detail,
        }
    ).encode()
    headers = [(b"content-type", b"application/problem+json"), (b"content-length", str(len(body)).encode())]
    if refusal.status == 401:
        headers.append((b"www-authenticate", b"Bearer"))
    await send({"type": "http.response.start", "status": refusal.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
