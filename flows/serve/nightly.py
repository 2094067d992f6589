"""Prefect: one run of one client as a flow, each verb a task, artifacts on the run's page."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar
from urllib.parse import quote

from prefect import flow, task
from prefect.artifacts import create_link_artifact, create_markdown_artifact, create_table_artifact
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import FlowRun, State
from prefect.client.schemas.objects import TaskRun as PrefectTaskRun
from prefect.context import get_run_context
from prefect.runtime import deployment as this_deployment
from prefect.runtime import flow_run as this_run
from prefect.states import Completed, Failed
from pydantic import Field

from config.errors import Busy, SvodkaError, Unavailable
from config.folder.load import LoadedClient, load_client, load_consultant
from config.nearest import SOUNDS
from config.settings import now, settings
from connectors.notify import notify
from connectors.warehouse import Reading
from flows.run.given.request import RunRequest, Trigger, request, settled_as_of
from flows.run.lock import one_among_machines
from flows.run.one_client import failed, run_folder
from flows.run.show import headline, markdown, one_line, reconciliation
from flows.run.told.summary import RunSummary, is_address
from flows.say import Verb, day, language, pasted, say, speak
from flows.status.nights import SKIPPED, TORN, ended, is_too_late, replacing, seconds_early, started

Made = TypeVar("Made")
Day = Annotated[str | None, Field(json_schema_extra={"format": "date"})]
"""A day of the form: picked from a calendar, but text, so that one that is none is told by us and in one line."""
CONTROL = "control"
"""Tag of a run that a tick on «Пульт» asked for."""
RUN = "run"
"""Kind of the lock that a flow run has at the server of a pool: while it is held, its process lives."""
CATCH_UP = "catch-up"
"""Tag of a night that is run late because it was torn off or slept through."""
REPEATED = "Engine execution exited with unexpected exception"
"""What Prefect logs, with a traceback, of every run that ends as failed; the run's state has said why in a line."""


def _run_name() -> str:
    """The client's name and the day of the report, as the list of runs shows it."""
    asked = this_run.parameters
    try:
        client = load_client(Path(asked["folder"])).client
        speak(client.language)
        as_of = asked.get("as_of") or day(settled_as_of(RunRequest(), client, on_time()))
    except SvodkaError:
        return Path(asked["folder"]).name
    return f"{client.client} · {as_of}"


@flow(name="nightly", flow_run_name=_run_name, persist_result=False, retries=0)
def nightly(  # noqa: PLR0917 - these are the fields of the form
    folder: str,
    as_of: Day = None,
    since: Day = None,
    until: Day = None,
    only: list[str] | None = None,
    to: list[Literal["xlsx", "sheets", "html", "none"]] | None = None,
) -> State[None]:
    """One client's report, now or by schedule."""
    place = Path(folder)
    begin()
    try:
        loaded = load_client(place)
        speak(loaded.client.language)
        asked = asked_here(as_of=as_of, since=since, until=until, only=only, to=list(to or []))
    except SvodkaError as error:
        return Failed(name="Refused", message=one_line(failed(place, error.text(language()), error.exit_code)))
    if (why := needless(loaded)) is not None:
        return skipped(why)
    return alone(run_place({"folder": folder}), lambda: _run(loaded, asked))


def begin() -> None:
    """A run waits for its moment, and its log is in our words."""
    on_time()
    for name in ("prefect.flow_runs", "prefect.task_runs"):
        logging.getLogger(name).addFilter(in_words)


def asked_here(**words: Any) -> RunRequest:
    """What the form says in; what is asked of this run out, by whom too. Raises ConfigError."""
    return request(**words, trigger=trigger(), is_control=has_tag(CONTROL))


def alone(place: Path, work: Callable[[], State[None]]) -> State[None]:
    """A run that no other worker of a pool has under way already; else it is skipped."""
    try:
        with one_among_machines(RUN, place, place.name):
            return work()
    except Busy as error:
        return skipped(error.text(language()))
    except Unavailable as error:
        return Failed(message=error.text(language()))


def run_place(parameters: Mapping[str, Any]) -> Path:
    """Parameters of a flow run in; what no two runs at once are about, as a path out."""
    return Path("+".join([str(parameters["folder"]), *(parameters.get("clients") or ())]))


def _run(loaded: LoadedClient, asked: RunRequest) -> State[None]:
    run = str(this_run.id)
    started(loaded.data, run, now())
    summary = run_folder(loaded.folder, asked, as_task)
    if summary.run_id is None and summary.exit_code == Busy.exit_code:
        ended(loaded.data, run, now(), SKIPPED)
        return skipped(standing(loaded, asked, now()) or one_line(summary))
    ended(loaded.data, run, now(), summary.status)
    _artifacts(summary)
    return _ended(told(loaded, summary) if summary.exit_code else summary)


def on_time() -> datetime:
    """The moment now; a night that Prefect, which counts whole seconds, begins a little early waits for its own."""
    expected = this_run.scheduled_start_time
    if isinstance(expected, datetime):
        time.sleep(seconds_early(expected, now()))
    return now()


def needless(loaded: LoadedClient) -> str | None:
    """Why a night is not run: a later one is due as well, or it comes too late; None if it is run."""
    expected = this_run.scheduled_start_time
    if trigger() == "manual" or not isinstance(expected, datetime):
        return None
    later = replacing(loaded.client, expected, now())
    if later is None:
        return None
    name = "night_too_late" if is_too_late(loaded.client, expected, now()) else "night_replaced"
    return say(name, moment=f"{later:%d.%m.%Y %H:%M}")


