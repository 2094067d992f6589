"""What the rows of all files leave open only beside each other: stages, ids, days and sums. It stops and asks."""

import json
from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from config.client import Client
from config.draft import COUNTED_DAYS, EPOCHS_APART
from config.errors import ContractError
from config.tables import tables
from config.words import vocabulary
from connectors.warehouse.figures.build import Maker
from connectors.warehouse.loading.questions import shown_words


def ask_statuses(connection: Any, most_unknown: float) -> None:
    """The notices of all loaded rows; raises ContractError where nothing tells the stage of a source's deals.

    One new stage among known ones is open and told; if all are new, no figure of the source means anything. Nor does it
    where more than `most_unknown` of the rows are new, none is won, and no vendor is known whose word for that it is.
    """
    for source, file, words in connection.execute(
        """
        with words as (
            select source, detail as word, sum(n.rows) as rows, min(source_file) as source_file
            from loaded.notices as n join ops.files using (load_id)
            where kind = 'unknown_status' and table_name = 'deals' group by all
        ),
        filled as (
            select source, sum(n.rows) as rows from loaded.notices as n join ops.files using (load_id)
            where kind = 'filled_status' and table_name = 'deals' group by all
        ),
        unwon as (
            select source from ops.files left join loaded.notices as n using (load_id) where table_name = 'deals'
            group by source having count(profile) = 0 and count(*) filter (where kind = 'won_status') = 0
        )
        select source, min(source_file), list({'word': word, 'rows': words.rows} order by words.rows desc, word)
        from words join filled using (source)
        group by source, filled.rows
        having sum(words.rows) >= filled.rows or (source in (from unwon) and sum(words.rows) > ? * filled.rows)
        order by source""",
        [most_unknown],
    ).fetchall():
        raise ContractError(
            "staging.unknown_words",
            file=file,
            source=source,
            words=f"status {shown_words(words)}",
            values=f"status: {{{', '.join(f'{meaning}: […]' for meaning in vocabulary().deal_status)}}}",
        )


def ask_blank_statuses(connection: Any) -> None:
    """Raise ContractError for a source of deals whose column of stages is blank in every row: none would be sold."""
    for source, file, rows, detail in connection.execute(
        """
        select source, min(source_file), sum(n.rows), min(n.detail)
        from ops.files left join (select * from loaded.notices where kind = 'assumed_blank_status') as n using (load_id)
        where table_name = 'deals' group by source
        having sum(n.rows) >= sum(rows_read - rows_skipped - rows_rejected) order by source"""
    ).fetchall():
        header = json.loads(detail)["header"]
        raise ContractError("staging.blank_statuses", source=source, file=file, header=header, rows=rows)


BORN = {"calls": "started_at::date", "deals": "coalesce(created_on, closed_on)", "leads": "created_at::date"}
"""Of tables whose records have ids, the day that all exports of one record tell alike."""


FEWEST_OF_OTHERS = 3
"""Persons whose phone differs in two exports: fewer have another phone now."""


def ask_ids(connection: Any, maker: Maker, changed: Collection[str], client: Client) -> None:
    """Tables whose rows changed in; raises ContractError for ids that are none, unless `amounts: line` is said of them.

    Rows of one id in two files that are of different days, and of no person known to be the same, are no one record:
    most likely each file counts its rows anew. So are those most of which bear other phones in the two files: one is of
    another business. Without the question the older file's rows would pass for duplicates.
    """
    most_torn = client.settings.loading.max_rejected_share
    trusted = {name for name, source in client.sources.items() if source.amounts == "line"}
    for name in sorted(BORN.keys() & set(changed)):
        if not maker.ask(connection, name, f"select 1 as is_any from loaded.{name} where is_displaced limit 1"):
            continue  # told by what DuckDB keeps of each block; pairing rows would read them all
        key = tables()[name].key[0]
        for source, several, apart, of_others, example, file, rows in maker.ask(connection, name, _torn_ids(name)):
            torn = max(apart, of_others if of_others >= FEWEST_OF_OTHERS and of_others * 2 > several else 0)
            if source in trusted or torn <= most_torn * several:
                continue
            facts = {"header": key, "column": key, "torn": torn, "several": several, "example": example}
            key_of = "warehouse.not_a_deal_id" if name == "deals" else "warehouse.not_an_id"
            raise ContractError(key_of, source=source, file=file, rows=rows, **facts)


def _torn_ids(name: str) -> str:
    """A row a source: how many ids repeat across its files, how many of them are torn, and one of those."""
    key = tables()[name].key[0]
    same_person = "false" if name == "calls" else "coalesce(gone.phone = kept.phone, false)"
    return f"""
        with known as (
            select source, {key} as id, phone, {BORN[name]} as born_on, is_displaced, source_file as file, source_row
            from loaded.{name} where {key} is not null
        ),
        pairs as (
            select gone.source, gone.id, abs(date_diff('day', kept.born_on, gone.born_on)) > 1 and not {same_person}
                as is_apart, coalesce(gone.phone <> kept.phone, false) as is_of_others, gone.file,
                gone.source_row || ', ' || kept.file || ':' || kept.source_row as rows
            from known as gone join known as kept on kept.source = gone.source and kept.id = gone.id
            where gone.is_displaced and not kept.is_displaced
        ),
        torn_pairs as (
            select source, id, file, rows, row_number() over (partition by source order by id, file, rows) as turn
            from pairs where is_apart or is_of_others
        )
        select pairs.source, count(distinct pairs.id), count(distinct case when is_apart then pairs.id end),
            count(distinct case when is_of_others then pairs.id end),
            min(torn_pairs.id), min(torn_pairs.file), min(torn_pairs.rows)
        from pairs join torn_pairs on torn_pairs.source = pairs.source and torn_pairs.turn = 1
        group by pairs.source order by pairs.source"""


