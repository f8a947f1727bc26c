r"""A chat model that follows a script: no network, no key, the same words each time. To try the path, and for tests.

A script is a JSON file holding a list of rules, or a JSONL file with one rule a line. The first rule whose `when` is
found in the user message wins:

    {"when": "How many bombings", "reply": "There were 145. [1.1]"}

    when    a regular expression, searched in the user message; "" fits every message
    reply   what the model writes; `\1` to `\9` stand for what the groups of `when` found
    piece   how many characters come at a time (8)
    wait    seconds before each piece (0)
    fail    "unavailable": fails before a word; "breaks off": fails half-way through the reply

A message that no rule fits is an error. Two are built in: `scripted:first` answers with the first sentence it is shown,
and `scripted:obedient` obeys every order in what it is shown (`assistant.obedient_model`). They are no language models:
they understand nothing.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast, get_args

from assistant.obedient_model import ObedientModel
from index.errors import ModelUnavailable

SCHEME = "scripted:"
FIRST, OBEDIENT = "first", "obedient"
DEFAULT_PIECE = 8

Failure = Literal["unavailable", "breaks off"]

_GROUP = re.compile(r"\\([1-9])")
_KINDS: dict[str, type | tuple[type, ...]] = {
    "when": str,
    "reply": str,
    "piece": int,
    "wait": (int, float),
    "fail": str,
}


@dataclass(frozen=True, slots=True)
class Rule:
    """What is written to the messages in which `when` is found."""

    when: re.Pattern[str]
    reply: str
    piece: int = DEFAULT_PIECE
    wait: float = 0.0
    fail: Failure | None = None


class ScriptedChatModel:
    """Writes what its rules say, piece by piece."""

    def __init__(self, name: str, rules: tuple[Rule, ...]) -> None:
        self.name = name
        self._rules = rules

    def write(self, system: str, user: str) -> Iterator[str]:  # noqa: ARG002 - a script goes by the user message
        """The reply of the first fitting rule. Raises `ModelUnavailable` where no rule fits or a rule says so."""
        for rule in self._rules:
            match = rule.when.search(user)
            if match is not None:
                return self._written(rule, match)
        raise ModelUnavailable(f"the script {self.name} has no rule for this message: add one with an empty `when`")

    def _written(self, rule: Rule, match: re.Match[str]) -> Iterator[str]:
        if rule.fail == "unavailable":
            raise ModelUnavailable(f"the model {self.name} is not available, as its script says")
        reply = _GROUP.sub(lambda group: match[int(group[1])] or "", rule.reply)
        stop = len(reply) // 2 if rule.fail == "breaks off" else len(reply)
        for start in range(0, stop, rule.piece):
            time.sleep(rule.wait)
            yield reply[start : min(start + rule.piece, stop)]
        if rule.fail == "breaks off":
            raise ModelUnavailable(f"the model {self.name} broke off, as its script says")


def open_script(name: str) -> ScriptedChatModel | ObedientModel:
    """The model called `scripted:first`, `scripted:obedient` or `scripted:PATH`.

    Raises `ModelUnavailable` where the script is no script.
    """
    place = name.removeprefix(SCHEME)
    if place == OBEDIENT:
        return ObedientModel(name)
    if place == FIRST:
        return ScriptedChatModel(name, _FIRST_RULES)
    return ScriptedChatModel(name, read_rules(Path(place)))


def read_rules(path: Path) -> tuple[Rule, ...]:
    """The rules of a script file. Raises `ModelUnavailable` naming the file and the rule that cannot be used."""
    try:
        text = path.read_text(encoding="utf-8")
        rows = [json.loads(line) for line in text.splitlines() if line.strip()] if path.suffix == ".jsonl" else None
        rows = json.loads(text) if rows is None else rows
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise ModelUnavailable(
            f"the script {path} of the scripted model cannot be read: {error}; use scripted:first or mend the file"
        ) from error
    if not isinstance(rows, list):
        raise ModelUnavailable(f"the script {path} is no list of rules: put its rules into [ and ]")
    return tuple(_rule(row, f"rule {number} of the script {path}") for number, row in enumerate(rows, 1))


def _rule(row: Any, place: str) -> Rule:
    if not isinstance(row, dict) or not {"when", "reply"} <= set(row) <= set(_KINDS):
        raise ModelUnavailable(f"{place} needs `when` and `reply`, and may have `piece`, `wait` and `fail`")
    for key, value in row.items():
        if not isinstance(value, _KINDS[key]) or isinstance(value, bool):
            raise ModelUnavailable(f"{place}: {key} cannot be {value!r}")
    if row.get("piece", DEFAULT_PIECE) < 1 or row.get("wait", 0) < 0:
        raise ModelUnavailable(f"{place}: piece is at least 1, and wait no less than 0")
    if row.get("fail") not in (None, *get_args(Failure)):
        raise ModelUnavailable(f"{place}: fail is one of {', '.join(get_args(Failure))}, not {row['fail']!r}")
    try:
        when = re.compile(row["when"])
    except re.error as error:
        raise ModelUnavailable(f"{place}: `when` is no regular expression: {error}") from error
    if any(int(group) > when.groups for group in _GROUP.findall(row["reply"])):
        raise ModelUnavailable(f"{place}: `reply` names a group that `when` does not have")
    return Rule(
        when, row["reply"], row.get("piece", DEFAULT_PIECE), row.get("wait", 0.0), cast(Failure | None, row.get("fail"))
    )


# The sentence behind the first ordinal at the start of a line; to any other message, nothing.
_FIRST_RULES = (
    Rule(re.compile(r"^\[(\d+\.\d+)\] (.+)$", re.MULTILINE), r"\2 [\1]"),
    Rule(re.compile(""), ""),
)
