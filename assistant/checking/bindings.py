"""Bindings: which number the sources say of which name.

Only the plain case, a number and a name in one clause: at fault where the sources have the number in clauses with other
names alone, and say another number of the same unit of that name. Not done: a clause with several of both.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assistant.checking.clauses import clauses
from assistant.checking.names import Name, are_alike, names
from assistant.checking.quantities import Quantity, are_equal, quantities


@dataclass(frozen=True, slots=True)
class Part:
    """The names and numbers of one clause."""

    names: tuple[Name, ...]
    quantities: tuple[Quantity, ...]

    def of(self, word: str) -> bool:
        """Whether it names somebody or something."""
        return any(are_alike(name.word, word) for name in self.names)


def misplaced_numbers(text: str, quotes: Sequence[str]) -> list[str]:
    """Numbers that a statement says of one name and its sources of another."""
    held = [part for quote in quotes for part in _parts(quote)]
    faults = []
    for part in _parts(text):
        for one in part.quantities:
            places = [other for other in held if any(are_equal(one, source) for source in other.quantities)]
            if not part.names or not places or not all(place.names for place in places):
                continue
            strange = all(not place.of(name.word) for place in places for name in part.names)
            if strange and any(_says_another(one, name, held) for name in part.names):
                faults.append(f"the sources say {one.said} of {places[0].names[0].word}")
    return faults


def _says_another(one: Quantity, name: Name, held: Sequence[Part]) -> bool:
    """Whether the sources say a number of the same unit of a name."""
    return any(part.of(name.word) and any(other.unit == one.unit for other in part.quantities) for part in held)


def _parts(text: str) -> list[Part]:
    named, counted = names(text), [one for one in quantities(text) if not one.is_year and one.unit != "ordinal"]
    return [
        Part(
            tuple(name for name in named if clause.start <= name.start < clause.end),
            tuple(one for one in counted if clause.start <= one.start < clause.end),
        )
        for clause in clauses(text)
    ]
