"""The rules, one after the other: what a statement's sources do not bear out, and what to note beside it."""

from __future__ import annotations

from collections.abc import Sequence

from assistant.checking.attribution import attribution_notes, misattributed
from assistant.checking.bindings import misplaced_numbers
from assistant.checking.dates import repeated_dates, unsaid_dates
from assistant.checking.hedges import stated_as_facts
from assistant.checking.names import parted_names, strange_names
from assistant.checking.negation import denials, denies
from assistant.checking.opposites import opposites
from assistant.checking.quantities import quantities, repeated_numbers, unsaid_numbers
from assistant.checking.roles import swapped_roles


def faults_of(text: str, quotes: Sequence[str]) -> tuple[str, ...]:
    """What is not borne out, in words for a reader; empty where no rule finds anything."""
    faults = number_faults(text, quotes)
    faults += strange_names(text, quotes) or parted_names(text, quotes)
    faults += misplaced_numbers(text, quotes)
    faults += denials(text, quotes)
    faults += opposites(text, quotes, denied=denies(text) != any(denies(quote) for quote in quotes))
    faults += stated_as_facts(text, quotes)
    faults += misattributed(text, quotes)
    faults += swapped_roles(text, quotes)
    return tuple(dict.fromkeys(faults))


def number_faults(text: str, quotes: Sequence[str]) -> list[str]:
    """The dates and numbers that are not borne out."""
    years = frozenset(value for quote in quotes for one in quantities(quote) for value in one.values)
    unsaid = [f"the sources do not say {said}" for said in unsaid_dates(text, quotes, years)]
    unsaid += unsaid_numbers(text, quotes)
    return unsaid or repeated_dates(text, quotes) + repeated_numbers(text, quotes)


def notes_of(text: str, quotes: Sequence[str]) -> tuple[str, ...]:
    """What must be said beside a statement that its sources bear out."""
    return attribution_notes(text, quotes)