# Sources whose days are bare numbers, where only those counted from 1904 are of the time of all else.

NEAR = timedelta(days=92)
"""So near to the day of the report, or to where another source ends, data that are kept up end."""
FEW_AHEAD = timedelta(days=31)
"""So far may they run ahead of the report's day: what is booked, or the report of a day gone by."""


def ask_epochs(connection: Any, as_of: date) -> None:
    """Raise ContractError for a source of which no file has a day that is written out, if it ends four years ago.

    A text file keeps the number of a day, and not the year from which its workbook counted.
    """
    for source, file, detail, first, last, others in connection.execute(
        """with counting as (
            select load_id, min(detail) as detail from loaded.notices where kind = $1 group by load_id
        ),
        files as (
            select source, source_file, data_from_on, data_to_on, detail
            from ops.files left join counting using (load_id) where data_to_on is not null
        )
        select source, min(source_file), min(detail), min(data_from_on), max(data_to_on),
            (select max(data_to_on) from files where detail is null and data_to_on <= $2)
        from files group by source having count(*) = count(detail) order by source""",
        [COUNTED_DAYS, as_of],
    ).fetchall():
        later = last + EPOCHS_APART
        if later <= as_of + FEW_AHEAD and min(abs(later - end) for end in (as_of, others) if end) <= NEAR:
            column, _, header = detail.partition(": ")
            days = {"first": first, "last": last, "later_first": first + EPOCHS_APART, "later_last": later}
            raise ContractError(
                "warehouse.which_epoch", source=source, file=file, column=column, header=header,
                **{name: f"{day:%d.%m.%Y}" for name, day in days.items()},
            )  # fmt: skip


# Rows that two files of one source both have, and whose sums are apart by one factor: a newer file in thousands, or in
# another currency, would displace the older one's rows, or stand beside them.

FEWEST = 3
"""Fewer rows that both files have prove nothing."""
FAR = 5
"""Sums that are apart by less may have been put right."""
ALIKE, NEARLY_ALL = 0.15, 0.8
"""So near to the usual factor are the factors of so many of the rows; rates of a currency move."""


def ask_scale(connection: Any, maker: Maker, changed: Collection[str], client: Client) -> None:
    """Tables whose rows changed in; raises ContractError where two files tell the same rows in another measure.

    `units:` of a source says that its amounts are right as they stand.
    """
    for name in sorted(changed & tables().keys()):
        if not tables()[name].money or not _has_several_files(connection, name):
            continue
        money = tables()[name].money or ""
        for source, file, other, rows, times, gone, kept in maker.ask(connection, name, _apart(name)):
            if money not in client.sources[source].units:
                facts = {"rows": rows, "times": f"{max(times, 1 / times):.4g}", "example": kept, "other_example": gone}
                key = "warehouse.sums_smaller" if times > 1 else "warehouse.sums_greater"
                raise ContractError(key, source=source, file=file, other=other, column=money, **facts)


def _has_several_files(connection: Any, name: str) -> bool:
    counted = (
        "select count(*) from (select source from ops.files where table_name = ? group by source having count(*) > 1)"
    )
    return bool(connection.execute(counted, [name]).fetchone()[0])


def _apart(name: str) -> str:
    """Pairs of files of one source, the older first, whose sums of the same rows are far apart by one factor."""
    table = tables()[name]
    money = table.money
    others = [column for column in table.public_columns if column not in (money, "client_key")]
    same = table.key if len(table.key) > 1 else others
    known = f"hash({', '.join(same)})"
    if len(table.key) == 1:
        known = f"case when {table.key[0]} is null then {known} else key_hash end"
    return f"""
    with sums as (
        select r.source, r.load_id, {known} as same, sum({money}) as money_rub, count(*) as rows,
            bool_and(is_displaced) as is_gone
        from loaded.{name} as r semi join (
            select source from ops.files where table_name = '{name}' group by source having count(*) > 1
        ) using (source)
        group by all having sum({money}) > 0
    ),
    pairs as (
        select old.source, old.load_id as old_load, new.load_id as new_load, old.money_rub as gone,
            new.money_rub as kept, old.money_rub / new.money_rub as times,
            median(old.money_rub / new.money_rub) over (partition by old.load_id, new.load_id) as usual
        from sums as old join sums as new using (source, same)
            join temp.file_order as o on o.load_id = old.load_id join temp.file_order as n on n.load_id = new.load_id
        where o.place < n.place and old.rows = new.rows and not new.is_gone
    )
    select p.source, n.source_file, o.source_file, count(*), any_value(usual), min_by(gone, gone), min_by(kept, gone)
    from pairs as p join ops.files as o on o.load_id = old_load join ops.files as n on n.load_id = new_load
    group by p.source, n.source_file, o.source_file
    having count(*) >= {FEWEST} and (any_value(usual) >= {FAR} or any_value(usual) * {FAR} <= 1)
        and count(*) filter (where abs(times / usual - 1) <= {ALIKE}) >= {NEARLY_ALL} * count(*)
    order by all"""
