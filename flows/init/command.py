"""`svodka init FOLDER`: a client folder, with what already lies in it recognised."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import typer

from flows.say import hint, language, on_terminal, say

MOST_LISTED = 4


def command(
    folder: Annotated[Path, typer.Argument(help=say("opt_new_folder"), show_default=False)],
    *,
    template: Annotated[str | None, typer.Option("--template", help=say("opt_template"), metavar="TABLE")] = None,
    plan: Annotated[bool, typer.Option("--plan", help=say("opt_plan"))] = False,
) -> None:
    """Nothing that is there is changed: a svodka.yaml that exists is only compared with the files."""
    if template or plan:
        _write_table(folder, None if plan else template)
        return
    from flows.init.init import start

    with on_terminal(folder.name) as step:
        started = start(folder, step)
    typer.echo(say("init_written" if started.written else "init_kept", folder=folder))
    for source in started.sources:
        what = source.profile or say("init_guessed", columns=", ".join(source.columns))
        typer.echo("  " + say("init_source", files=_listed(source.files), table=source.table, what=what))
        if source.tabs:
            typer.echo("    " + say("init_tabs", tabs=", ".join(f"«{tab}»" for tab in source.tabs)))
        for column, rival in source.rivals.items():
            typer.echo("    " + say("init_rival", chosen=source.columns[column], rival=rival))
        if source.needs_period:
            typer.echo("    " + say("init_needs_period", table=source.table))
    sales = [source for source in started.sources if source.table == "deals"]
    if len(sales) > 1:
        typer.echo("  " + say("several_deals", sources=", ".join(file for source in sales for file in source.files)))
    if started.dictionary:
        typer.echo("  " + say("init_dictionary", file=started.dictionary))
    for file, why in started.unknown:
        typer.echo("  " + say("init_unknown_file", file=file, why=why))
    is_found = bool(started.sources)
    _say_next(folder, is_written=started.written, is_found=is_found, is_strange=not is_found and bool(started.unknown))


def _say_next(folder: Path, *, is_written: bool, is_found: bool, is_strange: bool) -> None:
    told = {name: hint(name, folder) for name in ("init", "check", "run")}
    if is_strange:
        typer.echo(say("init_strange", **told))
    elif is_written:
        typer.echo(say("init_next" if is_found else "init_empty", folder=folder, **told))
    elif is_found:
        typer.echo(say("init_unread", **told))


def _write_table(folder: Path, table: str | None) -> None:
    from config.settings import now
    from flows.init.template import write_plan, write_template

    made = write_template(folder, table, language()) if table else write_plan(folder, language(), now().date())
    typer.echo(say("template_written", file=folder / made.file))
    typer.echo("\n".join(made.source))


def _listed(files: Sequence[str]) -> str:
    """Names of files: a few one by one, of many the first and the last."""
    if len(files) <= MOST_LISTED:
        return ", ".join(files)
    return say("init_many", first=files[0], last=files[-1], count=len(files))
