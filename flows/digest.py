"""`svodka digest FOLDER…`: the morning's words and picture of the last report, to the addresses of `digest:`."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.say import language, pasted, say


def command(
    folders: Annotated[list[Path], typer.Argument(help=say("opt_folders"), show_default=False)],
    *,
    is_shown: Annotated[bool, typer.Option("--show", help=say("opt_digest_show"))] = False,
    again: Annotated[bool, typer.Option("--again", help=say("opt_digest_again"))] = False,
) -> None:
    """Several clients in turn; what one cannot be told keeps nothing from the others."""
    from config.errors import SvodkaError
    from config.folder.load import load_client
    from config.settings import now, settings
    from flows.run.reports.digest import FOLDER, PICTURE, TEXT, send_digest

    codes = [0]
    for folder in folders:
        try:
            loaded = load_client(folder)
            made = loaded.data / FOLDER / TEXT
            if is_shown:
                text = made.read_text(encoding="utf-8") if made.exists() else say("digest_nothing_made")
                typer.echo(f"{text}\n{made.with_name(PICTURE)}" if made.exists() else pasted(text, folder))
            else:
                sent = send_digest(loaded, settings().environment, now(), again=again)
                typer.echo(f"{loaded.client.client}: {pasted(say(sent), folder)}")
        except SvodkaError as error:
            typer.echo(f"{folder.absolute().name}: {pasted(error.text(language()), folder)}", err=True)
            codes.append(error.exit_code)
    raise typer.Exit(max(codes))
