"""Sentences of a text, as spans: sentencex decides, line by line, and what it commonly gets wrong is put right.

Spans are in order, do not overlap, carry no outer white space, and hold every character that is not white space. A
sentence never runs over a line break: in canonical text a line is a paragraph, a list item, a heading or a row.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator

import sentencex  # type: ignore[import-untyped]

Span = tuple[int, int]

# sentencex takes quadratic time on opening quotes that nothing closes, so no more than this is given to it at once.
_WINDOW = 4_000
# A quotation that makes a longer sentence than this is parted at the sentences inside it.
_LONG = 400

_FALLBACK = "en"

# Abbreviations that sentencex breaks after. The first kind takes a number after it, the second anything.
_BEFORE_NUMBERS = frozenset(
    """
    approx ca circa c no nos nr p pp art arts sec secs fig figs vol vols ch chap cl para paras ed eds ref reg tab
    max min jan feb mar apr jun jul aug sep sept oct nov dec est
    aprox núm núms n.º pág págs cap párr inc km tel apdo br čl st str god din tač sl бр чл ст стр сл тач дин г
    """.split()  # noqa: SIM905
)
_BEFORE_ANYTHING = frozenset(
    """
    dr mr mrs ms prof gen col maj lt sgt capt rev hon sen rep gov amb pres messrs e.g i.e cf vs viz incl
    sr sra srta dra lic ing gral cnel ee ej p.ej atte
    doc inž tzv npr gđa др проф инж мр доц ген пук нпр тзв
    """.split()  # noqa: SIM905
)
_LAST_WORD = re.compile(r"([\w.º]+)\.\s*\Z")
_NUMBER_START = re.compile(r"[$€£#(]?\d")
# German months; those that English has too, with their year.
_MONTH = re.compile(
    r"(?:Januar|Jänner|Februar|März|Mai|Juni|Juli|Oktober|Dezember)\b|(?:April|August|September|November)\s+\d{4}"
)
_NUMERAL = re.compile(r"\(?(?:\d{1,3}|[A-Za-z]|[ivxIVX]{1,5})[.)]|[-*•–—+]")
_CLOSERS = re.compile(r"[)\]}”»’]+(?=\s|\Z)|[\"'](?=\s|\Z)")
_OPENERS = re.compile(r"\s[\"“„«‘(\[]+\Z")
_QUOTES = str.maketrans(dict.fromkeys('"“”„«»‘()[]「」（）', " "))
_PARENTHESIS_END = re.compile(r"[.!?]\)\s+(?=[^\W\d_])")


def sentences(text: str, language: str | None) -> list[Span]:
    """The spans of the sentences of a text; `language` is an ISO 639-1 code, None or unknown is taken as English."""
    found: list[Span] = []
    start = 0
    for line in text.split("\n"):
        if line and not line.isspace():
            found += _in_line(text, start, start + len(line), language or _FALLBACK)
        start += len(line) + 1
    return found


def _in_line(text: str, start: int, end: int, language: str) -> Iterator[Span]:
    starts = [start]
    for boundary in _boundaries(text, start, end, language):
        place = _mended(text, boundary, end)
        if starts[-1] < place < end and not _continues(text, starts[-1], place, end):
            starts.append(place)
    for first, last in itertools.pairwise([*starts, end]):
        span = _trimmed(text, first, last)
        if span[0] < span[1]:
            yield span


def _boundaries(text: str, start: int, end: int, language: str) -> Iterator[int]:
    """Where sentences of a line may begin, window by window; the last sentence of a window begins the next one."""
    while end - start > _WINDOW:
        found = list(_in_window(text[start : start + _WINDOW], start, language))
        yield from found
        # Without a boundary the sentence goes on in the next window: a cut here would be a sentence's end nowhere else.
        start = found[-1] if found else start + _WINDOW
    yield from _in_window(text[start:end], start, language)


def _in_window(window: str, offset: int, language: str) -> Iterator[int]:
    """Offsets in the text at which sentences begin, but for the first."""
    for begin, end in _segments(window, language):
        if begin:
            yield offset + begin
        sentence = window[begin:end]
        if len(sentence) > _LONG and (opened := sentence.translate(_QUOTES)) != sentence:
            yield from (offset + begin + inner for inner, _ in _segments(opened, language) if inner)
        elif sentence.startswith("("):
            yield from (offset + begin + match.end() for match in _PARENTHESIS_END.finditer(sentence))


def _segments(window: str, language: str) -> list[Span]:
    boundaries = sentencex.get_sentence_boundaries(language, window)
    return [(boundary["start_index"], boundary["end_index"]) for boundary in boundaries]


def _mended(text: str, boundary: int, end: int) -> int:
    """A boundary moved past what closes the sentence before it, or back over what opens the one after it."""
    closers = _CLOSERS.match(text, boundary, end)
    if closers is not None:
        boundary = closers.end()
    openers = _OPENERS.search(text[max(0, boundary - 8) : boundary].rstrip())
    if openers is not None:
        boundary -= len(text[max(0, boundary - 8) : boundary]) - openers.start()
    return boundary


def _continues(text: str, start: int, boundary: int, end: int) -> bool:
    """True where the sentence that began at `start` goes on after `boundary`."""
    before = text[max(start, boundary - 40) : boundary].strip()
    after = text[boundary : min(end, boundary + 8)].lstrip()
    if not before or not any(char.isalnum() for char in after[:1] + text[boundary : min(end, boundary + 40)]):
        return True
    if boundary - start < 40 and _NUMERAL.fullmatch(before):
        return True
    word = _LAST_WORD.search(before)
    if word is None:
        return False
    abbreviation = word[1].lower()
    # An ordinal, as German and the Slavic languages write it: "5. Mai", "5. maja 2020. godine".
    month = len(abbreviation) <= 2 and _MONTH.match(text[boundary : min(end, boundary + 24)].lstrip())
    if abbreviation.isdigit() and len(abbreviation) <= 4 and (after[:1].islower() or month):
        return True
    if abbreviation in _BEFORE_ANYTHING or (abbreviation in _BEFORE_NUMBERS and _NUMBER_START.match(after)):
        return True
    return "." in abbreviation and after[:1].islower()


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while start < end and text[end - 1].isspace():
        end -= 1
    return start, end
