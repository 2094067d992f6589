"""What subscribers' exports showed, night after night, kept append-only in `data/history/`.

One Parquet file a run: `seen` (a subscriber's last visit), `departed` (shown as gone), `day` (days of the snapshot).
The files are an input; `loaded.history` is only their copy.
"""

from datetime import date
from pathlib import Path
from typing import Any

from config.macros import expanded
from connectors.warehouse.figures.build import DUCKDB, Maker
from connectors.warehouse.store.database import quoted, sync, worded
from connectors.warehouse.store.memory import keep_meta, metas_of

FOLDER = "history"
KNOWN = "history."
"""Before the name of a history file that the warehouse has taken in, a key of `ops.meta`."""
FORMAT = "(format parquet, compression zstd)"
COLUMNS = "source, source_file, snapshot, kind, subscriber_id, on_date, run_id"


def take_in(connection: Any, data: Path) -> None:
    """Copy into the warehouse what history files it does not know yet: after a kill, or a lost warehouse."""
    known = set(metas_of(connection, KNOWN).values())
    fresh = [path for path in sorted((data / FOLDER).glob("*.parquet")) if path.name not in known]
    if not fresh:
        return
    connection.begin()
    for path in fresh:
        with worded(path):
            connection.execute(f"insert into loaded.history select {COLUMNS} from read_parquet(?)", [str(path)])
        keep_meta(connection, KNOWN + path.name, path.name)
    connection.commit()


def observe(connection: Any, load_id: int, content_hash: str, run_id: str) -> None:
    """A load of subscribers in; what it shows and no earlier look at that file did is added to `loaded.history`."""
    connection.execute(
        """insert into loaded.history by name
        with snapshot as (select * from loaded.subscribers where load_id = ?),
        shown as (
            select distinct source, source_file, 'seen' as kind, subscriber_id, last_active_on as on_date
                from snapshot where last_active_on is not null
            union all select distinct source, source_file, 'departed', subscriber_id, null::date
                from snapshot where is_departed and unsubscribed_on is null
        ),
        days as (
            select distinct source, source_file, 'day' as kind, null::varchar as subscriber_id, on_date
            from (select source, source_file, unnest([subscribed_on, last_active_on]) as on_date from snapshot)
            where on_date is not null
        ),
        fresh as (
            select * from shown anti join loaded.history as h
                on h.source = shown.source and h.source_file = shown.source_file and h.kind = shown.kind
                and h.subscriber_id = shown.subscriber_id and h.on_date is not distinct from shown.on_date
            union all select * from days where not exists (
                select 1 from loaded.history as h where h.kind = 'day' and h.snapshot = ? and h.source = days.source
                and h.source_file = days.source_file)
        )
        select *, ?::varchar as snapshot, ?::varchar as run_id from fresh
        order by kind, source_file, subscriber_id, on_date""",
        [load_id, content_hash, content_hash, run_id],
    )


def keep(connection: Any, data: Path, run_id: str) -> None:
    """Write what this run saw to its history file, whole and on the disk, before the run is committed."""
    count = connection.execute("select count(*) from loaded.history where run_id = ?", [run_id]).fetchone()[0]
    if not count:
        return
    name = f"{run_id}.parquet"
    folder = data / FOLDER
    with worded(folder / name):
        folder.mkdir(parents=True, exist_ok=True)
        fresh = folder / f".{name}.new"
        connection.execute(
            f"copy (select {COLUMNS} from loaded.history where run_id = '{run_id}') to '{quoted(fresh)}' {FORMAT}"
        )
        sync(fresh)
        fresh.replace(folder / name)
        sync(folder)
    keep_meta(connection, KNOWN + name, name)


