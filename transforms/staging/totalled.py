"""Rows that are totals of several events, sums that hold others or stand beside them → what to tell of them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from config.assumed import Assumed
from config.client import SourceConfig
from config.draft import Aside
from config.tables import Table
from config.words import fold
from transforms.parse import Reading, parsed
from transforms.recognise import Recognised
from transforms.recognise.guess import STATISTICS
from transforms.staging.beside import IN_MONEY, PARTS
from transforms.staging.cells import Cells
from transforms.staging.clocks import unused
from transforms.staging.records import heading

COUNTED = {
    "calls": r"звонк(?:ов|и)|вызов(?:ов|ы)|calls",
    "leads": r"заяв(?:ок|ки)|лид(?:ов|ы)|обращени[йя]|leads",
    "deals": r"заказ(?:ов|ы)|сдел(?:ок|ки)|продаж[иа]?|чек(?:ов|и)|orders|deals|sales",
}
"""What a row of these tables is one of."""
HOW_MANY = (
    r"(?:(?:количество|кол-?во|число|всего|итого|number of|total|count of) )?(?:(?:входящих|новых) )?"
    r"(?:{})(?:,? ?шт\.?| count)?"
)
WHOSE = frozenset({"call_id", "lead_id", "phone", "email"})
"""Columns that a call or an enquiry has, and the statistics of a day have not."""
RUNNING = re.compile(
    r"нарастающ|накоп(?:ит|лен)|с начала (?:дня|недели|месяца|квартала|года|периода)|cumulative|running total|to.date"
    r"|(?:^|[^a-zа-я])(?:ytd|mtd|остаток|сальдо|баланс|balance)(?:[^a-zа-я]|$)"
)
"""Headings of sums in which the days before are counted already, or of what is left at the day's end."""
PLANNED, DONE = re.compile(r"план\w*|бюджет|прогноз|plan(?:ned)?|budget|forecast"), re.compile(r"факт\w*|actuals?|fact")
"""Headings of what was meant to be, and of what came."""


def totals_in(recognised: Recognised, source: SourceConfig, table: Table, cells: Cells) -> Iterator[Aside]:
    """A file that no profile knows in; the columns to be told of, if their cells hold what their headings say."""
    if recognised.profile is not None:
        return
    if source.table in COUNTED:
        pattern = re.compile(HOW_MANY.format(COUNTED[source.table]))
        is_of_nobody = source.table != "deals" and WHOSE.isdisjoint(recognised.columns)
        for header in unused(recognised, source):
            if not (pattern.fullmatch(fold(header)) or (is_of_nobody and STATISTICS.fullmatch(fold(header)))):
                continue
            number = parsed("count", cells.named(header), Reading()).value
            yield Aside("counted_rows", f"nullif({number}, 1)", header, is_money=False)
    money = table.money
    if money is None or money not in recognised.columns:
        return
    header = heading(recognised, money)
    if table.is_expense:
        yield from _beside(recognised, source, money, header, cells)
    if RUNNING.search(fold(header)) and cells.of(header):
        yield Aside("running_total", parsed("money", cells.named(header), Reading()).value, header)


def _beside(recognised: Recognised, source: SourceConfig, column: str, header: str, cells: Cells) -> Iterator[Aside]:
    """Other sums beside an expense: its tax, or what it came to where the plan of it is read."""
    is_planned = PLANNED.fullmatch(IN_MONEY.sub("", fold(header)))
    for other in unused(recognised, source):
        name = IN_MONEY.sub("", fold(other))
        is_tax = PARTS.fullmatch(name) and re.search("ндс|vat", name)
        if is_tax or (is_planned and DONE.fullmatch(name)):
            remark = Assumed("taken_beside", column, header, other).remark
            yield Aside(remark.kind, parsed("money", cells.named(other), Reading()).value, remark.detail)
