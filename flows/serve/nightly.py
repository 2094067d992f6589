"""Prefect: a deployment per client, each verb a task, artifacts on the run's page. Nothing else imports prefect."""

from __future__ import annotations

import asyncio
import sys
import warnings
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

from prefect import flow, task
from prefect.artifacts import create_link_artifact, create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import FlowRun, State
from prefect.client.schemas.objects import TaskRun as PrefectTaskRun
from prefect.context import get_run_context
from prefect.deployments.runner import RunnerDeployment
from prefect.runner import Runner
from prefect.runtime import flow_run as this_run
from prefect.schedules import Cron
from prefect.states import Completed, Failed
from prefect.types.entrypoint import EntrypointType
from pydantic import Field

from config.errors import SvodkaError, Unavailable
from config.load import LoadedClient, load_client
from config.settings import settings
from flows.run.one_client import failed, now, run_folder
from flows.run.request import Trigger, request
from flows.run.show import headline, markdown, one_line, reconciliation
from flows.run.summary import RunSummary, is_address
from flows.say import language, say, speak
from flows.serve.nights import missed_night, read_nights, served, started, told
from flows.serve.notify import notify
from flows.step import Verb

Made = TypeVar("Made")
Day = Annotated[str | None, Field(json_schema_extra={"format": "date"})]
"""A day of the form: picked from a calendar, but text, so that one that is none is told by us and in one line."""


def _run_name() -> str:
    """Folder and asked day, as the list of runs shows it."""
    asked = this_run.parameters
    return " ".join(str(part) for part in (Path(asked["folder"]).name, asked.get("as_of")) if part)


@flow(name="nightly", flow_run_name=_run_name, persist_result=False, retries=0)
def nightly(  # noqa: PLR0917 - these are the fields of the form
    folder: str,
    as_of: Day = None,
    since: Day = None,
    until: Day = None,
    only: list[str] | None = None,
    to: list[Literal["xlsx", "sheets", "none"]] | None = None,
) -> State[None]:
    """One client's report.

    Args:
        folder: the client's folder
        as_of: figures as of the end of this day; empty: yesterday in the client's timezone
        since: read again the files that hold data from this day on, changed or not
        until: and up to this day
        only: read these sources alone
        to: where to write: xlsx, sheets or none; empty: everything named in reports
    """
    place = Path(folder)
    started(place / "data", now())
    try:
        loaded = load_client(place, settings().allowed_roots)
        speak(loaded.client.language)
        asked = request(as_of=as_of, since=since, until=until, only=only, to=list(to or []), trigger=_trigger())
    except SvodkaError as error:
        return _ended(failed(place, error.text(language()), error.exit_code))
    summary = run_folder(place, asked, as_task)
    _artifacts(summary)
    if summary.exit_code:
        _notify(loaded, headline(summary), summary)
    return _ended(summary)


def as_task(verb: Verb, what: str, work: Callable[[], Made], /) -> Made:
    """A step that is a Prefect task: named in words, retried only while something is unavailable, nothing stored."""
    name, pauses = say(f"verb_{verb.value}"), list(settings().retry_seconds)
    wrapped = task(
        name=name,
        task_run_name=f"{name} {what}".rstrip(),
        retries=len(pauses),
        retry_delay_seconds=pauses,
        retry_condition_fn=is_worth_retrying,
        cache_policy=NO_CACHE,
        persist_result=False,
    )(work)
    return wrapped()


def is_worth_retrying(_task: object, _run: PrefectTaskRun, state: State[object]) -> bool:
    """Whether a task failed only because something did not answer."""
    try:
        state.result()
    except Unavailable:
        return True
    except BaseException:  # anything else is for a person
        return False
    return False


def _trigger() -> Trigger:
    run = getattr(get_run_context(), "flow_run", None)
    return "schedule" if run is not None and run.auto_scheduled else "manual"


def _ended(summary: RunSummary) -> State[None]:
    if summary.status == "failed":
        return Failed(message=one_line(summary))
    return Completed(message=one_line(summary), name="Completed" if summary.exit_code == 0 else "Partial")


def _artifacts(summary: RunSummary) -> None:
    create_markdown_artifact(markdown(summary), key="summary", description=summary.client)
    if summary.sources:
        create_table_artifact(reconciliation(summary), key="reconciliation", description=say("reconciliation"))
    for place in summary.written:
        link = place if is_address(place) else (Path(summary.folder) / place).resolve().as_uri()
        create_link_artifact(link, link_text=Path(place).name, key="report", description=place)


def _notify(loaded: LoadedClient, title: str, summary: RunSummary) -> None:
    if loaded.client.notify:
        body = "\n".join(summary.problems)
        as_task(Verb.TELL, "", lambda: notify(loaded.client.notify, settings().environment, title, body))


def notify_crash(flow: object, flow_run: FlowRun, state: State[Any]) -> None:
    """A run that ended without a word of its own (killed, out of memory): its client's addresses are told."""
    loaded = load_client(Path(flow_run.parameters["folder"]), settings().allowed_roots)
    speak(loaded.client.language)
    body = say("crashed", problem=state.message or "")
    notify(loaded.client.notify, settings().environment, say("crashed_head", client=loaded.client.client), body)


nightly.on_crashed(notify_crash)


# ------------------------------------------------------------------------------------------------ serving


async def deployments(clients: Sequence[LoadedClient]) -> list[RunnerDeployment]:
    """Clients in; one deployment each out, named by its folder, with its schedule in its own timezone."""
    names: dict[str, int] = {}
    made = []
    for loaded in clients:
        stem = loaded.folder.resolve().name
        names[stem] = names.get(stem, 0) + 1
        made.append(
            await nightly.ato_deployment(
                name=stem if names[stem] == 1 else f"{stem}-{names[stem]}",
                schedule=Cron(loaded.client.schedule, timezone=loaded.client.timezone),
                parameters={"folder": str(loaded.folder.resolve())},
                description=loaded.client.client,
                tags=["svodka"],
                paused=False,
                entrypoint_type=EntrypointType.MODULE_PATH,
            )
        )
    return made


async def serve(clients: Sequence[LoadedClient]) -> None:
    """Register every client's deployment and run what is due or asked for, until stopped."""
    runner = Runner(name="svodka", pause_on_shutdown=True)
    for deployment in await deployments(clients):
        await runner.aadd_deployment(deployment)
    for loaded in clients:
        served(loaded.data, now())
    # a stop leaves a coroutine of the runner unawaited, which says nothing to an operator
    warnings.filterwarnings("ignore", message="coroutine .* was never awaited", category=RuntimeWarning)
    watch = asyncio.create_task(_watch(clients))
    try:
        await runner.start()
    finally:
        watch.cancel()


async def _watch(clients: Sequence[LoadedClient]) -> None:
    """Ask every ten minutes whether a night was missed."""
    while True:
        for loaded in clients:
            try:
                await asyncio.to_thread(tell_missed, loaded)
            except SvodkaError as error:
                print(error.text(language()), file=sys.stderr)  # noqa: T201 - tried again in ten minutes
        await asyncio.sleep(600)


def tell_missed(loaded: LoadedClient) -> None:
    """Tell a client's addresses, once, of a night that should have run and did not."""
    night = missed_night(loaded.client, read_nights(loaded.data), now())
    if night is None:
        return
    title = say("missed_head", client=loaded.client.client)
    notify(loaded.client.notify, settings().environment, title, say("missed", moment=f"{night:%d.%m.%Y %H:%M}"))
    told(loaded.data, night)
