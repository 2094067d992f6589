"""`svodka run FOLDER…`: the six verbs now, in this process."""

from __future__ import annotations

import json
import shlex
from collections.abc import Callable
from functools import partial
from inspect import Parameter, signature
from pathlib import Path
from typing import Annotated, Any, get_origin

import typer

from flows.run.given.request import RunRequest, request
from flows.say import counting, hint, on_terminal, say


def _with_options_of_request(command: Callable[..., None]) -> Callable[..., None]:
    """The command with `**words` in; the same with what `request` declares for a command line in their place, out."""
    own = signature(command, eval_str=True)
    folders, *rest = (one for one in own.parameters.values() if one.kind is not Parameter.VAR_KEYWORD)
    declared = signature(request, eval_str=True).parameters.values()
    options = [one for one in declared if get_origin(one.annotation) is Annotated]
    command.__signature__ = own.replace(parameters=[folders, *options, *rest])  # type: ignore[attr-defined]  # PEP 362
    return command


@_with_options_of_request
def command(
    folders: Annotated[list[Path], typer.Argument(help=say("opt_folders"), show_default=False)],
    *,
    is_opened: Annotated[bool, typer.Option("--open", help=say("opt_open"))] = False,
    as_json: Annotated[bool, typer.Option("--json", help=say("opt_json"))] = False,
    is_dry: Annotated[bool, typer.Option("--dry-run", help=say("opt_dry_run"))] = False,
    is_quiet: Annotated[bool, typer.Option("--quiet", "-q", help=say("opt_quiet"))] = False,
    at_once: Annotated[int | None, typer.Option("--at-once", help=say("opt_at_once"), min=1, metavar="N")] = None,
    **words: Any,
) -> None:
    """Several clients: all run, the highest exit code is returned."""
    from config.folder.load import client_folders

    asked_for, asked = folders, request(**words)
    folders = client_folders(folders)
    if is_dry:
        raise typer.Exit(_told_dry(folders, asked, as_json=as_json))
    if len(folders) > 1 and not is_opened:
        code = _told_many(folders, asked, at_once, as_json=as_json, is_quiet=is_quiet)
    else:
        code = _told_each(folders, asked, as_json=as_json, is_quiet=is_quiet, is_opened=is_opened)
    raise typer.Exit(max(code, *(_told_to(place, is_quiet=is_quiet or as_json) for place in asked_for)))


def _told_each(folders: list[Path], asked: RunRequest, *, as_json: bool, is_quiet: bool, is_opened: bool) -> int:
    """Clients run one after another in this process, each told at length; the highest exit code out."""
    from flows.run.one_client import announced, run_folder
    from flows.run.show import opened, tell

    summaries = []
    for folder in folders:
        if not as_json and not is_quiet and (plan := announced(folder, asked)):
            typer.echo(plan)
        with on_terminal(folder.name) as step:
            summary = run_folder(folder, asked, step)
        summaries.append(summary)
        if not as_json:
            tell(summary, is_quiet=is_quiet)
        if is_opened and (place := opened(folder, summary.written)):
            typer.launch(place)
    if as_json:
        shown = [summary.as_json() for summary in summaries]
        typer.echo(json.dumps(shown if len(shown) > 1 else shown[0], ensure_ascii=False, indent=2))
    return max(summary.exit_code for summary in summaries)


def _told_many(folders: list[Path], asked: RunRequest, at_once: int | None, *, as_json: bool, is_quiet: bool) -> int:
    """Several clients run, a line each as it ends; the highest exit code out."""
    from flows.run.many import run_many
    from flows.run.show import counted, doubtful, tell_line, tell_those_in_need

    done = []
    with counting(len(folders)) as count:
        for summary in run_many(folders, asked, at_once):
            done.append(summary)
            count(len(done), partial(tell_line, summary, is_quiet=is_quiet) if not as_json else lambda: None)
    if as_json:
        order = {str(folder.absolute()): number for number, folder in enumerate(folders)}
        done.sort(key=lambda one: order.get(str(Path(one.folder).absolute()), len(order)))
        typer.echo(json.dumps([one.as_json() for one in done], ensure_ascii=False, indent=2))
    elif not is_quiet:
        typer.echo(counted(done))
        if any(one.exit_code == 0 and doubtful(one) for one in done):
            typer.echo(say("many_status", status=_status_of(folders)))
        tell_those_in_need(done)
    return max(summary.exit_code for summary in done)


def _status_of(folders: list[Path]) -> str:
    """The command that tells how these clients stand: of the folder they lie in, where that is one."""
    places = {folder.parent for folder in folders}
    named = [place for place in (places if len(places) == 1 else folders) if place != Path()]
    return " ".join([hint("status"), *(shlex.quote(str(place)) for place in named)])


def _told_to(folder: Path, *, is_quiet: bool) -> int:
    """After the runs: a consultant's «Все клиенты», written anew; the exit code out."""
    from config.folder.load import load_consultant
    from config.settings import now

    consultant = load_consultant(folder)
    if consultant is None:
        return 0
    from flows.status.show import tell_published  # not loaded for a single client's run

    return tell_published(consultant, now(), is_quiet=is_quiet)


def _told_dry(folders: list[Path], asked: RunRequest, *, as_json: bool) -> int:
    """What a run of each folder would change, printed; the highest exit code that it would end with out."""
    from flows.run.dry import dry_run
    from flows.run.show import tell_dry

    found = []
    for folder in folders:
        with on_terminal(folder.name) as step:
            found.append(dry_run(folder, asked, step))
        if not as_json:
            tell_dry(found[-1])
    if as_json:
        shown = [one.as_json() for one in found]
        typer.echo(json.dumps(shown if len(shown) > 1 else shown[0], ensure_ascii=False, indent=2))
    return max(one.summary.exit_code for one in found)
