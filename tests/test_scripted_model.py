"""The scripted model reads its rules, and says what is wrong with one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from assistant.scripted_model import open_script
from index.errors import ModelUnavailable


def script(tmp_path: Path, content: str, name: str = "script.json") -> str:
    path = tmp_path / name
    path.write_text(content, encoding="utf-8")
    return f"scripted:{path}"


def test_a_script_answers_with_its_first_fitting_rule(tmp_path: Path) -> None:
    rules = [{"when": "murders in (\\w+)", "reply": "In \\1, none.", "piece": 3}, {"when": "", "reply": "Else."}]
    by_list = open_script(script(tmp_path, json.dumps(rules)))
    by_line = open_script(script(tmp_path, "\n".join(json.dumps(rule) for rule in rules), "script.jsonl"))
    for model in (by_list, by_line):
        assert list(model.write("", "How many murders in Quito?")) == ["In ", "Qui", "to,", " no", "ne."]
        assert "".join(model.write("", "Hello")) == "Else."


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{", "cannot be read"),
        ('{"when": "", "reply": ""}', "no list of rules"),
        ('[{"when": ""}]', "rule 1 .* needs `when` and `reply`"),
        ('[{"when": "", "reply": "", "more": 1}]', "rule 1"),
        ('[{"when": "(", "reply": ""}]', "no regular expression"),
        ('[{"when": "", "reply": "\\\\1"}]', "names a group"),
        ('[{"when": "", "reply": "", "piece": 0}]', "at least 1"),
        ('[{"when": "", "reply": "", "piece": "x"}]', "piece cannot be 'x'"),
        ('[{"when": "", "reply": "", "fail": "no"}]', "fail is one of"),
    ],
)
def test_a_script_that_is_none_is_an_error_that_names_the_rule(tmp_path: Path, content: str, message: str) -> None:
    with pytest.raises(ModelUnavailable, match=message):
        open_script(script(tmp_path, content))


def test_a_message_that_no_rule_fits_is_an_error(tmp_path: Path) -> None:
    model = open_script(script(tmp_path, '[{"when": "prison", "reply": "x"}]'))
    with pytest.raises(ModelUnavailable, match="no rule"):
        list(model.write("", "ports"))
    with pytest.raises(ModelUnavailable, match="cannot be read"):
        open_script(f"scripted:{tmp_path / 'missing.json'}")
