"""Tables of which only those days are made again that changed rows can reach.

Such a table says so below its first line, see `AROUND` and `UP_TO`. Which days of a staged table changed is told by a
checksum a day, over the loads and the row numbers: what a load brought never changes, but for names, which `Renewal`
is told of.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from connectors.warehouse.store.database import planned_without

AROUND = re.compile(r"^-- Kept by day: its rows follow from those of staged\.(\w+) within (\w+) days\.$", re.MULTILINE)
UP_TO = re.compile(
    r"^-- Kept by day: its rows follow from those of staged\.(\w+) of the same (\w+) up to that day\.$", re.MULTILINE
)
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
class Part:
    """Some days of a table, and the staged rows that they follow from; both as conditions of SQL."""

    rows: str
    days: str


@dataclass(frozen=True)
class Around:
    """A table whose rows follow from those of a staged one so many days before and after their own."""

    staged: str
    days: int

    def part(self, changed: Collection[date], known: Sequence[date]) -> Part | None:
        """The days that changed, and all there are, in; what is to be made again out, None if that is everything."""
        affected = stretches(changed, self.days)
        if len(affected) > MOST_STRETCHES or len(changed) * 2 > len(known):
            return None
        rows = [stretch.wider(self.days) for stretch in affected]
        return Part(_within(DAY[self.staged], rows), _within("day_on", affected))


@dataclass(frozen=True)
class UpTo:
    """A table whose rows follow from those of a staged one with the same value, of their own day and before it."""

    staged: str
    value: str

    def part(self, changed: Collection[date], known: Sequence[date]) -> Part | None:
        """As of the other kind: everything since the first day that changed."""
        first = min(changed)
        if sum(day >= first for day in known) * 2 > len(known):
            return None
        since = f">= date '{first}'"
        values = f"select {self.value} from staged.{self.staged} where {DAY[self.staged]} {since}"
        return Part(f"{self.value} in ({values})", f"day_on {since}")


@dataclass(frozen=True)
class Stretch:
    """Days from the first to the last, both included."""

    first_on: date
    last_on: date

    def wider(self, days: int) -> Stretch:
        """The same with some days more on both sides."""
        return Stretch(self.first_on - timedelta(days), self.last_on + timedelta(days))


def kept_by_day(sql: str, variables: Mapping[str, Any]) -> Around | UpTo | None:
    """A SELECT and the values of its variables in; what it says of its days, None if it says nothing."""
    if found := AROUND.search(sql):
        return Around(found[1], int(found[2] if found[2].isdigit() else variables[found[2]]))
    found = UP_TO.search(sql)
    return UpTo(found[1], found[2]) if found else None


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
        self._rows: dict[tuple[str, str], str] = {}
        """Staged table and condition → the temporary table of those rows."""

    def renew(self, place: str, sql: str, kept: Around | UpTo) -> bool:
        """Make the days that rows which changed since can reach again; False if all are to be made."""
        self._connection.execute(STATES)
        found = self._connection.execute(DIFFERING.format(now=self._now(kept.staged)), [place]).fetchall()
        changed, known = [day for day, is_same in found if not is_same], [day for day, _ in found]
        if not changed:
            return True
        part = None if None in known else kept.part(changed, known)
        if part is None:
            return False
        rows = self._rows_of(kept.staged, part.rows)
        made = re.sub(rf"\bstaged\.{kept.staged}\b", rows, NO_COMMENT.sub("", sql))
        self._connection.execute(f"delete from {place} where {part.days}")
        self._connection.execute(f"insert into {place} select * from ({made}) where {part.days}")
        return True

    def keep(self, place: str, kept: Around | UpTo) -> None:
        """Remember in what state of the staged table this one was made."""
        self._connection.execute(STATES)
        self._connection.execute("delete from metrics.day_state where place = ?", [place])
        self._connection.execute(
            f"insert into metrics.day_state select ?, * from {self._now(kept.staged)} order by day_on", [place]
        )

    def _rows_of(self, staged: str, condition: str) -> str:
        """Those rows of a staged table: looked for once, however many tables follow from them."""
        name = self._rows.get((staged, condition))
        if name is None:
            name = self._rows[staged, condition] = f"rows_{len(self._rows)}_of_{staged}"
            # of all rows few are asked for, which DuckDB takes for many: it would hold all of them to look for the few
            with planned_without(self._connection, "build_side_probe_side"):
                self._connection.execute(
                    f"create or replace temp table {name} as select * from staged.{staged} where {condition}"
                )
        return name

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
