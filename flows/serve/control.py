"""Ticks on «Пульт» → runs: every spreadsheet is looked at in turn, as often as the quota for all of them allows.

Knows no Prefect: who begins a run and tells how it ended comes from outside.
"""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Protocol

from config.errors import ConfigError, SvodkaError, Unavailable
from config.folder.load import LoadedClient
from config.messages import message
from flows.run.given.request import request
from flows.run.lock import is_running
from flows.say import language

if TYPE_CHECKING:
    from collections.abc import Callable

    from connectors.google_sheets.batch.control_tab import Asked
    from connectors.google_sheets.client import SheetsClient

GAP = timedelta(seconds=3)
"""Between two looks at whatever spreadsheet: 20 reads a minute in all, of the 60 that Google allows."""
SOON, IDLE = timedelta(seconds=20), timedelta(seconds=80)
"""Between two looks at one: after a tick, and where nobody has ticked for a while."""
WHILE = timedelta(minutes=30)
PAUSE = timedelta(minutes=10)
"""After a look that failed, and where there is no such tab yet."""


@dataclass(frozen=True)
class Ended:
    """How a run ended that a tick had asked for."""

    has_answered: bool
    """It wrote the report, or why there is none, hence cleared the tick."""
    is_skipped: bool
    """Another run of the client was under way: nothing was done."""
    why: str = ""


class Runs(Protocol):
    """Who runs clients."""

    async def begin(self, loaded: LoadedClient, since: str, until: str) -> str:
        """Start a run that answers a tick; its name."""

    async def ended(self, run: str) -> Ended | None:
        """How it ended; None while it has not."""


@dataclass
class Desk:
    """One spreadsheet with a «Пульт»."""

    loaded: LoadedClient
    place: str
    prefix: str
    next_look: datetime
    active_until: datetime
    run: str | None = None
    """The run that was begun for its tick, until its end is known."""
    taken: tuple[str, str] | None = None
    """The days of the tick that was taken last, while it may not be cleared."""
    tries: int = 0
    """Runs that ended and left that very tick standing."""

    def later(self, moment: datetime, wait: timedelta | None = None) -> None:
        """Look again after a while."""
        self.next_look = moment + (wait or (SOON if moment < self.active_until else IDLE))


@dataclass
class ControlRoom:
    """Every «Пульт» of a service, looked at one after another."""

    runs: Runs
    connect: Callable[[bool], SheetsClient]
    """A client of Google, that may write or not."""
    desks: Sequence[Desk]
    last_look: datetime | None = field(default=None)

    async def step(self, moment: datetime) -> None:
        """Look at the spreadsheet whose turn it is, if one is due; a tick begins a run, once for all ticks of it."""
        if self.last_look is not None and moment - self.last_look < GAP:
            return
        for desk in sorted(self.desks, key=lambda one: one.next_look):
            if desk.next_look > moment:
                return
            if await self._is_busy(desk, moment):
                desk.later(moment, SOON)
                continue  # no request was spent
            self.last_look = moment
            try:
                await self._look(desk, moment)
            except SvodkaError as error:
                desk.later(moment, PAUSE)
                if not isinstance(error, Unavailable):
                    _note(desk, error.text(language()))
            return

    async def _is_busy(self, desk: Desk, moment: datetime) -> bool:
        """Whether a run of the client is under way: a tick meanwhile waits for its end."""
        if desk.run is None:
            return is_running(desk.loaded.data)
        ended = await self.runs.ended(desk.run)
        if ended is None:
            return True
        desk.run, desk.active_until = None, moment + WHILE
        if not ended.is_skipped:
            desk.tries += 1
        if not (ended.has_answered or ended.is_skipped):
            await self._answer(desk, ended.why)
        return False

    async def _look(self, desk: Desk, moment: datetime) -> None:
        from connectors.google_sheets.batch.control_tab import look

        found = await asyncio.to_thread(look, self.connect(False), desk.place, desk.prefix)
        desk.later(moment, PAUSE if found is None else None)
        if found is None or not found.is_ticked:
            desk.taken, desk.tries = None, 0
            return
        if desk.taken != found.days:
            desk.taken, desk.tries = found.days, 0
        if desk.tries > 1:  # two runs could not clear it
            await self._answer(desk, _say(desk, "control_unanswered"))
        elif why := _flaw(desk, found):
            await self._answer(desk, why)
        else:
            desk.run = await self.runs.begin(desk.loaded, *found.days)
            desk.active_until = moment + WHILE
            desk.later(moment, SOON)

    async def _answer(self, desk: Desk, why: str) -> None:
        """Say why there is no run or report, and clear the tick; where that fails, it is left for a while."""
        from connectors.google_sheets.batch.control_tab import answer

        try:
            await asyncio.to_thread(answer, self.connect(True), desk.place, desk.prefix, why)
        except SvodkaError as error:
            _note(desk, error.text(language()))
            desk.next_look += PAUSE


def desks(clients: Sequence[LoadedClient], moment: datetime) -> list[Desk]:
    """Clients in; the spreadsheets that have a «Пульт», to be looked at from now on, out."""
    return [
        Desk(loaded, edition.sheet, edition.prefix, moment, moment + WHILE)
        for loaded in clients
        for edition in loaded.client.reports
        if edition.control and edition.sheet
    ]


def _flaw(desk: Desk, found: Asked) -> str:
    """What is wrong with the days that were typed, in words; empty if nothing is."""
    try:
        request(since=found.since, until=found.until)
    except ConfigError:
        return _say(desk, "control_no_days", since=found.since or "—", until=found.until or "—")
    return ""


def _say(desk: Desk, name: str, **facts: object) -> str:
    return message(f"cli.{name}", desk.loaded.client.language, **facts)


def _note(desk: Desk, text: str) -> None:
    print(f"{desk.loaded.client.client}: {text}", file=sys.stderr)  # noqa: T201 - the journal of the service
