"""What a file fills of a table → which of its rows may be one record: rows exported twice, lines of a deal, legs."""

from collections.abc import Collection

from config.client import SourceConfig
from config.draft import Records
from config.tables import Table
from config.words import is_headed, says
from transforms.parse import is_known_phone
from transforms.staging.one_table import OneTable

PEOPLE = ("phone", "email", "client_id")
"""Columns that tell persons apart."""
DAY_OF_BIRTH = {"deals": "created_on", "leads": "created_at", "calls": "started_at"}
"""The day that rows of one record share, give or take a midnight."""
SAME_IN_A_DEAL = (
    "created_on", "closed_on", "status", "channel", "manager", "client_id", "phone", "email", "loss_reason",
    "promo_code", "utm_source",
)  # fmt: skip
"""What every line of one deal is expected to repeat."""
TELLING = frozenset({"created_on", "closed_on", "status", "client_id", "phone", "email"})
"""Where these differ, the rows may be no lines of one deal: its month, its buyer or whether it was sold is in doubt."""


def records(one: OneTable, filled: Collection[str]) -> Records | None:
    """A table and the columns that its file fills in; which rows may be one record out, None if each is its own."""
    table, source = one.table, one.source
    has_id = len(table.key) == 1 and table.key[0] in filled
    match source.table:
        case "deals":
            return _deals(one, filled) if has_id else _lines(source, "deal_id")
        case "calls":
            contradicts = _contradicts(source.table, filled) if has_id else None
            merged = {"line": _one_call(table)} if has_id else {}
            return Records("call_id", "true", contradicts, merged, repeats=source.repeats)
        case "leads" | "subscribers" if has_id:
            return Records(table.key[0], "false", _contradicts(source.table, filled))
        case "ad_spend" | "costs":
            return _lines(source, "null")
    return None


def _lines(source: SourceConfig, id_column: str) -> Records:
    """Rows without an id: equal ones are separate, unless the client says otherwise."""
    may_repeat = "true" if source.repeats == "drop" else "false"
    return Records(id_column, may_repeat, apart="true", repeats=source.repeats)


def _deals(one: OneTable, filled: Collection[str]) -> Records:
    source, table, declared = one.source, one.table, one.recognised.declared
    vendor = declared.amounts if declared else None
    header = one.heading("revenue_rub")
    return Records(
        id_column="deal_id",
        may_repeat="true" if source.repeats == "drop" else "deal_id is not null",
        contradicts=None if source.amounts == "line" else _contradicts("deals", filled),
        merged={amounts: _one_deal(table, filled, amounts) for amounts in ("line", "deal")},
        differences=_differences(filled),
        apart="deal_id is null",
        repeats=source.repeats,
        lines="product is not null" if vendor == "line" and "product" in filled else "false",
        amounts=source.amounts or vendor,
        is_heading_of_deal=says(header, "of_a_deal") and not says(header, "of_a_line"),
        counts_anew=_place_that_counts(one) if source.amounts is None and not one.is_vendors else None,
        products="product" if "product" in filled and not {*PEOPLE} & set(filled) and source.amounts is None else None,
    )


def _place_that_counts(one: OneTable) -> int | None:
    """The place, in a row of the file, of a cell that says which till or shop a number is of."""
    headers = enumerate(one.recognised.shape.headers)
    return next((place for place, name in headers if name and is_headed(name, "tills")), None)


def _contradicts(name: str, filled: Collection[str]) -> str | None:
    """Over the rows of one id: whether they are of different persons, or of different days of birth."""
    known = {column: is_known_phone(column) if column == "phone" else "true" for column in PEOPLE if column in filled}
    torn = [f"count(distinct {column}) filter (where {condition}) > 1" for column, condition in known.items()]
    born = DAY_OF_BIRTH.get(name)
    if born in filled:
        torn.append(f"max({born}) - min({born}) > {'1' if born == 'created_on' else 'interval 1 day'}")
    return " or ".join(torn) or None


def _one_deal(table: Table, filled: Collection[str], amounts: str) -> str:
    """Lines in; one row a deal: what is summed is summed, all else is the first row's.

    An amount of the whole deal counts once.
    """
    summed = [name for name, column in table.columns.items() if column.is_summed and name in filled]
    sums = {name: f"sum({name})::{table.columns[name].sql_type}" for name in summed}
    if amounts == "deal":
        sums["revenue_rub"] = "min_by(revenue_rub, source_row)"
    added = "".join(f", {sql} as {name}" for name, sql in sums.items())
    replaced = ", ".join(["several.source_rows as source_rows", *(f"several.{name} as {name}" for name in sums)])
    return f"""
    select lines.* replace ({replaced})
    from lines join (
        select deal_id, min(source_row) as first_row, sum(source_rows)::integer as source_rows{added}
        from lines group by deal_id
    ) as several on several.deal_id = lines.deal_id and several.first_row = lines.source_row"""


def _one_call(table: Table) -> str:
    """Legs in; one row a call: begun with the first, answered if a leg is, talked as long as all answered legs."""
    seconds = table.columns["talk_seconds"].sql_type
    names = "".join(
        f", min_by({{'name': {name}, 'alias': {name}_alias}}, place) filter (where {name} is not null) as {name}"
        for name in ("channel", "manager")
    )
    renamed = ", ".join(
        f"several.{name}.name as {name}, several.{name}.alias as {name}_alias" for name in ("channel", "manager")
    )
    return f"""
    with legs as (
        select *, row_number() over (partition by call_id order by started_at, source_row) as turn,
            row_number() over (
                partition by call_id
                order by case when is_answered then coalesce(talk_seconds, 0) else 0 end desc, started_at, source_row
            ) as place
        from lines
    )
    select legs.* exclude (turn, place) replace (
        several.phone as phone, several.is_answered as is_answered, several.talk_seconds::{seconds} as talk_seconds,
        several.source_rows as source_rows, {renamed})
    from legs join (
        select call_id, min_by(phone, turn) filter (where phone is not null) as phone,
            bool_or(is_answered) as is_answered, sum(source_rows)::integer as source_rows,
            coalesce(sum(talk_seconds) filter (where is_answered), min_by(talk_seconds, turn)) as talk_seconds{names}
        from legs group by call_id
    ) as several using (call_id)
    where turn = 1"""


def _differences(filled: Collection[str]) -> str | None:
    """Which columns the lines of one deal should repeat and do not, with the rows and roubles of those deals."""
    unlike = {
        column: f"count(distinct coalesce({column}::varchar, '')) > 1" for column in SAME_IN_A_DEAL if column in filled
    }
    if not unlike:
        return None
    named = ", ".join(f"case when {condition} then '{column}' end" for column, condition in unlike.items())
    telling = " or ".join(condition for column, condition in unlike.items() if column in TELLING) or "false"
    return f"""
    select kind, sum(rows)::bigint, sum(money_rub), detail from (
        select if({telling}, 'deals_differ', 'products_differ') as kind, sum(source_rows) as rows,
            coalesce(sum(revenue_rub), 0) as money_rub, concat_ws(', ', {named}) as detail
        from lines group by deal_id having {" or ".join(unlike.values())}
    ) group by kind, detail"""
