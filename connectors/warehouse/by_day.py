"""Tables whose rows of a day follow from the rows around that day: only the days around changed rows are made again.

Such a table says so below its first line, see `KEPT`. Which days of a staged table changed is told by a checksum a day,
over the loads and the row numbers: what a load brought never changes, but for names, which `renewal` is told of.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

KEPT = re.compile(r"^-- Kept by day: its rows follow from those of staged\.(\w+) within (\w+) days\.$", re.MULTILINE)
NO_COMMENT = re.compile(r"--[^\n]*")
DAY = {"calls": "cast(started_at as date)"}
"""Staged table → the day of its row."""
MOST_STRETCHES = 20
"""More of them than that, or more than half of the days: everything is made at once."""
STATES = "create table if not exists metrics.day_state (place varchar, day_on date, rows bigint, checksum hugeint)"
DIFFERING = """
select day_on, earlier.rows is not distinct from now.rows
    and earlier.checksum is not distinct from now.checksum as is_same
from (from metrics.day_state where place = ?) as earlier full join {now} as now using (day_on)
"""


@dataclass(frozen=True)
class Kept:
    """What a table that is kept by day follows from."""

    staged: str
    around: int
    """Days before and after a row's own."""


@dataclass(frozen=True)
class Stretch:
    """Days from the first to the last, both included."""

    first_on: date
    last_on: date

    def wider(self, days: int) -> Stretch:
        """The same with some days more on both sides."""
        return Stretch(self.first_on - timedelta(days), self.last_on + timedelta(days))


def kept_by_day(sql: str, variables: Mapping[str, Any]) -> Kept | None:
    """A SELECT and the values of its variables in; what it says of its days, None if it says nothing."""
    found = KEPT.search(sql)
    if found is None:
        return None
    return Kept(found[1], int(found[2] if found[2].isdigit() else variables[found[2]]))


def stretches(days: Collection[date], around: int) -> list[Stretch]:
    """Days in; the stretches of all days that are at most so many days from one of them out."""
    found: list[Stretch] = []
    for day in sorted(days):
        stretch = Stretch(day, day).wider(around)
        if found and stretch.first_on <= found[-1].last_on + timedelta(1):
            found[-1] = Stretch(found[-1].first_on, stretch.last_on)
        else:
            found.append(stretch)
    return found


class DayStates:
    """The state of every day of the staged tables: as it is, and as it was when each table kept by day was made."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self._seen: set[str] = set()

    def renew(self, place: str, sql: str, kept: Kept) -> bool:
        """Make the days around those that changed since the table was made again; False if all are to be made."""
        changed = self._changed(place, kept.staged)
        affected = stretches(changed or [], kept.around)
        if changed is None or len(affected) > MOST_STRETCHES:
            return False
        if affected:
            source, day = [stretch.wider(kept.around) for stretch in affected], DAY[kept.staged]
            rows = f"(select * from staged.{kept.staged} where {_within(day, source)})"
            part = re.sub(rf"\bstaged\.{kept.staged}\b", rows, NO_COMMENT.sub("", sql))
            days = _within("day_on", affected)
            self._connection.execute(f"delete from {place} where {days}")
            self._connection.execute(f"insert into {place} select * from ({part}) where {days}")
        return True

    def keep(self, place: str, kept: Kept) -> None:
        """Remember in what state of the staged table this one was made."""
        self._connection.execute(STATES)
        self._connection.execute("delete from metrics.day_state where place = ?", [place])
        self._connection.execute(
            f"insert into metrics.day_state select ?, * from {self._now(kept.staged)} order by day_on", [place]
        )

    def _changed(self, place: str, staged: str) -> list[date] | None:
        """Days of the staged table that are not as they were; None if they are too many to count one by one."""
        self._connection.execute(STATES)
        found = self._connection.execute(DIFFERING.format(now=self._now(staged)), [place]).fetchall()
        changed = [day for day, is_same in found if not is_same]
        return None if len(changed) * 2 > len(found) or None in changed else changed

    def _now(self, staged: str) -> str:
        """A temporary table of the days of a staged table and their checksums."""
        name = f"days_of_{staged}"
        if staged not in self._seen:
            self._connection.execute(f"""create or replace temp table {name} as
                select {DAY[staged]} as day_on, count(*) as rows, sum(hash(load_id, source_row)) as checksum
                from loaded.{staged} where not is_displaced group by all""")
            self._seen.add(staged)
        return name


def _within(day: str, stretches: Sequence[Stretch]) -> str:
    """A day's SQL and stretches in; the condition that it is in one of them out."""
    return " or ".join(f"{day} between date '{one.first_on}' and date '{one.last_on}'" for one in stretches)
