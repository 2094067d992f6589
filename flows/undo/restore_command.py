"""`svodka restore FOLDER --day D`: the report as it was published that day."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.say import on_terminal, say


def command(
    folder: Annotated[Path, typer.Argument(help=say("opt_folder"), show_default=False)],
    *,
    day: Annotated[str, typer.Option("--day", help=say("opt_restore_day"), metavar="D")],
    to: Annotated[list[str] | None, typer.Option("--to", help=say("opt_restore_to"), metavar="xlsx,sheets")] = None,
) -> None:
    """Under a name of its own, unless told into which places."""
    from flows.run.show import tell_written
    from flows.undo.restore import restore

    with on_terminal(folder.name) as step:
        written = restore(folder, day, to or [], step)
    raise typer.Exit(tell_written(folder, written))
