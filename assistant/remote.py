"""Asking beside a running server: by its URL and the token in the lock, which only the library's owner can read."""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Any, Protocol, Unpack

import httpx

from assistant.answering import Options
from assistant.answers import Answer
from assistant.assembly import WAIT_SECONDS, open_dossier
from assistant.rendering import from_contract
from assistant.settings import Settings
from index.errors import DossierError, InvalidInput, LibraryInUse, NotFound, NothingIndexed
from index.lock import running_server

TIMEOUT_SECONDS = 300.0
_ERRORS: dict[int, type[DossierError]] = {404: NotFound, 409: NothingIndexed, 422: InvalidInput}


class Asking(Protocol):
    """Answers questions, here or at a server."""

    def ask(self, asked: str, **options: Unpack[Options]) -> Answer:
        """The whole answer; options as `Assistant.stream`."""
        ...


class RemoteAssistant:
    """`Asking` at a server."""

    def __init__(self, url: str, token: str, client: httpx.Client) -> None:
        self._url = url
        self._token = token
        self._client = client

    def ask(self, asked: str, **options: Unpack[Options]) -> Answer:
        """The server's answer; its problems are raised as the errors that they were. Raises `LibraryInUse` where the
        server does not answer.
        """
        try:
            response = self._client.post(
                f"{self._url}/ask",
                json={"question": asked, **_jsonable(options)},
                headers={"Authorization": f"Bearer {self._token}"},
            )
        except httpx.HTTPError as error:
            raise LibraryInUse(
                f"the library is held by a server at {self._url} that does not answer ({error}): stop it, or ask again"
            ) from error
        if response.status_code != httpx.codes.OK:
            kind = _ERRORS.get(response.status_code, DossierError)
            raise kind(_detail(response))
        return from_contract(response.json())


def _jsonable(options: Options) -> dict[str, Any]:
    """Options as `POST /ask` takes them."""
    body: dict[str, Any] = dict(options)
    if "filters" in options:
        filters = asdict(options["filters"])
        body["filters"] = {
            key: value.isoformat() if isinstance(value, datetime.date) else value for key, value in filters.items()
        }
    return body


def _detail(response: httpx.Response) -> str:
    if response.headers.get("content-type", "").startswith("application/problem+json"):
        return str(response.json()["detail"])
    return f"the server answered {response.status_code}"


@contextmanager
def open_asking(settings: Settings) -> Iterator[Asking]:
    """Whoever can answer from the library of these settings: the server that holds it, else this process."""
    server = running_server(settings.data_dir)
    if server is None:
        with open_dossier(settings, wait_seconds=WAIT_SECONDS) as dossier:
            yield dossier.assistant
        return
    with httpx.Client(timeout=TIMEOUT_SECONDS, trust_env=False) as client:
        yield RemoteAssistant(server.url or "", server.token or "", client)
