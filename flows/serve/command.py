"""`svodka serve FOLDER…`: the nightly schedule, with Prefect."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from flows.say import say

if TYPE_CHECKING:
    from flows.serve.pool import Pool


def command(
    folders: Annotated[list[Path], typer.Argument(help=say("opt_folders"), show_default=False)],
    *,
    host: Annotated[str, typer.Option("--host", help=say("opt_host"))] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", help=say("opt_port"), min=0, max=65_534)] = 4200,
    server: Annotated[str | None, typer.Option("--server", help=say("opt_server"), metavar="URL")] = None,
    work_pool: Annotated[str | None, typer.Option("--work-pool", help=say("opt_work_pool"), metavar="NAME")] = None,
    at_once: Annotated[int | None, typer.Option("--at-once", help=say("opt_serve_at_once"), min=1, metavar="N")] = None,
) -> None:
    """Start or join a Prefect server, register a deployment per client, run what is due until stopped."""
    import asyncio
    import os
    from contextlib import ExitStack

    from config.settings import cores, now, settings
    from flows.run.lock import one_service
    from flows.serve.consultants import asked_for
    from flows.serve.server import prefect_server
    from flows.serve.shelf import shelf

    found = settings()
    asked = asked_for(folders)
    # a run of many divides its memory itself
    memory = found.memory_share((at_once or cores()) if asked.clients else 1)
    asked.check_addresses(found.environment)
    with ExitStack() as held:
        for loaded in asked.everybody:
            held.enter_context(one_service(loaded.data, now()))
        typer.echo(say("server_starting"), err=True)
        wanted = (host, port, server or found.prefect_api_url, found.prefect_home)
        running = held.enter_context(prefect_server(*wanted, lambda name: typer.echo(say(name), err=True)))
        reports = held.enter_context(shelf(port + 1 if port else 0))
        # runs are processes of their own
        os.environ |= {"SVODKA_REPORTS_URL": reports.address, "SVODKA_MEMORY": memory}
        from flows.serve.serving import Service, serve

        pool = _pool(work_pool, reports.address)
        typer.echo(say("serving", address=running.address.removesuffix("/api"), clients=asked.many))
        asyncio.run(serve(Service(asked.clients, asked.consultants, running, reports, at_once, pool)))


def _pool(name: str | None, reports: str) -> Pool | None:
    """The pool whose workers are to run clients, once its server answers."""
    import os

    from config.settings import settings
    from connectors.shared import shared
    from flows.serve.pool import Pool

    if name is None:
        return None
    told = {"SVODKA_WORK_POOL": name, "SVODKA_REPORTS_URL": reports}
    os.environ |= told
    at = shared(settings())
    return Pool(name, at, told) if at else None
