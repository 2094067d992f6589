"""Amounts → notices: costs that are probably advertising, whose money a cabinet tells of; sums of another scale."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import groupby
from statistics import fmean
from typing import Any

from config.tables import tables
from config.words import channel_names, fold, says, vocabulary
from connectors.warehouse.answers.ask import Notice

WORD = re.compile(r"[^\W_]+")
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
        {word for word in WORD.findall(fold(item)) if not word.isdigit()} - NO_NAMES - vocabulary().month_numbers.keys()
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
    words = {word for name in names for word in WORD.findall(fold(name))}
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
