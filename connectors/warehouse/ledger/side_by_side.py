"""Files of one source, and months of costs, side by side → notices of what does not belong together.

Each by itself reads well; only beside the others one file is seen to be of another business, an older one to tell of
days that a newer one tells otherwise, and a month to lack what every other month had.
"""

from __future__ import annotations

from datetime import date

from config.tables import tables
from connectors.warehouse.ledger.counted_twice import WITH_PHONES

FEWEST = 3
"""Fewer rows, or months, prove nothing."""
NAMED_BY = {
    "deals": ("manager", "channel", "product"),
    "calls": ("manager", "channel"),
    "leads": ("manager", "channel"),
}
"""Table → columns in which the exports of one business have names in common."""
TOLD_ELSEWHERE = frozenset({"deals"})
"""Sales without an id of older files that the newer one lacks are told of as `left_of_older`."""
MOST = 9
"""So many times as many rows with an id must stand in the newer file as it lacks: else each has people of its own."""
FEWEST_NAMES, FEWEST_COLUMNS = 2, 2
"""One name may change; so may all of one column, where each manager has a file."""


def side_by_side(name: str) -> list[str]:
    """A table in; the SELECTs of `ops.notices` rows of sources that have several files out."""
    return [_of_others(name), _told_otherwise(name)] if name in NAMED_BY else []


def _told_otherwise(name: str) -> str:
    """Rows of an older file that a newer one, which has most of that file's rows of its days, lacks.

    Without an id those that were corrected since count twice, as they were and as they are; with one they were deleted
    since, if nearly all others are there. The first day of the newer file may be there in part.
    """
    table = tables()[name]
    key = table.key[0]
    some = f"and {key} is not null" if name in TOLD_ELSEWHERE else ""
    return f"""
    with rows as (
        select source, load_id, {WITH_PHONES[name]} as day_on, {table.money or "0"} as money_rub, is_displaced,
            {key} is not null as has_id
        from loaded.{name} where {WITH_PHONES[name]} is not null {some}
    ),
    spans as (
        select source, load_id, has_id, min(day_on) as first_on, max(day_on) as last_on,
            bool_or(is_displaced) as is_older
        from rows group by all
    ),
    met as (
        select old.source, old.load_id, new.load_id as new_id, has_id, count(*) filter (where is_displaced) as gone,
            count(*) filter (where not is_displaced and day_on > new.first_on) as kept,
            coalesce(sum(money_rub) filter (where not is_displaced and day_on > new.first_on), 0) as money_rub
        from spans as old
        join spans as new using (source, has_id)
        join rows using (source, has_id)
        where old.is_older and new.load_id <> old.load_id and rows.load_id = old.load_id
            and day_on between new.first_on and new.last_on
        group by all having kept > 0 and gone >= greatest({FEWEST}, if(has_id, {MOST} * kept, kept))
    ),
    worst as (
        select met.source, old.source_file, new.source_file as new_file, kept, met.money_rub
        from met join ops.files as old on old.load_id = met.load_id join ops.files as new on new.load_id = new_id
        qualify row_number() over (partition by met.load_id, has_id order by kept desc, new.source_file, new_id) = 1
    )
    select 'told_otherwise', source, {_some("source_file")}, sum(kept), sum(money_rub), {_some("new_file")}
    from worst group by source"""


def _some(column: str) -> str:
    """SQL of the first names of a column, one after another."""
    listed = f"list_sort(list(distinct {column}))"
    return f"array_to_string({listed}[:{FEWEST}], ', ') || if(len({listed}) > {FEWEST}, ', …', '')"


