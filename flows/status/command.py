"""`svodka status [FOLDER…]`: every client in one look, those that need a hand first."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from flows.say import say


def command(
    folders: Annotated[list[Path] | None, typer.Argument(help=say("opt_status_folders"), show_default=False)] = None,
    *,
    as_json: Annotated[bool, typer.Option("--json", help=say("opt_json"))] = False,
) -> None:
    """Read what the runs left beside the warehouses; nothing is opened that a run may hold."""
    from config.load import client_folders
    from config.settings import settings
    from flows.run.one_client import now
    from flows.status.show import tell_statuses
    from flows.status.status import statuses

    found = statuses(client_folders(folders or [Path()]), settings(), now())
    if as_json:
        typer.echo(json.dumps([one.as_json() for one in found], ensure_ascii=False, indent=2))
    else:
        tell_statuses(found)