def settle(connection: Any, as_of: date) -> set[str]:
    """Derive from the history, as of a day: when departed subscribers left, and where each source's history begins.

    The staged tables that show it otherwise than before out.
    """
    connection.execute(
        """create or replace temp table snapshot_days as
        select source, source_file, snapshot, max(on_date) filter (where on_date <= ?) as data_on
        from loaded.history where kind = 'day' group by all""",
        [as_of],
    )
    connection.execute("""create or replace temp table departures_now as
        select h.source, h.subscriber_id, min(data_on) as departed_on from loaded.history as h
        join snapshot_days using (source, source_file, snapshot) where h.kind = 'departed' group by all""")
    differing = connection.execute("""select count(*) from (
        (from departures_now except from loaded.departures) union all
        (from loaded.departures except from departures_now))""").fetchone()[0]
    if differing:
        connection.execute("delete from loaded.departures; insert into loaded.departures from departures_now")
    connection.execute("""delete from ops.snapshots; insert into ops.snapshots
        select source, min(data_on) from snapshot_days where data_on is not null group by source order by source""")
    connection.execute("drop table snapshot_days; drop table departures_now")
    return {"subscribers"} if differing else set()


def rewrite(connection: Any, data: Path, condition: str, parameters: list[Any]) -> int:
    """A condition on rows that must go in; they leave every history file and the warehouse; how many left out."""
    gone = 0
    for path in sorted((data / FOLDER).glob("*.parquet")):
        with worded(path):
            found = connection.execute(
                f"select count(*) from read_parquet('{quoted(path)}') where {condition}", parameters
            ).fetchone()[0]
            if not found:
                continue
            gone += found
            fresh = path.with_name(f".{path.name}.new")
            connection.execute(
                f"""copy (select * from read_parquet('{quoted(path)}') where not coalesce({condition}, false))
                to '{quoted(fresh)}' {FORMAT}""",
                parameters,
            )
            sync(fresh)
            fresh.replace(path)
    connection.execute(f"delete from loaded.history where {condition}", parameters)
    return gone


# Subscribers, their history and won deals → the days they were active, beside those of an activity export.

DERIVED = """
with
subscribers as (select * from staged.subscribers),
configured as (select distinct source from ops.files where table_name = 'subscribers'),
won as (
    select source, source_file, source_row, client_id, phone, email, settled_on(created_on, closed_on) as active_on
    from staged.deals where status = 'won' and coalesce(revenue_rub, 0) >= 0
),
by_id as (
    select subscriber_id as id, min_by(subscriber_id, (subscribed_on, subscriber_id)) as subscriber_id
    from subscribers semi join won on won.client_id = subscribers.subscriber_id group by 1
),
by_phone as (
    select phone as id, min_by(subscriber_id, (subscribed_on, subscriber_id)) as subscriber_id
    from subscribers semi join won on won.phone = subscribers.phone
    where is_known_phone(phone) group by 1
),
by_email as (
    select email as id, min_by(subscriber_id, (subscribed_on, subscriber_id)) as subscriber_id
    from subscribers semi join won on won.email = subscribers.email group by 1
),
bought as (
    select coalesce(by_id.subscriber_id, by_phone.subscriber_id, by_email.subscriber_id) as subscriber_id,
        won.active_on, won.source, won.source_file, won.source_row
    from won
    left join by_id on by_id.id = won.client_id
    left join by_phone on by_phone.id = won.phone
    left join by_email on by_email.id = won.email
)
select subscriber_id, subscribed_on as active_on, 'subscribed' as kind, source, source_file, source_row from subscribers
union all
select subscriber_id, on_date, 'seen', source, min(source_file), null
    from loaded.history semi join configured using (source) where kind = 'seen' group by subscriber_id, on_date, source
union all
select subscriber_id, active_on, 'deal', source, source_file, source_row
    from bought where subscriber_id is not null and active_on is not null
"""


def derive(connection: Any, maker: Maker = DUCKDB) -> None:
    """Fill `loaded.activity_derived`, which `staged.activity` shows after the rows of activity exports."""
    connection.execute("delete from loaded.activity_derived")
    maker.fill(connection, "loaded.activity_derived", expanded(DERIVED))
