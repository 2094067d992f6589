"""Staged rows → what the report must say of them though nothing is refused: `ops.notices` of a run.

What SQL alone tells stands in the files of `found`: SELECTs of `kind, source, source_file, rows, money_rub, detail`, in
which what `_facts` gives is written out, and macros too.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from statistics import fmean
from typing import Any

from config.draft import COUNTED_DAYS, NAMED_MONTH
from config.macros import expanded, sql_file
from config.metric_words import known_words
from config.nearest import likeness, nearest
from config.tables import Table, tables
from config.words import channel_names, fold, says, vocabulary
from connectors.warehouse.answers.ask import Notice
from connectors.warehouse.loading.registry import tables_loaded

EVENTS = ("calls", "deals", "leads")
OF_ROWS = {
    "channels_alone": ("ad_spend",),
    "unpaid_clicks": ("ad_spend",),
    "months_on_a_day": ("ad_spend",),
    "plan_of_nobody": ("plan",),
    "plan_scale": ("plan",),
    "costs_scale": ("costs",),
    "costs_slip": ("costs",),
    "calls_again": ("calls",),
    "runs_on": ("ad_spend", "deals"),
    "unheard": ("calls",),
    "calls_at_night": ("calls",),
    "one_active_day": ("subscribers",),
    "departures_differ": ("subscribers",),
    "people_twice": ("subscribers",),
    "joined_at_once": ("subscribers", "leads"),
    "sales_lacking": ("deals",),
    "closed_at_once": ("deals",),
    "scale_unused": ("survey_answers",),
    "leads_repeated": ("leads",),
    "costs_lack_item": ("costs",),
    "years_apart": (*EVENTS, "ad_spend"),
    "days_exchanged": (*EVENTS, "ad_spend"),
    "days_lacking": (*EVENTS, "ad_spend"),
    "thin_last_days": EVENTS,
    "names_lost": EVENTS,
    "other_month": (*EVENTS, "ad_spend"),
}
"""A file of `found` → the tables of which it is asked, all that are asked of one table by one statement."""
OF_SOURCES = {
    "kept_twice": ("ad_spend", "costs"),
    "same_person": EVENTS,
    "same_sales": ("deals",),
    "paid_later": ("deals",),
}
"""The same where a table has several sources, which are summed, never matched: money may stand in the figures twice."""
OF_FILES = {
    "left_of_older": ("deals",),
    "told_otherwise": EVENTS,
    "file_of_others": EVENTS,
    "told_again": EVENTS,
    "numbered_again": EVENTS,
    "one_of_several": EVENTS,
    "spend_again": ("ad_spend",),
    "people_of_older": ("subscribers",),
    "scale_apart": ("deals", "ad_spend", "costs"),
}
"""The same where a source has several files: only beside the others one is seen to be older, or of another business."""
PERSON_DAY = {
    "deals": "if(client_key is null, null, hash(client_key, settled_on(created_on, closed_on), revenue_rub))",
    "calls": "if(phone is null or started_at = date_trunc('day', started_at), null, hash(phone, started_at))",
    "leads": "if(phone is null or created_at = date_trunc('day', created_at), null, hash(phone, created_at))",
}
"""What rows of one person and moment have in common, whatever else they say."""
OF_LOADS = f"""
select kind, source, source_file, rows, money_rub, detail
from loaded.notices join ops.files using (load_id)
where kind not in ('filled_status', 'won_status', 'corrected_record', '{COUNTED_DAYS}', '{NAMED_MONTH}')
order by source, source_file, kind, detail
"""
"""What was noticed as files were loaded; the rest is kept for what is asked later."""
FEWEST_DAYS = {"years_apart": 300, "days_exchanged": 45, "days_lacking": 30, "runs_on": 10, "thin_last_days": 21}
"""A file of `found` → how far apart the first and the last day of a source must be for it to find anything among days
that are over."""
EXTENTS = """
select table_name, count(*), max(files), bool_or(is_odd), max(days), min(end_on)
from (
    select table_name, source, count(*) as files,
        bool_or(data_to_on > ? or data_from_on < ?) as is_odd,
        max(data_to_on) - min(data_from_on) as days, max(data_to_on) as end_on
    from ops.files group by all
)
group by table_name
"""
"""Of each table: its sources, the files of that which has most, whether any reaches beyond the days of its rows, how
far apart the first and the last day of a source are at most, the last day of the source that ends first."""
FIRST_DAY = "2000-01-01"
"""Days before it are a slip of the pen."""


def write_notices(connection: Any, run_id: str, as_of: date, advertising_items: Collection[str]) -> None:
    """Everything that the rows themselves tell; files that left or could not be read are told of as it happens."""
    loaded = tables_loaded(connection)
    connection.execute(f"insert into ops.notices select ?, * from ({OF_LOADS})", [run_id])
    for told in filter(None, _told_by_sql(connection, loaded, as_of)):
        connection.execute(f"insert into ops.notices select ?, * from ({_joined(told)}) where rows > 0", [run_id])
    notes = [
        *costs_of_advertising(connection, advertising_items),
        *names_alike(connection),
        *names_joined(connection),
        *_unknown_metrics(connection, run_id),
        *one_person(connection),
        *scale_jumps(connection, loaded),
    ]
    if notes:
        connection.executemany(
            "insert into ops.notices values (?, ?, ?, ?, ?, ?, ?)", [[run_id, *one] for one in notes]
        )


def _told_by_sql(connection: Any, loaded: Mapping[str, Table], as_of: date) -> Iterator[Sequence[str]]:
    """The SELECTs, those over one table together.

    One that joins the rows of a table to themselves stays alone, for the sake of the memory of a large client.
    """
    yield [_found("vat_differs", {}), _found("rows_at_limit", {})]
    if connection.execute("select count(*) from loaded.legs").fetchone()[0]:
        yield [_found("own_transfers", {})]
    is_named = connection.execute("select count(*) from loaded.notices where kind = ?", [NAMED_MONTH]).fetchone()[0]
    extents = {name: extent for name, *extent in connection.execute(EXTENTS, [as_of, FIRST_DAY]).fetchall()}
    for name, table in loaded.items():
        sources, most_files, is_odd, days, first_end = extents.get(name, (0, 0, False, None, None))
        facts = _facts(name, table, as_of) | {"first_end": str(first_end or as_of)}
        odd = ["odd_days"] if is_odd and not table.looks_ahead else []
        of_rows = [one for one in _of(name, OF_ROWS) if is_odd or (days or 0) >= FEWEST_DAYS.get(one, 0)]
        if not is_named and "other_month" in of_rows:
            of_rows.remove("other_month")
        yield [_found(one, facts) for one in [*odd, *of_rows]]
        alone = [*(_of(name, OF_SOURCES) if sources > 1 else ()), *(_of(name, OF_FILES) if most_files > 1 else ())]
        yield from ([_found(one, facts)] for one in alone)


def _of(name: str, asked: Mapping[str, Sequence[str]]) -> list[str]:
    return [one for one, tables in asked.items() if name in tables]


def _facts(name: str, table: Table, as_of: date) -> dict[str, str]:
    """What the files of `found` call a table's columns; of sales the day is that on which they came to money."""
    return {
        "table": name,
        "as_of": str(as_of),
        "first_day": FIRST_DAY,
        "day": "settled_on(created_on, closed_on)" if name == "deals" else f"{table.day[0]}::date",
        "moment": table.day[0],
        "money": table.money or "0",
        "key": table.key[0] if table.key else "null",
        "named": "item" if name == "costs" else "channel",
        "product": "product" if name == "deals" else "null",
        "series": "concat_ws(', ', manager, product)" if name == "deals" else "concat_ws(', ', channel, campaign)",
        "is_of_nobody": "deal_id is null and client_key is null" if name == "deals" else "true",
        "person_day": PERSON_DAY.get(name, "null"),
        "person": {"deals": "client_key", "calls": "phone"}.get(name, "true"),
    }


