"""Prefect: all clients of a consultant as one flow, in a few processes; each fares as if it ran alone."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Literal

from prefect import flow
from prefect.artifacts import create_table_artifact
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run as this_run
from prefect.states import Completed, Failed

from config.errors import Busy, ConfigError, SvodkaError, Unavailable
from config.folder.load import LoadedClient, LoadedConsultant, load_client, load_consultant
from config.settings import now, settings
from connectors.notify import notify
from flows.run.given.request import RunRequest
from flows.run.lock import one_run
from flows.run.many import run_many
from flows.run.show import counted, headline, one_line
from flows.run.told.summary import RunSummary
from flows.say import Verb, day, language, say, speak
from flows.serve.nightly import (
    Day,
    alone,
    as_task,
    asked_here,
    begin,
    needless,
    note_cancelled,
    notify_crash,
    on_time,
    run_place,
    skipped,
    told,
)
from flows.status.nights import SKIPPED, ended, started


def _run_name() -> str:
    """The consultant's name for their clients and the moment, as the list of runs shows it."""
    try:
        consultant = _consultant(Path(this_run.parameters["folder"]))
    except SvodkaError:
        return Path(this_run.parameters["folder"]).name
    return f"{consultant.as_client().client.client} · {day(on_time().date())}"


@flow(name="all-clients", flow_run_name=_run_name, persist_result=False, retries=0)
def all_clients(  # noqa: PLR0917 - these are the fields of the form
    folder: str,
    clients: list[str] | None = None,
    as_of: Day = None,
    since: Day = None,
    until: Day = None,
    to: list[Literal["xlsx", "sheets", "html", "none"]] | None = None,
    at_once: int | None = None,
) -> State[None]:
    """All clients of a consultant, or those that are named, now or by schedule."""
    begin()
    try:
        consultant = _consultant(Path(folder))
        speak(consultant.consultant.language)
        asked = asked_here(as_of=as_of, since=since, until=until, to=list(to or []))
        folders = [Path(one) for one in clients or ()] or consultant.clients()
    except SvodkaError as error:
        return Failed(name="Refused", message=error.text(language()))
    whole = consultant.as_client()
    if (why := needless(whole)) is not None:
        return skipped(why)
    try:
        with nullcontext() if clients else one_run(whole.data, now()):
            place = run_place({"folder": folder, "clients": clients})
            return alone(place, lambda: _run(whole, folders, asked, at_once))
    except Busy as error:
        return skipped(error.text(language()))


def _run(whole: LoadedClient, folders: Sequence[Path], asked: RunRequest, at_once: int | None) -> State[None]:
    """Run them; what did not answer is tried again later, as a step of a single client is."""
    run = str(this_run.id)
    started(whole.data, run, now())
    done = {Path(one.folder): one for one in run_many(folders, asked, at_once)}
    for pause in settings().retry_seconds:
        again = [folder for folder, one in done.items() if one.exit_code == Unavailable.exit_code]
        if not again:
            break
        time.sleep(pause)
        done |= {Path(one.folder): one for one in run_many(again, asked, at_once)}
    summaries = list(done.values())
    worst = "failed" if all(one.status == "failed" for one in summaries) else "done"
    ended(whole.data, run, now(), worst if any(_ran(one) for one in summaries) else SKIPPED)
    create_table_artifact([_row(one) for one in summaries], key="clients", description=counted(summaries))
    return _state(summaries, _untold(whole, summaries))


def _state(summaries: Sequence[RunSummary], untold: str) -> State[None]:
    """One client ends as its own run would; of many, a run in which all failed has failed."""
    text = (one_line(summaries[0]) if len(summaries) == 1 else counted(summaries)) + untold
    if not any(_ran(one) for one in summaries):
        return skipped(text)
    if all(one.status == "failed" for one in summaries):
        return Failed(message=text)
    return Completed(message=text, name="Completed" if all(one.exit_code == 0 for one in summaries) else "Partial")


def _ran(summary: RunSummary) -> bool:
    return summary.run_id is not None or summary.exit_code != Busy.exit_code


def _row(summary: RunSummary) -> dict[str, str]:
    return {say("status_client"): summary.client, say("status_run"): _line(summary)}


def _line(summary: RunSummary) -> str:
    return headline(summary) if summary.exit_code == 0 else f"{headline(summary)}: {one_line(summary)}"


def _untold(whole: LoadedClient, summaries: Sequence[RunSummary]) -> str:
    """Each client's addresses hear of their client; the consultant's own, of all that is wrong, in one message.

    Why that one was not taken out, for the line of the run; empty if it was.
    """
    wrong = [one for one in summaries if one.exit_code and _ran(one)]
    for summary in wrong:
        try:
            loaded = load_client(Path(summary.folder))
        except SvodkaError:
            continue  # whose addresses cannot be read; the consultant hears of it
        told(loaded, summary)
    if not wrong:
        return ""
    title, body = f"{whole.client.client}. {counted(summaries)}", "\n".join(map(_line, wrong))
    try:
        as_task(Verb.TELL, "", lambda: notify(whole.client.notify, settings().environment, title, body))
    except SvodkaError as error:
        return f". {error.text(language())}"
    return ""


def _consultant(folder: Path) -> LoadedConsultant:
    consultant = load_consultant(folder)
    if consultant is None:
        raise ConfigError("cli.no_consultant", folder=folder)
    return consultant


all_clients.on_crashed(notify_crash)
all_clients.on_cancellation(note_cancelled)
