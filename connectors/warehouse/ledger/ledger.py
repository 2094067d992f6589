"""Registry and loaded rows → `ops.loads`, `ops.sources`, `ops.notices` of a run, and the checks that may stop it."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from glob import escape
from typing import Any

from config.client import Client, SourceConfig
from config.draft import MISSING_CELLS, SURPLUS_CELLS
from config.errors import ContractError, RuleBroken, SeveralErrors, SvodkaError
from config.labels import labels
from config.messages import Language, message
from config.metric_words import known_words
from config.nearest import nearest
from config.tables import tables
from connectors.warehouse.figures.build import Maker
from connectors.warehouse.ledger.counted_twice import WITH_PHONES, across_sources, costs_of_advertising
from connectors.warehouse.ledger.freshness import WEEKS, country_of, is_late
from connectors.warehouse.loading.fold import OF_DEAL, REPEATED
from connectors.warehouse.loading.registry import tables_loaded

SOURCES = """
insert into ops.sources by name
with asked as (
    select unnest($1::varchar[]) as source, unnest($2::varchar[]) as table_name, unnest($3::varchar[]) as vat,
        unnest($4::integer[]) as stale_days, unnest($5::varchar[]) as problem
)
select asked.source, asked.table_name, max(f.profile) as profile, coalesce(asked.vat, max(f.vat)) as vat,
    max(f.currency) as currency, max(f.timezone) as timezone, asked.stale_days,
    min(f.data_from_on) as data_from_on, max(reach_on) as data_to_on, max(f.loaded_at) as loaded_at,
    coalesce(max(reach_on) < $6::date - asked.stale_days, true) and asked.table_name <> 'experiments' as is_stale,
    asked.problem is null as is_available, asked.problem, coalesce(sum(staged), 0) as rows_staged
from asked left join ops.files as f on f.source = asked.source
    left join load_rows using (load_id) left join reaches using (load_id)
group by asked.source, asked.table_name, asked.vat, asked.stale_days, asked.problem
"""
"""A list of experiments never grows old; every other source does."""
FEWEST_REFUSED = 10
"""Fewer refused rows stop a run only where they are all that there are."""
MOST_PERIODS = 3
"""Of files that are named in advice."""


def count_rows(connection: Any, maker: Maker) -> None:
    """Make the temp table `load_rows`: what became of the loaded rows of each file."""
    parts = " union all ".join(
        f"""select load_id, coalesce(sum(source_rows) filter (where not is_displaced), 0) as staged,
            coalesce(sum(source_rows) filter (where is_displaced), 0) as duplicate,
            coalesce(sum({money}) filter (where not is_displaced), 0)::decimal(18,2) as money_staged,
            coalesce(sum({money}) filter (where is_displaced), 0)::decimal(18,2) as money_duplicate
        from loaded.{name} group by load_id"""
        for name, money in _moneys(connection)
    )
    maker.table(connection, "loaded_rows", parts)
    connection.execute(f"""create or replace temp table load_rows as
        with repeated as (
            select load_id, coalesce(sum(rows) filter (where kind = '{REPEATED}'), 0) as rows,
                sum(money_rub) as money_rub
            from loaded.notices where kind in ('{REPEATED}', '{OF_DEAL}') group by load_id
        )
        select l.* replace (
            (duplicate + coalesce(r.rows, 0))::bigint as duplicate,
            (money_duplicate + coalesce(r.money_rub, 0))::decimal(18,2) as money_duplicate)
        from temp.loaded_rows as l left join repeated as r using (load_id)""")


def _moneys(connection: Any) -> list[tuple[str, str]]:
    return [(name, table.money or "null::decimal(18, 2)") for name, table in tables_loaded(connection).items()]


def recall_rows(connection: Any) -> set[str]:
    """Make the same table of what the last run counted, where no row changed since; no table's names are others."""
    connection.execute("""create or replace temp table load_rows as
        select load_id, rows_staged as staged, rows_duplicate as duplicate, money_staged_rub as money_staged,
            money_duplicate_rub as money_duplicate
        from ops.loads where run_id = (select max(run_id) from ops.loads)""")
    return set()


def write_loads(connection: Any, run_id: str) -> None:
    """`ops.loads` of the run: a line a file or tab, unchanged ones too."""
    connection.execute(
        """insert into ops.loads by name
        select ? as run_id, source, source_file, content_hash, rows_read, coalesce(staged, 0) as rows_staged,
            rows_rejected, coalesce(duplicate, 0) as rows_duplicate, rows_skipped, rows_without_amount, money_read_rub,
            coalesce(money_staged, 0) as money_staged_rub, money_rejected_rub,
            coalesce(money_duplicate, 0) as money_duplicate_rub,
            money_skipped_rub, data_from_on, data_to_on, load_id, f.run_id = ? as is_read, rows_corrected,
            money_corrected_rub
        from ops.files as f left join load_rows using (load_id) order by source, source_file""",
        [run_id, run_id],
    )