def _found(name: str, facts: Mapping[str, str]) -> str:
    """What a file of `found` asks; days of sources that are long enough are gathered in one way for all."""
    days = sql_file(__package__, "days_of_long")
    sql = sql_file(__package__, f"found/{name}").replace("{days_of_long}", days)
    return expanded(sql.format_map({**facts, "fewest_days": FEWEST_DAYS.get(name)}))


def _joined(selects: Sequence[str]) -> str:
    """Several SELECTs in; one, the rows of each in order, out."""
    return " union all ".join(
        f"""(select kind, source, source_file, rows, money_rub, detail::varchar
        from ({select}) as found(kind, source, source_file, rows, money_rub, detail) order by all)"""
        for select in selects
    )


def _unknown_metrics(connection: Any, run_id: str) -> Iterator[Notice]:
    """Words of a plan that name no figure, each with the nearest that does."""
    unknown = connection.execute(
        """select source, source_file, value, count(*) from ops.rejects
        where run_id = ? and reason = 'unknown_metric' and value is not null group by all order by all""",
        [run_id],
    ).fetchall()
    words = known_words() if unknown else {}  # a plan alone is read by them
    for source, file, value, rows in unknown:
        near = "".join(f" → «{word}» ({words[word]})" for word in nearest(value, words))
        yield Notice("unknown_metric", source, file, rows, Decimal(0), f"«{value}»{near}")


