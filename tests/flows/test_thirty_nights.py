"""Thirty days of nights under a clock that the test moves: each day has exactly one good run or one told reason.

The record, the locks and the decisions are the product's own. What Prefect does with them is done here in a few lines:
it starts what its schedule says as soon as somebody asks for it, and knows nothing of a machine that was off.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from config.client import Client
from config.errors import Busy
from config.folder.schedule import dues
from flows.run.lock import is_running, one_run, one_service
from flows.status.nights import (
    caught_up,
    ended,
    missed_night,
    on_waking,
    read_nights,
    replacing,
    served,
    started,
    told,
)
from tests.helpers.often import often

ZONE = ZoneInfo("Europe/Berlin")
FIRST = datetime(2026, 3, 14, 12, tzinfo=UTC)  # the clocks go forward on the 29th
DAYS = 30
ACTIONS = ("serve", "stop", "sleep", "sleep", "tear", "hand", "second", "fail", "busy")


@dataclass
class Machine:
    """A computer with one client, somebody who stops and starts its service, and what was told and made."""

    data: Path
    client: Client
    now: datetime = FIRST
    is_serving: bool = False
    scheduled: list[datetime] = field(default_factory=list)
    """Runs that the server has yet to start."""
    planned_until: datetime = FIRST
    awake_since: datetime = FIRST
    will: str = "done"
    """How the next run ends."""
    good: list[date] = field(default_factory=list)
    told_nights: list[date] = field(default_factory=list)
    told_ends: list[tuple[date, str]] = field(default_factory=list)
    runs: int = 0

    def serve(self) -> None:
        """Start the service, unless it runs: first of all what was left is put in order."""
        if self.is_serving:
            return
        self.is_serving, self.awake_since = True, self.now
        self._plan()
        served(self.data, self.now)
        for run in list(read_nights(self.data).under_way):
            assert not is_running(self.data)
            ended(self.data, run, self.now, "torn")
            self.told_ends.append((self._day(datetime.fromisoformat(run.partition(" ")[2])), "torn"))
        self.scheduled = [night for night in self.scheduled if night >= self.now]
        waking = on_waking(self.client, read_nights(self.data), self.now)
        self._tell(waking.missed)
        if waking.catch_up is not None:
            caught_up(self.data, waking.catch_up)
            self._run(waking.catch_up)

    def stop(self) -> None:
        """Stop it as an operator does, or as a power cut does: Prefect keeps what it had scheduled."""
        self.is_serving = False

    def second(self) -> None:
        """A second service of the same client is refused, and the first goes on."""
        if self.is_serving:
            with one_service(self.data, self.now), pytest.raises(Busy), one_service(self.data, self.now):
                pass

    def pass_time(self, hours: float, *, is_asleep: bool = False) -> None:
        """Let the clock go on; asleep, nothing happens until the end of it."""
        until = self.now + timedelta(hours=hours)
        if is_asleep:
            self.now = until
            if self.is_serving:
                self.awake_since = self.now
                self._tell(on_waking(self.client, read_nights(self.data), self.now).missed)
                self._poll()
            return
        while self.now < until:
            self.now = min(self.now + timedelta(minutes=45), until)
            if self.is_serving:
                self._poll()
                night = missed_night(self.client, read_nights(self.data), self.now, self.awake_since)
                self._tell([night] if night else [])

    def hand(self) -> None:
        """A run by hand, which is nobody's night."""
        if self.is_serving:
            self._run(None)

    def _plan(self) -> None:
        """Prefect schedules ahead while its server runs."""
        ahead = self.now + timedelta(days=3)
        self.scheduled += dues(self.client.schedule, self.client.timezone, max(self.planned_until, self.now), ahead)
        self.planned_until = max(ahead, self.planned_until)

    def _poll(self) -> None:
        self._plan()
        due, self.scheduled = [n for n in self.scheduled if n <= self.now], [n for n in self.scheduled if n > self.now]
        for night in due:
            if replacing(self.client, night, self.now) is None:
                self._run(night)

    def _run(self, night: datetime | None) -> None:
        will, self.will = self.will, "done"
        self.runs += 1
        run = f"{self.runs} {(night or self.now).isoformat()}"
        started(self.data, run, self.now)
        if will == "busy":
            with one_run(self.data, self.now), pytest.raises(Busy), one_run(self.data, self.now):
                pass  # another run is at work, and makes the report
            ended(self.data, run, self.now, "skipped")
            will = "done"
        elif will == "tear":
            self.is_serving = False  # everything went down with it
            return
        else:
            ended(self.data, run, self.now, will)
        if night is not None and will == "done":
            self.good.append(self._day(night))
        elif night is not None:
            self.told_ends.append((self._day(night), will))

    def _tell(self, nights: Iterable[datetime]) -> None:
        for night in nights:
            self.told_nights.append(self._day(night))
            told(self.data, night)

    def _day(self, night: datetime) -> date:
        return night.astimezone(ZONE).date()


def client_of(*, catch_up: bool) -> Client:
    """A school in Berlin, whose night falls into the hour that the clocks skip."""
    return Client.model_validate(
        {
            "client": "Школа",
            "timezone": "Europe/Berlin",
            "schedule": "30 2 * * *",
            "catch_up": catch_up,
            "sources": {"calls": {"table": "calls", "files": "a.csv"}},
        }
    )


@pytest.mark.slow
@settings(max_examples=often(12, 100), deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.tuples(st.sampled_from(ACTIONS), st.integers(1, 80)), min_size=5, max_size=25),
    st.booleans(),
)
def test_every_night_of_thirty_days_has_a_report_or_a_reason_told_once(tmp_path_factory, actions, catch_up):
    """Stops, sleeps, power cuts in a run, runs by hand, a second service, failures, and summer time, in any order."""
    machine = Machine(tmp_path_factory.mktemp("nights"), client_of(catch_up=catch_up))
    machine.serve()
    for action, hours in actions:
        match action:
            case "serve" | "stop" | "hand" | "second":
                getattr(machine, action)()
            case "sleep":
                machine.pass_time(hours, is_asleep=True)
            case _:
                machine.will = action if action != "fail" else "failed"
        machine.pass_time(hours)
    machine.serve()
    machine.pass_time(max(2.0, (FIRST + timedelta(DAYS) - machine.now) / timedelta(hours=1)))
    machine.serve()
    machine.pass_time(2)
    assert read_nights(machine.data).under_way == {}, "every run that started has an end"
    nights = {night.astimezone(ZONE).date() for night in dues("30 2 * * *", "Europe/Berlin", FIRST, machine.now)}
    ends = Counter(day for day, outcome in machine.told_ends if outcome == "failed")
    good, missed = Counter(machine.good), Counter(machine.told_nights)
    for night in sorted(nights):
        reasons = good[night] + missed[night] + ends[night]
        torn_by_day = any(day == night for day, outcome in machine.told_ends if outcome == "torn")
        assert good[night] <= 1
        assert missed[night] <= 1
        assert reasons == 1 or (reasons == 0 and torn_by_day), (night, machine.told_ends, machine.told_nights)


def test_nights_slept_through_are_one_run(tmp_path):
    """Asleep over two nights: one report, of the later; the earlier is told."""
    machine = Machine(tmp_path, client_of(catch_up=True))
    machine.serve()
    machine.pass_time(20)
    machine.pass_time(60, is_asleep=True)
    machine.pass_time(3)
    assert machine.good == [date(2026, 3, 15), date(2026, 3, 17)]
    assert machine.told_nights == [date(2026, 3, 16)]
