"""What the command line shows: answers with their quotes, tables, a progress bar. Documents' words are plain text here:
control characters are taken out, and nothing in them is read as markup.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from rich.console import Console, Group, RenderableType
from rich.padding import Padding
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn
from rich.table import Table
from rich.text import Text

from assistant.answers import Answer, Citation
from assistant.settings import Origin
from index.documents import DocumentEntry
from index.ingest import Progress as Reports
from index.reports import Report

# What a file's outcome looks like; an unchanged file is not worth a row.
_STYLES = {"added": "green", "changed": "yellow", "moved": "cyan", "removed": "magenta", "failed": "red"}
_QUIET = ("unchanged", "skipped")


def plain(text: str) -> str:
    """A text that a terminal shows and does not obey: without control and direction characters, lines joined."""
    return "".join(sign if unicodedata.category(sign)[0] != "C" else " " for sign in text).strip()


def answer_view(answer: Answer) -> RenderableType:
    """An answer with its numbered quotes; a declined one with the closest passages."""
    lines: list[RenderableType] = []
    if answer.question.standalone != answer.question.asked:
        lines.append(Text(f"(searched: {plain(answer.question.standalone)})", style="dim"))
    lines += [Text(note, style="yellow") for note in _fallbacks(answer)]
    lines.append(Text(plain(answer.text), style="bold" if answer.statements else "bold yellow"))
    if answer.verdict != "declined":
        measure = "confidence" if answer.trace.measured else "support of the first statement"
        lines.append(Text(f"{answer.verdict}, {measure} {answer.confidence:.2f}", style="dim"))
    lines += [_citation(citation) for citation in answer.citations]
    if answer.closest:
        lines.append(Text("The closest passages:", style="dim"))
    for closest in answer.closest:
        where = f"- {plain(closest.title)}{_dated(closest.published)}, {closest.source}"
        lines += [Text(where), Padding(Text(plain(closest.text)[:300], style="dim"), (0, 0, 0, 2))]
    for dropped in answer.dropped:
        lines.append(Text(f"dropped: {plain(dropped.text or dropped.pointer or '')} ({dropped.reason})", style="dim"))
    return Group(*lines)


def _fallbacks(answer: Answer) -> Iterator[str]:
    """That a language model was to answer, or to complete the question, and why it did not."""
    if answer.question.set_aside:
        yield f"The question was not completed by the language model: {plain(answer.question.set_aside)}"
    if answer.trace.fallback:
        yield f"The language model was not available: {plain(answer.trace.fallback)}"


def _citation(citation: Citation) -> RenderableType:
    grades = f", {citation.reliability or '-'}{citation.credibility or '-'}" if citation.reliability else ""
    place = f", page {citation.page}" if citation.page else f", {plain(citation.heading)}" if citation.heading else ""
    head = Text(f"[{citation.number}] {plain(citation.title)}{_dated(citation.published)}{place}{grades}")
    head.append(f"  {citation.source}", style="dim")
    quote = Text("“")
    quote.append(plain(citation.quote))
    quote.append("”")
    if citation.highlight:
        start = 1 + citation.highlight.start - citation.start
        quote.stylize("bold reverse", start, start + citation.highlight.end - citation.highlight.start)
    told = [Padding(Text(f"! {plain(citation.warning)}", style="yellow"), (0, 0, 0, 4))] if citation.warning else []
    return Group(head, Padding(quote, (0, 0, 0, 4)), *told)


def _dated(published: object) -> str:
    return f" ({published})" if published else ""


@contextmanager
def ingest_progress() -> Iterator[Reports]:
    """A progress bar on the error output, so that the standard output holds the result alone."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    console = Console(stderr=True)
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task("", total=None)

        def report(what: str, done: int, total: int) -> None:
            bar.update(task, description=plain(what)[:40], completed=done, total=total)

        yield report


def ingest_table(report: Report) -> Iterator[RenderableType]:
    """What became of each file, and one line that sums up."""
    table = Table("outcome", "source", "passages", "reason", box=None, pad_edge=False)
    for row in report.rows:
        if row.outcome not in _QUIET:
            table.add_row(
                Text(row.outcome, style=_STYLES[row.outcome]), Text(plain(row.source)),
                str(row.passages or ""), Text(plain(row.reason or "")),
            )  # fmt: skip
    if table.row_count:
        yield table
    counts = [
        f"{report.count(outcome)} {outcome}"
        for outcome in ("added", "changed", "moved", "removed", "unchanged", "skipped", "failed")
        if report.count(outcome)
    ]
    yield Text(f"{', '.join(counts) or 'no files'}; {report.passages} passages in {report.seconds:.1f} s")
    if not report.searchable:
        yield Text("Kept; the process that holds the library will make it searchable.", style="yellow")


def documents_table(entries: Sequence[DocumentEntry], copies: Mapping[str, Sequence[str]]) -> RenderableType:
    """The documents of a collection; `copies` are the ids of near copies, by id."""
    if not entries:
        return Text("No documents: take some in with `assistant ingest PATH`.")
    table = Table(
        "id", "title", "published", "passages", "grade", "state", "copy of", "source", box=None, pad_edge=False
    )
    for entry in entries:
        details = entry.details
        table.add_row(
            entry.id, Text(plain(entry.title)), str(details.published or ""), str(entry.passages),
            f"{details.reliability or ''}{details.credibility or ''}", entry.state,
            "\n".join(copies.get(entry.id, ())), Text(plain(", ".join(entry.sources))),
        )  # fmt: skip
    return table


def settings_table(rows: Sequence[Origin]) -> RenderableType:
    """Every setting; secrets are masked by their type."""
    table = Table("setting", "value", "from", "meaning", box=None, pad_edge=False)
    for row in rows:
        table.add_row(row.key, Text(row.value), row.source, row.description)
    return table
