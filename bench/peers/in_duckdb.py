"""A bare hand-written DuckDB script: `python -m bench.peers.in_duckdb EXPORTS REPORT.xlsx [DATABASE]`.

All text, TRY_CAST, bad cells kept; in memory, or with a database on disk, where one is named.
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from bench.peers.transcode import transcode
from bench.peers.workbook import Table, save

MOMENT = "try_strptime({}, '%d.%m.%Y %H:%M:%S')"
DAY = "try_strptime({}, '%d.%m.%Y')::date"
MONEY = "try_cast(replace({}, ',', '.') as decimal(18,2))"
PHONE = "'7' || right(regexp_replace({}, '[^0-9]', '', 'g'), 10)"


def tables(exports: Path, database: str = ":memory:") -> dict[str, Table]:
    """A folder of exports in, the tables of the report out."""
    connection = duckdb.connect(database)
    connection.execute("set preserve_insertion_order = false")
    with TemporaryDirectory() as folder:
        load(connection, exports, Path(folder))
    found = {}
    for name, query in METRICS.items():
        connection.execute(f"create or replace table {name} as {query}")
        cursor = connection.execute(f"from {name}")
        found[name] = Table([column[0] for column in cursor.description], cursor.fetchall())
    connection.close()
    return found


def load(connection: duckdb.DuckDBPyConnection, exports: Path, folder: Path) -> None:
    """Every export as typed tables, the unreadable cells beside them."""
    for pattern, table, columns in TABLES:
        paths = transcode(exports, pattern, folder)
        raw = f"read_csv({[str(path) for path in paths]!r}, delim=';', header=true, all_varchar=true)"
        connection.execute(f"create or replace table raw as select * from {raw}")
        typed = ", ".join(f"{expression} as {name}" for name, (expression, _) in columns.items())
        connection.execute(f"create or replace table {table} as select {typed} from raw")
        bad = " union all ".join(
            f"""select '{name}' as column_name, {text} as value from raw where {text} <> '' and ({expression}) is null"""
            for name, (expression, text) in columns.items()
        )
        connection.execute(f"create or replace table bad_{table} as {bad}")
        connection.execute("drop table raw")
        for path in paths:
            path.unlink()


def text(header: str) -> tuple[str, str]:
    """A text column."""
    return f"nullif(trim(\"{header}\"), '')", f'"{header}"'


def cast(template: str, header: str) -> tuple[str, str]:
    """A parsed column and the text it is parsed from."""
    return template.format(f'"{header}"'), f'"{header}"'


TABLES: list[tuple[str, str, dict[str, tuple[str, str]]]] = [
    ("calls*.csv", "calls", {
        "call_id": text("ID"), "started_at": cast(MOMENT, "Дата и время"), "phone": cast(PHONE, "Телефон"),
        "channel": text("Канал"), "manager": text("Менеджер"), "direction": text("Направление"), "answered": text("Статус"),
        "talk_seconds": cast("try_cast({} as bigint)", "Разговор, сек"),
    }),
    ("deals.csv", "deals", {
        "deal_id": text("ID"), "created_on": cast(DAY, "Создана"), "closed_on": cast(DAY, "Закрыта"), "status": text("Этап"),
        "channel": text("Канал"), "manager": text("Менеджер"), "phone": cast(PHONE, "Телефон"), "revenue_rub": cast(MONEY, "Сумма, руб."),
    }),
    ("subscribers.csv", "subscribers", {
        "subscriber_id": text("ID"), "subscribed_on": cast(DAY, "Подписан"), "last_active_on": cast(DAY, "Был"),
        "phone": cast(PHONE, "Телефон"), "email": text("E-mail"),
    }),
    ("spend.csv", "spend", {
        "spend_on": cast(DAY, "Дата"), "channel": text("Канал"), "campaign": text("Кампания"),
        "impressions": cast("try_cast({} as bigint)", "Показы"), "clicks": cast("try_cast({} as bigint)", "Клики"),
        "spend_rub": cast(MONEY, "Расход, руб."),
    }),
]  # fmt: skip
METRICS = {
    "channel_month": """
        with c as (select *, lag(started_at) over (partition by phone order by started_at) as earlier from calls where direction = 'Входящий'),
        k as (select date_trunc('month', started_at)::date as m, channel, count(*) as calls,
            count(*) filter (where earlier is null or earlier <= started_at - interval 30 days) as unique_calls,
            count(*) filter (where answered = 'Отвечен' and talk_seconds >= 20) as target_calls from c group by all),
        s as (select date_trunc('month', spend_on)::date as m, channel, sum(spend_rub) as spend, sum(clicks) as clicks from spend group by all),
        d as (select date_trunc('month', closed_on)::date as m, coalesce(channel, 'Не указан') as channel, count(*) as deals,
            count(distinct phone) as clients, sum(revenue_rub) as revenue from deals where status = 'Успешно реализовано' group by all)
        select *, 1000 * calls / nullif(spend, 0) as calls_per_1000 from k full join s using (m, channel) full join d using (m, channel)
        order by all""",
    "channel_week": """
        with k as (select date_trunc('week', started_at)::date as m, channel, count(*) as calls from calls where direction = 'Входящий' group by all),
        s as (select date_trunc('week', spend_on)::date as m, channel, sum(spend_rub) as spend from spend group by all)
        select *, 1000 * calls / nullif(spend, 0) as calls_per_1000 from k full join s using (m, channel) order by all""",
    "manager_month": """
        with k as (select date_trunc('month', started_at)::date as m, manager, count(*) as calls, count(distinct phone) as callers
            from calls where direction = 'Входящий' and answered = 'Отвечен' group by all),
        d as (select date_trunc('month', closed_on)::date as m, manager, count(distinct phone) as clients, sum(revenue_rub) as revenue
            from deals where status = 'Успешно реализовано' group by all)
        select *, 10.0 * clients / nullif(calls, 0) as clients_per_10 from k full join d using (m, manager) order by all""",
    "subscriber_month": """
        with ends as (select last_day(m) as d from (select distinct date_trunc('month', subscribed_on) as m from subscribers where m is not null))
        select d, count(*) as total, count(*) filter (where greatest(subscribed_on, last_active_on) > d - 30) as active
        from ends join subscribers on subscribed_on <= d group by d order by d""",
    "client_month": """
        with won as (select phone, closed_on, min(closed_on) over (partition by phone) as first_on from deals where status = 'Успешно реализовано')
        select date_trunc('month', closed_on)::date as m, count(distinct phone) as clients,
            count(distinct phone) filter (where first_on >= date_trunc('month', closed_on)) as new from won group by all order by m""",
    "chain_month": """
        select date_trunc('month', spend_on)::date as m, channel, sum(impressions) as impressions, sum(clicks) as clicks, sum(spend_rub) as spend
        from spend group by all order by all""",
}  # fmt: skip

if __name__ == "__main__":
    save(Path(sys.argv[2]), tables(Path(sys.argv[1]), *sys.argv[3:]))
