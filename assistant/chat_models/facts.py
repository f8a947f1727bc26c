"""Facts: how much a model takes in, from those calls of servers that say so and cost nothing.

Each server answers to other calls than the next, so what is not answered, or not understood, is no error: unknown.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx

from index.errors import ModelUnavailable

# A server that knows answers at once.
SECONDS = 3.0
# Where a client of Ollama finds it.
OLLAMA = "http://127.0.0.1:11434"
# What Ollama keeps of a text where nothing else is said, whatever the model could.
OLLAMA_CONTEXT = 4096

Reading = Callable[[Any], object]


def asked_context(provider: str, model: str, base_url: str | None, api_key: str | None) -> int | None:
    """The context length that the server at a URL gives the model, in tokens; None where there is none or none says.

    Raises `ModelUnavailable` where it does not answer.
    """
    base = base_url or (OLLAMA if provider == "ollama" else None)
    if base is None:
        return None
    root = base.rstrip("/").removesuffix("/v1")
    headers = {"Authorization": f"Bearer {api_key}"} if api_key else {}
    with httpx.Client(timeout=SECONDS, headers=headers) as client:
        calls: tuple[tuple[str, str, dict[str, str] | None, Reading], ...] = (
            ("GET", f"{root}/props", None, lambda said: said["default_generation_settings"]["n_ctx"]),
            ("GET", f"{root}/v1/models", None, lambda said: _listed(said, model)),
            ("GET", f"{root}/api/ps", None, lambda said: _loaded(said, model)),
            ("POST", f"{root}/api/show", {"model": model}, _shown),
        )
        for method, url, body, reading in calls:
            found = _asked(client, method, url, body, reading)
            if found is not None:
                return found
    return None


def _asked(client: httpx.Client, method: str, url: str, body: dict[str, str] | None, reading: Reading) -> int | None:
    try:
        response = client.request(method, url, json=body)
        found = reading(response.json()) if response.is_success else None
    except httpx.TransportError as error:
        raise ModelUnavailable(
            f"the server at {url} does not answer ({type(error).__name__}): start it, or check ASSISTANT_CHAT_BASE_URL"
        ) from error
    except (httpx.HTTPError, ValueError, LookupError, TypeError, AttributeError):
        return None
    return found if isinstance(found, int) and not isinstance(found, bool) and found > 0 else None


def _listed(said: Any, model: str) -> object:
    """In vLLM's list of models."""
    return next((entry.get("max_model_len") for entry in said["data"] if entry["id"] == model), None)


def _loaded(said: Any, model: str) -> object:
    """Of a model that Ollama has loaded: what it was loaded with."""
    found = (entry for entry in said["models"] if model in (entry["name"], entry["model"]))
    return next((entry.get("context_length") for entry in found), None)


def _shown(said: Any) -> object:
    """Of a model that Ollama would have to load: what its own file sets, else the least."""
    rows = [line.split() for line in said.get("parameters", "").splitlines()]
    own = [int(row[1]) for row in rows if len(row) == 2 and row[0] == "num_ctx"]
    most = [value for key, value in said["model_info"].items() if key.endswith(".context_length")]
    return own[0] if own else min(*most, OLLAMA_CONTEXT)