def _of_others(name: str) -> str:
    """A file that has several names in each of several columns, none of which any other file of its source has."""
    columns = NAMED_BY[name]
    money = tables()[name].money or "0"
    listed = " union all ".join(
        f"select source, load_id, '{column}' as told_by, {column} as name from loaded.{name} group by all"
        for column in columns
    )
    return f"""
    with said as (select * from ({listed}) where name is not null),
    files_of as (select source, told_by, name, count(*) as files from said group by all),
    several as (
        select source, load_id, told_by, max(files) > 1 as is_shared
        from said join files_of using (source, told_by, name)
        group by all having count(*) >= {FEWEST_NAMES}
    ),
    comparable as (select source, told_by from several group by all having count(*) > 1),
    strange as (
        select source, load_id from several semi join comparable using (source, told_by) group by all
        having count(*) >= {FEWEST_COLUMNS} and not bool_or(is_shared)
    ),
    counted as (
        select source, load_id, any_value(files.source_file) as source_file, count(*) as rows,
            coalesce(sum({money}), 0) as money_rub
        from loaded.{name} semi join strange using (load_id) join ops.files using (source, load_id)
        where not is_displaced group by source, load_id
    ),
    placed as (
        select *, row_number() over (partition by source order by rows desc, source_file, load_id) as place,
            count(*) over (partition by source) as strangers
        from counted
    ),
    files as (select source, count(*) as files from ops.files where table_name = '{name}' group by source)
    select 'file_of_others', source, source_file, placed.rows, placed.money_rub, null
    from placed join files using (source)
    where strangers < files or (files = 2 and place = 2)"""


OF_ROWS = {
    "deals": {"channel": "channel", "manager": "manager", "phone": "client_key"},
    "calls": {"channel": "channel", "manager": "manager", "phone": "phone"},
    "leads": {"channel": "channel", "manager": "manager"},
}
"""Table → our column that says of a row whose it is, and what is blank where it does not."""
MANY_ROWS, NEARLY_ALL, HALF = 10, 0.8, 0.5


def names_lost(name: str, as_of: date) -> str | None:
    """A table and the day of the report in; the SELECT of notices of columns of which the last month is hardly filled.

    Before, they were in nearly every row: nobody's sales are not a sudden zero of everybody.
    """
    if name not in OF_ROWS:
        return None
    day, money = WITH_PHONES[name], tables()[name].money or "0"
    counted = "".join(
        f""",
            count({of}) as named_{column},
            coalesce(sum({money}) filter (where {of} is null), 0) as money_{column}"""
        for column, of in OF_ROWS[name].items()
    )
    summed = " union all ".join(
        f"""select source, '{column}' as told_by, sum(rows) filter (where is_last) as rows,
            sum(named_{column}) filter (where is_last) as named, sum(rows) filter (where not is_last) as rows_before,
            sum(named_{column}) filter (where not is_last) as named_before,
            sum(money_{column}) filter (where is_last) as money_rub
        from placed group by source"""
        for column in OF_ROWS[name]
    )
    return f"""
    with months as (
        select source, date_trunc('month', {day}) as month_on, count(*) as rows{counted}
        from loaded.{name} where not is_displaced and {day} <= date '{as_of}' group by all
    ),
    placed as (select *, month_on = max(month_on) over (partition by source) as is_last from months)
    select 'names_lost', source, null, rows - named, money_rub, told_by from ({summed})
    where least(rows, rows_before) >= {MANY_ROWS} and named_before >= {NEARLY_ALL} * rows_before
        and named * rows_before <= {HALF} * rows * named_before"""


def missing_costs(as_of: date) -> str:
    """The day of the report in; the SELECT of notices of items that every month had but the last with costs, out."""
    return f"""
    with spent as (
        select source, trim(item) as item, month_on, sum(amount_rub) as money_rub
        from loaded.costs where not is_displaced and month_on <= date '{as_of}' group by all having sum(amount_rub) > 0
    ),
    months as (select month_on, row_number() over (order by month_on desc) as place from spent group by month_on),
    usual as (
        select any_value(source) as source, any_value(item) as item, lower(item) as folded,
            arg_max(money_rub, month_on) as money_rub
        from spent join months using (month_on) where place between 2 and {FEWEST} + 1
        group by folded having count(distinct month_on) = {FEWEST}
    )
    select 'costs_lack_item', source, null, count(*), sum(money_rub),
        strftime((select max(month_on) from months), '%m.%Y') || ': '
            || string_agg('«' || item || '»', ', ' order by item)
    from usual
    where folded not in (
        select lower(spent.item) from spent join months using (month_on) where place = 1)
    group by source"""
