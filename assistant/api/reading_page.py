"""The reading page: a document as HTML without a script, one span marked. Pure: values in, HTML out.

Documents are data (law 4): every word is escaped, its direction isolated, and signs that would not be seen or would
turn the text around are shown as signs. A long text is shown in parts around the marked span.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from html import escape
from typing import NamedTuple

from assistant.answers import Citation
from assistant.suspicion import warning
from index.documents import Document, Section

# How much of a text one page holds, and how much of it stands before the marked span.
PART = 200_000
BEFORE = 60_000

TARGET = ' id="quote" tabindex="-1" autofocus'
# What stands before the words of a heading in Markdown, and need not be seen.
_MARKUP = re.compile(r"#+ +")
_HEADING_SIGNS = " \t#=*_"
# A blank line ends a paragraph.
_GAP = re.compile(r"\n(?:[ \t]*\n)+")
# Control signs become their pictures, signs that turn the direction become a replacement sign; one for one.
_SHOWN = {
    **{code: 0x2400 + code for code in range(0x20) if code not in (0x09, 0x0A, 0x0D)},
    0x7F: 0x2421,
    **dict.fromkeys([*range(0x80, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)], 0xFFFD),
}


class Span(NamedTuple):
    """`[start, end)` of a text."""

    start: int
    end: int


def reading_page(document: Document, marked: tuple[int, int] | None, at: int, pages: Sequence[int] = ()) -> str:
    """A document, or the part of it around the marked span (else from `at`), with the span in a `<mark>`.

    `pages` are those that the span stands on, where there are pictures of them.
    """
    mark = Span(*marked) if marked else None
    part = _part(document.text, mark, at)
    text = "".join(_blocks(document, part, mark))
    body = (
        _header(document)
        + _told(document)
        + (_pictures(document.id, mark, pages) if mark else "")
        + _nearby("Earlier in this document", document.id, max(0, part.start - PART), part.start > 0)
        + f'<main class="text" dir="auto">{text if pages else _with_target(text)}</main>'
        + _nearby("Later in this document", document.id, part.end, part.end < len(document.text))
    )
    return _page(document.title, body, document.details.language)


def lost_page(citation: Citation, *, gone: bool) -> str:
    """The kept words of a citation whose document no longer says them, or is no longer there."""
    if not citation.quote:
        title, told = "Removed", "The document was removed from the library, and its words with it."
    elif gone:
        title, told = "Gone", "The document is no longer in the library. When the answer was given, it said:"
    else:
        title, told = "Changed", "The document has changed and no longer says this. When the answer was given, it said:"
    kept = (
        f'<blockquote class="kept" dir="auto" id="quote">{shown(citation.quote)}</blockquote>' if citation.quote else ""
    )
    link = ""
    if not gone:
        place = escape(f"/documents/{citation.document_id}/view", quote=True)
        link = f'<p><a href="{place}">Read the document as it is now</a></p>'
    body = (
        '<header class="reading-head"><p class="brand"><a href="/">Dossier</a></p>'
        f"<h1>{title}</h1>{_meta([citation.title, citation.source, _date(citation)])}</header>"
        f'<main class="text"><p>{told}</p>{kept}{link}</main>'
    )
    return _page(title, body, None)


def shown(text: str) -> str:
    """A text as it may stand in HTML: escaped, and with every sign visible."""
    return escape(text.translate(_SHOWN), quote=True)


def _part(text: str, mark: Span | None, at: int) -> Span:
    start = at if mark is None else max(0, mark.start - BEFORE)
    end = min(len(text), max(start + PART, mark.end if mark else 0))
    if mark is not None and start > 0:
        # Begin with a line, where one begins nearby.
        line = text.find("\n", start, min(mark.start, start + 2000))
        start = line + 1 if line >= 0 else start
    return Span(start, end)


def _blocks(document: Document, part: Span, mark: Span | None) -> Iterator[str]:
    """The part's headings, page numbers and paragraphs in order; every sign of the text is in one of them."""
    sections = [section for section in document.sections if part.start <= section.start < part.end]
    bounds = [section.start for section in sections] + [part.end]
    yield from _paragraphs(document.text, Span(part.start, bounds[0]), mark)
    page = None
    for section, end in zip(sections, bounds[1:], strict=True):
        if section.page is not None and section.page != page:
            page = section.page
            yield f'<p class="page-number">Page {page}</p>'
        heading = _heading(document.text, section, end)
        if heading.end > heading.start:
            signs = _MARKUP.match(document.text, heading.start, heading.end)
            words = Span(signs.end() if signs else heading.start, heading.end)
            yield f'<h2 dir="auto">{_marked(document.text, words, mark)}</h2>'
        yield from _paragraphs(document.text, Span(heading.end, end), mark)