def check_balance(connection: Any, run_id: str) -> None:
    """Raise RuleBroken, naming every file whose rows or roubles read are not those that went somewhere."""
    found = connection.execute(
        """select source_file, rows_read, rows_corrected, rows_staged, rows_rejected, rows_duplicate, rows_skipped,
            money_read_rub, money_corrected_rub, money_staged_rub, money_rejected_rub, money_duplicate_rub,
            money_skipped_rub
        from ops.loads where run_id = ? and (
            rows_read + rows_corrected <> rows_staged + rows_rejected + rows_duplicate + rows_skipped
            or money_read_rub + money_corrected_rub <>
                money_staged_rub + money_rejected_rub + money_duplicate_rub + money_skipped_rub)""",
        [run_id],
    ).fetchall()
    fates = ("read", "corrected", "staged", "rejected", "duplicate", "skipped")
    names = ("file", *fates, *(f"money_{fate}" for fate in fates))
    _raise([RuleBroken("warehouse.unbalanced", **dict(zip(names, row, strict=True))) for row in found])


def check_refused(connection: Any, run_id: str, client: Client) -> None:
    """Raise ContractError, naming file, column and reason, where a source has too many refused rows."""
    most = client.settings.loading.max_rejected_share
    found = connection.execute(
        """select source, sum(rows_rejected) as refused, sum(rows_read - rows_skipped) as counted from ops.loads
        where run_id = ? group by source
        having (refused >= ? or refused = counted) and refused > ? * counted order by source""",
        [run_id, FEWEST_REFUSED, most],
    ).fetchall()
    _raise([_too_many(client, _Refused(*row), _worst(connection, run_id, row[0])) for row in found])


@dataclass(frozen=True)
class _Refused:
    source: str
    rows: int
    counted: int


def _worst(connection: Any, run_id: str, source: str) -> dict[str, Any]:
    """Where most of a source's refused cells stand."""
    found = connection.execute(
        """select source_file, column_name, reason, count(*) as rows, min(source_row) as first_row,
            min_by(value, source_row) from ops.rejects
        where run_id = ? and source = ? and not is_row_kept group by 1, 2, 3 order by rows desc, 1, 2 limit 1""",
        [run_id, source],
    ).fetchone()
    return dict(zip(("file", "column", "reason", "cells", "row", "value"), found, strict=True))


def _too_many(client: Client, refused: _Refused, worst: dict[str, Any]) -> ContractError:
    return ContractError(
        "warehouse.too_many_refused",
        source=refused.source,
        refused=refused.rows,
        counted=refused.counted,
        share=_percent(refused.rows / refused.counted, client.language),
        most=_percent(client.settings.loading.max_rejected_share, client.language),
        **{
            **worst,
            "column": words.say(client.language)
            if (words := labels().staged.get(worst["column"]))
            else worst["column"],
            "reason": _reason(worst, client.language),
        },
    )


def _reason(worst: dict[str, Any], language: Language) -> str:
    """Why cells were refused; of a row with more cells than headings both counts as well."""
    reason = message(f"reasons.{worst['reason']}", language)
    return f"{worst['value']}, {reason}" if worst["reason"] in {SURPLUS_CELLS, MISSING_CELLS} else reason


def _percent(share: float, language: Language) -> str:
    """`31,7 %` in Russian, `31.7%` in English; whole per cents without a decimal."""
    text = f"{share * 100:.1f}".removesuffix(".0")
    return f"{text.replace('.', ',')}\u00a0%" if language == "ru" else f"{text}%"


def check_periods(connection: Any) -> None:
    """Raise ContractError where one period was given to two files in svodka.yaml."""
    found = connection.execute("""
        select source, list(source_file order by source_file), data_from_on || '..' || data_to_on from ops.files
        where is_clients_period and data_from_on is not null group by source, data_from_on, data_to_on
        having count(*) > 1 order by source""").fetchall()
    _raise(
        [
            ContractError("warehouse.one_period", source=source, files=", ".join(files), periods=_periods(files, days))
            for source, files, days in found
        ]
    )


