"""Figures alone, over rows that were typed and written once as Parquet: `python -m bench.staged FOLDER CALLS ENGINE`.

What a folder lacks is written first, with `none` for the engine nothing else.
"""

from __future__ import annotations

import argparse
import shutil
from datetime import date
from pathlib import Path
from string import Template
from typing import Any

import duckdb

from bench.generate import CHANNELS, DAYS, FIRST_DAY, MANAGERS
from config.client import ClientSettings, Engine
from config.settings import settings
from config.tables import tables
from connectors.warehouse.engine import open_engine
from connectors.warehouse.figures.build import DUCKDB, PLACE, in_order, kinds_of, prepare, set_variables
from transforms.metrics import metric_queries, variables

AS_OF = date(2026, 9, 30)
FILES = 24
PHONE = "'+7000' || lpad((hash(i * 3) % 3000000)::varchar, 7, '0')"
ROWS = {
    "calls": f"""select i::varchar as call_id, {FIRST_DAY}::timestamp + to_seconds((i * {DAYS * 86400.0} / $calls)::bigint)
            as started_at, {PHONE} as phone, getvariable('channels')[(1 + hash(i * 5) % 8)::bigint] as channel,
            getvariable('managers')[(1 + hash(i * 7) % 6)::bigint] as manager, 'in' as direction,
            hash(i * 13) % 6 > 0 as is_answered, case when hash(i * 13) % 6 > 0 then (5 + hash(i * 17) % 400)::bigint else 0 end
            as talk_seconds
        from range($first, $last) as numbers (i)""",
    "deals": f"""select i::varchar as deal_id, {FIRST_DAY} + to_days((hash(i) % 710)::integer) as created_on,
            case when hash(i * 3) % 10 < 8 then created_on + to_days((hash(i * 7) % 20)::integer) end as closed_on,
            case when hash(i * 3) % 10 < 4 then 'won' when hash(i * 3) % 10 < 8 then 'lost' else 'open' end as status,
            getvariable('channels')[(1 + hash(i * 11) % 8)::bigint] as channel,
            getvariable('managers')[(1 + hash(i * 13) % 6)::bigint] as manager, {PHONE} as phone,
            (1000 + hash(i * 19) % 90000)::decimal(18, 2) as revenue_rub
        from range($first // 10, $last // 10) as numbers (i)""",
    "subscribers": f"""select i::varchar as subscriber_id, {FIRST_DAY} + to_days((hash(i) % {DAYS})::integer) as subscribed_on,
            subscribed_on + to_days((hash(i * 5) % 60)::integer) as last_active_on, {PHONE} as phone
        from range($first // 10, $last // 10) as numbers (i)""",
    "ad_spend": f"""select {FIRST_DAY} + to_days(i::integer) as spend_on, unnest(getvariable('channels')) as channel,
            (500 + hash(i) % 9000)::decimal(18, 2) as spend_rub, 1000 + (hash(i) % 9000)::bigint as impressions,
            10 + (hash(i) % 90)::bigint as clicks
        from range($first_day, $last_day) as numbers (i)""",
}
"""Table → the SELECT of the rows of one file."""


