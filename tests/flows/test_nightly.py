"""`svodka serve` against a real Prefect server: deployments, runs fired from outside, retries, refusals, crashes."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import requests

from flows.status.nights import Nights, read_nights, write_nights
from tests.flows.small_client import AS_OF, SVODKA, small_client

pytestmark = pytest.mark.slow
PATIENCE_SECONDS = 120.0
NIGHT_AT = datetime.now(ZoneInfo("Europe/Moscow")) - timedelta(hours=12)
"""Neither now nor within the hour in which a night that nobody began is still made."""
NIGHTLY = f"{NIGHT_AT.minute} {NIGHT_AT.hour} * * *"


@dataclass
class Mailbox:
    """A loopback address of notify:, which refuses the first messages and keeps all it is told."""

    port: int = 0
    refusals: int = 0
    received: list[dict[str, str]] = field(default_factory=list)

    def serve(self) -> HTTPServer:
        """Start answering."""
        mailbox = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                mailbox.received.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
                mailbox.refusals -= 1
                self.send_response(500 if mailbox.refusals >= 0 else 200)
                self.end_headers()

            def log_message(self, *_arguments: object) -> None:
                pass

        server = HTTPServer(("127.0.0.1", 0), Handler)
        self.port = server.server_port
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
        return server


@dataclass(frozen=True)
class Served:
    """A running `svodka serve`, its API, its clients and the mailbox of the one with addresses."""

    api: str
    school: Path
    broken: Path
    mailbox: Mailbox

    def ask(self, method: str, path: str, body: object = None) -> Any:
        """One request to the API; 503 is SQLite being busy, which Prefect's own client waits out too."""
        for _ in range(20):
            answer = requests.request(method, self.api + path, json=body, timeout=30)
            if answer.status_code != requests.codes.unavailable:
                break
            time.sleep(0.5)
        answer.raise_for_status()
        return answer.json()

    def deployment(self, name: str) -> dict[str, Any]:
        """The deployment of a client's folder."""
        found = [
            one for one in self.ask("POST", "/deployments/filter", {}) if Path(one["parameters"]["folder"]).name == name
        ]
        assert len(found) == 1
        return dict(found[0])

    def fire(self, name: str, **parameters: object) -> str:
        """Run a client's deployment now; the run's id."""
        path = f"/deployments/{self.deployment(name)['id']}/create_flow_run"
        return str(self.ask("POST", path, {"parameters": parameters, "state": {"type": "SCHEDULED"}})["id"])

    def runs(self, name: str) -> list[dict[str, Any]]:
        """All runs of a client's deployment that are not merely scheduled."""
        of = {"deployments": {"id": {"any_": [self.deployment(name)["id"]]}}}
        kinds = {"flow_runs": {"state": {"type": {"not_any_": ["SCHEDULED"]}}}}
        return list(self.ask("POST", "/flow_runs/filter", of | kinds))

    def log(self, run: str) -> list[str]:
        """The lines of a run's log."""
        found = self.ask("POST", "/logs/filter", {"logs": {"flow_run_id": {"any_": [run]}}, "limit": 200})
        return [line["message"] for line in found]

    def ended(self, run: str) -> dict[str, Any]:
        """The state in which a run ended."""
        state: dict[str, Any] = {}

        def is_over() -> bool:
            state.update(self.ask("GET", f"/flow_runs/{run}")["state"])
            return state["type"] in {"COMPLETED", "FAILED", "CRASHED", "CANCELLED"}

        wait_for(is_over)
        return state

    def tasks(self, run: str) -> list[tuple[str, str, int]]:
        """Name, state and number of tries of each task of a run, in order."""
        found: list[dict[str, Any]] = []

        def are_settled() -> bool:  # the server records tasks a moment after the run
            asked = {"flow_runs": {"id": {"any_": [run]}}, "sort": "EXPECTED_START_TIME_ASC"}
            found[:] = self.ask("POST", "/task_runs/filter", asked)
            return bool(found) and all(task["state_type"] in {"COMPLETED", "FAILED"} for task in found)

        wait_for(are_settled)
        return [(task["name"], task["state_type"], task["run_count"]) for task in found]

    def artifacts(self, run: str) -> dict[str, Any]:
        """Key → content of the artifacts on a run's page."""
        found = self.ask("POST", "/artifacts/filter", {"artifacts": {"flow_run_id": {"any_": [run]}}})
        return {artifact["key"]: artifact["data"] for artifact in found}


