"""Rows that are totals of several events, sums that hold those before them → what to tell of them."""

from __future__ import annotations

import re
from collections.abc import Iterator

from config.client import SourceConfig
from config.draft import Aside
from config.tables import Table
from config.words import fold
from transforms.parse import Reading, parsed
from transforms.recognise import Recognised
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
RUNNING = re.compile(
    r"нарастающ|накоп(?:ит|лен)|с начала (?:дня|недели|месяца|квартала|года|периода)|cumulative|running total|to.date"
    r"|(?:^|[^a-zа-я])(?:ytd|mtd|остаток|сальдо|баланс|balance)(?:[^a-zа-я]|$)"
)
"""Headings of sums in which the days before are counted already, or of what is left at the day's end."""


def totals_in(recognised: Recognised, source: SourceConfig, table: Table, cells: Cells) -> Iterator[Aside]:
    """A file that no profile knows in; the columns to be told of, if their cells hold what their headings say."""
    if recognised.profile is not None:
        return
    if source.table in COUNTED:
        pattern = re.compile(HOW_MANY.format(COUNTED[source.table]))
        for header in filter(lambda one: pattern.fullmatch(fold(one)), unused(recognised, source)):
            number = parsed("count", cells.named(header), Reading()).value
            yield Aside("counted_rows", f"nullif({number}, 1)", header, is_money=False)
    header = heading(recognised, table.money or "")
    if RUNNING.search(fold(header)) and cells.of(header):
        yield Aside("running_total", parsed("money", cells.named(header), Reading()).value, header)
