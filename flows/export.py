"""`svodka export FOLDER TO`: the computed and the staged tables as files that other tools read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, cast, get_args

import typer

from flows.say import say, whole


def command(
    folder: Annotated[Path, typer.Argument(help=say("opt_folder"), show_default=False)],
    place: Annotated[Path, typer.Argument(help=say("opt_export_place"), show_default=False)],
    *,
    form: Annotated[str, typer.Option("--to", help=say("opt_export_to"), metavar="parquet|csv|duckdb1")] = "parquet",
) -> None:
    """Personal data are masked, unless the client keeps them in its reports."""
    from config.errors import ConfigError, TargetError
    from config.folder.load import load_client
    from connectors.warehouse import Format, export_tables
    from transforms.mask import mask_of

    known = get_args(Format)
    if form not in known:
        raise ConfigError("cli.export_no_format", found=form, known=", ".join(known))
    loaded = load_client(folder)
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise TargetError("cli.folder_not_writable", folder=place, problem=error) from error
    mask = mask_of(loaded.client.settings.personal_data)
    files = export_tables(loaded.data, place, cast(Format, form), mask)
    more = say("exported_more") if len(files) > 1 else ""
    typer.echo(say("exported", folder=place, files=whole(len(files)), first=files[0], more=more))
