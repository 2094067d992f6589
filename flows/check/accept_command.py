"""`svodka accept FOLDER`: what `check` proposed goes into aliases.yaml, with the date."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated
from zoneinfo import ZoneInfo

import typer

from config.aliases import Proposal
from config.errors import ConfigError
from config.load import LoadedClient
from flows.run.one_client import now
from flows.say import say


def command(
    folder: Annotated[Path, typer.Argument(help=say("opt_folder"), show_default=False)],
    *,
    only: Annotated[list[str] | None, typer.Option("--only", help=say("opt_accept_only"))] = None,
) -> None:
    """Look again as `check` does, and write down what it would propose."""
    from config.aliases import accept
    from config.load import ALIASES_FILE, load_client
    from flows.check.check import check_folder
    from flows.step import on_terminal
    from transforms.mask import mask_text

    with on_terminal(folder.name) as step:
        checked = check_folder(folder, step)
    proposal = narrowed(checked.proposal, only or [])
    if not proposal:
        typer.echo(say("accept_nothing"))
        return
    loaded = load_client(folder)
    accept(loaded.folder / ALIASES_FILE, proposal, today(loaded))
    for source, column, header in proposal.headers:
        typer.echo(say("accepted_header", source=source, column=column, header=header))
    for dictionary, alias, name in proposal.names:
        typer.echo(say("accepted_name", dictionary=say(f"dictionary_{dictionary}"), alias=mask_text(alias), name=name))
    typer.echo(say("accepted", file=ALIASES_FILE))


# Which proposals of `check` somebody accepts, and on which day.


def narrowed(proposal: Proposal, only: Sequence[str]) -> Proposal:
    """All proposals and words like `source.column`; those meant. Raises ConfigError for a word that is none of them."""
    wanted = [word.strip() for text in only for word in text.split(",") if word.strip()]
    if not wanted:
        return proposal
    headers = {f"{source}.{column}": (source, column, header) for source, column, header in proposal.headers}
    names = {f"{dictionary}.{alias}": (dictionary, alias, name) for dictionary, alias, name in proposal.names}
    for word in wanted:
        if word not in headers and word not in names:
            raise ConfigError("cli.not_proposed", word=word, known=", ".join([*headers, *names]) or "—")
    return Proposal(
        [headers[word] for word in wanted if word in headers], [names[word] for word in wanted if word in names]
    )


def today(loaded: LoadedClient) -> date:
    """The day where the client lives."""
    return now().astimezone(ZoneInfo(loaded.client.timezone)).date()
