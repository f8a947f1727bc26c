"""The settings: option, then environment, then `./assistant.toml`, then default. The only reader of both.

Environment variables are named `ASSISTANT_` and the setting, nested ones with two underscores
(`ASSISTANT_INDEX__EMBEDDER`). An unknown key is an error, in the environment too.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal

import platformdirs
from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError

from assistant.errors import InvalidSettings
from index.settings import IndexSettings

PREFIX = "ASSISTANT_"
FILE_NAME = "assistant.toml"
# Variables of the tests and the Makefile, which are no settings.
NO_SETTINGS = frozenset({"ASSISTANT_TEST_MODELS_DIR"})


class PromptVersions(BaseModel):
    """Which version of each prompt is used."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    answer: int = Field(default=1, ge=1, description="version of the prompt that answers")
    answer_json: int = Field(default=1, ge=1, description="version of the prompt that answers in JSON")
    condense: int = Field(default=1, ge=1, description="version of the prompt that completes a follow-up")


class Settings(BaseModel):
    """Everything that can be set."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    data_dir: Path = Field(
        default_factory=lambda: Path(platformdirs.user_data_dir("dossier", appauthor=False)),
        description="where all data made at run time lives",
    )
    reader: Literal["extractive", "chat"] = Field(
        default="extractive", description="extractive: the documents' own sentences; chat: a language model writes"
    )
    chat_model: str | None = Field(
        default=None, description="the language model of the chat reader, as provider:name, for example openai:gpt-5"
    )
    chat_base_url: str | None = Field(
        default=None, description="URL of an OpenAI-compatible server (Ollama, llama.cpp, vLLM)"
    )
    chat_api_key: SecretStr | None = Field(default=None, description="key for the model; else the provider's variable")
    chat_timeout: float = Field(default=60.0, gt=0, le=3600, description="seconds that the model may take")
    chat_max_tokens: int = Field(default=800, ge=16, le=32768, description="longest text that the model may write")
    chat_context: int = Field(
        default=0,
        ge=0,
        le=10_000_000,
        description="tokens that the model takes in all; 0: its server is asked, else 8192",
    )
    chat_constrained: Literal["auto", "grammar", "json", "off"] = Field(
        default="auto",
        description="what keeps the model to the sentences shown: a grammar, a JSON schema, nothing, or (auto) what "
        "its server is found to heed",
    )
    chat_fallback: Literal["extractive", "none"] = Field(
        default="extractive",
        description="who answers when the model is down: the extractive reader, or nobody (an error)",
    )
    prompts: PromptVersions = Field(default_factory=PromptVersions)
    reader_model: str = Field(
        default="dossier-reader",
        min_length=1,
        description="the extractive reader's model: dossier-reader, or the name or folder of any extractive "
        "question-answering model",
    )
    support_model: str = Field(
        default="dossier-support",
        min_length=1,
        description="what scores how well sources bear out what a language model writes: dossier-support, the name or "
        "folder of any entailment model, or none",
    )
    decline_below: float = Field(
        default=0.73, ge=0, le=1, description="an answer whose confidence is lower is not given: the assistant declines"
    )
    max_passages: int = Field(default=8, ge=1, le=50, description="how many passages are read for an answer")
    unsupported: Literal["show", "drop"] = Field(
        default="show", description="statements that their sources do not bear out: shown as such, or dropped"
    )
    host: str = Field(default="127.0.0.1", description="address that the server listens on")
    port: int = Field(default=8000, ge=0, le=65535, description="port that the server listens on; 0: any that is free")
    allowed_hosts: tuple[str, ...] = Field(
        default=("127.0.0.1", "localhost", "[::1]"), description="names under which the server may be called"
    )
    index: IndexSettings = Field(default_factory=IndexSettings)


@dataclass(frozen=True, slots=True)
class Origin:
    """One effective value: its key, how it is shown (secrets masked), where it came from, and what it means."""

    key: str
    value: str
    source: str
    description: str


def load_settings(options: Mapping[str, Any] | None = None, file: Path = Path(FILE_NAME)) -> Settings:
    """Read the settings; `options` are those given on the command line. Raises `InvalidSettings`."""
    given = _nested(options or {})
    from_file = _read_file(file)
    _refuse_unknown_variables()
    try:
        from_environment = _environment()
        return Settings(**_merged(_merged(from_file, from_environment), given))
    except ValidationError as error:
        raise _invalid(error, from_file, file) from error


def origins(settings: Settings, options: Mapping[str, Any] | None = None, file: Path = Path(FILE_NAME)) -> list[Origin]:
    """Every effective value with where it came from, in order of declaration."""
    layers = (
        ("option", _flat(_nested(options or {}))),
        ("environment", _variables()),
        (str(file), _flat(_read_file(file))),
    )
    found = []
    for key, value, description in _values(settings):
        source = next((name for name, keys in layers if key in keys), "default")
        if source == "environment":
            source = f"environment ({_variable(key)})"
        found.append(Origin(key, value, source, description))
    return found


def _values(settings: Settings) -> list[tuple[str, str, str]]:
    rows = []
    for name, field in type(settings).model_fields.items():
        value = getattr(settings, name)
        if isinstance(value, BaseModel):
            for inner, inner_field in type(value).model_fields.items():
                rows.append((f"{name}.{inner}", str(getattr(value, inner)), inner_field.description or ""))
        else:
            shown = ", ".join(value) if isinstance(value, tuple) else str(value)
            rows.append((name, "" if value is None else shown, field.description or ""))
    return rows


def _known_keys() -> set[str]:
    return {key for key, _, _ in _values(Settings.model_construct())}


def _variable(key: str) -> str:
    return PREFIX + key.replace(".", "__").upper()


def _variables() -> dict[str, str]:
    """The settings that the environment gives, by key."""
    names = {_variable(key): key for key in _known_keys()}
    return {names[name]: value for name, value in os.environ.items() if name in names}


def _refuse_unknown_variables() -> None:
    known = {_variable(key) for key in _known_keys()}
    for name in sorted(os.environ):
        if name.startswith(PREFIX) and name not in known and name not in NO_SETTINGS:
            close = get_close_matches(name, known, n=1)
            meant = f"did you mean {close[0]}?" if close else "`assistant settings` lists them"
            raise InvalidSettings(f"the environment variable {name} is no setting: {meant}")


def _environment() -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in _variables().items():
        # Several values in one variable are separated by commas.
        found[key] = tuple(part.strip() for part in value.split(",")) if key == "allowed_hosts" else value
    return _nested(found)


def _read_file(file: Path) -> dict[str, Any]:
    if not file.exists():
        return {}
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise InvalidSettings(f"the settings file {file} cannot be read: {error}") from error


def _nested(flat: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in flat.items():
        if value is None:
            continue
        group, _, inner = key.partition(".")
        if inner:
            found.setdefault(group, {})[inner] = value
        else:
            found[key] = value
    return found


def _flat(nested: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in nested.items():
        if isinstance(value, Mapping):
            found.update({f"{key}.{inner}": inner_value for inner, inner_value in value.items()})
        else:
            found[key] = value
    return found


def _merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(below)
    for key, value in above.items():
        inner = merged.get(key)
        merged[key] = {**inner, **value} if isinstance(inner, Mapping) and isinstance(value, Mapping) else value
    return merged


def _invalid(error: ValidationError, from_file: Mapping[str, Any], file: Path) -> InvalidSettings:
    first = error.errors()[0]
    key = ".".join(str(part) for part in first["loc"])
    if first["type"] == "extra_forbidden":
        close = get_close_matches(key, _known_keys(), n=1)
        meant = f"did you mean {close[0]}?" if close else "`assistant settings` lists them"
        return InvalidSettings(f"{file} has the unknown setting {key}: {meant}")
    in_file = key in _flat(from_file) and key not in _variables()
    where = str(file) if in_file else f"{_variable(key)} or its option"
    return InvalidSettings(f"the setting {key} cannot be {first['input']!r} ({first['msg']}): mend it in {where}")
