"""Staged rows → what the report must say of them though nothing is refused: `ops.notices` of a run."""

from __future__ import annotations

from datetime import date
from typing import Any

from config.tables import tables

WITH_PHONES = {"calls": "started_at::date", "deals": "coalesce(closed_on, created_on)", "leads": "created_at::date"}
"""Tables in which a phone and a day that repeat across sources are likely one event counted twice."""
WON = "status = 'won' and not is_displaced"
OF_DEALS = {
    "free_deals": f"{WON} and coalesce(revenue_rub, 0) = 0",
    "deals_without_client": f"{WON} and revenue_rub > 0 and client_key is null",
    "without_cogs": f"{WON} and revenue_rub > 0 and cogs_rub is null",
}
"""Kind → which deals it is about; told of a source as a whole, however many files it keeps its months in."""
ALONE = """
select 'channels_alone', null, null, count(*), coalesce(sum(spend), 0),
    array_to_string(list(channel order by spend desc, channel)[:10], ', ')
from (
    select channel, sum(spend_rub) as spend from loaded.ad_spend
    where not is_displaced and channel is not null group by channel having sum(spend_rub) > 0
)
where channel not in (
    select channel from loaded.calls where not is_displaced and channel is not null
    union select channel from loaded.deals where not is_displaced and channel is not null
    union select channel from loaded.leads where not is_displaced and channel is not null
)
and exists (select 1 from loaded.calls union all select 1 from loaded.deals union all select 1 from loaded.leads)
"""
"""Channels that cost something and that no call, deal or enquiry names: they are probably spelled otherwise there."""


def write_notices(connection: Any, run_id: str, as_of: date) -> None:
    """Everything that the rows themselves tell; files that left or could not be read are told of as it happens."""
    connection.execute(
        """insert into ops.notices select ?, kind, source, source_file, rows, money_rub, detail
        from loaded.notices join ops.files using (load_id) order by source, source_file, kind, detail""",
        [run_id],
    )
    for kind, condition in OF_DEALS.items():
        _insert(
            connection,
            run_id,
            f"""select '{kind}', source, null, sum(source_rows), coalesce(sum(revenue_rub), 0), null
            from loaded.deals where {condition} group by all""",
        )
    for name, table in tables().items():
        day = WITH_PHONES.get(name, f"{table.day[0]}::date")
        money = table.money or "0"
        if not _is_periodic(name):
            _insert(
                connection,
                run_id,
                f"""select 'future_rows', source, null, sum(source_rows), coalesce(sum({money}), 0), '{name}'
                from loaded.{name} where not is_displaced and {day} > ? group by all""",
                [as_of],
            )
        if name in WITH_PHONES and _sources(connection, name) > 1:
            _insert(connection, run_id, _repeated(name, day, table.money))
    _insert(connection, run_id, ALONE)
    _insert(
        connection,
        run_id,
        """select 'vat_differs', null, null, count(*), 0,
            table_name || ': ' || string_agg(source || ' ' || vat, ', ' order by source)
        from ops.sources where vat is not null group by table_name having count(distinct vat) > 1""",
    )


def _is_periodic(name: str) -> bool:
    """Plans look ahead by nature."""
    return name in ("plan", "experiments")


def _insert(connection: Any, run_id: str, select: str, parameters: list[Any] | None = None) -> None:
    connection.execute(
        f"""insert into ops.notices select ?, kind, source, source_file, rows, money_rub, detail
        from ({select}) as found(kind, source, source_file, rows, money_rub, detail) where rows > 0 order by all""",
        [run_id, *(parameters or [])],
    )


def _sources(connection: Any, name: str) -> int:
    found: int = connection.execute(
        "select count(distinct source) from ops.files where table_name = ?", [name]
    ).fetchone()[0]
    return found


def _repeated(name: str, day: str, money: str | None) -> str:
    """Rows beyond those of one source that share a phone, a day and (of deals) an amount with another source."""
    amount = money or "0"
    return f"""
    select 'repeated_across_sources', string_agg(distinct sources, '; '), null, sum(extra), sum(extra * amount),
        '{name}'
    from (
        select amount, sum(rows) - max(rows) as extra, string_agg(source, ', ' order by source) as sources
        from (
            select source, phone, {day} as day_on, {amount} as amount, count(*) as rows
            from loaded.{name} where not is_displaced and phone is not null group by all
        ) group by phone, day_on, amount having count(*) > 1
    ) having sum(extra) > 0"""
