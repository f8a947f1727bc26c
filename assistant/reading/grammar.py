"""Grammar: the forms that leave a model no ordinal to write but those that it was shown.

A grammar in llama.cpp's notation (GBNF) for the text as the prompt `answer` asks for it, and a JSON schema for the one
that `answer_json` asks for. Both let it say that the documents do not say.
"""

from __future__ import annotations

import json
from collections.abc import Iterable

from assistant.chat_models import Grammar, Schema
from assistant.reading.markers import SILENCE

# The prompts ask for no more.
MOST_STATEMENTS = 3
MOST_ORDINALS = 4
# A model that finds no end is brought to one; a statement that a person would read is shorter.
MOST_WORDS = 60

# A statement is one sentence, so that its ordinals are all of it: within it a full stop stands in a number or behind
# an abbreviation or an ordinal ("5. Mai") only. Brackets are left to the markers, and no fence can be written.
_RULES = r"""
root ::= {silence} | statement ([ \n] statement){{0,{more}}}
statement ::= piece (" " piece){{0,{words}}} stop " [" ordinal (", " ordinal){{0,{ordinals}}} "]"
piece ::= word | short
word ::= sign (dot? sign)*
short ::= [A-Z] [a-z]{{0,3}} "." | ([A-Za-z] "."){{2,4}} | [0-9]{{1,4}} "."
sign ::= [^ \t\n\r.!?…。！？`<>\[\]【】［］]
dot ::= [.!?]
stop ::= [.!?…。！？] ["”’»)]?
ordinal ::= {choice}
"""


def grammar(ordinals: Iterable[str]) -> Grammar:
    """One to three statements that each end in markers of these ordinals, or the sentence of silence."""
    return Grammar(
        _RULES.format(
            silence=json.dumps(SILENCE),
            more=MOST_STATEMENTS - 1,
            words=MOST_WORDS - 1,
            ordinals=MOST_ORDINALS - 1,
            choice=" | ".join(json.dumps(ordinal) for ordinal in ordinals),
        ).strip()
    )


def schema(ordinals: Iterable[str]) -> Schema:
    """JSON of statements, each with sentences out of these ordinals; no statements where the documents do not say."""
    sentences = {
        "type": "array",
        "items": {"type": "string", "enum": list(ordinals)},
        "minItems": 1,
        "maxItems": MOST_ORDINALS,
    }
    statement = _closed({"text": {"type": "string"}, "sentences": sentences})
    statements = {"type": "array", "items": statement, "maxItems": MOST_STATEMENTS}
    return Schema({"title": "answer", **_closed({"statements": statements})})


def _closed(properties: dict[str, object]) -> dict[str, object]:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
