"""Loaded rows of several sources → notices of money that may stand in the figures twice.

Two sources of one table are summed, never matched; a cost may be advertising that a cabinet tells of already.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from decimal import Decimal
from typing import Any

from config.tables import tables
from config.words import channel_names, fold, vocabulary
from connectors.warehouse.ledger.note import Note
from connectors.warehouse.ledger.same_sales import SAME_SALES

WITH_PHONES = {"calls": "started_at::date", "deals": "coalesce(closed_on, created_on)", "leads": "created_at::date"}
"""Tables in which a phone and a day that repeat across sources are likely one event counted twice."""
WORD = re.compile(r"[^\W_]+")
NO_NAMES = frozenset(
    {"ооо", "зао", "оао", "ао", "пао", "ип", "самозанятый", "за", "на", "в", "и", "по", "от", "для"}
    | {"договор", "счет", "услуги", "оплата", "интернет", "сервис", "сервисы"}
)
"""Words of an item of costs that name nobody."""
ADVERTISING = (
    "реклам", "таргет", "контекст", "продвижени", "размещени", "объявлени", "маркетинг", "advert", "marketing",
    "promotion",
)  # fmt: skip
"""How words begin that say that an item is advertising."""
NEARLY = Decimal("0.03")
"""So far the costs of a month may be from its advertising and still be the same money."""
KEPT_TWICE = {"ad_spend": ("spend_twice", "channel", NEARLY), "costs": ("costs_twice", "item", Decimal(0))}
"""Table → the notice where two sources tell of one name's month, the column of that name, how far sums may differ."""


def across_sources(name: str) -> list[str]:
    """A table in; the SELECTs of `ops.notices` rows of what repeats across its sources out."""
    if name in KEPT_TWICE:
        return [_in_two_sources(name)]
    if name not in WITH_PHONES:
        return []
    return [_by_phone(name), *(SAME_SALES if name == "deals" else ())]


def _in_two_sources(name: str) -> str:
    """Sums of one channel, or item, and month that two sources both have, give or take a share."""
    kind, of, apart = KEPT_TWICE[name]
    money, day = tables()[name].money, tables()[name].day[0]
    return f"""
    with sums as (
        select source, {of} as name, date_trunc('month', {day})::date as month_on, sum({money}) as money_rub,
            sum(source_rows) as rows
        from loaded.{name} where not is_displaced and {of} is not null group by all having sum({money}) > 0
    )
    select '{kind}', a.source || ', ' || b.source, null, sum(least(a.rows, b.rows)),
        sum(least(a.money_rub, b.money_rub)), name
    from sums as a join sums as b using (name, month_on)
    where a.source < b.source and abs(a.money_rub - b.money_rub) <= {apart} * greatest(a.money_rub, b.money_rub)
    group by a.source, b.source, name"""


def _by_phone(name: str) -> str:
    """Rows beyond those of one source that share a phone, a day and (of deals) an amount with another source."""
    amount = tables()[name].money or "0"
    return f"""
    select 'repeated_across_sources', string_agg(distinct sources, '; '), null, sum(extra), sum(extra * amount),
        '{name}'
    from (
        select amount, sum(rows) - max(rows) as extra, string_agg(source, ', ' order by source) as sources
        from (
            select source, phone, {WITH_PHONES[name]} as day_on, {amount} as amount, count(*) as rows
            from loaded.{name} where not is_displaced and phone is not null group by all
        ) group by phone, day_on, amount having count(*) > 1
    ) having sum(extra) > 0"""


def costs_of_advertising(connection: Any, known_items: Collection[str]) -> list[Note]:
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
        Note("costs_advertising", source, None, sum(one[0] for one in parts), sum(one[1] for one in parts), item)
        for (source, item), parts in found.items()
        if _may_be_advertising(item, named, is_same=all(one[2] for one in parts))
    ]


def _may_be_advertising(item: str, named: Collection[str], *, is_same: bool) -> bool:
    """Called like a channel with spend; or advertising of nobody else, or of the very sums that the channels took."""
    words = (
        {word for word in WORD.findall(fold(item)) if not word.isdigit()} - NO_NAMES - vocabulary().month_numbers.keys()
    )
    said = {word for word in words if word.startswith(ADVERTISING)}
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
    words = {word for name in names for word in WORD.findall(fold(name))}
    return {word for word in words if not word.startswith(ADVERTISING)} - NO_NAMES