def wait_for(condition: Any) -> None:
    """Look again until it holds; fail after two minutes."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.2)


def free_port() -> int:
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def service(
    home: Path,
    clients: list[Path],
    port: int,
    mailbox: Mailbox,
    *,
    many: int = 0,
    options: Sequence[str] = (),
    path: Sequence[Path] = (),
) -> Iterator[subprocess.Popen[bytes]]:
    """A running `svodka serve` that has registered its clients; Python looks into the folders of `path` first."""
    environment = {
        **os.environ,
        "PREFECT_HOME": str(home / "prefect"),
        "PREFECT_RUNNER_POLL_FREQUENCY": "1",
        "MAILBOX": str(mailbox.port),
        "SVODKA_RETRY_SECONDS": "1,1,1",
        "PYTHONPATH": os.pathsep.join(map(str, [*path, Path(__file__).parents[2]])),
    }
    environment.pop("PREFECT_API_URL", None)
    command = [sys.executable, "-m", "flows.cli", "serve", *map(str, clients), "--port", str(port), *options]
    with (home / "log.txt").open("w") as log:
        process = subprocess.Popen(command, env=environment, cwd=home, stdout=log, stderr=log, start_new_session=True)
        found = Served(f"http://127.0.0.1:{port}/api", clients[0], clients[-1], mailbox)
        try:
            wait_for(lambda: process.poll() is not None or len(_deployments(found)) == (many or len(clients)))
            assert process.poll() is None, (home / "log.txt").read_text()
            yield process
        finally:
            process.send_signal(signal.SIGINT)
            try:
                process.wait(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()


@pytest.fixture(scope="session")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """One server for all these tests, over a whole client and one without exports."""
    home = tmp_path_factory.mktemp("serve")
    mailbox = Mailbox()
    server = mailbox.serve()
    notify = SVODKA + f'schedule: "{NIGHTLY}"\nnotify: "json://127.0.0.1:${{MAILBOX}}/"\n'
    school = small_client(home / "school", {"svodka.yaml": notify + "catch_up: false\n"})
    broken = small_client(home / "broken", {"svodka.yaml": notify, "exports/calls.csv": None})
    since = (datetime.now(UTC) - timedelta(days=1, hours=2)).isoformat()
    write_nights(school / "data", Nights(served_since=since))  # served since yesterday, never run
    port = free_port()
    (home / "svodka.yaml").write_text("clients: [school, broken]\n", encoding="utf-8")  # a consultant's
    with service(home, [home], port, mailbox, many=2):
        yield Served(f"http://127.0.0.1:{port}/api", school, broken, mailbox)
    server.shutdown()


def _deployments(found: Served) -> list[Any]:
    try:
        return list(found.ask("POST", "/deployments/filter", {}))
    except OSError:
        return []


def holder(client: Path) -> int | None:
    """The process that holds a client's lock, as the lock file says; None if nobody has yet."""
    try:
        return int(json.loads((client / "data" / "run.lock").read_text("utf-8"))["pid"])
    except (OSError, ValueError):
        return None


def caught(client: Path, former: int | None) -> int:
    """Wait for a new run to take the lock, and stop it there."""
    wait_for(lambda: holder(client) not in {None, former})
    pid = holder(client)
    assert pid is not None
    os.kill(pid, signal.SIGSTOP)
    return pid


def test_every_client_has_its_night(served):
    """A deployment per client: its cron in its timezone, and the fields of a run by hand."""
    school = served.deployment("school")
    schedule = school["schedules"][0]["schedule"]
    assert (schedule["cron"], schedule["timezone"]) == (NIGHTLY, "Europe/Moscow")
    assert school["parameters"] == {"folder": str(served.school)}
    assert school["concurrency_limit"] is None


def test_the_consultants_table_follows_the_runs(served):
    """Both clients of the folder that was served stand in it."""
    path = served.school.parent / "out" / "Все клиенты.xlsx"
    wait_for(path.exists)


