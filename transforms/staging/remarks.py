"""What is to be said of a table beside its rows: torn letters, tabs that were left aside, rows that nobody sees."""

from __future__ import annotations

import re
from collections.abc import Sequence

from config.assumed import Assumed
from config.documents import RawTable
from config.draft import Remark
from config.tables import Table
from config.words import fold
from transforms.recognise import Recognised

MOST_NAMED = 10
"""Cells that a remark names one by one."""


NO_MONEY = re.compile(
    r"(?:№|номер|id|код|артикул|инн|кол-?во|количество|число)(?:$| .*)"
    r"|.*(?:^|[ ,(])(?:%|ctr|cpc|cpm)[.)]?|(?:ср\.|средн\w+) .*|average .*|avg\.? .*"
)
"""Headings of what is counted, named or averaged."""


def no_money(recognised: Recognised, table: Table) -> list[Remark]:
    """A table whose money svodka.yaml takes from a column that has none by its heading in; a remark of it out."""
    column = recognised.columns.get(table.money or "")
    if recognised.profile is not None or column is None:
        return []
    return [Remark("no_money_by_heading", header) for header in column.headers if NO_MONEY.fullmatch(fold(header))]


def remarks(raw: RawTable) -> list[Remark]:
    """A table in; its remarks out."""
    found = []
    if raw.torn_cells:
        named = [*raw.torn_cells[:MOST_NAMED], *(["…"] if len(raw.torn_cells) > MOST_NAMED else [])]
        found.append(Remark("torn_letters", ", ".join(named), len(raw.torn_cells)))
    if raw.joined:
        found.append(Assumed("tabs_together", header=f'"{raw.joined[0]}"', value=_named(raw.joined)).remark)
    if raw.left_aside:
        found.append(Assumed("tabs_left", header=raw.origin.tab or "", value=_named(raw.left_aside)).remark)
    if raw.hidden_alike:
        found.append(Assumed("tabs_hidden", header=raw.origin.tab or "", value=_named(raw.hidden_alike)).remark)
    if raw.hidden_rows:
        found.append(Assumed("rows_hidden", value=str(raw.hidden_rows)).remark)
    return found


def _named(titles: Sequence[str]) -> str:
    return ", ".join(f"«{title}»" for title in titles)