def _heading(text: str, section: Section, end: int) -> Span:
    """The line at a section's start, where it is its heading; else nothing."""
    line_end = text.find("\n", section.start, end)
    line_end = end if line_end < 0 else line_end
    line = text[section.start : line_end].strip(_HEADING_SIGNS)
    is_heading = bool(line) and section.heading.endswith(line)
    return Span(section.start, line_end if is_heading else section.start)


def _paragraphs(text: str, span: Span, mark: Span | None) -> Iterator[str]:
    start = span.start
    gaps = [Span(*gap.span()) for gap in _GAP.finditer(text, span.start, span.end)]
    for gap in [*gaps, Span(span.end, span.end)]:
        if text[start : gap.start].strip():
            yield f'<p dir="auto">{_marked(text, Span(start, gap.start), mark)}</p>'
        start = gap.end


def _marked(text: str, span: Span, mark: Span | None) -> str:
    """A span as HTML, with what of the marked span falls into it in a `<mark>`."""
    if mark is None or mark.end <= span.start or mark.start >= span.end:
        return shown(text[span.start : span.end])
    start, end = max(mark.start, span.start), min(mark.end, span.end)
    return shown(text[span.start : start]) + f"<mark>{shown(text[start:end])}</mark>" + shown(text[end : span.end])


def _with_target(body: str) -> str:
    """Make the first marked piece what the page is scrolled to: by its fragment or, without one, by its focus."""
    return body.replace("<mark>", f"<mark{TARGET}>", 1)


def _pictures(document_id: str, mark: Span, pages: Sequence[int]) -> str:
    """The pages that the marked span stands on, as they were printed; the first is what the page is scrolled to."""
    found: list[str] = []
    for number in pages:
        path = f"/documents/{document_id}/pages/{number}.png?start={mark.start}&end={mark.end}"
        source = escape(path, quote=True)
        target = "" if found else TARGET
        found.append(
            f'<figure class="page-picture"{target}>'
            f'<img src="{source}" alt="Page {number}, with the quote marked">'
            f"<figcaption>Page {number}</figcaption></figure>"
        )
    return "".join(found)


def _header(document: Document) -> str:
    details = document.details
    grade = f"{details.reliability or ''}{details.credibility or ''}"
    facts = [
        document.sources[0] if document.sources else "",
        details.author or "",
        details.published.isoformat() if details.published else "",
        f"graded {grade}" if grade else "",
    ]
    return (
        '<header class="reading-head"><p class="brand"><a href="/">Dossier</a></p>'
        f'<h1 dir="auto">{shown(document.title)}</h1>{_meta(facts)}</header>'
    )


def _told(document: Document) -> str:
    """What a reader cannot see of a document: that it speaks to language models, and that it hides letters."""
    told = []
    found = warning(document)
    if found is not None:
        told.append(f"Careful: {found.replace('the cited document', 'this document', 1)}.")
    letters = document.details.hidden_letters
    if letters:
        told.append(f"Left out of the text: {letters:,} letters that nobody can see on the page.")
    return "".join(f'<p class="notice warn" role="note" dir="auto">{shown(one)}</p>' for one in told)


def _meta(facts: list[str]) -> str:
    return '<p class="meta">' + " · ".join(f"<bdi>{shown(fact)}</bdi>" for fact in facts if fact) + "</p>"


def _date(citation: Citation) -> str:
    return citation.published.isoformat() if citation.published else ""


def _nearby(words: str, document_id: str, at: int, there: bool) -> str:
    if not there:
        return ""
    return f'<nav class="nearby"><a href="/documents/{escape(document_id, quote=True)}/view?at={at}">{words}</a></nav>'


def _page(title: str, body: str, language: str | None) -> str:
    return (
        f'<!doctype html>\n<html lang="{escape(language or "und", quote=True)}">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{shown(title)} · Dossier</title>\n"
        '<link rel="icon" href="/static/icon.svg" type="image/svg+xml">\n'
        '<link rel="stylesheet" href="/static/style.css">\n</head>\n'
        f'<body class="reading">\n{body}\n</body>\n</html>\n'
    )