def main() -> None:
    """Writes the rows if they are not there, then makes all figures of one day."""
    parser = argparse.ArgumentParser(prog="python -m bench.staged", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("calls", type=int)
    parser.add_argument("engine", help="duckdb, local (Sail in this process), sc://host:15002, or none")
    asked = parser.parse_args()
    rows = (asked.folder / "rows").absolute()
    if not (rows / "calls-23.parquet").exists():
        write(rows, asked.calls)
    if asked.engine != "none":
        print(f"{make_figures(asked.folder, asked.engine)} rows of figures")


def write(rows: Path, calls: int) -> None:
    """So many calls, a tenth as many deals and subscribers, 730 days of spend; 24 files of each."""
    rows.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        set_variables(connection, {})
        connection.execute(f"set variable channels = {CHANNELS}; set variable managers = {MANAGERS}")
        for number in range(FILES):
            parts = {"": calls, "_day": DAYS}  # of a hundred million calls 730 times as many are no INTEGER
            bounds = {f"first{of}": whole * number // FILES for of, whole in parts.items()}
            bounds |= {f"last{of}": whole * (number + 1) // FILES for of, whole in parts.items()}
            for name, sql in ROWS.items():
                path, bound = rows / f"{name}-{number:02d}.parquet", Template(sql).substitute(bounds, calls=calls)
                connection.execute(f"copy ({_placed(name, bound, path.name)}) to '{path}' (format parquet)")


def _placed(name: str, sql: str, file: str) -> str:
    """All columns of the table, in their order, those that the SELECT does not give blank."""
    kinds = {column: declared.sql_type for column, declared in tables()[name].public_columns.items()} | PLACE
    none = ", ".join(f"null::{kind} as {column}" for column, kind in kinds.items())
    typed = ", ".join(f"{column}::{kind} as {column}" for column, kind in kinds.items())
    made = f"select *, '{name}' as source, '{file}' as source_file, row_number() over () as source_row from ({sql})"
    return f"select {typed} from (select {none} where false union all by name {made})"


def make_figures(folder: Path, engine: str) -> int:
    """All metric tables of one day, in a warehouse of their own; how many rows they have."""
    data = (folder / f"figures-{engine.partition(':')[0]}").absolute()
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(parents=True)
    with duckdb.connect(str(data / "svodka.duckdb")) as connection:
        memory = settings().memory_bytes // 1024**2
        connection.execute(f"set memory_limit = '{memory}MiB'; set temp_directory = '{data}/spilled'")
        show_rows(connection, (folder / "rows").absolute())
        set_variables(connection, variables(ClientSettings(), AS_OF))
        opened = None if engine == "duckdb" else open_engine(Engine(spark=engine, storage=str(_storage(data))), data)
        maker, queries = (opened.maker if opened else DUCKDB), metric_queries()
        for name in in_order(queries):
            maker.make(connection, f"metrics.{name}", queries[name], None)
        if opened:
            opened.close()
        made = [
            place for place, kind in kinds_of(connection).items() if place.startswith("metrics.") and kind == "table"
        ]
        return sum(int(connection.execute(f"select count(*) from {place}").fetchall()[0][0]) for place in made)


def _storage(data: Path) -> Path:
    found = data / "storage"
    found.mkdir()
    return found


def show_rows(connection: Any, rows: Path) -> None:
    """Staged tables as a client with an engine has them: views of the files, which the engine reads by itself."""
    prepare(connection)
    connection.execute("""create schema stored;
        create table ops.stored (load_id bigint, table_name varchar, path varchar);
        create table ops.files (load_id bigint, rows_read bigint)""")
    for name in ROWS:
        files = sorted(str(path) for path in rows.glob(f"{name}-*.parquet"))
        first = int(connection.execute("select count(*) from ops.stored").fetchall()[0][0])
        for load_id, path in enumerate(files, first):
            connection.execute("insert into ops.stored values (?, ?, ?)", [load_id, name, path])
            connection.execute(f"insert into ops.files select {load_id}, count(*) from read_parquet('{path}')")
        shown = ", ".join([*tables()[name].public_columns, *PLACE])
        listed = ", ".join(f"'{path}'" for path in files)
        connection.execute(f"create view stored.{name} as select * from read_parquet([{listed}])")
        connection.execute(f"drop table staged.{name}; create view staged.{name} as select {shown} from stored.{name}")
        connection.execute(
            f"""insert into ops.sources by name select '{name}' as source, '{name}' as table_name,
            {FIRST_DAY} as data_from_on, date '{AS_OF}' as data_to_on, false as is_stale, true as is_available"""
        )


if __name__ == "__main__":
    main()
