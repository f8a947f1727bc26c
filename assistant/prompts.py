"""Prompts: loaded from `prompts/`, checked, rendered and fingerprinted. The only reader of that package.

A prompt is a Markdown file `<name>.v<N>.md`: front matter (name, version, inputs, why), then a part under `## system`
and one under `## user`. `{{input}}` stands for a value. There are no conditions and no loops: what varies is put into
words by the caller. Values are substituted once, so one that holds `{{...}}` stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Any

import yaml

from assistant.errors import PromptError
from index.documents import digest_of

_FILE_NAME = re.compile(r"(?P<name>[a-z][a-z_]*)\.v(?P<version>[1-9]\d*)\.md")
_FILE = re.compile(r"---\n(?P<front>.*?)\n---\n(?P<body>.*)", re.DOTALL)
_PARTS = re.compile(r"\s*^## system\n(?P<system>.*?)^## user\n(?P<user>.*)", re.DOTALL | re.MULTILINE)
_INPUT = re.compile(r"\{\{\s*([a-z][a-z_]*)\s*\}\}")
_FIELDS = {"name": str, "version": int, "inputs": list, "why": str}


@dataclass(frozen=True, slots=True)
class Rendered:
    """The two messages that a chat model is given."""

    system: str
    user: str


@dataclass(frozen=True, slots=True)
class Prompt:
    """One version of one prompt. `digest` is the sha256 (hex) of its file."""

    name: str
    version: int
    inputs: tuple[str, ...]
    why: str
    system: str
    user: str
    digest: str

    @property
    def fingerprint(self) -> str:
        """Which words exactly were used: `answer.v1:` and twelve digits of the digest."""
        return f"{self.name}.v{self.version}:{self.digest[:12]}"

    def render(self, **values: str) -> Rendered:
        """The messages with the values in their places. Raises `PromptError` where inputs are missing or unknown."""
        missing, unknown = set(self.inputs) - set(values), set(values) - set(self.inputs)
        if missing or unknown:
            raise PromptError(
                f"the prompt {self.name}.v{self.version} takes {', '.join(self.inputs)}:"
                f"{_named('missing', missing)}{_named('unknown', unknown)}; give exactly its inputs"
            )
        return Rendered(_substituted(self.system, values), _substituted(self.user, values))


def load(name: str, version: int | None = None) -> Prompt:
    """A prompt by name; the newest version where none is given. Raises `PromptError`."""
    found = versions(name)
    if not found:
        raise PromptError(f"there is no prompt {name}: `prompts/` holds no file {name}.v1.md")
    wanted = max(found) if version is None else version
    if wanted not in found:
        known = ", ".join(str(number) for number in sorted(found))
        raise PromptError(f"the prompt {name} has no version {wanted}: choose one of {known}")
    return parse(found[wanted].name, found[wanted].read_bytes())


def versions(name: str) -> dict[int, Traversable]:
    """The files of a prompt by version; empty where there is no such prompt."""
    files: dict[int, Traversable] = {}
    for file in resources.files("prompts").iterdir():
        match = _FILE_NAME.fullmatch(file.name)
        if match and match["name"] == name:
            files[int(match["version"])] = file
    return files


def parse(file_name: str, data: bytes) -> Prompt:
    """A prompt from the bytes of its file. Raises `PromptError` saying what is wrong with it."""
    try:
        text = data.decode("utf-8").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        raise PromptError(f"{file_name} is not UTF-8: save it as UTF-8") from error
    match = _FILE.fullmatch(text)
    if match is None:
        raise PromptError(f"{file_name} has no front matter: begin it with --- and end that part with ---")
    front = _front_matter(file_name, match["front"])
    parts = _PARTS.fullmatch(match["body"])
    if parts is None:
        raise PromptError(f"{file_name} needs one part under `## system` and one under `## user`, in this order")
    prompt = Prompt(
        name=front["name"],
        version=front["version"],
        inputs=tuple(front["inputs"]),
        why=front["why"],
        system=parts["system"].strip(),
        user=parts["user"].strip(),
        # Line ends are those of a checkout, and no other words.
        digest=digest_of(text),
    )
    _check(file_name, prompt)
    return prompt


def _front_matter(file_name: str, front: str) -> dict[str, Any]:
    try:
        fields = yaml.safe_load(front)
    except yaml.YAMLError as error:
        raise PromptError(f"the front matter of {file_name} is not YAML: {error}") from error
    if not isinstance(fields, dict) or set(fields) != set(_FIELDS):
        raise PromptError(f"the front matter of {file_name} needs exactly the fields {', '.join(_FIELDS)}")
    for field, kind in _FIELDS.items():
        if not isinstance(fields[field], kind):
            raise PromptError(f"{file_name}: {field} is {fields[field]!r}, which is no {kind.__name__}")
    return fields


def _check(file_name: str, prompt: Prompt) -> None:
    if file_name != f"{prompt.name}.v{prompt.version}.md":
        raise PromptError(f"{file_name} says that it is {prompt.name}.v{prompt.version}: rename one of them")
    used = set(_INPUT.findall(prompt.system + prompt.user))
    undeclared, unused = used - set(prompt.inputs), set(prompt.inputs) - used
    if undeclared or unused:
        raise PromptError(
            f"the inputs of {file_name} do not fit its template:"
            f"{_named('not declared', undeclared)}{_named('not used', unused)}"
        )


def _named(what: str, names: set[str]) -> str:
    return f" {what}: {', '.join(sorted(names))}" if names else ""


def _substituted(template: str, values: Mapping[str, str]) -> str:
    return _INPUT.sub(lambda match: values[match[1]], template)
