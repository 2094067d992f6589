"""What a run did: read, refused, changed, main figures, written; for people, for machines and for the run's page."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal

from config.tables import tables
from connectors.warehouse import Warehouse
from flows.run.request import RunRequest
from flows.run.sources import Loaded
from flows.say import day, figure, language, month, roubles, say, whole
from transforms.mask import mask_text

# The ops tables of a run → where the rows of each source went, what no dictionary knows, what must be said.

ROWS = """
select
    s.source,
    s.table_name,
    count(l.source_file) as files,
    coalesce(sum(l.rows_read), 0)::bigint as rows_read,
    coalesce(sum(l.rows_staged), 0)::bigint as rows_staged,
    coalesce(sum(l.rows_rejected), 0)::bigint as rows_rejected,
    coalesce(sum(l.rows_duplicate), 0)::bigint as rows_duplicate,
    coalesce(sum(l.rows_skipped), 0)::bigint as rows_skipped,
    coalesce(sum(l.money_read_rub), 0) as money_read_rub,
    coalesce(sum(l.money_rejected_rub), 0) as money_rejected_rub,
    s.data_to_on,
    s.is_stale
from ops.sources s
left join ops.loads l on l.source = s.source and l.run_id = ?
group by all
order by s.source
"""
NOTICES = """
select kind, source, source_file, rows, money_rub, detail
from ops.notices
where run_id = ?
order by source, source_file, kind, detail
"""
TOLD = frozenset({"vanished_file", "column_lost", "empty_file", "channels_alone", "repeated_across_sources"})
"""Kinds of notices that a person at the command line must act on; the report tells the others."""
UNMAPPED = """
select dictionary, alias, suggestion
from ops.unmapped
where run_id = ?
order by dictionary, money_rub desc, rows desc, alias
"""


def source_rows(warehouse: Warehouse, run_id: str, loaded: Loaded, order: Sequence[str]) -> list[SourceRows]:
    """A run and what loading came to in; one line a source out, in the client's order."""
    problems = {trouble.source: trouble.error.text(language()) for trouble in loaded.troubles}
    found = []
    for row in warehouse.query("rows", ROWS, [run_id]).dicts():
        name = str(row.pop("source"))
        table = str(row.pop("table_name"))
        facts = {column: value for column, value in row.items() if column != "is_stale"}
        found.append(
            SourceRows(
                source=name,
                table=table,
                files_read=loaded.files_read.get(name, 0),
                is_stale=bool(row["is_stale"]),
                problem=problems.get(name),
                **facts,  # type: ignore[arg-type]
            )
        )
    return sorted(found, key=lambda rows: order.index(rows.source) if rows.source in order else len(order))


def notices(warehouse: Warehouse, run_id: str) -> list[str]:
    """A run in; in words, what somebody should look into: files, columns and channels that lost what they had, out."""
    return [_worded(row) for row in warehouse.query("notices", NOTICES, [run_id]).dicts() if row["kind"] in TOLD]


def _worded(row: Mapping[str, Any]) -> str:
    kind, money = row["kind"], row["money_rub"]
    facts = {"source": row["source"], "file": row["source_file"], "rows": whole(row["rows"])}
    if kind == "vanished_file":
        return say("vanished_money" if money else "vanished", money=roubles(money or 0), **facts)
    shown = f", {roubles(money)}" if money else ""
    return say(f"notice_{kind}", money=shown, column=row["detail"], detail=row["detail"], **facts)


def unmapped(warehouse: Warehouse, run_id: str) -> list[tuple[str, str, str | None]]:
    """A run in; (dictionary, alias, nearest known name) out, the dearest first."""
    rows = warehouse.query("unmapped", UNMAPPED, [run_id]).rows
    return [(str(row[0]), str(row[1]), str(row[2]) if row[2] is not None else None) for row in rows]


def shown_unmapped(
    found: Sequence[tuple[str, str, str | None]], personal_data: str
) -> list[tuple[str, str, str | None]]:
    """Unknown names in; the same fit to be shown out: a phone or an e-mail where a name should be is masked."""
    if personal_data == "keep":
        return list(found)
    return [(dictionary, _masked(alias), near) for dictionary, alias, near in found]


def _masked(alias: str) -> str:
    """Without the phone or e-mail in it; the last two digits stay, so that the operator knows which one to add."""
    shown = mask_text(alias)
    digits = re.sub(r"\D", "", alias)
    return shown if shown == alias or not digits else f"{shown}{digits[-2:]}"


