"""`svodka restore FOLDER --day D`: the report as it was published that day."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.say import language, on_terminal, say


def command(
    folder: Annotated[Path, typer.Argument(help=say("opt_folder"), show_default=False)],
    *,
    day: Annotated[str, typer.Option("--day", help=say("opt_restore_day"), metavar="D")],
    to: Annotated[list[str] | None, typer.Option("--to", help=say("opt_restore_to"), metavar="xlsx,sheets")] = None,
) -> None:
    """Under a name of its own, unless told into which places."""
    from flows.run.show import reached
    from flows.undo.restore import restore

    with on_terminal(folder.name) as step:
        written = restore(folder, day, to or [], step)
    for place in written.places:
        typer.echo(say("written", place=reached(folder, place)))
    for note in written.notes:
        typer.echo(note)
    for error in written.errors:
        typer.echo(error.text(language()), err=True)
    raise typer.Exit(max((error.exit_code for error in written.errors), default=0))
