"""Costs → notices of items that are probably advertising, whose money a cabinet tells of already."""

from __future__ import annotations

import re
from collections.abc import Collection
from decimal import Decimal
from typing import Any

from config.words import channel_names, fold, vocabulary
from connectors.warehouse.answers.ask import Notice

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
