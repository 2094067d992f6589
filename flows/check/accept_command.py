"""`svodka accept FOLDER`: what `check` proposed and somebody agreed to goes into aliases.yaml, with the date."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.say import hint, on_terminal, say


def command(
    folder: Annotated[Path, typer.Argument(help=say("opt_folder"), show_default=False)],
    *,
    only: Annotated[list[str] | None, typer.Option("--only", help=say("opt_accept_only"))] = None,
    is_all: Annotated[bool, typer.Option("--all", help=say("opt_accept_all"))] = False,
) -> None:
    """Look again as `check` does, ask about each proposal, and write down what was agreed to."""
    from config.folder.aliases import accept
    from config.folder.load import ALIASES_FILE, load_client
    from flows.check.accept import agreed_to, narrowed, today
    from flows.check.check import check_folder
    from transforms.mask import mask_text

    with on_terminal(folder.name) as step:
        checked = check_folder(folder, step)
    proposal = narrowed(checked.proposal, only or [])
    if not proposal:
        typer.echo(say("accept_nothing"))
        return
    taken = proposal if only or is_all else agreed_to(proposal, checked.worth)
    if not taken:
        typer.echo(say("accept_left", accept=hint("accept", folder)))
        return
    loaded = load_client(folder)
    accept(loaded.folder / ALIASES_FILE, taken, today(loaded))
    for source, column, header in taken.headers:
        typer.echo(say("accepted_header", source=source, column=column, header=header))
    for dictionary, alias, name in taken.names:
        typer.echo(say("accepted_name", dictionary=say(f"dictionary_{dictionary}"), alias=mask_text(alias), name=name))
    typer.echo(say("accepted", file=ALIASES_FILE, run=hint("run", folder)))
