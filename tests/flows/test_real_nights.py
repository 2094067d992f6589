"""Thirty nights of a real `svodka serve`, its Prefect server and its runs, under a clock that the test moves.

Each night has exactly one good run or one reason that was told, whatever happened to the machine: stops, sleeps, power
cuts, a second service, runs by hand, failures, and the night on which the clocks go forward.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from config.folder.schedule import dues
from flows.run.lock import is_running
from flows.status.nights import read_nights
from tests.flows.small_client import FILES, SVODKA, small_client
from tests.flows.test_nightly import Mailbox, Served, caught, children, free_port, holder, service, wait_for
from tests.helpers.reading import reading

pytestmark = [pytest.mark.slow, pytest.mark.long]
ROOT = Path(__file__).parents[2]
CLOCK = ROOT / "tests" / "helpers" / "moved_clock"
ZONE = "Europe/Berlin"
SCHEDULE = "30 2 * * *"  # skipped by the clocks on 29 March
FIRST = datetime(2026, 3, 14, 12, tzinfo=UTC)
DAYS = 30
MISSED, TORN_OFF, FAILED = "ночной отчёт не запускался", "ночной прогон оборвался", "отчёт не обновлён"
BEFORE = timedelta(seconds=4)
WHAT_HAPPENS = {
    3: "stopped",
    5: "asleep",
    7: "asleep through",  # and the 8th
    10: "power cut",
    12: "second",
    13: "by hand",
    15: "power cut",  # with summer time
    17: "stopped through",  # and the 18th
    20: "failed",
    22: "killed",
    24: "stopped through",  # and the 25th
    27: "asleep",
    29: "power cut",
}
"""Number of a night → what is not as usual."""


@dataclass
class Machine:
    """A computer that serves one client, and the clock of all its processes."""

    home: Path
    client: Path
    mailbox: Mailbox
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None
    _serving: ExitStack = field(default_factory=ExitStack)

    def __post_init__(self) -> None:
        self.at_server = Served(f"http://127.0.0.1:{self.port}/api", self.client, self.client, self.mailbox)

    def set_clock(self, moment: datetime) -> None:
        """Every process of the machine has it within a tenth of a second."""
        fresh = self.home / "clock.new"
        fresh.write_text(str(moment.timestamp() - time.time()), encoding="utf-8")
        fresh.replace(self.home / "clock")

    def start(self) -> None:
        """`svodka serve`."""
        self._serving = ExitStack()
        served = service(self.home, [self.client], self.port, self.mailbox, path=[CLOCK])
        self.process = self._serving.enter_context(served)

    def stop(self) -> None:
        """As an operator does."""
        self._serving.close()

    def tear(self) -> None:
        """A power cut while a run is at work: everything ends at once."""
        former = holder(self.client)
        assert self.process is not None
        run = caught(self.client, former)
        for victim in (self.process.pid, *children(self.process.pid), run):
            os.kill(victim, signal.SIGKILL)
        self.stop()

    def reports(self) -> Counter[date]:
        """Day of a report that the schedule made → how often."""
        with reading(self.client / "data") as warehouse:
            found = warehouse.execute(
                "select as_of from ops.runs where trigger = 'schedule' and status in ('done', 'partial')"
            )
            return Counter(as_of for (as_of,) in found.fetchall())

    def wait_for_end(self, outcome: str, since: datetime) -> None:
        """A run by the schedule or by hand that began after a moment has ended so."""

        def has_ended() -> bool:
            nights = read_nights(self.client / "data")
            is_new = nights.ended is not None and datetime.fromisoformat(nights.ended) >= since
            return (
                is_new and not nights.under_way and nights.outcome == outcome and not is_running(self.client / "data")
            )

        wait_for(has_ended)

    def wait_until_told(self, messages: int) -> None:
        """So many messages came, or more."""
        wait_for(lambda: self.titles().total() >= messages)

    def titles(self) -> Counter[str]:
        """What the addresses were told, without the client's name."""
        return Counter(one["title"].partition(": ")[2] for one in self.mailbox.received)


