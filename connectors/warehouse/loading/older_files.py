"""Rows that two files of one source both have → a question where their sums are apart by one factor.

A newer file in thousands, or in another currency, would displace the older one's rows, or stand beside them.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from config.client import Client
from config.errors import ContractError
from config.tables import tables
from connectors.warehouse.figures.build import Maker

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
