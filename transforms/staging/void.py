"""Columns that mark rows as deleted, cancelled, a test or a plan and nothing reads → the rows that do not count."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from config.assumed import Assumed
from config.client import SourceConfig
from config.draft import Remark
from config.words import fold
from transforms.parse.cells import folded, literals
from transforms.recognise import Recognised
from transforms.staging.cells import Cells
from transforms.staging.clocks import unused

YES = ("да", "yes", "y", "true", "истина", "1", "+", "v", "x", "х", "✓", "✔")
NO = ("нет", "no", "n", "false", "ложь", "0", "-")
"""How a mark is set, and how one is left out."""
GONE = re.compile(
    r"удал[её]н[аоы]?|помечен[аоы]? (?:на|к) удалени[юе]|пометка ?(?:на )?удалени[яе]|(?:is[ _]?)?deleted"
    r"|тест|тестов(?:ый|ая|ое|ые)(?: (?:заказ|сделка|режим|звонок))?|(?:is[ _]?)?test(?:[ _]mode)?"
)
UNDONE = re.compile(
    r"отмен[её]н[аоы]?|аннулирован[аоы]?|сторнирован[аоы]?|черновик|(?:is[ _]?)?(?:cancell?ed|void|voided|draft)"
)
SINCE = re.compile(r"дата удаления|удал[её]н[ао]? в|deleted[ _](?:at|on)")
SINCE_UNDONE = re.compile(r"дата (?:отмены|аннулирования)|cancell?ed[ _](?:at|on)")
"""Headings of the day on which a row was: a blank one still counts."""
BOOKED = re.compile(r"провед[её]н[ао]?|posted|is[ _]posted")
"""A heading under which «нет» is a document that never happened."""
PAID_AT_ALL = re.compile(r"оплачен[ао]?|(?:is[ _]?)?paid")
NOT = ("нет", "no", "n", "false", "ложь")
"""A heading under which a word of these, not a 0 of roubles, is a sale whose money has not come."""
SCENARIO = re.compile(
    r"сценарий|версия|план ?[/-] ?факт|вид (?:данных|суммы|значения)|тип (?:данных|суммы|значения)|scenario|version"
)
PLANNED = ("план", "плановый", "плановые", "бюджет", "прогноз", "plan", "planned", "budget", "forecast")
"""A heading under which some amounts are but planned, and how those are called."""
MARKS = (GONE, UNDONE, SINCE, SINCE_UNDONE, BOOKED, PAID_AT_ALL, SCENARIO)
OF_MARKS = frozenset({"deals", "costs", "ad_spend", "calls", "leads"})
OF_AMOUNTS = frozenset({"deals", "costs", "ad_spend"})
OF_DOCUMENTS = frozenset({"deals", "costs"})
"""Tables whose rows may be undone; a call that was cancelled was a call."""


def voids(recognised: Recognised, source: SourceConfig, cells: Cells) -> Iterator[tuple[str, str]]:
    """A file that no profile knows in; headings that mark rows with the SQL over `raw_cells` of those that are void.

    A heading that svodka.yaml names is its own business, and so is what became of a deal whose status is read.
    """
    if recognised.profile is not None or source.table not in OF_MARKS:
        return
    is_open = source.table in OF_DOCUMENTS and "status" not in recognised.columns
    for header in unused(recognised, source):
        name = fold(header)
        if not any(one.fullmatch(name) for one in MARKS):
            continue  # a cell that is asked for is kept of every row
        text = f"coalesce({folded(cells.named(header))}, '')"
        if GONE.fullmatch(name) or (is_open and UNDONE.fullmatch(name)):
            yield header, f"{text} in ({literals(YES)})"
        elif SINCE.fullmatch(name) or (is_open and SINCE_UNDONE.fullmatch(name)):
            yield header, f"regexp_matches({text}, '[1-9]')"
        elif source.table in OF_AMOUNTS and SCENARIO.fullmatch(name):
            yield header, f"{text} in ({literals(PLANNED)})"
        elif is_open and BOOKED.fullmatch(name):
            yield header, f"{text} in ({literals(NO)})"
        elif is_open and source.table == "deals" and PAID_AT_ALL.fullmatch(name):
            yield header, f"{text} in ({literals(NOT)})"


def void_left_out(headers: Sequence[str]) -> Remark:
    """What to tell of rows that count for nothing, and how to have them count."""
    said = ", ".join(f"{header}: []" for header in headers)
    return Assumed("void_left_out", header="», «".join(headers), value=said).remark
