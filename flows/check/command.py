"""`svodka check FOLDER…`: every mistake that can be found, without changing anything."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from flows.say import on_terminal, say


def command(
    folders: Annotated[list[Path], typer.Argument(help=say("opt_folders"), show_default=False)],
    *,
    as_json: Annotated[bool, typer.Option("--json", help=say("opt_json"))] = False,
) -> None:
    """Several clients: all are checked, the highest exit code is returned."""
    from config.errors import SeveralErrors, SvodkaError
    from config.folder.load import client_folders
    from config.settings import settings
    from flows.check.check import Checked, check_folder
    from flows.check.show import as_plain, tell_checked

    codes, shown = [], []
    for folder in client_folders(folders, settings().allowed_roots):
        with on_terminal(folder.name) as step:
            try:
                checked = check_folder(folder, step)
            except SvodkaError as error:
                found = error.errors if isinstance(error, SeveralErrors) else [error]
                checked = Checked(folder.name, str(folder), errors=found)
        codes.append(checked.exit_code)
        shown.append(as_plain(checked))
        if not as_json:
            tell_checked(checked)
    if as_json:
        typer.echo(json.dumps(shown if len(shown) > 1 else shown[0], ensure_ascii=False, indent=2))
    raise typer.Exit(max(codes))