def unmapped_lines(found: Sequence[tuple[str, str, str | None]], places: Mapping[str, str]) -> list[str]:
    """Unknown names and the place of each dictionary in; a line each out, with what to do about it."""
    return [
        say("unmapped_near", alias=alias, near=near)
        if near
        else say(
            "unmapped",
            alias=alias,
            place=places.get(name, say("some_dictionary")),
            dictionary=say(f"dictionary_{name}"),
        )
        for name, alias, near in found
    ]


Status = Literal["done", "partial", "failed"]


@dataclass(frozen=True)
class SourceRows:
    """One source of the run: its files and where its rows went; read = staged + rejected + duplicate + skipped."""

    source: str
    table: str
    files: int = 0
    files_read: int = 0
    rows_read: int = 0
    rows_staged: int = 0
    rows_rejected: int = 0
    rows_duplicate: int = 0
    rows_skipped: int = 0
    money_read_rub: Decimal = Decimal(0)
    money_rejected_rub: Decimal = Decimal(0)
    data_to_on: date | None = None
    is_stale: bool = False
    problem: str | None = None


@dataclass(frozen=True)
class Figure:
    """One of the main figures of the last complete month, beside the month before."""

    name: str
    value: Decimal | float | int | None
    before: Decimal | float | int | None
    unit: str


@dataclass(frozen=True)
class Changed:
    """A figure of an earlier period that this run found different from the last run."""

    period_start: date
    name: str
    before: Decimal | float | int | None
    after: Decimal | float | int | None
    unit: str


@dataclass(frozen=True)
class RunSummary:
    """One run of one client, whole or failed."""

    client: str
    folder: str
    run_id: str | None = None
    as_of: date | None = None
    status: Status = "done"
    exit_code: int = 0
    sources: Sequence[SourceRows] = ()
    unmapped: Sequence[tuple[str, str, str | None]] = ()
    """(dictionary, alias, nearest known name)."""
    dictionaries: Mapping[str, str] = field(default_factory=dict)
    """Dictionary → the file or tab where a name is to be added."""
    figures_of: date | None = None
    """First day of the month the figures are of."""
    figures: Sequence[Figure] = ()
    changed: Sequence[Changed] = ()
    written: Sequence[str] = ()
    kept_edits: int = 0
    """Human edits found in the report and saved to «Правки»."""
    problems: Sequence[str] = ()
    """In words, in the language of the reader: what went wrong and what to do."""
    seconds: float = 0.0
    notes: Sequence[str] = field(default=())

    def as_json(self) -> dict[str, Any]:
        """Plain values for `--json`: dates ISO, money as text with two digits."""
        return {name: _plain(value) for name, value in asdict(self).items()}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def is_address(place: str) -> bool:
    """Whether a written report is on the web, and not a file of the client's folder."""
    return place.startswith(("https://", "http://"))


# What each source held of each month before and after days were read again → in words, what changed there.


@dataclass(frozen=True)
class Content:
    """Rows that count, of one source and month."""

    rows: int = 0
    money: Decimal | None = None
    mark: int = 0
    """Changes with anything in the rows, their order aside."""


Held = Mapping[tuple[str, date], Content]
"""Source and first day of a month → what is loaded of it."""


def held_months(warehouse: Warehouse) -> Held:
    """A warehouse in; what each source holds of each month out. Empty if nothing is loaded yet."""
    held: dict[tuple[str, date], Content] = {}
    for name, table in tables().items():
        days = reversed(table.day) if name == "deals" else table.day  # a sale counts where it was closed
        first = f"date_trunc('month', coalesce({', '.join(f'{column}::date' for column in days)}))::date"
        money = f"sum({table.money})" if table.money else "null"
        rows = warehouse.query(
            name,
            f"""select source, {first}, count(*), {money}, bit_xor(hash({", ".join(table.public_columns)}))
            from loaded.{name} where not is_displaced group by 1, 2 having {first} is not null""",
        ).rows
        held |= {(row[0], row[1]): Content(*row[2:]) for row in rows}  # type: ignore[misc,arg-type]
    return held


def reread_lines(asked: RunRequest, before: Held, after: Held) -> list[str]:
    """The days asked for, what was held and is held now; a line for each source and month that differs, or one."""
    changed = sorted(key for key in before.keys() | after.keys() if before.get(key) != after.get(key))
    if not changed:
        return [say("reread_same", days=_days(asked))]
    return [say("reread_head", days=_days(asked)), *(_line(key, before, after) for key in changed)]


