"""`svodka correct FOLDER FILE:ROW|SOURCE#ID COLUMN=VALUE`: what is meant, written down beside the source."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.say import pasted, say


def command(
    folder: Annotated[Path, typer.Argument(help=say("opt_folder"), show_default=False)],
    place: Annotated[str, typer.Argument(help=say("opt_correct_place"), show_default=False)],
    value: Annotated[str, typer.Argument(help=say("opt_correct_value"), show_default=False)] = "",
    *,
    is_left_out: Annotated[bool, typer.Option("--leave-out", help=say("opt_correct_leave_out"))] = False,
    why: Annotated[str, typer.Option("--why", help=say("opt_correct_why"), show_default=False, metavar="TEXT")] = "",
) -> None:
    """Write one line; the next run applies it."""
    from flows.correct.correct import write_down

    written = write_down(folder, place, value, is_left_out=is_left_out, why=why)
    if written.line:
        typer.echo(say("correct_in_tab" if written.is_tab else "correct_by_hand", table=written.table), err=True)
        typer.echo(written.line)
        return
    one = written.correction
    of = "record" if one.record else "row"
    key = f"corrected_no_{of}" if one.is_left_out else f"corrected_{of}"
    told = say(key, file=written.table, place=one.record or one.row, column=one.column)
    typer.echo(pasted(told, folder))
    if not written.is_read:
        typer.echo(say("correct_unread", column=one.column))
