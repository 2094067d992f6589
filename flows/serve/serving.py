"""Clients → Prefect: a deployment each, what an earlier service left put in order, nights watched until stopped."""

from __future__ import annotations

import asyncio
import logging
import sys
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.runner import Runner
from prefect.states import Cancelled, Crashed, Scheduled

from config.errors import SvodkaError, Unavailable
from config.folder.load import LoadedClient
from config.messages import message
from config.settings import cores, now, settings
from connectors.notify import notify
from flows.run.lock import is_running
from flows.run.reports.digest import Sent, send_due
from flows.say import language, pasted, say
from flows.serve.consultants import ServedConsultant
from flows.serve.control import ControlRoom, Ended, desks
from flows.serve.deployments import (
    TAG,
    UNDER_WAY,
    deployment,
    deployment_of_all,
    leave_alone,
    names,
    runs_of,
    set_state,
)
from flows.serve.nightly import CATCH_UP, CONTROL
from flows.serve.pool import Pool, forgotten, free_quota, free_what_is_left, lost, make_pool, registered
from flows.serve.server import Server, answers
from flows.serve.shelf import Shelf
from flows.status.nights import TORN, caught_up, ended, missed_night, on_waking, read_nights, served, told

TICK_SECONDS = 5.0
CONTROL_SECONDS = 1.0
AT_ONCE = 5
"""Runs at a time where there are fewer cores: some of them only wait for Google."""
ASLEEP = timedelta(minutes=5)
"""Between two ticks that are further apart the machine slept."""
DIGEST_PAUSE = timedelta(minutes=10)
"""Between two tries of a digest that was not taken."""


@dataclass
class Served:
    """A client of this service."""

    loaded: LoadedClient
    deployment: UUID
    parameters: Mapping[str, Any]
    """What makes the deployment run this client and no other."""
    inherited: set[str] = field(default_factory=set)
    """Runs that an earlier service left without an end; their processes may live yet."""
    was_busy: bool = False
    """Whether a process held the client when it was looked at last: then its end may be about to be told."""
    untold: list[Told] = field(default_factory=list)
    digest_after: datetime | None = None
    """Not before this moment is the owner's digest tried again."""

    def say(self, name: str, **facts: object) -> str:
        """A sentence in the client's language."""
        return message(f"cli.{name}", self.loaded.client.language, **facts)


@dataclass(frozen=True)
class Told:
    """A message to the client's addresses, until they take it."""

    title: str
    body: str
    night: datetime | None = None
    """The last missed night that it tells of."""


@dataclass(frozen=True)
class Service:
    """What one `svodka serve` is for."""

    clients: Sequence[LoadedClient]
    """Those with a night of their own."""
    consultants: Sequence[ServedConsultant]
    """Where one names a schedule, all their clients are one deployment."""
    server: Server
    shelf: Shelf
    at_once: int | None
    """So many runs at a time, if somebody said how many; more wait."""
    pool: Pool | None = None
    """Whose workers run them; without one they are processes of this machine."""