# Names and phones of loaded rows → notices of persons: one who bears several names, one who stands for too many.

MOST_NAMES = 2000
"""More names than this are no staff."""
WORD = re.compile(r"[а-яa-z]+(?:-[а-яa-z]+)*")
JOINT = re.compile(r"\s*[/,;+&]\s*|\s+(?:и|and)\s+")
"""What stands between two people in one cell."""
ASIDE = re.compile(r"\([^)]*\)")
"""What stands beside a name: «(уволена)»."""
MOST_COMPARED = 100
"""Names that are compared with each other."""
FEWEST_LETTERS = 3
"""Of a surname; a shorter word is told by nothing but its company."""


def same_people(names: Iterable[str]) -> list[list[str]]:
    """Names in; groups of two and more that are one person as far as letters tell.

    «И. Петров» joins «Петров Иван» only where no other full name has that surname and initial.
    """
    groups: dict[tuple[str, ...], list[str]] = defaultdict(list)
    short: list[tuple[str, str, str]] = []
    for name in sorted(set(names)):
        words = WORD.findall(ASIDE.sub("", fold(name)).replace(".", ". "))
        full = [word for word in words if len(word) >= FEWEST_LETTERS]
        initials = [word for word in words if len(word) == 1]
        if len(full) >= 2 and not initials:
            groups[tuple(sorted(full))].append(name)
        elif len(full) == 1 and initials and len(full) + len(initials) == len(words):
            short.append((full[0], initials[0], name))
    for surname, initial, name in short:
        meant = [key for key in groups if surname in key and any(w[0] == initial for w in key if w != surname)]
        place = meant[0] if len(meant) == 1 else (surname, initial)
        if len(meant) <= 1:
            groups[place].append(name)
    return [group for group in _with_slips(groups).values() if len(group) > 1]


def _with_slips(groups: Mapping[tuple[str, ...], list[str]]) -> dict[tuple[str, ...], list[str]]:
    """Full names that a slip of a letter tells apart become one, where there are no more than a staff has."""
    found: dict[tuple[str, ...], list[str]] = {}
    for words, names in groups.items():
        near = [one for one in found if likeness(" ".join(one), " ".join(words), is_person=True)]
        found.setdefault(near[0] if len(near) == 1 and len(groups) <= MOST_COMPARED else words, []).extend(names)
    return found


def names_alike(connection: Any) -> list[Notice]:
    """The names that loaded rows bear; of each person with several: a source, how many, and the names."""
    source_of = _sources_of_names(connection)
    return [
        Notice(
            "names_alike", source_of[group[0]], None, len(group), Decimal(0), ", ".join(f"«{name}»" for name in group)
        )
        for group in same_people(source_of)
    ]


def names_joined(connection: Any) -> list[Notice]:
    """The same of names that are several of the others in one: a source, how many, and the names."""
    source_of = _sources_of_names(connection)
    known = set(map(fold, source_of))
    joined = [name for name in source_of if len(parts := JOINT.split(fold(name))) > 1 and not known.isdisjoint(parts)]
    named = ", ".join(f"«{name}»" for name in sorted(joined))
    return [Notice("names_joined", source_of[joined[0]], None, len(joined), Decimal(0), named)] if joined else []


