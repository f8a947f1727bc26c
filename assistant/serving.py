"""Serving: the HTTP door on a loopback address, announced in the lock so that commands beside it find it."""

from __future__ import annotations

import contextlib
import ipaddress
import os
import secrets
import signal
import socket
from types import FrameType

import typer
import uvicorn

from assistant.api import create_app
from assistant.assembly import check_reader, open_dossier
from assistant.errors import InvalidSettings
from assistant.settings import Settings
from index.errors import LibraryInUse
from index.lock import Holder, running_server

SHUTDOWN_SECONDS = 10


def serve(settings: Settings) -> None:
    """Serve until stopped. Raises `InvalidSettings` where the address is no loopback address or its port is taken,
    `LibraryInUse` where another process holds the library, and what `open_dossier` raises.
    """
    check_reader(settings)
    _refuse_second(settings)
    with _listening(settings.host, settings.port) as listener, open_dossier(settings) as dossier:
        if not dossier.library.holds_lock:
            raise dossier.library.lock.in_use()
        dossier.prepare()
        port = listener.getsockname()[1]
        url = f"http://{_bracketed(settings.host)}:{port}"
        token = secrets.token_urlsafe(32)
        dossier.library.lock.describe(Holder(os.getpid(), url, token))
        app = create_app(dossier, allowed_hosts=settings.allowed_hosts, token=token)
        config = uvicorn.Config(
            app, log_level="warning", server_header=False, timeout_graceful_shutdown=SHUTDOWN_SECONDS
        )
        count = sum(entry.documents for entry in dossier.library.collections())
        # uvicorn passes signals on when it is done: SIGTERM would end the process before the library is closed.
        signal.signal(signal.SIGTERM, _stop)
        with contextlib.suppress(KeyboardInterrupt):
            typer.echo(f"Dossier answers from {count} documents at {url} (Ctrl-C stops it)")
            uvicorn.Server(config).run(sockets=[listener])


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise SystemExit(0)


def _refuse_second(settings: Settings) -> None:
    """A server keeps its library for long: there is no use in waiting for it."""
    if server := running_server(settings.data_dir):
        raise LibraryInUse(
            f"the library in {settings.data_dir} is in use by the server at {server.url}: open that, or stop it first"
        )


def _listening(host: str, port: int) -> socket.socket:
    """A socket that listens on a loopback address; connections wait in it until the server is ready."""
    address = "127.0.0.1" if host == "localhost" else host.strip("[]")
    try:
        loopback = ipaddress.ip_address(address)
    except ValueError as error:
        raise InvalidSettings(f"the host {host!r} is no address: use 127.0.0.1") from error
    if not loopback.is_loopback:
        raise InvalidSettings(
            f"the host {host} is open to other machines, and Dossier has no log-in: use 127.0.0.1, and a proxy that "
            "asks who is there where others shall reach it"
        )
    listener = socket.socket(socket.AF_INET6 if loopback.version == 6 else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((address, port))
        listener.listen()
    except OSError as error:
        listener.close()
        raise InvalidSettings(
            f"port {port} of {host} cannot be used ({error.strerror}): stop what listens there, or choose another with "
            "--port or ASSISTANT_PORT"
        ) from error
    return listener


def _bracketed(host: str) -> str:
    return f"[{host}]" if ":" in host and not host.startswith("[") else host
