"""Metric tables → the figures a run ends with: the last whole month beside the one before, and what changed since."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from connectors.warehouse import Warehouse
from flows.summary import Changed, Figure
from flows.words import figure, say

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
    for month in reversed(after):
        if month.period_start not in known:
            continue
        for name, unit in MAIN.items():
            old, new = known[month.period_start].values[name], month.values[name]
            if figure(old, unit) != figure(new, unit):
                found.append(Changed(month.period_start, say(f"figure_{name}"), old, new, unit))
    return found
