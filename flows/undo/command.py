"""`svodka undo FOLDER`: the last run taken back; `svodka restore FOLDER --day D`: the report as it was that day."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.say import confirm, day, on_terminal, say


def command(
    folder: Annotated[Path, typer.Argument(help=say("opt_folder"), show_default=False)],
    *,
    is_sure: Annotated[bool, typer.Option("--yes", "-y", help=say("opt_yes"))] = False,
) -> None:
    """Ask first, unless told not to."""
    from config.folder.load import load_client
    from flows.run.show import tell_written
    from flows.undo.undo import undo

    load_client(folder)
    if not is_sure:
        confirm(say("undo_sure", folder=folder.absolute().name))
    with on_terminal(folder.name) as step:
        undone = undo(folder, step)
    moment = f"{day(undone.finished_at.date())} {undone.finished_at:%H:%M}"
    typer.echo(say("undone", client=undone.client, day=day(undone.as_of), moment=moment))
    raise typer.Exit(tell_written(folder, undone.written))


def restore(
    folder: Annotated[Path, typer.Argument(help=say("opt_folder"), show_default=False)],
    *,
    day: Annotated[str, typer.Option("--day", help=say("opt_restore_day"), metavar="D")],
    to: Annotated[list[str] | None, typer.Option("--to", help=say("opt_restore_to"), metavar="xlsx,sheets")] = None,
) -> None:
    """Under a name of its own, unless told into which places."""
    from flows.run.show import tell_written
    from flows.undo import undo

    with on_terminal(folder.name) as step:
        written = undo.restore(folder, day, to or [], step)
    raise typer.Exit(tell_written(folder, written))
