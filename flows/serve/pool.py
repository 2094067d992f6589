"""A work pool of Prefect: deployments for its workers on other machines; what a worker left when it died is found."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from uuid import UUID

from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.actions import WorkPoolCreate
from prefect.client.schemas.filters import (
    FlowRunFilter,
    FlowRunFilterId,
    FlowRunFilterState,
    FlowRunFilterStateType,
    FlowRunFilterTags,
)
from prefect.client.schemas.objects import FlowRun, StateType
from prefect.deployments.runner import RunnerDeployment
from prefect.exceptions import ObjectNotFound
from prefect.workers.process import ProcessWorker

from config.errors import ConfigError
from config.folder.load import LoadedClient
from config.settings import now, settings
from connectors.google_sheets.account import account
from connectors.google_sheets.client import google_limit
from connectors.shared import Shared
from flows.run.lock import CLIENT, is_running, limit_of
from flows.serve.deployments import TAG, UNDER_WAY
from flows.serve.nightly import RUN, run_place

STARTS_WITHIN: Mapping[StateType, timedelta] = {
    StateType.RUNNING: timedelta(seconds=20),
    StateType.PENDING: timedelta(minutes=10),
    StateType.CANCELLING: timedelta(minutes=10),
}
"""In a state for longer, a run whose worker lives holds its lock; a machine may have to fetch an image first."""
TELLS_WITHIN = timedelta(minutes=1)
"""A worker that lives tells of a run that crashed within this time."""


@dataclass
class Pool:
    """The pool that this service has its clients run by."""

    name: str
    shared: Shared
    environment: Mapping[str, str]
    """What the runs are told beside what their workers are."""
    suspected: set[UUID] = field(default_factory=set)
    """Runs that held nothing at the last look: their worker may have been about to begin or to end."""


async def make_pool(client: PrefectClient, name: str) -> bool:
    """A pool of this name is there; whether it had to be made, for workers that run processes."""
    try:
        await client.read_work_pool(name)
    except ObjectNotFound:
        template = ProcessWorker.get_default_base_job_template()
        await client.create_work_pool(WorkPoolCreate(name=name, type=ProcessWorker.type, base_job_template=template))
        return True
    return False


async def registered(made: RunnerDeployment, pool: Pool) -> UUID:
    """A deployment in; its id at Prefect out, where the pool's workers find it. They have Svodka and the folders."""
    made.work_pool_name = pool.name
    made.job_variables = {"env": dict(pool.environment)}
    found: UUID = await made.aapply()
    return found


async def lost(client: PrefectClient, pool: Pool) -> Sequence[FlowRun]:
    """Runs under way for which no worker holds anything, at two looks in a row: it died with them."""
    under_way = FlowRunFilter(
        tags=FlowRunFilterTags(all_=[TAG]),
        state=FlowRunFilterState(type=FlowRunFilterStateType(any_=UNDER_WAY)),
    )
    moment = now()
    runs = {
        run.id: run
        for run in await client.read_flow_runs(flow_run_filter=under_way)
        if run.state is not None and moment - run.state.timestamp > STARTS_WITHIN[run.state.type]
    }
    names = {run.id: limit_of(RUN, run_place(run.parameters)) for run in runs.values()}
    held = await asyncio.to_thread(pool.shared.are_held, sorted(set(names.values())))
    unheld = {one for one, name in names.items() if not held[name]}
    found, pool.suspected = unheld & pool.suspected, unheld
    return [runs[one] for one in found]


async def forgotten(client: PrefectClient, names: Collection[str]) -> set[str]:
    """Runs that clients' records have under way in; those that ended without a word to the record, or are gone, out."""
    if not names:
        return set()
    of = FlowRunFilter(id=FlowRunFilterId(any_=[UUID(name) for name in names]))
    found = {str(run.id): run.state for run in await client.read_flow_runs(flow_run_filter=of)}
    moment = now()
    going_on = {
        name
        for name, state in found.items()
        if state is None or not state.is_final() or moment - state.timestamp < TELLS_WITHIN
    }
    return set(names) - going_on


async def free_quota(pool: Pool) -> None:
    """A server that was restarted may have forgotten whose slots end when; Google itself refuses what is too much."""
    try:
        address = account(settings()).address
    except ConfigError:
        return  # no client asks Google, or `svodka check` has said why none can
    for kind in ("read", "write"):
        await asyncio.to_thread(pool.shared.free, google_limit(address, kind))


async def free_what_is_left(pool: Pool, loaded: LoadedClient, parameters: Mapping[str, Any]) -> None:
    """Locks of a client of whom nothing is under way: a server that was restarted may have forgotten their leases."""
    names = [limit_of(RUN, run_place(parameters))]
    if not is_running(loaded.data):
        names.append(limit_of(CLIENT, loaded.data))
    for name in names:
        await asyncio.to_thread(pool.shared.free, name)