def _sources_of_names(connection: Any) -> dict[str, str]:
    """Each name of a manager with a source that bears it; nothing where there are more than staff has."""
    found = connection.execute(
        """select names.name, min(files.source) from loaded.names as names
        join loaded.aliases as aliases on aliases.dictionary = names.dictionary and aliases.alias = names.alias
        join ops.files as files using (load_id)
        where names.dictionary = 'managers' and names.name is not null group by names.name limit ?""",
        [MOST_NAMES + 1],
    ).fetchall()
    return dict(found) if len(found) <= MOST_NAMES else {}


# One phone, or client, in too many rows of a source.

LOOKED_AT = 20_000
"""Rows of a source among which one phone is looked for."""
FEWEST, SHARE = 30, 0.4
"""So many rows of one phone, in so large a part of a source, are no person's: it is the firm's own or invented."""
FEWEST_CALLS, SHARE_CALLS = 20, 0.25
"""The same of calls, of which a client makes fewer than purchases: so many come from the firm's own telephone."""
FEWEST_INVENTED, SHARE_INVENTED = 5, 0.01
INVENTED = ", ".join(f"'{digit * 7}'" for digit in "0123456789") + ", '1234567', '7654321'"
"""How numbers end that somebody typed because one was asked for."""
PERSONS = {"calls": "phone", "leads": "phone", "deals": "client_key"}
MONEY = {"deals": "coalesce(sum(revenue_rub), 0)"}


def one_person(connection: Any) -> Iterator[Notice]:
    """Notices of a phone, or of a client, that stands in too many rows of a source; where, not who, is told."""
    for source, name in connection.execute(
        "select distinct source, table_name from ops.files where table_name in ? order by all", [list(PERSONS)]
    ).fetchall():
        person = PERSONS[name]
        for (found,) in connection.execute(_suspects(name, person), [source]).fetchall():
            told = connection.execute(
                f"""select 'one_person', source, source_file, sum(source_rows), {MONEY.get(name, "0")},
                    min(source_row)::varchar
                from loaded.{name} where not is_displaced and source = ? and {person} = ? group by all
                order by source_file""",
                [source, found],
            ).fetchall()
            yield from (Notice(*row) for row in told)


def _suspects(name: str, person: str) -> str:
    """A table and who its rows are of in; the SQL of those who are too many among a source's first rows out."""
    fewest, share = (FEWEST_CALLS, SHARE_CALLS) if name == "calls" else (FEWEST, SHARE)
    return f"""
        select who from (
            select {person} as who, count(*) as rows, sum(count(*)) over () as among,
                right(who, 7) in ({INVENTED}) and length(who) = 11 as is_invented
            from (select {person} from loaded.{name}
                where source = ? and not is_displaced and {person} is not null limit {LOOKED_AT})
            group by {person}
        )
        where rows >= {fewest} and rows > {share} * among
            or is_invented and rows >= {FEWEST_INVENTED} and rows > {SHARE_INVENTED} * among
        order by who"""


# Amounts → costs that are probably advertising, whose money a cabinet tells of; sums of another scale.

ANY_WORD = re.compile(r"[^\W_]+")
NO_NAMES = frozenset(
    {"ооо", "зао", "оао", "ао", "пао", "ип", "самозанятый", "за", "на", "в", "и", "по", "от", "для"}
    | {"договор", "счет", "услуги", "оплата", "интернет", "сервис", "сервисы"}
)
"""Words of an item of costs that name nobody."""
NEARLY = Decimal("0.03")
"""So far the costs of a month may be from its advertising and still be the same money."""


