"""`svodka undo FOLDER`: the last run taken back: warehouse, history and report."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.say import agreed, day, on_terminal, say


def command(
    folder: Annotated[Path, typer.Argument(help=say("opt_folder"), show_default=False)],
    *,
    is_sure: Annotated[bool, typer.Option("--yes", "-y", help=say("opt_yes"))] = False,
) -> None:
    """Ask first, unless told not to."""
    from flows.run.show import tell_written
    from flows.undo.undo import undo

    if not is_sure and not agreed(say("undo_sure", folder=folder.absolute().name)):
        raise typer.Abort
    with on_terminal(folder.name) as step:
        undone = undo(folder, step)
    moment = f"{day(undone.finished_at.date())} {undone.finished_at:%H:%M}"
    typer.echo(say("undone", client=undone.client, day=day(undone.as_of), moment=moment))
    raise typer.Exit(tell_written(folder, undone.written))
