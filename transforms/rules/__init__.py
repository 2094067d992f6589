"""Rules: SELECTs of rows that must not exist, the identities of the business."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from types import MappingProxyType

from config.macros import expanded
from config.metric_words import placed_words
from config.metrics import metrics


@cache
def rule_queries() -> MappingProxyType[str, str]:
    """Every rule → the SELECT whose rows must not exist; the first columns say where, the last two what differs."""
    found = sorted(
        (entry for entry in files(__name__).iterdir() if entry.name.endswith(".sql")), key=lambda entry: entry.name
    )
    written = {entry.name.removesuffix(".sql"): expanded(entry.read_text(encoding="utf-8")) for entry in found}
    return MappingProxyType({**written, "plans_tell_their_tables": expanded(_plans_tell_their_tables())})


def _plans_tell_their_tables() -> str:
    """The fact of a plan is what the row of its table holds: a branch for each table that a plan may name."""
    planned = sorted(set(placed_words().values()))
    tables = dict.fromkeys(metric.partition(".")[0] for metric in planned)
    branches = [_branch(table, [one for one in planned if one.startswith(f"{table}.")]) for table in tables]
    compared = "\nunion all\n".join(branches)
    return f"select * from ({compared}) as compared where found is distinct from expected"


def _branch(table: str, planned: list[str]) -> str:
    key = metrics().tables[table].key
    places = [
        f"plans.{name} = {f'told.{name}' if name in key else 'all_together()'}" for name in ("channel", "manager")
    ]
    cells = " ".join(f"when '{one}' then cast(told.{one.partition('.')[2]} as double)" for one in planned)
    names = ", ".join(f"'{one}'" for one in planned)
    return (
        "select plans.grain, plans.period_start, plans.metric, plans.channel, plans.manager, plans.actual as found,"
        f" case plans.metric {cells} end as expected from metrics.plan_period as plans"
        f" inner join metrics.{table} as told on told.grain = plans.grain and told.period_start = plans.period_start"
        f" and {' and '.join(places)} where plans.metric in ({names})"
    )