def test_clients_go_by_their_names(served):
    """Two of one name are told apart by their folders."""
    assert served.deployment("school")["name"] == "Школа «Василёк»"
    assert served.deployment("broken")["name"] == "Школа «Василёк» · broken"


def test_the_form_speaks_to_an_operator(served):
    """In the client's language: days are dates, sources and targets are ticked off, the folder is the client's own."""
    fields = served.deployment("school")["parameter_openapi_schema"]["properties"]
    assert list(fields) == ["folder", "as_of", "since", "until", "only", "to"]
    assert fields["folder"]["enum"] == [str(served.school)]
    assert (fields["as_of"]["title"], fields["as_of"]["type"], fields["as_of"]["format"]) == (
        "Отчёт на конец дня",
        "string",
        "date",
    )
    assert fields["only"]["items"]["enum"] == ["spend", "calls", "orders", "users"]
    assert fields["to"]["items"]["enum"][-1] == "none"


def test_a_folder_that_is_no_client_changes_nothing(served, tmp_path):
    """Typed into the form or sent past it: the server takes no other folder than the deployment's."""
    path = f"{served.api}/deployments/{served.deployment('school')['id']}/create_flow_run"
    answer = requests.post(path, json={"parameters": {"folder": str(tmp_path / "none")}}, timeout=30)
    assert answer.status_code == 409
    assert not (tmp_path / "none").exists()


def test_a_second_service_of_a_client_is_refused(served):
    """With who has it and since when; the first goes on."""
    command = [sys.executable, "-m", "flows.cli", "serve", str(served.school), "--port", str(free_port())]
    done = subprocess.run(command, capture_output=True, text=True, check=False, env={**os.environ, "MAILBOX": "1"})
    assert done.returncode == 8
    assert done.stderr.startswith("school: этого клиента уже обслуживает другой svodka serve: процесс ")
    assert served.deployment("school")["paused"] is False


def test_a_night_missed_while_nothing_was_running_is_told(served):
    """The machine was off at that minute: as soon as it serves again, the addresses learn of it."""
    wait_for(lambda: served.mailbox.received)
    told = served.mailbox.received[0]
    assert told["title"] == "Школа «Василёк»: ночной отчёт не запускался"
    assert f"{NIGHT_AT:%H:%M}" in told["message"]
    assert "Проверьте, работает ли svodka serve" in told["message"]


def test_a_run_by_hand_makes_the_report(served):
    """Fired from outside with parameters: each verb a task with a readable name, the page with its artifacts."""
    run = served.fire("school", as_of=AS_OF, to=["xlsx"])
    state = served.ended(run)
    assert (state["type"], state["name"]) == ("COMPLETED", "Completed")
    assert state["message"].startswith("Школа «Василёк»: отчёт на 31.08.2026 готов за ")
    assert (served.school / "out" / "Сводка.xlsx").exists()
    names = [name for name, _, _ in served.tasks(run)]
    assert "Chitayu exports/calls.csv" in names, "the page draws its bars in Latin letters alone"
    assert names[-1] == "Pishu out/Svodka.xlsx"
    assert served.ask("GET", f"/flow_runs/{run}")["name"] == f"Школа «Василёк» · {AS_OF}"
    artifacts = served.artifacts(run)
    assert "| Входящие звонки | 3 | " in artifacts["summary"]
    assert [row["источник"] for row in json.loads(artifacts["reconciliation"])] == ["spend", "calls", "orders", "users"]
    link = artifacts["report"].partition("(")[2].rstrip(")")
    assert requests.get(link, timeout=10).content == (served.school / "out" / "Сводка.xlsx").read_bytes()


def test_a_failed_night_says_what_to_do_and_tells_the_addresses(served):
    """One line on the page; the message is tried again until the address takes it."""
    served.mailbox.refusals = 1
    before = len(served.mailbox.received)
    run = served.fire("broken", as_of=AS_OF)
    state = served.ended(run)
    assert state["type"] == "FAILED"
    assert state["message"].startswith("источник calls: ")
    tells = [task for task in served.tasks(run) if task[0] == "Soobschayu"]
    assert tells == [("Soobschayu", "COMPLETED", 2)]
    told = served.mailbox.received[before:]
    assert len(told) == 2
    assert told[1]["title"] == "Школа «Василёк»: отчёт не обновлён"
    assert told[1]["message"] == state["message"]
    assert not [line for line in served.log(run) if "Traceback" in line], "the log says it in words"


