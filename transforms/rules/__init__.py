"""Rules: SELECTs of rows that must not exist, the identities of the business.

Some are files of this folder, the others follow from what is declared of every metric table: its key, its periods, what
a plan may name of it.
"""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from types import MappingProxyType

from config.macros import expanded
from config.metric_words import placed_words
from config.metrics import metrics
from config.tables import personal_columns

WHOLE = """
with
tables as (
    {counted}
),
spans as (
    select
        table_name,
        grain,
        min(period_start) as first_start,
        max(keys) as keys
    from tables
    group by table_name, grain
)
select
    spans.table_name,
    spans.grain,
    periods.period_start,
    coalesce(tables.keys, 0) as found,
    spans.keys as expected
from spans
inner join metrics.period as periods
    on periods.grain = spans.grain
    and periods.period_start >= spans.first_start
left join tables
    on tables.table_name = spans.table_name
    and tables.grain = spans.grain
    and tables.period_start = periods.period_start
where coalesce(tables.keys, 0) <> spans.keys
"""
UNION = "\nunion all\n"


@cache
def rule_queries() -> MappingProxyType[str, str]:
    """Every rule → the SELECT whose rows must not exist; the first columns say where, the last two what differs."""
    entries = [entry for entry in files(__name__).iterdir() if entry.name.endswith(".sql")]
    written = {entry.name.removesuffix(".sql"): entry.read_text(encoding="utf-8") for entry in entries}
    return MappingProxyType({name: expanded(sql) for name, sql in sorted({**written, **declared_rules()}.items())})


def declared_rules() -> dict[str, str]:
    """Every such rule → its SELECT."""
    return {
        "keys_are_unique": UNION.join(_repeated()),
        "periods_are_whole": WHOLE.format(counted=UNION.join(_counted())),
        "plans_tell_their_tables": _plans_tell_their_tables(),
    }


def _repeated() -> Iterator[str]:
    """Of each table the keys that several rows have; a person's is not told."""
    personal = personal_columns()
    for name, table in metrics().tables.items():
        told = [f"cast({column} as varchar)" for column in table.key if column not in personal] or ["null"]
        key = f"concat_ws(' · ', {', '.join(told)})"
        yield (
            f"select '{name}' as table_name, {key} as key, count(*) as found, 1 as expected"
            f" from metrics.{name} group by {', '.join(table.key)} having count(*) > 1"
        )


def _counted() -> Iterator[str]:
    """Of each table that tells of every period its rows in each: from its first period on it has as many in all."""
    for name, table in metrics().tables.items():
        if "grain" in table.key and not table.has_gaps:
            yield (
                f"select '{name}' as table_name, grain, period_start, count(*) as keys"
                f" from metrics.{name} group by grain, period_start"
            )


def _plans_tell_their_tables() -> str:
    """The fact of a plan is what the row of its table holds: a branch for each table that a plan may name."""
    planned = sorted(set(placed_words().values()))
    tables = dict.fromkeys(metric.partition(".")[0] for metric in planned)
    branches = [_branch(table, [one for one in planned if one.startswith(f"{table}.")]) for table in tables]
    mark = "-- No rows without staged.plan.\n"
    return f"{mark}select * from ({UNION.join(branches)}) as compared where found is distinct from expected"


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