def as_task(verb: Verb, what: str, work: Callable[[], Made], /) -> Made:
    """A step that is a Prefect task: named in words, retried only while something is unavailable, nothing stored."""
    name, pauses = say(f"verb_{verb.value}"), list(settings().retry_seconds)
    wrapped = task(
        name=name,
        task_run_name=in_latin(f"{name} {what}".rstrip()),  # the page of a run draws its bars in Latin letters alone
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


def in_words(record: logging.LogRecord) -> bool:
    """A line of the run's log in; an error of ours says what to do in its own words, without a traceback."""
    if REPEATED in record.getMessage():
        return False
    error = record.exc_info[1] if record.exc_info else None
    if isinstance(error, SvodkaError):
        record.msg, record.args, record.exc_info, record.exc_text = error.text(language()), (), None, None
    return True


def trigger() -> Trigger:
    """Whether this run was asked for by the schedule or by somebody."""
    run = getattr(get_run_context(), "flow_run", None)
    is_scheduled = run is not None and (run.auto_scheduled or has_tag(CATCH_UP))
    return "schedule" if is_scheduled else "manual"


def has_tag(tag: str) -> bool:
    """Whether this run bears a tag."""
    run = getattr(get_run_context(), "flow_run", None)
    return run is not None and tag in run.tags


def skipped(why: str) -> State[None]:
    """The state of a run that had nothing to do."""
    return Completed(name="Skipped", message=why)


def _ended(summary: RunSummary) -> State[None]:
    if summary.status == "failed":
        return Failed(message=one_line(summary))
    return Completed(message=one_line(summary), name="Completed" if summary.exit_code == 0 else "Partial")


def _artifacts(summary: RunSummary) -> None:
    create_markdown_artifact(markdown(summary), key="summary", description=summary.client)
    if summary.sources:
        create_table_artifact(reconciliation(summary), key="reconciliation", description=say("reconciliation"))
    for place in summary.written:
        create_link_artifact(_link(summary, place), link_text=Path(place).name, key="report", description=place)


def _link(summary: RunSummary, place: str) -> str:
    """A report on the web as it is; a file through the service, which a browser may open, else where it lies."""
    if is_address(place):
        return place
    reports, name = settings().reports_url, this_deployment.name
    if reports and name:
        return f"{reports}/{quote(str(name))}/{quote(Path(place).name)}"
    return (Path(summary.folder) / place).resolve().as_uri()


def told(loaded: LoadedClient, summary: RunSummary) -> RunSummary:
    """What is wrong is told to the client's addresses; where that does not work, the run says so too."""
    if not loaded.client.notify:
        return summary
    title, body = headline(summary), "\n".join(summary.problems)
    try:
        as_task(Verb.TELL, "", lambda: notify(loaded.client.notify, settings().environment, title, body))
    except SvodkaError as error:
        return replace(summary, problems=[*summary.problems, error.text(language())])
    return summary


def notify_crash(flow: object, flow_run: FlowRun, state: State[Any]) -> None:
    """A run that ended without a word of its own (killed, out of memory): its client's addresses are told."""
    loaded = _whose(flow_run)
    speak(loaded.client.language)
    body = pasted(say("crashed", problem=state.message or ""), loaded.folder)
    notify(loaded.client.notify, settings().environment, say("crashed_head", client=loaded.client.client), body)
    ended(loaded.data, str(flow_run.id), now(), TORN)


def note_cancelled(flow: object, flow_run: FlowRun, state: State[Any]) -> None:
    """A run that an operator stopped on purpose is no alarm."""
    ended(_whose(flow_run).data, str(flow_run.id), now(), SKIPPED)


def _whose(flow_run: FlowRun) -> LoadedClient:
    """The client whose run it is, or the consultant of all of them."""
    folder = Path(flow_run.parameters["folder"])
    consultant = load_consultant(folder)
    return consultant.as_client() if consultant else load_client(folder)


nightly.on_crashed(notify_crash)
nightly.on_cancellation(note_cancelled)


def standing(loaded: LoadedClient, asked: RunRequest, now: datetime) -> str | None:
    """The report that was asked for stands already, made by another run: when; None if it does not yet."""
    try:
        with Reading.open(loaded.data) as warehouse:
            last = warehouse.last_good_run()
    except SvodkaError:
        return None
    if last is None or last.as_of != settled_as_of(asked, loaded.client, now):
        return None
    return say("renewed_by_another", day=day(last.as_of), moment=f"{last.finished_at:%H:%M}")


# Russian letters → Latin ones, for a page that draws no others.

LETTERS = SOUNDS | str.maketrans(
    {
        "x": "x",
        "ц": "ts",
        "ё": "e",
        "№": "N",
        "«": '"',
        "»": '"',
        "·": "-",
        "…": "...",
        "—": "-",
        "–": "-",
        "\u00a0": " ",
    }
)


def in_latin(text: str) -> str:
    """`Читаю exports/Звонки.csv` → `Chitayu exports/Zvonki.csv`."""
    return "".join(map(_capital, text))


def _capital(letter: str) -> str:
    lower = letter.lower().translate(LETTERS)
    return lower.capitalize() if letter.isupper() and letter.lower() != letter else lower
