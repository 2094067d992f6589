"""A second table of the same kind to the right of the one that is read → what is told of it.

People keep two shops, or two months, side by side in one sheet; only one of them has the headings that are looked for.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from config.documents import MOMENT_MARK, NUMBER_MARK
from config.draft import LOAD, Aside
from config.words import fold, is_headed
from transforms.parse import Reading, parsed
from transforms.recognise import guess_columns
from transforms.shape import as_found
from transforms.staging.beside import IN_MONEY
from transforms.staging.one_table import OneTable

KEPT_SO = frozenset({"deals", "calls", "leads"})
"""Tables that people keep side by side."""
OF_ONE_SALE = ("paid_days", "refund_days", "paid", "refunds", "debts", "discounts", "net")
"""What stands beside a sale's own day and amount and is of the same sale."""
A_DAY = re.compile(rf"{MOMENT_MARK}.*|\d{{1,2}}[./-]\d{{1,2}}[./-]\d{{2,4}}|\d{{4}}-\d\d-\d\d")
AN_AMOUNT = re.compile(rf"{NUMBER_MARK}.*|-?\d[\d \u00a0]*(?:[.,]\d{{1,2}})?")
FEWEST_BESIDE = 5
"""Rows that make a table of what has no heading."""
OF_LOAD = f"over (partition by {LOAD})"


def tables_beside(one: OneTable) -> Iterator[Aside]:
    """A file that no profile knows in; the rows with a day of a table of its kind, an empty column between, out.

    One whose sums are those of the first is a summary of it; «Дата оплаты», «Оплачено» are of the same sale.
    """
    if one.is_vendors or one.source.table not in KEPT_SO:
        return
    for headings in _apart(one):
        bare = {as_found(header): header for header in headings}
        found = guess_columns(list(bare), one.source.table)
        days = [found[name] for name in one.table.day if name in found]
        day = next((header for header in [*days, *bare] if header in days or is_headed(header, "days_down")), None)
        money = found.get(one.table.money or "")
        is_whole = money is not None if one.table.money else len(found.keys() | {day}) > 1
        if day is None or not is_whole or any(is_headed(IN_MONEY.sub("", fold(name)), *OF_ONE_SALE) for name in bare):
            continue
        cells = [one.cells.named(bare[name]) for name in (day, money) if name]
        yield _table_beside(one, ", ".join(bare), *cells)
    if one.has_money:
        for day_at, money_at in _unheaded(one):
            cells = [one.cells.at(day_at), one.cells.at(money_at)]
            yield _table_beside(one, f"№ {day_at + 1}, № {money_at + 1}", *cells)


def _table_beside(one: OneTable, detail: str, day: str, money: str = "") -> Aside:
    is_row = f"({parsed('date', day, Reading()).value}) is not null"
    if not money:
        return Aside("table_beside", f"({is_row})::integer", detail, is_money=False)
    sold, theirs = one.value("money", one.money_heading), parsed("money", money, Reading()).value
    apart = f"sum(case when {is_row} then {theirs} end) {OF_LOAD} - sum({sold}) {OF_LOAD}"
    return Aside("table_beside", f"(case when {is_row} and abs({apart}) >= 1 then {theirs} end)", detail)


def _apart(one: OneTable) -> Iterator[list[str]]:
    """Headings that stand together between empty columns, none of them read or spoken of."""
    headers, unread = one.recognised.shape.headers, set(one.unread)
    for is_gap, places in groupby(range(len(headers)), lambda place: not headers[place]):
        names = [headers[place] for place in places]
        if not is_gap and len(names) < sum(map(bool, headers)) and unread.issuperset(names):
            yield names


def _unheaded(one: OneTable) -> Iterator[tuple[int, int]]:
    """Places of a day and of an amount that stand in the same rows and have no heading above."""
    headers, rows = one.recognised.shape.headers, one.first_rows
    bare = [place for place in range(max(map(len, rows), default=0)) if place >= len(headers) or not headers[place]]
    day = next((place for place in bare if len(_rows_of(rows, place, A_DAY)) >= FEWEST_BESIDE), None)
    dated = [] if day is None else _rows_of(rows, day, A_DAY)
    money = [place for place in bare if place != day and len(_rows_of(dated, place, AN_AMOUNT)) >= FEWEST_BESIDE]
    if day is not None and money:
        yield day, money[-1]


def _rows_of(rows: Sequence[Sequence[str]], place: int, holds: re.Pattern[str]) -> list[Sequence[str]]:
    return [row for row in rows if place < len(row) and holds.fullmatch(row[place].strip())]