@contextmanager
def machine_of(home: Path) -> Iterator[Machine]:
    """A small client in Berlin, and the machine that is to serve it; the clock stands on the first day."""
    mailbox = Mailbox()
    box = mailbox.serve()
    text = SVODKA.replace("Europe/Moscow", ZONE)
    text += f'schedule: "{SCHEDULE}"\nnotify: "json://127.0.0.1:${{MAILBOX}}/"\n'
    files = {name: rows.replace(".08.2026", ".02.2026").replace(".07.2026", ".01.2026") for name, rows in FILES.items()}
    machine = Machine(home, small_client(home / "school", {"svodka.yaml": text, **files}), mailbox)
    machine.set_clock(FIRST)
    try:
        yield machine
    finally:
        machine.stop()
        box.shutdown()


def a_night(machine: Machine, due: datetime, what: str, then: datetime) -> None:
    """The clock goes from the evening before to the morning after a night, or after the one that follows it."""
    morning = due + timedelta(hours=6)
    match what:
        case "stopped" | "stopped through":
            machine.stop()
            machine.set_clock(morning if what == "stopped" else then)
            machine.start()
            machine.wait_for_end("done", due)
        case "asleep" | "asleep through":
            machine.set_clock(morning if what == "asleep" else then)
            machine.wait_for_end("done", due)
        case "power cut":
            machine.set_clock(due - BEFORE)
            machine.tear()
            machine.set_clock(morning)
            machine.start()
            machine.wait_for_end("done", morning)
        case "killed":
            machine.set_clock(due - BEFORE)
            os.kill(caught(machine.client, holder(machine.client)), signal.SIGKILL)
            machine.wait_for_end("torn", due)
        case "failed":
            calls = machine.client / "exports" / "calls.csv"
            text = calls.read_text(encoding="utf-8")
            calls.unlink()
            machine.set_clock(due - BEFORE)
            machine.wait_for_end("failed", due)
            calls.write_text(text, encoding="utf-8")
        case _:
            if what == "second":
                is_refused(machine)
            if what == "by hand":
                machine.set_clock(due - timedelta(hours=9))
                machine.at_server.ended(machine.at_server.fire("school", to=["xlsx"]))
            machine.set_clock(due - BEFORE)
            machine.wait_for_end("done", due)


def is_refused(machine: Machine) -> None:
    """A second service of the same client says who has it, and changes nothing."""
    command = [sys.executable, "-m", "flows.cli", "serve", str(machine.client), "--port", str(free_port())]
    environment = {**os.environ, "MAILBOX": "1", "PYTHONPATH": os.pathsep.join(map(str, [CLOCK, ROOT]))}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    assert done.returncode == 8, done.stderr


def reason_of(what: str) -> str | None:
    """Why one of the nights has no report by schedule, or its first run none; None if nothing is to be told."""
    if what.endswith("through"):
        return MISSED
    return {"power cut": TORN_OFF, "killed": TORN_OFF, "failed": FAILED}.get(what)


def test_every_night_of_thirty_has_one_report_or_one_reason_told_once(tmp_path, monkeypatch):
    """No false alarm, every miss told once, nothing under way at the end; at the server as in the record."""
    monkeypatch.setenv("MOVED_CLOCK", str(tmp_path / "clock"))
    monkeypatch.setenv("PREFECT_SERVER_SERVICES_SCHEDULER_LOOP_SECONDS", "1")
    nights = list(dues(SCHEDULE, ZONE, FIRST, FIRST + timedelta(DAYS)))
    assert len(nights) == DAYS
    reasons: list[str] = []
    without: set[int] = set()
    with machine_of(tmp_path) as machine:
        machine.start()
        number = 0
        while number < DAYS:
            what = WHAT_HAPPENS.get(number + 1, "as usual")
            last = number + what.endswith("through")
            a_night(machine, nights[number], what, nights[last] + timedelta(hours=6))
            reasons += [reason for reason in [reason_of(what)] if reason]
            if last > number or what in {"killed", "failed"}:
                without.add(number)
            machine.wait_until_told(len(reasons))
            assert machine.titles() == Counter(reasons), f"night {number + 1}: {what}"
            machine.set_clock(nights[last] + timedelta(hours=10))
            number = last + 1
        time.sleep(15)  # two looks of the service, ten hours after the last night
        assert machine.titles() == Counter(reasons)
        states = Counter(run["state_type"] for run in machine.at_server.runs("school"))
        assert not states.keys() & {"RUNNING", "PENDING", "CANCELLING", "PAUSED"}, states
        assert read_nights(machine.client / "data").under_way == {}
    days = [night.astimezone(ZoneInfo(ZONE)).date() - timedelta(days=1) for night in nights]
    assert machine.reports() == Counter(day for number, day in enumerate(days) if number not in without)
