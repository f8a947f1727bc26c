r"""A chat model that follows a script: no network, no key, the same words each time. To try the path, and for tests.

A script is a JSON file holding a list of rules, or a JSONL file with one rule a line. The first rule whose `when` is
found in the user message wins:

    {"when": "How many bombings", "reply": "There were 145. [1.1]"}

    when    a regular expression, searched in the user message; "" fits every message
    reply   what the model writes; `\1` to `\9` stand for what the groups of `when` found
    piece   how many characters come at a time (8)
    wait    seconds before each piece (0)
    fail    "unavailable": fails before a word; "breaks off": fails half-way through the reply; "ends": behind it

A message that no rule fits is an error. Scripts that are built in, one for each way that a model may go:

    first               the first sentence that it is shown, in its own words
    good                the first two, each with its marker
    silent              writes nothing
    does-not-know       says that the documents do not say
    inventing           after a true statement, one with a made-up number, and one that points at what was not shown
    cut-short           ends in the middle of its second marker, as a model out of tokens does
    breaks-off          fails there
    breaks-off-early    fails in the middle of its first marker
    slow                as first, letter by letter, with a wait before each
    failing             fails before a word

`scripted:obedient` obeys every order in what it is shown (`assistant.obedient_model`). They are no language models:
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
from assistant.reading.markers import SILENCE
from index.errors import ModelUnavailable

SCHEME = "scripted:"
OBEDIENT = "obedient"
DEFAULT_PIECE = 8

Failure = Literal["unavailable", "breaks off", "ends"]

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
        if rule.fail is not None:
            raise ModelUnavailable(f"the model {self.name} broke off, as its script says")


def open_script(name: str) -> ScriptedChatModel | ObedientModel:
    """The model called `scripted:NAME` (built in) or `scripted:PATH`.

    Raises `ModelUnavailable` where the script is no script.
    """
    place = name.removeprefix(SCHEME)
    if place == OBEDIENT:
        return ObedientModel(name)
    if place in SCRIPTS:
        return ScriptedChatModel(name, SCRIPTS[place])
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


# The first sentence shown and its ordinal; and the first two that follow one another.
_ONE = re.compile(r"^\[(\d+\.\d+)\] (.+)$", re.MULTILINE)
_TWO = re.compile(r"^\[(\d+\.\d+)\] (.+)\n\[(\d+\.\d+)\] (.+)$", re.MULTILINE)
# To any other message, a follow-up to complete say, nothing.
_NOTHING = Rule(re.compile(""), "")
_INVENTED = r"\2 [\1] In all, 98765 people were hurt. [\1] Nobody knows who did it. [99.9]"

SCRIPTS: dict[str, tuple[Rule, ...]] = {
    "first": (Rule(_ONE, r"\2 [\1]"), _NOTHING),
    "good": (Rule(_TWO, r"\2 [\1] \4 [\3]"), Rule(_ONE, r"\2 [\1]"), _NOTHING),
    "silent": (_NOTHING,),
    "does-not-know": (Rule(_ONE, SILENCE), _NOTHING),
    "inventing": (Rule(_ONE, _INVENTED), _NOTHING),
    "cut-short": (Rule(_ONE, r"\2 [\1] More is to come. [1."), _NOTHING),
    "breaks-off": (Rule(_ONE, r"\2 [\1] More is to come. [1.", fail="ends"), _NOTHING),
    "breaks-off-early": (Rule(_ONE, r"\2 [1.", fail="ends"), _NOTHING),
    "slow": (Rule(_ONE, r"\2 [\1]", piece=1, wait=0.02), _NOTHING),
    "failing": (Rule(re.compile(""), "", fail="unavailable"),),
}
