"""`svodka serve FOLDER…`: the nightly schedule, with Prefect."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from flows.say import say


def command(
    folders: Annotated[list[Path], typer.Argument(help=say("opt_folders"), show_default=False)],
    host: Annotated[str, typer.Option("--host", help=say("opt_host"))] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help=say("opt_port"), min=0)] = 4200,
    server: Annotated[str | None, typer.Option("--server", help=say("opt_server"), metavar="URL")] = None,
) -> None:
    """Start or join a Prefect server, register a deployment per client, run what is due until stopped."""
    import asyncio

    from config.load import load_client
    from config.settings import settings
    from flows.serve.notify import check_addresses
    from flows.serve.server import prefect_server

    found = settings()
    clients = [load_client(folder, found.allowed_roots) for folder in folders]
    for loaded in clients:
        check_addresses(loaded.client.notify, found.environment)
    typer.echo(say("server_starting"), err=True)
    with prefect_server(host, port, server or found.prefect_api_url) as address:
        from flows.serve.nightly import serve

        typer.echo(say("serving", address=address.removesuffix("/api"), clients=len(clients)))
        asyncio.run(serve(clients))
