"""`assistant models`: a part of the command line, about the language model that is set."""

from __future__ import annotations

import typer

app = typer.Typer(name="models", help="The language model that writes, where one is set.", no_args_is_help=True)


@app.callback()
def _models() -> None:
    """A group by itself: `check` is named although it is the only one."""


@app.command()
def check(context: typer.Context) -> None:
    """Call the configured language model and say what it can do: streaming, structured output, context length."""
    from assistant.model_check import examine
    from assistant.settings import load_settings

    for found in examine(load_settings(context.obj)):
        typer.echo(f"{found.what + ':':<13}{found.said}")