def test_a_day_that_is_none_is_told_in_a_line(served):
    """Typed into the form, in Russian, with what a day looks like; no traceback of Prefect's own."""
    state = served.ended(served.fire("school", as_of="вчера"))
    assert (state["type"], state["name"]) == ("FAILED", "Refused")
    assert state["message"] == "--as-of: найдено «вчера», нужен день вида 2026-09-20"


def test_two_runs_at_once_end_as_one_done_and_one_skipped(served):
    """The second finds the lock taken while the first is held still in its work: busy is not failed, nobody is told."""
    before = len(served.mailbox.received)
    former = holder(served.school)
    first = served.fire("school", as_of=AS_OF, since="2026-08-01", to=["none"])
    pid = caught(served.school, former)
    try:
        refused = served.ended(served.fire("school", as_of=AS_OF, to=["none"]))
    finally:
        os.kill(pid, signal.SIGCONT)
    assert (refused["type"], refused["name"]) == ("COMPLETED", "Skipped")
    assert "другим прогоном" in refused["message"] or f"процесс {pid} на " in refused["message"]
    assert served.ended(first)["type"] == "COMPLETED"
    assert len(served.mailbox.received) == before


def test_a_killed_run_is_told_and_the_next_one_needs_no_repair(served):
    """Kill -9 in the middle: the addresses learn of it, the lock is free, the next run is done."""
    before = len(served.mailbox.received)
    former = holder(served.school)
    run = served.fire("school", as_of=AS_OF, since="2026-08-01", to=["none"])
    os.kill(caught(served.school, former), signal.SIGKILL)
    assert served.ended(run)["type"] == "CRASHED"
    wait_for(lambda: len(served.mailbox.received) > before)
    assert served.mailbox.received[-1]["title"] == "Школа «Василёк»: ночной прогон оборвался"
    assert served.ended(served.fire("school", as_of=AS_OF, to=["none"]))["type"] == "COMPLETED"


@pytest.mark.long
def test_what_was_torn_off_with_the_service_is_marked_told_once_and_caught_up(tmp_path):
    """Everything killed at once in the middle of a run, as by a power cut; the next start puts it in order."""
    mailbox = Mailbox()
    box = mailbox.serve()
    night = datetime.now(UTC) + timedelta(hours=3) - timedelta(minutes=1)  # Moscow, a minute ago
    text = SVODKA + f'schedule: "{night:%M %H} * * *"\nnotify: "json://127.0.0.1:${{MAILBOX}}/"\n'
    school = small_client(tmp_path / "school", {"svodka.yaml": text})
    write_nights(school / "data", Nights(served_since=(datetime.now(UTC) - timedelta(minutes=10)).isoformat()))
    port = free_port()
    found = Served(f"http://127.0.0.1:{port}/api", school, school, mailbox)
    with service(tmp_path, [school], port, mailbox) as process:
        pid = caught(school, None)  # the night is owed, and is run
        [run] = found.runs("school")
        for victim in (process.pid, *children(process.pid), pid):
            os.kill(victim, signal.SIGKILL)
        process.wait()
    with service(tmp_path, [school], port, mailbox):
        wait_for(lambda: found.ask("GET", f"/flow_runs/{run['id']}")["state"]["name"] == "TornOff")
        wait_for(lambda: mailbox.received)
        wait_for(lambda: not read_nights(school / "data").under_way)
        assert [one["title"] for one in mailbox.received] == ["Школа «Василёк»: ночной прогон оборвался"]
        states = [one["state_name"] for one in found.runs("school")]
        assert sorted(states) == ["TornOff"], "a night that was caught up once is not run again and again"
    with service(tmp_path, [school], port, mailbox):
        time.sleep(20)
        assert len(mailbox.received) == 1, "told once"
    box.shutdown()


def children(pid: int) -> list[int]:
    """Processes that a process started, and those that they started."""
    found = subprocess.run(["pgrep", "-P", str(pid)], capture_output=True, text=True, check=False).stdout.split()
    return [one for child in map(int, found) for one in (child, *children(child))]
