"""`svodka undo FOLDER`: the last run taken back: warehouse, history and report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.say import agreed, day, language, on_terminal, say


def command(
    folder: Annotated[Path, typer.Argument(help=say("opt_folder"), show_default=False)],
    *,
    is_sure: Annotated[bool, typer.Option("--yes", "-y", help=say("opt_yes"))] = False,
) -> None:
    """Ask first, unless told not to."""
    from flows.run.show import reached
    from flows.undo.undo import undo

    if not is_sure and not agreed(say("undo_sure", folder=folder.absolute().name)):
        raise typer.Abort
    with on_terminal(folder.name) as step:
        undone = undo(folder, step)
    moment = f"{day(undone.finished_at.date())} {undone.finished_at:%H:%M}"
    typer.echo(say("undone", client=undone.client, day=day(undone.as_of), moment=moment))
    for place in undone.written.places:
        typer.echo(say("written", place=reached(folder, place)))
    for note in undone.written.notes:
        typer.echo(note)
    for error in undone.written.errors:
        typer.echo(error.text(language()), err=True)
    raise typer.Exit(max((error.exit_code for error in undone.written.errors), default=0))
