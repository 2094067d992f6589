"""`svodka forget FOLDER --file F` or `--person P`: what a wrong file or one person left, removed."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.say import confirm, pasted, say


def command(
    folder: Annotated[Path, typer.Argument(help=say("opt_folder"), show_default=False)],
    *,
    file: Annotated[str | None, typer.Option("--file", help=say("opt_forget_file"), metavar="F")] = None,
    person: Annotated[str | None, typer.Option("--person", help=say("opt_forget_person"), metavar="P")] = None,
    is_sure: Annotated[bool, typer.Option("--yes", "-y", help=say("opt_yes"))] = False,
) -> None:
    """Exactly one of the two; asks first, unless told not to."""
    from config.errors import ConfigError
    from flows.forget.forget import check_known, forget_file_in, forget_person_in

    if (file is None) == (person is None):
        raise ConfigError("cli.forget_one")
    check_known(folder, file)
    if not is_sure:
        confirm(say("forget_sure_file" if file else "forget_sure_person", what=file or person))
    if file is not None:
        typer.echo(pasted(say("forgot_file", file=file, rows=forget_file_in(folder, file)), folder))
        return
    done = forget_person_in(folder, person or "")
    typer.echo(pasted(say("forgot_person", rows=done.rows, history=done.history_rows), folder))
    if done.files:
        typer.echo(say("forgot_still"))
        for name in done.files:
            typer.echo(f"  {name}")
