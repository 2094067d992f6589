"""`svodka serve --work-pool`: runs belong to workers, a client to one of them; a worker that dies gives it back."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from connectors.google_sheets.client import PER_WINDOW, Clock, budget, google_limit
from connectors.shared import Shared
from flows.run.lock import CLIENT, is_running, limit_of
from flows.serve.server import prefect_server
from flows.status.nights import read_nights
from tests.flows.small_client import AS_OF, SVODKA, small_client
from tests.flows.test_nightly import Mailbox, Served, children, free_port, holder, service, wait_for

pytestmark = [pytest.mark.slow, pytest.mark.long]
ROOT = Path(__file__).parents[2]
POOL = "ночные"


@contextmanager
def worker(home: Path, name: str, api: str) -> Iterator[subprocess.Popen[bytes]]:
    """A process worker of the pool, as another machine would have it: its own cache, its own folder."""
    place = home / name
    place.mkdir()
    environment = {
        **os.environ,
        "HOME": str(place),
        "PREFECT_HOME": str(place / "prefect"),
        "PREFECT_API_URL": api,
        "PREFECT_WORKER_QUERY_SECONDS": "1",
        "SVODKA_RETRY_SECONDS": "1,1,1",
        "PYTHONPATH": str(ROOT),
    }
    command = [sys.executable, "-m", "prefect", "worker", "start", "--pool", POOL, "--name", name, "--limit", "2"]
    with (place / "log.txt").open("w") as log:
        process = subprocess.Popen(command, env=environment, cwd=place, stdout=log, stderr=log, start_new_session=True)
    try:
        yield process
    finally:
        killed(process)


def killed(process: subprocess.Popen[bytes]) -> None:
    """The machine is gone: the worker and all that it started, at once."""
    if process.poll() is None:
        for victim in (process.pid, *children(process.pid)):
            os.kill(victim, signal.SIGKILL)
        process.wait()


@pytest.fixture
def pool(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[tuple[Served, list[subprocess.Popen[bytes]]]]:
    """A server, a client whose night comes in two minutes, and two workers."""
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / "prefect"))
    mailbox, port = Mailbox(), free_port()
    box = mailbox.serve()
    with ExitStack() as held:
        held.enter_context(prefect_server("127.0.0.1", port, None, tmp_path / "prefect"))
        school = small_client(tmp_path / "school", {"svodka.yaml": config_of_night(datetime.now(UTC))})
        held.enter_context(service(tmp_path, [school], port, mailbox, options=("--work-pool", POOL)))
        found = Served(f"http://127.0.0.1:{port}/api", school, school, mailbox)
        yield found, [held.enter_context(worker(tmp_path, name, found.api)) for name in ("first", "second")]
    box.shutdown()


def config_of_night(now: datetime) -> str:
    """A client whose night comes when a service has had time to start."""
    night = now + timedelta(minutes=2)
    config = SVODKA.replace("Europe/Moscow", "UTC") + f'schedule: "{night:%M %H} * * *"\n'
    return config + 'notify: "json://127.0.0.1:${MAILBOX}/"\n'


def test_a_worker_that_dies_gives_its_client_back(pool):
    """It is killed with all it started in the middle of the night: the run is torn off and told, the other runs it.

    Then runs of the client at once are one; a run that dies alone is told of; what machines ask of Google is counted
    together.
    """
    served, workers = pool
    school = served.school
    assert served.deployment("school")["work_pool_name"] == POOL
    wait_for(lambda: is_running(school / "data"))
    [dead] = [one for one in workers if holder(school) in children(one.pid)]
    killed(dead)
    wait_for(lambda: any(run["state_name"] == "TornOff" for run in served.runs("school")))
    wait_for(lambda: read_nights(school / "data").outcome == "done")
    states = sorted(run["state_name"] for run in served.runs("school"))
    assert states in (["Completed", "TornOff"], ["Running", "TornOff"]), "the night was given to another, once"
    assert (school / "out" / "Сводка.xlsx").exists()
    wait_for(lambda: served.mailbox.received)
    assert [told["title"] for told in served.mailbox.received] == ["Школа «Василёк»: ночной прогон оборвался"]
    fired = [served.fire("school", as_of=AS_OF) for _ in range(3)]
    ends = [served.ended(run) for run in fired]
    assert {end["type"] for end in ends} == {"COMPLETED"}
    assert "Completed" in {end["name"] for end in ends} <= {"Completed", "Skipped"}
    shared = Shared(served.api)
    from flows.serve.nightly import RUN, run_place  # Prefect takes seconds to load

    names = [limit_of(RUN, run_place({"folder": str(school)})), limit_of(CLIENT, school / "data")]
    wait_for(lambda: shared.are_held(names) == dict.fromkeys(names, False))
    before = holder(school)
    crashed = served.fire("school", as_of=AS_OF)
    wait_for(lambda: is_running(school / "data") and holder(school) != before)
    os.kill(holder(school), signal.SIGKILL)
    assert served.ended(crashed)["type"] == "CRASHED", "a run that dies alone: its worker says so"
    # and knows no address to tell it to, so that the service does
    wait_for(lambda: len(served.mailbox.received) == 2 and not read_nights(school / "data").under_way)
    machines = [budget("a@example.org", Clock(time.time, full), at=Shared(served.api)) for _ in range(2)]
    assert [machines[number % 2].take("write") for number in range(PER_WINDOW)] == [0.0] * PER_WINDOW
    for machine in machines:
        with pytest.raises(FullError):
            machine.take("write")
    shared.free(google_limit("a@example.org", "write"))
    assert machines[0].take("write") == 0.0


class FullError(Exception):
    """There is no room in the quota."""


def full(_seconds: float) -> None:
    """Instead of waiting a minute."""
    raise FullError
