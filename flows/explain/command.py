"""`svodka explain FOLDER TABLE.COLUMN [KEY=VALUE…]`: one number, down to the rows of the files."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated

import typer

from flows.say import say


def command(
    folder: Annotated[Path, typer.Argument(help=say("opt_folder"), show_default=False)],
    number: Annotated[str, typer.Argument(help=say("opt_number"), show_default=False)],
    keys: Annotated[list[str] | None, typer.Argument(help=say("opt_key"), show_default=False)] = None,
    *,
    rows: Annotated[int, typer.Option("--rows", help=say("opt_rows"), min=0)] = 20,
    as_json: Annotated[bool, typer.Option("--json", help=say("opt_json"))] = False,
) -> None:
    """Read what the last run left; nothing is read anew and nothing changes."""
    from flows.explain.explain import explain, explained_as_plain
    from flows.explain.show import tell_explained

    explained = explain(folder, number, keys or [], rows)
    if as_json:
        typer.echo(json.dumps(explained_as_plain(explained), ensure_ascii=False, indent=2))
    else:
        tell_explained(explained)
