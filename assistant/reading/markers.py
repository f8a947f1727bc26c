"""Markers: from what a model writes, piece by piece, to statements and the ordinals that each of them ends in.

A marker is `[1.2]`, `[1.2, 2.1]`, `[1.2][2.1]` or `【1.2】`, before or after the full stop. A statement is whole when
its stop and its markers have come and something else follows, or at the end of a line. What stands in code, between
back-ticks, is left as it is. How the text was cut in pieces changes nothing. Nothing is judged here: whether an ordinal
was shown, and what becomes of a statement without one, is the reader's.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from assistant.reading.material import HALF_MARKER, MARKER

# What a model writes, alone, where the documents do not say; the prompt names it.
SILENCE = "NOT_IN_DOCUMENTS"

_STOP = r"[.!?…。！？]"
_QUOTE = r"[\"'”’»)*_]"
_GROUP = rf"(?:{MARKER})(?:[ \t]*(?:{MARKER}))*"
# A group, the stop or the closing quote behind it, and the markers that go on behind those.
_ENDING = re.compile(
    rf"(?P<group>{_GROUP})(?P<tail>[ \t]*(?P<stop>{_STOP}+){_QUOTE}*|{_QUOTE}+)?(?(stop)(?:[ \t]*(?P<more>{_GROUP}))?)"
)
_FINISHED = re.compile(rf"{_STOP}{_QUOTE}*\s*$")
_HALF = re.compile(HALF_MARKER)
_BETWEEN = re.compile(r"[\[\]【】［］,;，；、\s]+")
_TICKS = re.compile(r"`+")
# Back-ticks that are not closed so soon are no code, and what follows them is not waited for.
LONGEST_CODE = 2000
_LISTED = re.compile(r"^\s*(?:[-*•–]|\d{1,2}[.)])\s+")


@dataclass(frozen=True, slots=True)
class Written:
    """One statement as written, its markers taken out, and its ordinals in order; either may be empty."""

    text: str
    ordinals: tuple[str, ...]


class Markers:
    """Reads one text of a model. `feed` it every piece, then `close` it once."""

    def __init__(self) -> None:
        self._rest = ""
        # What is known of the statement that is not whole yet.
        self._text = ""
        self._ordinals: list[str] = []

    def feed(self, piece: str) -> list[Written]:
        """The statements that stand whole with this piece."""
        self._rest += piece
        return self._read(last=False)

    def close(self) -> list[Written]:
        """What is left at the end of the text."""
        return [*self._read(last=True), *self._whole()]

    def _read(self, *, last: bool) -> list[Written]:
        found: list[Written] = []
        while self._rest:
            ending = _ENDING.search(self._rest)
            line_end = self._rest.find("\n", 0, ending.start() if ending else None)
            first = ending.start() if ending and line_end < 0 else line_end
            ticks = _TICKS.search(self._rest, 0, first if first >= 0 else len(self._rest))
            if ticks is not None:
                end = self._code_end(ticks, last=last)
                if end is None:
                    break
                self._take(end, end)
            elif line_end >= 0:
                self._take(line_end, line_end + 1)
                found += self._whole()
            elif ending is not None and (last or self._decided(ending.end())):
                found += self._at(ending)
            elif ending is None and last:
                self._take(len(self._rest), len(self._rest))
            else:
                break
        return found

    def _code_end(self, ticks: re.Match[str], *, last: bool) -> int | None:
        """Where the code ends that back-ticks begin, or they themselves where they begin none; None: not known yet."""
        farthest = ticks.end() + LONGEST_CODE
        for closing in _TICKS.finditer(self._rest, ticks.end(), farthest):
            if closing.end() == len(self._rest) and not last:
                return None  # More back-ticks may come.
            if len(closing[0]) == len(ticks[0]) and (
                len(ticks[0]) > 2 or "\n" not in self._rest[ticks.end() : closing.start()]
            ):
                return closing.end()
        ends = len(self._rest) >= farthest or (len(ticks[0]) <= 2 and "\n" in self._rest[ticks.end() :])
        return ticks.end() if last or ends else None

    def _decided(self, end: int) -> bool:
        """Whether what has come behind an ending suffices to say that the ending is all here."""
        behind = self._rest[end:].lstrip(" \t")
        return bool(behind) and _HALF.fullmatch(behind) is None

    def _at(self, ending: re.Match[str]) -> list[Written]:
        text = self._text + self._rest[: ending.start()].rstrip(" \t")
        finished = _FINISHED.search(text) is not None
        tail, stop = (ending["tail"] or "").strip(), ending["stop"]
        # A sentence has one stop, before its markers or behind them.
        self._text = text if finished and stop else text + tail
        self._ordinals += _ordinals(ending["group"]) + _ordinals(ending["more"] or "")
        self._rest = self._rest[ending.end() :]
        return self._whole() if finished or stop else []

    def _take(self, upto: int, rest: int) -> None:
        self._text += self._rest[:upto]
        self._rest = self._rest[rest:]

    def _whole(self) -> list[Written]:
        text = " ".join(_LISTED.sub("", self._text).split())
        written = Written(text, tuple(dict.fromkeys(self._ordinals)))
        self._text, self._ordinals = "", []
        return [written] if written.text or written.ordinals else []


def _ordinals(group: str) -> list[str]:
    """The ordinals in a group of markers, in plain digits, as written otherwise."""
    return [unicodedata.normalize("NFKC", part).strip(".:-–") for part in _BETWEEN.split(group) if part.strip(".:-–")]
