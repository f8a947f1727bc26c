"""Headings: by the outline of the file, by a size above that of the running text, or by bold type; in doubt none."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from index.loading.canonical import one_line
from index.loading.pdf.lines import Line
from index.loading.pdf.paragraphs import Paragraph, in_contents

_LARGER = 1.15
_MOST_LINES, _MOST_LARGE, _MOST_BOLD = 3, 200, 120
# Where more of the text than this is bold, bold type says nothing.
_MOST_BOLD_SHARE = 0.35
_NO_HEADING_END = re.compile(r"[,;]$|[^.]\.$|:$")
_CAPTION = re.compile(
    r"(?:fig(?:ure|\.)?|table|tab\.|chart|map|box|abb\.?|tabla|figura|cuadro|source)\s*\W?\d", re.IGNORECASE
)
_LETTER = re.compile(r"[^\W\d_]")
_NOT_WORDS = re.compile(r"[\W_]+")


def body_size(lines: Iterable[Line]) -> float:
    """The size that most characters have, to half a point."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size * 2) / 2] += len(line.text)
    return max(sizes, key=lambda size: (sizes[size], size)) if sizes else 10.0


def is_caption(text: str) -> bool:
    """True for `Figure 3. What it shows`."""
    return _CAPTION.match(text) is not None


class Headings:
    """Tells headings from paragraphs in one document."""

    def __init__(self, lines: Sequence[Line], outline: Iterable[tuple[int, int, str]]) -> None:
        self.body = body_size(lines)
        total = sum(len(line.text) for line in lines)
        self._bold_tells = sum(len(line.text) for line in lines if line.bold) <= _MOST_BOLD_SHARE * total
        self._marks: dict[tuple[int, str], int] = {}
        for level, page, title in outline:
            self._marks.setdefault((page, _bare(title)), level)
        self._levels: dict[float, int] = {}

    def learn(self, paragraphs: Sequence[Paragraph]) -> None:
        """Look at all paragraphs first: the largest size is the first level."""
        sizes = {_rounded(one.size) for one in paragraphs if self._kind(one) == "large"}
        self._levels = {size: level for level, size in enumerate(sorted(sizes, reverse=True), 1)}

    def level(self, paragraph: Paragraph) -> int | None:
        """The level of a heading from 1, None for what is no heading."""
        kind = self._kind(paragraph)
        if kind == "outline":
            return self._marks[(paragraph.page, _bare(_text(paragraph)))]
        if kind == "large":
            return self._levels.get(_rounded(paragraph.size), 1)
        return len(self._levels) + 1 if kind == "bold" else None

    def _kind(self, paragraph: Paragraph) -> str | None:
        text = _text(paragraph)
        if (paragraph.page, _bare(text)) in self._marks:
            return "outline"
        lines = len(paragraph.lines)
        if (
            lines > _MOST_LINES
            or not _LETTER.search(text)
            or paragraph.is_item
            or is_caption(text)
            or in_contents(text)
        ):
            return None
        if paragraph.lines[0].turn or len(_NOT_WORDS.sub("", text)) < 2:
            return None
        if paragraph.size >= _LARGER * self.body and len(text) <= _MOST_LARGE and not text.endswith((",", ";")):
            return "large"
        bold = self._bold_tells and paragraph.bold and paragraph.size >= 0.95 * self.body
        return "bold" if bold and len(text) <= _MOST_BOLD and not _NO_HEADING_END.search(text) else None


def _rounded(size: float) -> float:
    return round(size * 2) / 2


def _text(paragraph: Paragraph) -> str:
    return one_line(" ".join(line.text for line in paragraph.lines))


def _bare(text: str) -> str:
    """A title's letters and digits alone: outlines spell spaces and signs differently."""
    return _NOT_WORDS.sub("", text).lower()