async def serve(service: Service) -> None:
    """Register every client's deployment and run what is due or asked for, until stopped.

    Raises Unavailable when the server is gone, whatever the libraries that asked it say of that.
    """
    for handler in logging.getLogger("prefect").handlers:
        handler.addFilter(_in_a_line)
    serving, guarding = asyncio.ensure_future(_serve(service)), asyncio.ensure_future(_guard(service.server))
    try:
        await asyncio.wait({serving, guarding}, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (serving, guarding):
            task.cancel()
        await asyncio.gather(serving, guarding, return_exceptions=True)
    if service.server.is_lost or (serving.exception() is not None and not answers(service.server.address)):
        raise Unavailable("cli.server_died", address=service.server.address)
    serving.result()


async def _guard(server: Server) -> None:
    """Look whether the server lives, from the first request to it on, until it is gone."""
    while await asyncio.to_thread(server.is_alive):
        await asyncio.sleep(TICK_SECONDS)


def _in_a_line(record: logging.LogRecord) -> bool:
    """What Prefect tells of its own troubles, without the traceback: the journal is read by an operator."""
    record.exc_info = record.exc_text = None
    return True


async def _serve(service: Service) -> None:
    runner = Runner(name=TAG, pause_on_shutdown=True, limit=service.at_once or max(cores(), AT_ONCE))
    async with get_client() as client:
        if service.pool is not None:
            await _open(client, service.pool)
        mine, together = await _registered(client, runner, service)
        for one in mine:
            await _settle(client, one, service.pool)
    # a stop leaves a coroutine of the runner unawaited, which says nothing to an operator
    warnings.filterwarnings("ignore", message="coroutine .* was never awaited", category=RuntimeWarning)
    at_work = runner.start() if service.pool is None else asyncio.Event().wait()
    running, watching = asyncio.ensure_future(at_work), asyncio.ensure_future(_watch(mine, together, service))
    controlled = asyncio.ensure_future(_control([*mine, *together]))
    try:
        await asyncio.wait({running, watching, controlled}, return_when=asyncio.FIRST_COMPLETED)
        if watching.done():
            watching.result()
        if controlled.done():
            controlled.result()
    finally:
        runner.pause_on_shutdown = not service.server.is_lost  # else there is nobody to tell
        for task in (watching, controlled, running):
            task.cancel()
        await asyncio.gather(running, watching, controlled, return_exceptions=True)


async def _open(client: PrefectClient, pool: Pool) -> None:
    if await make_pool(client, pool.name):
        print(say("pool_made", pool=pool.name), file=sys.stderr)  # noqa: T201 - the journal of the service
    await free_quota(pool)
    print(say("pool_served", pool=pool.name), file=sys.stderr)  # noqa: T201 - the journal of the service


async def _registered(client: PrefectClient, runner: Runner, service: Service) -> tuple[list[Served], list[Served]]:
    """Everybody's deployments are made; those who have one, and clients that run with the others of theirs, out."""
    mine: list[Served] = []
    together: list[Served] = []
    consultants = {one.loaded.folder: one for one in service.consultants if one.has_schedule}
    everybody = [*service.clients, *(one.loaded.as_client() for one in consultants.values())]
    for name, loaded in (await names(client, everybody)).items():
        whole = consultants.get(loaded.folder)
        if whole is None:
            made = await deployment(name, loaded)
        else:
            made = await deployment_of_all(name, whole, service.at_once)
        found = await (runner.aadd_deployment(made) if service.pool is None else registered(made, service.pool))
        one = Served(loaded, found, {"folder": str(loaded.folder.resolve())})
        mine.append(one)
        if whole is None:
            service.shelf.put(name, loaded)
            continue
        for member in whole.members():
            await leave_alone(client, member)
            parameters = {**one.parameters, "clients": [str(member.folder.resolve())]}
            together.append(Served(member, found, parameters))
    return mine, together


async def _control(mine: Sequence[Served]) -> None:
    """Look at every «Пульт» in turn until stopped."""
    from connectors.google_sheets.account import account
    from connectors.google_sheets.client import connect

    asked = desks([one.loaded for one in mine], now())
    runs = PrefectRuns({one.loaded.data: one for one in mine})
    room = ControlRoom(runs, lambda is_writing: connect(account(settings()), is_writing), asked)
    while True:
        await room.step(now())
        await asyncio.sleep(CONTROL_SECONDS if asked else ASLEEP.total_seconds())


@dataclass(frozen=True)
class PrefectRuns:
    """Runs that a tick asks for, as flow runs of the client's deployment."""

    served: Mapping[Path, Served]
    """By the data folder of each client."""

    async def begin(self, loaded: LoadedClient, since: str, until: str) -> str:
        """A run of its own, with the days and the tag that makes its report clear the tick."""
        one = self.served[loaded.data]
        parameters = {**one.parameters, "since": since or None, "until": until or None}
        async with get_client() as client:
            run = await client.create_flow_run_from_deployment(
                one.deployment, parameters=parameters, tags=[TAG, CONTROL]
            )
        return str(run.id)

    async def ended(self, run: str) -> Ended | None:
        """A run that left a report or a banner has answered; one that was torn off or refused has not."""
        async with get_client() as client:
            state = (await client.read_flow_run(UUID(run))).state
        if state is None or not state.is_final():
            return None
        is_skipped = state.name == "Skipped"
        return Ended(state.is_completed() and not is_skipped, is_skipped, state.message or state.name or "")


# ------------------------------------------------------------------------------------------------ what was left


async def _settle(client: PrefectClient, one: Served, pool: Pool | None) -> None:
    """Before anything is run: what was torn off is marked and told, nights that were slept through are one run.

    Workers of a pool did not sleep: what they have under way or are late with is theirs.
    """
    data = one.loaded.data
    served(data, now())
    left = {str(run.id) for run in await runs_of(client, one.deployment, UNDER_WAY)}
    known = set(read_nights(data).under_way)
    one.inherited = left | known if pool is None else known - left
    one.was_busy = is_running(data)
    if pool is None:
        for run in await _late(client, one):
            await set_state(client, run, Cancelled(name="Skipped", message=one.say("night_slept")))
    elif not left:
        await free_what_is_left(pool, one.loaded, one.parameters)
    await _mark_torn(client, one)
    await _catch_up(client, one)


async def _mark_torn(client: PrefectClient, one: Served) -> None:
    """Inherited runs, once no process holds the client: torn off at Prefect and in the record, told once."""
    was_busy, one.was_busy = one.was_busy, is_running(one.loaded.data)
    if not one.inherited or one.was_busy or was_busy:
        return
    inherited, one.inherited = one.inherited, set()
    why = one.say("torn_off")
    for run in await runs_of(client, one.deployment, UNDER_WAY):
        if str(run.id) in inherited:
            await set_state(client, run, Crashed(name="TornOff", message=why))
    torn = inherited & read_nights(one.loaded.data).under_way.keys()
    for name in torn:
        ended(one.loaded.data, name, now(), TORN)
    if torn:
        one.untold.append(Told(one.say("crashed_head", client=one.loaded.client.client), why))


async def _catch_up(client: PrefectClient, one: Served) -> None:
    """Tell of nights that will not be run any more, and run the latest if it still is owed."""
    data = one.loaded.data
    waking = on_waking(one.loaded.client, read_nights(data), now())
    _tell_missed(one, waking.missed)
    if waking.catch_up is not None and not await _late(client, one):
        state: State[Any] = Scheduled(message=one.say("night_caught_up", moment=f"{waking.catch_up:%d.%m.%Y %H:%M}"))
        await client.create_flow_run_from_deployment(one.deployment, state=state, tags=[TAG, CATCH_UP])
        caught_up(data, waking.catch_up)


async def _late(client: PrefectClient, one: Served) -> list[FlowRun]:
    """Nights whose time has come and that nobody has begun."""
    waiting = await runs_of(client, one.deployment, [StateType.SCHEDULED])
    return [run for run in waiting if run.auto_scheduled and (run.expected_start_time or now()) < now()]


# ------------------------------------------------------------------------------------------------ while serving


async def _watch(mine: Sequence[Served], together: Sequence[Served], service: Service) -> None:
    """Look whether the machine slept, whether a night was missed; tell what is not told yet."""
    last = awake_since = now()
    while True:
        await asyncio.sleep(TICK_SECONDS)
        moment = now()
        has_slept, last = moment - last > ASLEEP, moment
        awake_since = moment if has_slept else awake_since
        if service.pool is not None:
            await _inherit(mine, service.pool)
        for one in mine:
            if one.inherited:
                async with get_client() as client:
                    await _mark_torn(client, one)
                    await _catch_up(client, one)
            nights = read_nights(one.loaded.data)
            if has_slept:  # the latest of them is run by the schedule itself, late
                _tell_missed(one, on_waking(one.loaded.client, nights, moment).missed)
            elif night := missed_night(one.loaded.client, nights, moment, awake_since):
                _tell_missed(one, [night])
            await asyncio.to_thread(_tell, one)
            await asyncio.to_thread(_send_digest, one, moment)
        for one in together:
            await asyncio.to_thread(_send_digest, one, moment)
        for consultant in service.consultants:
            await asyncio.to_thread(consultant.look, moment)


async def _inherit(mine: Sequence[Served], pool: Pool) -> None:
    """What a worker left when it died is this service's to put in order, as what an earlier service left."""
    records = {one.deployment: set(read_nights(one.loaded.data).under_way) for one in mine}
    async with get_client() as client:
        left = await lost(client, pool)
        ended_unheard = await forgotten(client, set().union(*records.values()))
    for one in mine:
        one.inherited |= {str(run.id) for run in left if run.deployment_id == one.deployment}
        one.inherited |= records[one.deployment] & ended_unheard


def _tell_missed(one: Served, nights: Sequence[datetime]) -> None:
    if not nights or any(told.night == nights[-1] for told in one.untold):
        return
    moments = [f"{night:%d.%m.%Y %H:%M}" for night in (nights[0], nights[-1])]
    if len(nights) == 1:
        body = pasted(one.say("missed", moment=moments[0]), one.loaded.folder)
    else:
        body = one.say("missed_many", nights=len(nights), first=moments[0], last=moments[1])
    one.untold.append(Told(one.say("missed_head", client=one.loaded.client.client), body, nights[-1]))


def _send_digest(one: Served, moment: datetime) -> None:
    """Send the owner's digest when its time has come; what is not taken is tried again after a pause."""
    if one.digest_after is not None and moment < one.digest_after:
        return
    try:
        done = send_due(one.loaded, settings().environment, moment)
    except SvodkaError as error:
        one.digest_after = moment + DIGEST_PAUSE
        print(f"{one.loaded.client.client}: {error.text(language())}", file=sys.stderr)  # noqa: T201
        return
    if done in (Sent.WHOLE, Sent.LINE):
        print(f"{one.loaded.client.client}: {one.say(done.value)}", file=sys.stderr)  # noqa: T201 - the journal


def _tell(one: Served) -> None:
    """Send what is not told yet; what is not taken is tried again at the next look."""
    while one.untold:
        told_now = one.untold[0]
        try:
            notify(one.loaded.client.notify, settings().environment, told_now.title, told_now.body)
        except SvodkaError as error:
            print(error.text(language()), file=sys.stderr)  # noqa: T201
            return
        print(f"{told_now.title}. {told_now.body}", file=sys.stderr)  # noqa: T201 - the journal of the service
        if told_now.night is not None:
            told(one.loaded.data, told_now.night)
        one.untold.pop(0)