def _periods(files: Sequence[str], days: str) -> str:
    """Tables as the report names them, and what they were given, in; how svodka.yaml gives each its own out.

    A file goes by its name, a member of an archive or a tab by its own; where two have one name, in full.
    """
    ends = [
        f"*!{escape(file.rpartition('!')[2])}" if "!" in file else escape(file.rpartition("/")[2]) for file in files
    ]
    patterns = ends if len(set(ends)) == len(files) else list(map(escape, files))
    lines = [
        f"{json.dumps(pattern, ensure_ascii=False)}: {days if place == 0 else '…'}"
        for place, pattern in enumerate(patterns[:MOST_PERIODS])
    ]
    return ", ".join(lines if len(files) <= MOST_PERIODS else [*lines, "…"])


def _raise(errors: Sequence[SvodkaError]) -> None:
    if errors:
        raise errors[0] if len(errors) == 1 else SeveralErrors(list(errors))


def write_sources(connection: Any, maker: Maker, client: Client, as_of: date, problems: Mapping[str, str]) -> None:
    """`ops.sources` as it is now: until when the data of each reach, whether they are old, whether it could be read."""
    reaches = " union all ".join(
        f"""select load_id, max(case when {first} <= date '{as_of}' then least({last}, date '{as_of}') end) as reach_on
        from loaded.{name} group by load_id"""
        for name, table in tables_loaded(connection).items()
        for first, last in _spans(name, table.day)
    )
    reach = f"select load_id, max(reach_on) as reach_on from ({reaches}) as spoken group by load_id"
    maker.table(connection, "reaches", reach)
    connection.execute("delete from ops.sources")
    asked = [
        (name, source.table, source.vat, _stale_days(client, source), problems.get(name))
        for name, source in client.sources.items()
    ]
    connection.execute(SOURCES, [*(list(column) for column in zip(*asked, strict=True)), as_of])
    _spare_rhythms(connection, client, as_of)


def _spare_rhythms(connection: Any, client: Client, as_of: date) -> None:
    """Sources behind by days alone, and not by their own rhythm, are not old; `stale_days:` of a source is strict."""
    country = client.country or country_of(client.timezone)
    late = connection.execute("select source, table_name, stale_days from ops.sources where is_stale").fetchall()
    for source, table, grace in late:
        if client.sources[source].stale_days is None and not is_late(
            _days(connection, source, table, as_of), as_of, grace, country
        ):
            connection.execute("update ops.sources set is_stale = false where source = ?", [source])


def _days(connection: Any, source: str, table: str, as_of: date) -> list[date]:
    """The last days, up to the day of the report, on which a source has rows."""
    day = f"coalesce({', '.join(f'{column}::date' for column in tables()[table].day)})"
    found = connection.execute(
        f"""select distinct {day} as day_on from loaded.{table}
        where source = ? and not is_displaced and day_on <= ? order by 1 desc limit {7 * WEEKS}""",
        [source, as_of],
    ).fetchall()
    return [row[0] for row in found if row[0] is not None]


def _stale_days(client: Client, source: SourceConfig) -> int:
    return client.settings.loading.stale_days if source.stale_days is None else source.stale_days


def _spans(name: str, days: list[str]) -> list[tuple[str, str]]:
    """The first and the last day of which a row speaks: those of a cost's month and of a plan's period, else its day.

    A row about a period that still runs reaches until today: this month's plan is not old before the month is over.
    """
    if name == "costs":
        return [("month_on", "last_day(month_on)")]
    if name == "plan":
        end = """(period_start + case grain when 'year' then interval 1 year when 'month' then interval 1 month
                when 'week' then interval 7 day else interval 1 day end)::date - 1"""
        return [("period_start", end)]
    return [(f"{day}::date", f"{day}::date") for day in days]


# Staged rows → what the report must say of them though nothing is refused: `ops.notices` of a run.

WON = "status = 'won' and not is_displaced"
OF_DEALS = {
    "free_deals": f"{WON} and coalesce(revenue_rub, 0) = 0",
    "deals_without_client": f"{WON} and revenue_rub > 0 and client_key is null",
    "without_cogs": f"{WON} and revenue_rub > 0 and cogs_rub is null",
}
"""Kind → which deals it is about; told of a source as a whole, however many files it keeps its months in."""
ALONE = """
select 'channels_alone', null, null, count(*), coalesce(sum(spend), 0),
    array_to_string(list(channel order by spend desc, channel)[:10], ', ')
from (
    select channel, sum(spend_rub) as spend from loaded.ad_spend
    where not is_displaced and channel is not null group by channel having sum(spend_rub) > 0
)
where channel not in (
    select channel from loaded.calls where not is_displaced and channel is not null
    union select channel from loaded.deals where not is_displaced and channel is not null
    union select channel from loaded.leads where not is_displaced and channel is not null
)
and exists (
    select 1 from loaded.calls where channel is not null
    union all select 1 from loaded.deals where channel is not null
    union all select 1 from loaded.leads where channel is not null
)
"""
"""Channels that cost something and that no call, deal or enquiry names: they are probably spelled otherwise there.

Where none names any channel, nothing is spelled otherwise: the report says that channels are not known."""


