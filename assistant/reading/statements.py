"""Statements: from the JSON that a model writes, piece by piece, to statements and their ordinals, as `Markers` does.

    {"statements": [{"text": "The bridge was closed in May.", "sentences": ["2.1"]}]}

A statement is whole with its closing brace. Markers that stand in a text are taken out of it and count as its ordinals
too. What is no such JSON is read as plain text: a server may have passed over the schema.
"""

from __future__ import annotations

import json
import re
from typing import Any

from assistant.reading.markers import Markers, Written

_BEGIN = re.compile(r"\s*(?:```(?:json)?\s*)?\{\s*\"statements\"\s*:\s*\[")
_BETWEEN = re.compile(r"[\s,]*")
# The text of a statement that never became whole.
_HALF = re.compile(r"\{\s*\"text\"\s*:\s*(?P<text>\"(?:[^\"\\]|\\.)*)", re.DOTALL)
# What may come before the first statement; a text that is no JSON after so much of it is none.
LONGEST_BEGINNING = 60

_decoder = json.JSONDecoder()


class Statements:
    """Reads one text of a model. `feed` it every piece, then `close` it once."""

    def __init__(self) -> None:
        self._rest = ""
        self._began = False
        # Reads the text where it turns out to be no JSON.
        self._plain: Markers | None = None

    def feed(self, piece: str) -> list[Written]:
        """The statements that stand whole with this piece."""
        if self._plain is None:
            self._rest += piece
            self._begin(last=False)
        return self._read(piece)

    def close(self) -> list[Written]:
        """What is left at the end of the text: a statement that is not whole has no ordinals."""
        if self._plain is None:
            self._begin(last=True)
        found = self._read("")
        if self._plain is not None:
            return [*found, *self._plain.close()]
        half = _HALF.match(self._rest)
        return [*found, Written(" ".join(_unescaped(half["text"]).split()), ())] if half else found

    def _begin(self, *, last: bool) -> None:
        """Find out what the text is, as soon as that can be told."""
        begin = None if self._began else _BEGIN.match(self._rest)
        if begin is not None:
            self._began = True
            self._rest = self._rest[begin.end() :]
        elif not self._began and (last or len(self._rest) > LONGEST_BEGINNING):
            self._plain = Markers()

    def _read(self, piece: str) -> list[Written]:
        if self._plain is not None:
            text, self._rest = self._rest or piece, ""
            return self._plain.feed(text)
        return self._whole() if self._began else []

    def _whole(self) -> list[Written]:
        found: list[Written] = []
        while True:
            between = _BETWEEN.match(self._rest)
            start = between.end() if between else 0
            try:
                value, end = _decoder.raw_decode(self._rest, start)
            except (ValueError, RecursionError):
                self._rest = self._rest[start:]
                return found
            found += _statement(value)
            self._rest = self._rest[end:]


def _statement(value: Any) -> list[Written]:
    """A statement that was written as an object; what is none says nothing."""
    if not isinstance(value, dict) or not isinstance(value.get("text"), str):
        return []
    markers = Markers()
    parts = [*markers.feed(value["text"]), *markers.close()]
    pointed = value.get("sentences")
    ordinals = [one.strip() for one in pointed if isinstance(one, str)] if isinstance(pointed, list) else []
    ordinals += [ordinal for part in parts for ordinal in part.ordinals]
    return [Written(" ".join(part.text for part in parts), tuple(dict.fromkeys(ordinals)))]


def _unescaped(text: str) -> str:
    """The words of a JSON string that was not closed; an escape at its end may be half."""
    for cut in (text, text[: text.rfind("\\")]):
        try:
            return str(_decoder.decode(f'{cut}"'))
        except ValueError:
            continue
    return text
