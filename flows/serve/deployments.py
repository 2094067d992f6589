"""Clients and consultants → their deployments at Prefect, for the runs of this process or for the workers of a pool."""

from collections.abc import Mapping, Sequence
from typing import Any, get_args
from uuid import UUID

from prefect import Flow
from prefect.client.orchestration import PrefectClient
from prefect.client.schemas.filters import (
    DeploymentFilter,
    DeploymentFilterId,
    DeploymentFilterTags,
    FlowRunFilter,
    FlowRunFilterState,
    FlowRunFilterStateType,
)
from prefect.client.schemas.objects import FlowRun, State, StateType
from prefect.deployments.runner import RunnerDeployment
from prefect.schedules import Cron
from prefect.states import Crashed
from prefect.types.entrypoint import EntrypointType

from config.folder.load import LoadedClient, LoadedConsultant
from config.messages import message
from flows.run.given.request import Target
from flows.run.lock import is_running
from flows.serve.consultants import ServedConsultant
from flows.serve.nightly import nightly
from flows.serve.together import all_clients
from flows.status.nights import unserved

TAG = "svodka"
UNDER_WAY = [StateType.RUNNING, StateType.PENDING, StateType.CANCELLING]
NO_SLASH = str.maketrans({"/": "-", "%": "-", "&": "+", "<": "(", ">": ")"})
"""What Prefect allows in no name, and what stands for it."""


async def names(client: PrefectClient, clients: Sequence[LoadedClient]) -> dict[str, LoadedClient]:
    """Clients in; the names of their deployments out: their own, and where two have one name, with their folders.

    A deployment of the same folder under a former name is removed: nobody would ever run what it schedules.
    """
    tagged = DeploymentFilter(tags=DeploymentFilterTags(all_=[TAG]))
    there = await client.read_deployments(deployment_filter=tagged)
    taken = {one.name: one.parameters.get("folder") for one in there}
    found: dict[str, LoadedClient] = {}
    for loaded in clients:
        folder = str(loaded.folder.resolve())
        name = stem = loaded.client.client.translate(NO_SLASH).strip() or loaded.folder.resolve().name
        for number in range(1, len(taken) + len(clients) + 2):
            if name not in found and taken.get(name, folder) == folder:
                break
            name = f"{stem} · {loaded.folder.resolve().name}" + (f" {number}" if number > 1 else "")
        found[name] = loaded
        for one in there:
            if one.parameters.get("folder") == folder and one.name != name:
                await remove(client, one.id, loaded)
    return found


async def remove(client: PrefectClient, deployment: UUID, loaded: LoadedClient) -> None:
    """A deployment under a former name goes; its runs that have no end are told to have one."""
    if not is_running(loaded.data):
        why = message("cli.torn_off", loaded.client.language)
        for run in await runs_of(client, deployment, UNDER_WAY):
            await set_state(client, run, Crashed(name="TornOff", message=why))
    await client.delete_deployment(deployment)


async def deployment(name: str, loaded: LoadedClient) -> RunnerDeployment:
    """A client and its name in; its deployment, with its schedule in its own timezone and its form, out."""
    return await _deployed(nightly, name, loaded, {}, form(loaded))


async def deployment_of_all(name: str, whole: ServedConsultant, at_once: int | None) -> RunnerDeployment:
    """A consultant and their name in; the one deployment of all their clients out."""
    return await _deployed(all_clients, name, whole.loaded.as_client(), {"at_once": at_once}, form_of_all(whole.loaded))


async def _deployed(
    run: Flow[..., Any], name: str, loaded: LoadedClient, parameters: Mapping[str, Any], fields: dict[str, Any]
) -> RunnerDeployment:
    made: RunnerDeployment = await run.ato_deployment(
        name=name,
        schedule=Cron(loaded.client.schedule, timezone=loaded.client.timezone),
        parameters={"folder": str(loaded.folder.resolve()), **parameters},
        description=loaded.client.client,
        tags=[TAG],
        paused=False,
        entrypoint_type=EntrypointType.MODULE_PATH,
    )
    made._parameter_openapi_schema.properties = fields
    return made


async def leave_alone(client: PrefectClient, member: LoadedClient) -> None:
    """A client that runs with all the others has no deployment and no promised night of its own."""
    tagged = DeploymentFilter(tags=DeploymentFilterTags(all_=[TAG]))
    for one in await client.read_deployments(deployment_filter=tagged):
        if one.parameters.get("folder") == str(member.folder.resolve()):
            await remove(client, one.id, member)
    unserved(member.data)


async def runs_of(client: PrefectClient, deployment: UUID, kinds: Sequence[StateType]) -> list[FlowRun]:
    """Runs of a deployment that are in a state of one of these kinds."""
    return await client.read_flow_runs(
        deployment_filter=DeploymentFilter(id=DeploymentFilterId(any_=[deployment])),
        flow_run_filter=FlowRunFilter(state=FlowRunFilterState(type=FlowRunFilterStateType(any_=list(kinds)))),
    )


async def set_state(client: PrefectClient, run: FlowRun, state: State[Any]) -> None:
    """Put a run into a state, whatever Prefect thinks of the step."""
    await client.set_flow_run_state(run.id, state, force=True)


# The form of a run by hand on the page of a deployment: fields in the client's language, choices as choices.

NOWHERE = "none"


def form(loaded: LoadedClient) -> dict[str, dict[str, Any]]:
    """A client in; the fields of the form, by the parameter that each fills, out.

    The folder is the client's own and no other; a day is a date, left empty or picked; lists are ticked off.
    """
    targets = [*get_args(Target), NOWHERE]
    fields: dict[str, dict[str, Any]] = {
        "folder": {"type": "string", "enum": [str(loaded.folder.resolve())]},
        "as_of": {"type": "string", "format": "date"},
        "since": {"type": "string", "format": "date"},
        "until": {"type": "string", "format": "date"},
        "only": _ticked(list(loaded.client.sources)),
        "to": _ticked(targets),
    }
    for position, (name, said) in enumerate(fields.items()):
        said["position"] = position
        for part in ("title", "description"):
            said[part] = message("cli." + f"form_{name}_{part}", loaded.client.language)
    return fields


def form_of_all(consultant: LoadedConsultant) -> dict[str, dict[str, Any]]:
    """A consultant in; the fields of the form for all their clients, or those that are ticked, out."""
    fields = form(consultant.as_client())
    del fields["only"]
    said = {"position": 1, **_ticked([str(folder) for folder in consultant.clients()])}
    for part in ("title", "description"):
        said[part] = message(f"cli.form_clients_{part}", consultant.consultant.language)
    return {"folder": fields.pop("folder"), "clients": said, **fields}


def _ticked(choices: list[str]) -> dict[str, Any]:
    return {"type": "array", "items": {"type": "string", "enum": choices}, "uniqueItems": True}