def write_notices(connection: Any, run_id: str, as_of: date, advertising_items: Collection[str]) -> None:
    """Everything that the rows themselves tell; files that left or could not be read are told of as it happens."""
    connection.execute(
        """insert into ops.notices select ?, kind, source, source_file, rows, money_rub, detail
        from loaded.notices join ops.files using (load_id)
        where kind not in ('filled_status', 'corrected_record') order by source, source_file, kind, detail""",
        [run_id],
    )
    for kind, condition in OF_DEALS.items():
        _insert(
            connection,
            run_id,
            f"""select '{kind}', source, null, sum(source_rows), coalesce(sum(revenue_rub), 0), null
            from loaded.deals where {condition} group by all""",
        )
    _note_rows(connection, run_id, as_of)
    for found in costs_of_advertising(connection, advertising_items):
        connection.execute(
            "insert into ops.notices values (?, 'costs_advertising', ?, null, ?, ?, ?)",
            [run_id, found[0], found[2], found[3], found[1]],
        )
    _note_unknown_metrics(connection, run_id)
    _insert(connection, run_id, ALONE)
    _insert(
        connection,
        run_id,
        """select 'vat_differs', null, null, count(*), 0,
            table_name || ': ' || string_agg(source || ' ' || vat, ', ' order by source)
        from ops.sources where vat is not null group by table_name having count(distinct vat) > 1""",
    )


FIRST_DAY, YEARS = "2000-01-01", 2
"""Days before the one, and so long after the day of the report, are a slip of the pen: 1996, 2062."""


def _note_rows(connection: Any, run_id: str, as_of: date) -> None:
    """Rows of days to come, and those that two sources of one table both have."""
    for name, table in tables().items():
        day = WITH_PHONES.get(name, f"{table.day[0]}::date")
        money = table.money or "0"
        if not table.looks_ahead:
            _insert(
                connection,
                run_id,
                f"""select 'future_rows', source, null, sum(source_rows), coalesce(sum({money}), 0), '{name}'
                from loaded.{name} where not is_displaced and {day} > ? group by all""",
                [as_of],
            )
            _insert(
                connection,
                run_id,
                f"""select 'odd_days', source, null, sum(source_rows), coalesce(sum({money}), 0),
                    string_agg(distinct strftime({day}, '%d.%m.%Y'), ', ' order by strftime({day}, '%d.%m.%Y'))
                from loaded.{name}
                where not is_displaced and ({day} < date '{FIRST_DAY}' or {day} > ?::date + interval {YEARS} year)
                group by all""",
                [as_of],
            )
        if _sources(connection, name) > 1:
            for repeated in across_sources(name):
                _insert(connection, run_id, repeated)


def _note_unknown_metrics(connection: Any, run_id: str) -> None:
    """Words of a plan that name no figure, each with the nearest that does."""
    unknown = connection.execute(
        """select source, source_file, value, count(*) from ops.rejects
        where run_id = ? and reason = 'unknown_metric' and value is not null group by all order by all""",
        [run_id],
    ).fetchall()
    words = known_words() if unknown else {}  # a plan alone is read by them
    for source, file, value, rows in unknown:
        near = "".join(f" → «{word}» ({words[word]})" for word in nearest(value, words))
        connection.execute(
            "insert into ops.notices values (?, 'unknown_metric', ?, ?, ?, 0, ?)",
            [run_id, source, file, rows, f"«{value}»{near}"],
        )


def _insert(connection: Any, run_id: str, select: str, parameters: list[Any] | None = None) -> None:
    connection.execute(
        f"""insert into ops.notices select ?, kind, source, source_file, rows, money_rub, detail
        from ({select}) as found(kind, source, source_file, rows, money_rub, detail) where rows > 0 order by all""",
        [run_id, *(parameters or [])],
    )


def _sources(connection: Any, name: str) -> int:
    found: int = connection.execute(
        "select count(distinct source) from ops.files where table_name = ?", [name]
    ).fetchone()[0]
    return found
