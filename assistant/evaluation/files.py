"""Files of cases: JSONL or SQuAD's JSON, told apart by what is in them, whatever their names."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from assistant.evaluation.cases import Case, parse_cases, read_text
from assistant.evaluation.squad import Paragraph, decode_squad, parse_squad
from index.errors import InvalidInput

# An object that begins with `data`, plain values such as `version` before it; so a broken file is known too.
_SQUAD = re.compile(r'\s*\{\s*(?:"[^"\\]*"\s*:\s*(?:"[^"\\]*"|[\d.]+|null)\s*,\s*)*"data"\s*:')


@dataclass(frozen=True, slots=True)
class CaseFile:
    """The cases of a file, and the paragraphs that it brings (none where it is JSONL)."""

    cases: tuple[Case, ...]
    paragraphs: tuple[Paragraph, ...]


def load_case_file(path: Path) -> CaseFile:
    """Read a file of either kind.

    Raises `NotFound`, `UnreadableFile`, or `InvalidInput` naming what is wrong, and the line or the place in the JSON.
    """
    text = read_text(path)
    if _SQUAD.match(text):
        return CaseFile(*parse_squad(decode_squad(text, path), path))
    try:
        whole = json.loads(text)
    except json.JSONDecodeError:
        whole = None  # Several lines, or a faulty one: read line by line, which names it.
    if isinstance(whole, dict) and "data" in whole:
        return CaseFile(*parse_squad(whole, path))
    if isinstance(whole, list) or (isinstance(whole, dict) and not whole.keys() & {"question", "answers"}):
        raise InvalidInput(
            f"{path} is neither JSONL nor SQuAD's format: write one object a line with question and answers, or one "
            'object with the field data ({"data": [{"title": ..., "paragraphs": [...]}]})'
        )
    if isinstance(whole, dict):
        # One case, written over several lines perhaps.
        text = json.dumps(whole)
    return CaseFile(parse_cases(text, path), ())