def costs_of_advertising(connection: Any, known_items: Collection[str]) -> list[Notice]:
    """Items known to be advertising in; the others that may be, with rows and roubles of months with spend, out."""
    spent = connection.execute("""
        select channel, date_trunc('month', spend_on)::date, sum(spend_rub) from loaded.ad_spend
        where not is_displaced group by 1, 2 having sum(spend_rub) > 0""").fetchall()
    months: dict[Any, list[Decimal]] = {}
    for _, month, money in spent:
        months.setdefault(month, []).append(money)
    named = _words_of({str(channel) for channel, _, _ in spent if channel}, connection)
    known = {fold(item) for item in known_items}
    found: dict[tuple[str, str], list[tuple[int, Decimal, bool]]] = {}
    for source, item, month, rows, money in connection.execute("""
        select source, item, month_on, sum(source_rows), sum(amount_rub) from loaded.costs
        where not is_displaced and amount_rub > 0 group by all order by all""").fetchall():
        if month in months and fold(item) not in known:
            sums = [*months[month], sum(months[month], Decimal(0))]
            is_same = any(abs(money - one) <= NEARLY * one for one in sums)
            found.setdefault((source, item), []).append((rows, money, is_same))
    return [
        Notice(
            "costs_advertising",
            source,
            None,
            sum(one[0] for one in parts),
            sum((one[1] for one in parts), Decimal(0)),
            item,
        )
        for (source, item), parts in found.items()
        if _may_be_advertising(item, named, is_same=all(one[2] for one in parts))
    ]


def _may_be_advertising(item: str, named: Collection[str], *, is_same: bool) -> bool:
    """Called like a channel with spend; or advertising of nobody else, or of the very sums that the channels took."""
    words = (
        {word for word in ANY_WORD.findall(fold(item)) if not word.isdigit()}
        - NO_NAMES
        - vocabulary().month_numbers.keys()
    )
    said = {word for word in words if says(word, "advertising")}
    rest = words - said
    if rest and rest <= set(named):
        return True
    return bool(said) and (not rest or is_same)


def _words_of(channels: Collection[str], connection: Any) -> set[str]:
    """Every word by which the channels are called, in the dictionary or usually."""
    aliases = connection.execute("select alias, name from loaded.names where dictionary = 'channels'").fetchall()
    names = [*channels, *(alias for alias, name in aliases if name in channels)]
    folded = set(map(fold, channels))
    usual = [[name, *aliases] for name, aliases in channel_names().items()]
    names += [name for alike in usual if folded & set(map(fold, alike)) for name in alike]
    words = {word for name in names for word in ANY_WORD.findall(fold(name))}
    return {word for word in words if not says(word, "advertising")} - NO_NAMES


# Amounts of one file, in its order → where they are suddenly a hundred or a thousand times others.

BLOCKS, FEWEST = 20, 5
"""Parts that a file is looked at in, and how many amounts make a part worth looking at."""
STEADY, NEAR = 0.6, 0.2
"""In powers of ten: so far may parts on one side be from each other, and the jump from a hundred or a thousand."""
JUMPS = (2, 3)


def scale_jumps(connection: Any, names: Iterable[str]) -> Iterator[Notice]:
    """Tables that are loaded in; the row of each file where its amounts jump, and how many follow, out."""
    for name in names:
        table = tables()[name]
        if table.money is None or table.looks_ahead:
            continue
        found = connection.execute(
            f"""with amounts as (
                select load_id, source_row, log10({table.money}) as power from loaded.{name}
                where not is_displaced and {table.money} > 0
            ),
            spans as (
                select load_id, min(source_row) as first_row, max(source_row) - min(source_row) + 1 as long
                from amounts group by load_id having count(*) >= {BLOCKS * FEWEST}
            ),
            blocks as (
                select load_id, (source_row - first_row) * {BLOCKS} // long as block, avg(power) as power,
                    min(source_row) as source_row, count(*) as rows
                from amounts join spans using (load_id) group by all having rows >= {FEWEST}
            )
            select source, file, power, source_row, rows
            from blocks join ops.files using (load_id) order by load_id, block"""
        ).fetchall()
        for (source, file), group in groupby(found, lambda row: (row[0], row[1])):
            blocks = list(group)
            place = jump_in([power for _, _, power, _, _ in blocks])
            if place is not None:
                rows = sum(row[4] for row in blocks[place:])
                yield Notice("scale_jumps", source, file, rows, Decimal(0), str(blocks[place][3]))


def jump_in(powers: Sequence[float]) -> int | None:
    """Means of the parts of a file in; the part in which all amounts begin to be others, None if they do not."""
    for place in reversed(range(1, len(powers) - 2)):
        before, after = powers[:place], powers[place + 1 :]
        is_steady = all(max(side) - min(side) < STEADY for side in (before, after))
        apart = abs(fmean(after) - fmean(before))
        if is_steady and any(abs(apart - jump) < NEAR for jump in JUMPS):
            return place
    return None