def _line(key: tuple[str, date], before: Held, after: Held) -> str:
    old, new = before.get(key, Content()), after.get(key, Content())
    has_money = old.money is not None or new.money is not None
    return say(
        "reread_money" if has_money else "reread_one",
        source=key[0],
        month=month(key[1]),
        before=whole(old.rows),
        after=whole(new.rows),
        money_before=roubles(old.money or 0),
        money_after=roubles(new.money or 0),
    )


def _days(asked: RunRequest) -> str:
    name = "reread_days" if asked.since and asked.until else "reread_since" if asked.since else "reread_until"
    return say(name, since=day(asked.since), until=day(asked.until))


# Metric tables → the figures a run ends with: the last whole month beside the one before, and what changed since.

Number = Decimal | float | int
MAIN = {
    "spend_rub": "rub",
    "calls": "count",
    "calls_per_1000_rub": "ratio",
    "clients": "count",
    "revenue_rub": "rub",
    "active_end": "count",
    "conversion_of_active": "share",
}
"""Figure → its unit, in the order in which they are told."""

MONTHS = """
with paid as (
    select grain, period_start, sum(counted_calls) as counted_calls, sum(spend_rub) as spend_rub
    from metrics.channel_period
    where spend_rub > 0
    group by all
)
select
    period_start,
    is_complete,
    c.spend_rub,
    c.calls,
    1000 * p.counted_calls / nullif(cast(p.spend_rub as double), 0) as calls_per_1000_rub,
    c.clients,
    c.revenue_rub,
    case when s.is_activity_known then s.active_end end as active_end,
    case when s.is_activity_known then s.conversion_of_active end as conversion_of_active
from metrics.chain_period c
full join metrics.subscriber_period s using (grain, period_start, is_complete)
left join paid p using (grain, period_start)
where grain = 'month' and coalesce(c.channel, 'Всего') = 'Всего'
order by period_start
"""

"""Calls per 1,000 roubles are those of the channels that cost something, as «Сводка» has them."""
LAST_AS_OF = "select as_of from ops.runs where status in ('done', 'partial') order by run_id desc limit 1"


@dataclass(frozen=True)
class Month:
    """The figures of one month, all channels together."""

    period_start: date
    is_complete: bool
    values: Mapping[str, Number | None]


def months(warehouse: Warehouse) -> list[Month]:
    """The metric tables as they stand in the warehouse in; the figures of every month out, none if nothing is built."""
    built = warehouse.query("built", "select table_name from information_schema.tables where table_schema = 'metrics'")
    if not {"chain_period", "channel_period", "subscriber_period"} <= {row[0] for row in built.rows}:
        return []
    found = []
    for row in warehouse.query("months", MONTHS).dicts():
        values = {name: row[name] for name in MAIN}
        found.append(Month(row["period_start"], bool(row["is_complete"]), values))  # type: ignore[arg-type]
    return found


def last_as_of(warehouse: Warehouse) -> date | None:
    """The day of the last good run; None if there was none."""
    rows = warehouse.query("last_as_of", LAST_AS_OF).rows
    return rows[0][0] if rows else None  # type: ignore[return-value]


def main_figures(after: Sequence[Month]) -> tuple[date | None, list[Figure]]:
    """Months in; the first day of the last whole one and its figures, each beside the month before, out."""
    whole = [month for month in after if month.is_complete]
    if not whole:
        return None, []
    last, before = whole[-1], whole[-2].values if len(whole) > 1 else {}
    figures = [
        Figure(say(f"figure_{name}"), last.values[name], before.get(name), unit)
        for name, unit in MAIN.items()
        if last.values[name] is not None or before.get(name) is not None
    ]
    return last.period_start, figures


def changed_months(before: Sequence[Month], after: Sequence[Month], *, is_same_day: bool) -> list[Changed]:
    """Months as the last run left them and as they are now; the figures that differ out, newest first.

    A running month is compared only if both are of the same day: else it has simply gone on.
    """
    known = {month.period_start: month for month in before if month.is_complete or is_same_day}
    found = []
    for later in reversed(after):
        if later.period_start not in known:
            continue
        for name, unit in MAIN.items():
            old, new = known[later.period_start].values[name], later.values[name]
            if figure(old, unit) != figure(new, unit):
                found.append(Changed(later.period_start, say(f"figure_{name}"), old, new, unit))
    return found
