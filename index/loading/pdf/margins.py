"""Running heads, foot lines and page numbers: lines at the edge of pages that are no part of the text.

Taken for such are lines that stand at the same height at the top or bottom of several pages, digits apart, and numbers
that stand alone at the edge of a page, together with a short line beside them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from index.loading.pdf.lines import Line
from index.loading.pdf.order import rows_of

# Of the page's height: how far in margins reach, and how much the same line may differ in height from page to page.
_REACH, _LEVEL = 0.13, 0.012
_MOST_ROWS = 4
_LEAST_PAGES = 3
_LEAST_SHARE = 0.5
_ROMAN = r"[ivxlc]{1,6}"
_PAGE_NUMBER = re.compile(
    rf"(?:page|seite|página|pagina|p\.|s\.|стр\.?|strana|faqe|pág\.?)?\W{{0,3}}(?:\d{{1,4}}(?:[-–.]\d{{1,4}})?|{_ROMAN})"
    rf"(?:\s*(?:/|of|von|de|od|di)\s*\d{{1,4}})?\W{{0,3}}",
    re.IGNORECASE,
)
_DIGITS = re.compile(r"\d+")
_SPACES = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class PageLines:
    """The lines of a page with its size."""

    number: int
    width: float
    height: float
    lines: list[Line]


def in_margins(pages: Sequence[PageLines], body: float) -> list[list[Line]]:
    """Of each page, the lines that are no part of the text."""
    edges = [[_edge_rows(page, at_top) for at_top in (True, False)] for page in pages]
    seen: Counter[tuple[str, int]] = Counter()
    for page, rows in zip(pages, edges, strict=True):
        seen.update({key for side in rows for row in side for line in row for key in _keys(line, page)[:1]})
    least = min(_LEAST_PAGES, max(2, round(_LEAST_SHARE * len(pages))))
    return [
        [line for side in rows for line in _left_out(side, page, seen, least, body)]
        for page, rows in zip(pages, edges, strict=True)
    ]


def _edge_rows(page: PageLines, at_top: bool) -> list[list[Line]]:
    """The rows at one edge of a page, from the edge inwards."""
    if at_top:
        lines = [line for line in page.lines if line.turn == 0 and line.middle < _REACH * page.height]
        return rows_of(lines)[:_MOST_ROWS]
    lines = [line for line in page.lines if line.turn == 0 and line.middle > (1 - _REACH) * page.height]
    return rows_of(lines)[::-1][:_MOST_ROWS]


def _keys(line: Line, page: PageLines) -> list[tuple[str, int]]:
    """What makes a line the same as one of another page: its words without digits, and its height or one nearby."""
    words = _SPACES.sub(" ", _DIGITS.sub("#", line.text.lower())).strip()
    level = round(line.middle / page.height / _LEVEL)
    return [(words, level), (words, level - 1), (words, level + 1)]


def _left_out(
    rows: Sequence[Sequence[Line]], page: PageLines, seen: Counter[tuple[str, int]], least: int, body: float
) -> list[Line]:
    """The lines that are left out at one edge: from the edge inwards, until a row belongs to the text."""
    found: list[tuple[Sequence[Line], list[Line]]] = []
    for row in rows:
        repeated = [line for line in row if _is_repeated(line, page, seen, least)]
        numbers = [line for line in row if _PAGE_NUMBER.fullmatch(line.text) and line.size <= 1.3 * body]
        beside = [line for line in row if numbers and line not in numbers and _may_stand_beside(line, numbers, body)]
        out = [line for line in row if line in repeated or line in numbers or line in beside]
        if out:
            found.append((row, out))
        if len(out) < len(row):
            break
    # The headers of a table or the words of a form may stand at the top of every page too, but close to what follows.
    while found and not _stands_off(found[-1][0], page):
        found.pop()
    return [line for _, out in found for line in out]


def _is_repeated(line: Line, page: PageLines, seen: Counter[tuple[str, int]], least: int) -> bool:
    return sum(seen[key] for key in _keys(line, page)) >= least


def _stands_off(row: Sequence[Line], page: PageLines) -> bool:
    """True where a row keeps more distance from what is further in than two lines of text do."""
    top, bottom = min(line.top for line in row), max(line.bottom for line in row)
    others = [line for line in page.lines if line.turn == 0 and line not in row]
    if top < page.height / 2:
        gap = min((line.top - bottom for line in others if line.middle > bottom), default=page.height)
    else:
        gap = min((top - line.bottom for line in others if line.middle < top), default=page.height)
    return gap > 0.5 * max(line.size for line in row)


def _may_stand_beside(line: Line, numbers: Sequence[Line], body: float) -> bool:
    """True for the words of a running head beside its page number, which are set no larger than the text."""
    far = all(max(line.left, one.left) - min(line.right, one.right) > 2.5 * line.size for one in numbers)
    return far and not line.bold and line.size <= body
