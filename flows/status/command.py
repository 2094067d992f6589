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
    is_published: Annotated[bool, typer.Option("--publish", help=say("opt_publish"))] = False,
) -> None:
    """Read what the runs left beside the warehouses; nothing is opened that a run may hold."""
    from config.errors import ConfigError
    from config.folder.load import client_folders, load_consultant
    from config.settings import now
    from flows.status.show import tell_published, tell_statuses
    from flows.status.status import missed_together, statuses

    places = folders or [Path()]
    if is_published:
        consultants = [one for place in places if (one := load_consultant(place)) is not None]
        if not consultants:
            raise ConfigError("cli.no_consultant", folder=places[0])
        raise typer.Exit(max(tell_published(one, now()) for one in consultants))
    found = statuses(client_folders(places), now())
    if as_json:
        typer.echo(json.dumps([one.as_json() for one in found], ensure_ascii=False, indent=2))
    else:
        all_of = [one for place in places if (one := load_consultant(place)) is not None]
        tell_statuses(found, [said for one in all_of if (said := missed_together(one, now()))])
    if not all(place.exists() for place in places):
        raise typer.Exit(ConfigError.exit_code)  # which one is told among the others
