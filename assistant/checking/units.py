"""Units of measure: how they are written, and what they are multiples of.

A ton is held to be a tonne: texts write either for either. Units that are not here are not compared.
"""

from __future__ import annotations

import re

# A way of writing -> what it measures, and how many of that.
_WRITTEN: tuple[tuple[str, str, float], ...] = (
    (r"kilograms?|kilogrammes?|kilos?|kgs?|kilogramos?", "kilograms", 1),
    (r"(?:metric\s+)?(?:tonnes?|tons?|toneladas?)", "kilograms", 1000),
    (r"grams?|grammes?|gramos?", "kilograms", 0.001),
    (r"pounds?\s+sterling|gbp", "pounds sterling", 1),
    (r"pounds?|lbs?", "pounds", 1),
    (r"kilometers?|kilometres?|kms?|kilómetros?", "metres", 1000),
    (r"nautical\s+miles?|millas?\s+náuticas?", "metres", 1852),
    (r"miles?|millas?", "metres", 1609.344),
    (r"centimet(?:er|re)s?|cm", "metres", 0.01),
    (r"met(?:er|re)s?|metros?|m", "metres", 1),
    (r"square\s+kilomet(?:er|re)s?|km²|km2", "square metres", 1e6),
    (r"hectares?|ha", "square metres", 1e4),
    (r"lit(?:er|re)s?|litros?", "litres", 1),
    (r"horsepower|hp|caballos?", "horsepower", 1),
    (r"(?:u\.?s\.?|american)\s+dollars?|dollars?|usd|us\$|\$|dólares|dólar", "dollars", 1),
    (r"euros?|eur|€", "euros", 1),
    (r"£", "pounds sterling", 1),
    (r"yen|jpy|¥", "yen", 1),
    (r"(?:swiss\s+)?francs?|chf", "francs", 1),
    (r"percent(?:age\s+points?)?|per\s+cent|por\s+ciento|pct|%", "share", 0.01),
    (r"minutes?|mins?|minutos?", "hours", 1 / 60),
    (r"hours?|hrs?|horas?", "hours", 1),
    (r"days?|días?", "hours", 24),
    (r"weeks?|semanas?", "hours", 24 * 7),
    (r"months?|meses|mes", "months", 1),
    (r"years?|yrs?|años?", "months", 12),
    (r"decades?|décadas?", "months", 120),
    (r"centur(?:y|ies)|siglos?", "months", 1200),
    (r"p\.\s?m\.?|pm", "o'clock pm", 1),
    (r"a\.\s?m\.?|am", "o'clock am", 1),
    (r"times", "times", 1),
)
_AFTER = [(re.compile(rf"(?:{written})(?!\w)", re.IGNORECASE), name, factor) for written, name, factor in _WRITTEN]
_CURRENCY = re.compile(r"(?P<unit>us\$|\$|€|£|¥|\b(?:usd|eur|gbp|chf)\s?)\s?\Z", re.IGNORECASE)


def unit_after(text: str, start: int) -> tuple[str, float, int] | None:
    """The unit that is written at a place: its name, its factor, and where it ends."""
    best: tuple[str, float, int] | None = None
    for pattern, name, factor in _AFTER:
        found = pattern.match(text, start)
        if found and (best is None or found.end() > best[2]):
            best = (name, factor, found.end())
    return best


def currency_before(text: str, end: int) -> tuple[str, int] | None:
    """The currency whose sign or code stands right before a place, and where it starts."""
    found = _CURRENCY.search(text, max(0, end - 5), end)
    if not found:
        return None
    unit = unit_after(found["unit"].strip(), 0)
    return (unit[0], found.start()) if unit else None
