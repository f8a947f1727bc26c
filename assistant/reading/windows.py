"""Windows: a few neighbouring sentences each, around the sentences that words speak for most. What a model is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.reading.encoding import window
from assistant.reading.evidence import Candidate
from assistant.reading.models import ReaderModel, Window

# Reading 8 windows takes about as long as the search before it; more choose no better (measured on SQuAD's tune).
WINDOWS = 8
# Candidates of one document with more between them than this are no neighbours, in code points.
APART = 200


@dataclass(frozen=True, slots=True)
class Placed:
    """A window with the numbers of the candidates that are its sentences."""

    window: Window
    members: tuple[int, ...]


def windows(
    question: str, candidates: Sequence[Candidate], ranked: Sequence[int], model: ReaderModel, most: int = WINDOWS
) -> list[Placed]:
    """At most `most` windows that hold the candidates ranked first; `ranked` numbers candidates, the best first.

    Windows may overlap: each is built around a candidate that no earlier one holds.
    """
    contexts = list(dict.fromkeys(one.context for one in candidates))
    lengths = model.lengths(question, contexts, [one.text for one in candidates])
    room = dict(zip(contexts, lengths.room, strict=True))
    line_of = {number: line for line in _lines(candidates) for number in line}
    found: list[Placed] = []
    held: set[int] = set()
    for number in ranked:
        if len(found) == most:
            break
        if number in held:
            continue
        line = line_of[number]
        near = window([lengths.sentences[one] for one in line], line.index(number), room[candidates[number].context])
        members = tuple(line[place] for place in near)
        held.update(members)
        shown = Window(candidates[number].context, tuple(candidates[one].text for one in members))
        found.append(Placed(shown, members))
    return found


def _lines(candidates: Sequence[Candidate]) -> list[list[int]]:
    """The candidates' numbers, parted where the document or the place is another; each in the order of its document."""
    order = sorted(range(len(candidates)), key=lambda one: (candidates[one].document_id, candidates[one].start))
    lines: list[list[int]] = [order[:1]]
    for before, number in pairwise(order):
        one, other = candidates[before], candidates[number]
        near = one.document_id == other.document_id and other.start - one.end <= APART
        if near and one.context == other.context:
            lines[-1].append(number)
        else:
            lines.append([number])
    return lines
