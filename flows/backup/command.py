"""`svodka backup FOLDER FILE`, `svodka backup FOLDER --from FILE`: a client in one file, and back."""

from __future__ import annotations

import shlex
from pathlib import Path
from typing import Annotated

import typer

from flows.say import hint, pasted, say, whole

MEGABYTE = 1024 * 1024


def command(
    folder: Annotated[Path, typer.Argument(help=say("opt_folder"), show_default=False)],
    file: Annotated[Path | None, typer.Argument(help=say("opt_backup_file"), show_default=False)] = None,
    *,
    source: Annotated[Path | None, typer.Option("--from", help=say("opt_backup_from"), metavar="FILE")] = None,
) -> None:
    """Exactly one of the two."""
    from config.errors import ConfigError
    from flows.backup.backup import back_up, rebuild

    if (file is None) == (source is None):
        raise ConfigError("cli.backup_one")
    if source is not None:
        typer.echo(pasted(say("backup_rebuilt", folder=folder, files=whole(rebuild(folder, source))), folder))
        return
    done = back_up(folder, file or Path())
    size = whole(max(1, done.bytes / MEGABYTE))
    rebuilt = hint("backup", "") + f" {say('usage_folder')} --from {shlex.quote(str(file))}"
    typer.echo(say("backed_up", file=file, files=whole(done.files), size=size, rebuild=rebuilt))
    for place in done.outside:
        typer.echo(say("backup_outside", place=place), err=True)
