"""`svodka check FOLDER…`: every mistake that can be found, nothing changed; `svodka accept FOLDER`: what it offers."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated
from zoneinfo import ZoneInfo

import typer

from config.settings import now
from flows.say import agreed, hint, on_terminal, say

if TYPE_CHECKING:
    from config.folder.aliases import Proposal


def command(
    folders: Annotated[list[Path], typer.Argument(help=say("opt_folders"), show_default=False)],
    *,
    as_json: Annotated[bool, typer.Option("--json", help=say("opt_json"))] = False,
) -> None:
    """Several clients: all are checked, the highest exit code is returned."""
    from config.errors import SeveralErrors, SvodkaError
    from config.folder.load import client_folders
    from flows.check.check import Checked, check_folder
    from flows.check.show import as_plain, tell_checked

    codes, shown = [], []
    for folder in client_folders(folders):
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


# What `check` proposed and somebody agreed to goes into aliases.yaml, with the date.


def accept(
    folder: Annotated[Path, typer.Argument(help=say("opt_folder"), show_default=False)],
    *,
    only: Annotated[list[str] | None, typer.Option("--only", help=say("opt_accept_only"))] = None,
    is_all: Annotated[bool, typer.Option("--all", help=say("opt_accept_all"))] = False,
) -> None:
    """Look again as `check` does, ask about each proposal, and write down what was agreed to."""
    from config.folder import aliases
    from config.folder.load import ALIASES_FILE, load_client
    from flows.check.check import check_folder
    from transforms.mask import mask_text

    with on_terminal(folder.name) as step:
        checked = check_folder(folder, step)
    proposal = checked.proposal.narrowed(only or [])
    if not proposal:
        typer.echo(say("accept_nothing"))
        return
    taken = proposal if only or is_all else agreed_to(proposal, checked.worth)
    if not taken:
        typer.echo(say("accept_left", accept=hint("accept", folder)))
        return
    loaded = load_client(folder)
    aliases.accept(loaded.folder / ALIASES_FILE, taken, now().astimezone(ZoneInfo(loaded.client.timezone)).date())
    for source, column, header in taken.headers:
        typer.echo(say("accepted_header", source=source, column=column, header=header))
    for dictionary, alias, name in taken.names:
        typer.echo(say("accepted_name", dictionary=say(f"dictionary_{dictionary}"), alias=mask_text(alias), name=name))
    typer.echo(say("accepted", file=ALIASES_FILE, run=hint("run", folder)))


def agreed_to(proposal: Proposal, worth: Mapping[tuple[str, str], str]) -> Proposal:
    """What is proposed, and what each name is worth in words, in; what the person there says yes to out.

    Each is shown and asked about; where nobody answers to the end, nothing is agreed to.
    """
    try:
        headers = [one for one in proposal.headers if agreed(_about_header(*one))]
        names = [one for one in proposal.names if agreed(_about_name(*one, worth))]
    except typer.Abort:
        return replace(proposal, headers=[], names=[])
    return replace(proposal, headers=headers, names=names)


def _about_header(source: str, column: str, header: str) -> str:
    return say("accept_header", source=source, column=column, header=header)


def _about_name(dictionary: str, alias: str, name: str, worth: Mapping[tuple[str, str], str]) -> str:
    from transforms.mask import mask_text

    rows = worth.get((dictionary, alias), "")
    return say("accept_name", dictionary=say(f"dictionary_{dictionary}"), alias=mask_text(alias), name=name, worth=rows)
