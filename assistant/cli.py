"""The command line: `assistant COMMAND`. A door: it calls, prints and sets exit codes, and decides nothing itself.

Exit code 0: done. 1: it could not be done, or a file failed. 2: the command or a setting is not right. Heavy imports
happen inside the commands, so that `--help` answers at once.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant import __version__
from index.errors import DossierError, InvalidInput, NotFound

if TYPE_CHECKING:
    from assistant.assembly import Dossier
    from assistant.settings import Settings
    from index.reports import Report

app = typer.Typer(
    name="assistant",
    help="Answers questions from your documents; every sentence cites the exact words in its source.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

Collection = Annotated[str, typer.Option("--collection", "-c", help="Which collection of documents.")]
DEFAULT = "default"


def main() -> None:
    """Run the command line; the outer door where an error of ours becomes one line and an exit code."""
    try:
        app()
    except DossierError as error:
        typer.echo(f"Error: {error}", err=True)
        raise SystemExit(2 if isinstance(error, InvalidInput | NotFound) else 1) from None
    except KeyboardInterrupt:
        typer.echo("Stopped.", err=True)
        raise SystemExit(130) from None


@app.callback(invoke_without_command=True)
def _options(
    context: typer.Context,
    data_dir: Annotated[Path | None, typer.Option(help="Where the library lives; else ASSISTANT_DATA_DIR.")] = None,
    version: Annotated[bool, typer.Option("--version", help="Print the version and end.")] = False,
) -> None:
    if version:
        typer.echo(f"Dossier {__version__}")
        raise typer.Exit
    context.obj = {"data_dir": data_dir}


@app.command()
def ingest(
    context: typer.Context,
    paths: Annotated[list[Path], typer.Argument(help="Files, or folders to make the library equal to.")],
    collection: Collection = DEFAULT,
    watch: Annotated[bool, typer.Option("--watch", help="Then go on: take in every change, until Ctrl-C.")] = False,
) -> None:
    """Take documents in: files are added or replaced, folders kept equal (what is gone there is removed)."""
    from index.watching import changes

    if watch:
        typer.echo("Watching for changes; Ctrl-C ends it.")
        for _ in changes(paths):
            _take_in(context, paths, collection)
    elif _take_in(context, paths, collection).count("failed"):
        raise typer.Exit(1)


def _take_in(context: typer.Context, paths: list[Path], collection: str) -> Report:
    """Ingest and print; the library is open no longer than that, so that others may use it in between."""
    from assistant.printing import ingest_progress, ingest_table

    with _opened(context, wait_seconds=0.0) as dossier, ingest_progress() as progress:
        report = dossier.library.ingest(paths, collection=collection, progress=progress)
    for part in ingest_table(report):
        _print(part)
    return report


@app.command()
def doctor(context: typer.Context) -> None:
    """Look through the whole library for damage, and mend it: bytes, text, passages, vectors, Chroma, words."""
    from index.doctor import examine

    settings = _settings(context)
    findings = 0
    lasting = 0
    for finding in examine(settings.data_dir, settings.index):
        findings += 1
        lasting += not finding.mended
        typer.echo(f"{finding.problem}: {finding.remedy}")
    typer.echo("The library is sound." if not findings else f"{findings} found, {findings - lasting} mended.")
    if lasting:
        raise typer.Exit(1)


@app.command()
def ask(
    context: typer.Context,
    question: Annotated[str, typer.Argument(help="The question, in quotation marks.")],
    collection: Collection = DEFAULT,
    conversation: Annotated[str | None, typer.Option(help="Id of the conversation that this continues.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the answer as POST /ask gives it.")] = False,
    must_answer: Annotated[bool, typer.Option(help="Give the best answer even where it is doubtful.")] = False,
) -> None:
    """Ask one question and show the answer with the words that it rests on."""
    from assistant.printing import answer_view
    from assistant.rendering import contract

    settings = _settings(context)
    with _asking(settings) as asking:
        answer = asking.ask(
            question, conversation_id=conversation, collection=collection, must_answer=must_answer,
            max_passages=settings.max_passages,
        )  # fmt: skip
    if as_json:
        typer.echo(json.dumps(contract(answer), ensure_ascii=False, indent=2))
    else:
        _print(answer_view(answer))


@app.command()
def chat(
    context: typer.Context,
    collection: Collection = DEFAULT,
    conversation: Annotated[str | None, typer.Option(help="Id of the conversation that this continues.")] = None,
) -> None:
    """Ask one question after the other; an empty line, or Ctrl-D, ends it."""
    from assistant.printing import answer_view

    settings = _settings(context)
    with _asking(settings) as asking:
        while question := _prompted():
            try:
                answer = asking.ask(
                    question, conversation_id=conversation, collection=collection, max_passages=settings.max_passages
                )
            except InvalidInput as error:
                typer.echo(f"Error: {error}", err=True)
                continue
            conversation = answer.conversation_id
            _print(answer_view(answer))


@app.command()
def serve(
    context: typer.Context,
    host: Annotated[str | None, typer.Option(help="A loopback address.")] = None,
    port: Annotated[int | None, typer.Option(help="0 takes any that is free.")] = None,
) -> None:
    """Serve the chat page and the HTTP interface on this machine."""
    from assistant.serving import serve as run

    run(_settings(context, host=host, port=port))


@app.command()
def documents(context: typer.Context, collection: Collection = DEFAULT) -> None:
    """List the documents of the library."""
    from assistant.printing import documents_table

    with _opened(context, wait_seconds=0.0) as dossier:
        entries: list[Any] = []
        after: str | None = None
        while True:
            page, after = dossier.library.entries(collection=collection, limit=200, after=after)
            entries += page
            if after is None:
                break
        copies = {entry.id: dossier.library.copies_of(entry.id) for entry in entries}
    _print(documents_table(entries, copies))


@app.command()
def remove(
    context: typer.Context,
    document_ids: Annotated[list[str], typer.Argument(help="Ids, as `assistant documents` lists them.")],
) -> None:
    """Remove documents with their bytes, passages and vectors, and their words from kept answers."""
    with _opened(context, wait_seconds=0.0) as dossier:
        for document_id in document_ids:
            dossier.library.entry(document_id)
        for document_id in document_ids:
            typer.echo(f"removed {dossier.remove(document_id).title} ({document_id})")


@app.command()
def settings(context: typer.Context) -> None:
    """Show every setting with its value and where that came from."""
    from assistant.printing import settings_table
    from assistant.settings import origins

    effective = _settings(context)
    _print(settings_table(origins(effective, context.obj)))


@app.command()
def reindex(context: typer.Context) -> None:
    """Read, cut and embed every document anew, with the embedder that the settings name."""
    from assistant.printing import ingest_progress
    from index.reindexing import reindex as run

    effective = _settings(context)
    with ingest_progress() as progress:
        done = run(effective.data_dir, effective.index, progress)
    typer.echo(f"{done} documents are embedded with {effective.index.embedder}")


@app.command()
def evaluate(  # noqa: PLR0913, PLR0917 - a command's options are its parameters
    context: typer.Context,
    cases: Annotated[Path, typer.Argument(help="Questions with their answers: JSONL, or JSON in SQuAD's format.")],
    collection: Collection = DEFAULT,
    temporary: Annotated[
        bool | None,
        typer.Option(
            "--temporary/--library",
            help="Ask an index of the file's own paragraphs, removed afterwards, or your library. Default: the former "
            "where the file brings paragraphs (SQuAD).",
        ),
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Ask only so many, always the same random ones.")] = None,
    decline_below: Annotated[float | None, typer.Option(help="Try another ASSISTANT_DECLINE_BELOW.")] = None,
    report: Annotated[Path | None, typer.Option(help="Write the report, with diagrams, as one HTML page.")] = None,
    output: Annotated[Path | None, typer.Option(help="Write figures and every case as JSON.")] = None,
    baseline: Annotated[Path | None, typer.Option(help="Compare with an earlier run that --output wrote.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print what --output writes, and no tables.")] = False,
    wrong: Annotated[bool, typer.Option("--wrong", help="List the cases that went wrong.")] = False,
) -> None:
    """Ask questions whose answers are known, and print how well they were answered."""
    from assistant.evaluation.command import Wanted, run, write

    wanted = Wanted(cases, collection, temporary, limit, output, report, baseline)
    done = run(_settings(context, decline_below=decline_below), wanted)
    if as_json:
        typer.echo(done.as_json())
    else:
        for part in done.parts(wrong=wrong):
            _print(part)
    write(done, wanted)
    if done.evaluation.stopped:
        typer.echo(f"Error: {done.evaluation.stopped}", err=True)
        raise typer.Exit(1)


def _settings(context: typer.Context, **options: object) -> Settings:
    from assistant.settings import load_settings

    return load_settings({**context.obj, **options})


def _opened(context: typer.Context, **options: Any) -> Dossier:
    from assistant.assembly import open_dossier

    return open_dossier(_settings(context), **options)


def _asking(settings: Settings) -> Any:
    from assistant.remote import open_asking

    return open_asking(settings)


def _prompted() -> str:
    try:
        return input("> ").strip()
    except EOFError:
        return ""


def _print(renderable: object) -> None:
    from rich.console import Console

    # Where the output is no terminal there is no width to keep to: lines are left whole, for grep and for people.
    console = Console(width=None if sys.stdout.isatty() else 160, highlight=False, markup=False, soft_wrap=False)
    console.print(renderable)
