"""A bank's statement as a table → the SQL of all that came into an account and went out of it.

A sale is what came in and a cost what went out; a transfer between two accounts of one owner is neither, and shows only
where both its legs are seen: what a source leaves aside is kept here beside what it counts.
"""

from __future__ import annotations

import re

from config.client import SourceConfig
from config.draft import LOAD, ROW
from config.tables import Table
from config.words import fold
from transforms.parse import Reading, parsed
from transforms.recognise import Recognised
from transforms.recognise.both_ways import OTHER_WAY
from transforms.staging.cells import Cells
from transforms.staging.clocks import sample, unused
from transforms.staging.skips import LEFT_ASIDE, SAYS_WHAT, moves

ACCOUNT = re.compile(
    r"(?:(?:номер|№|наш|мой|свой|расчетный|лицевой) )*счета?(?: №)?|р/с|(?:номер )?карт[аы]|кошелек|банк"
    r"|account(?: (?:number|no\.?|id))?|card(?: number)?|bank|wallet"
)
MOST_ACCOUNTS = 10
"""Of as many cells more texts are numbers of invoices."""
NOBODY = frozenset({"phone", "email", "manager"})
"""A sale of which one of these is known stands in no statement."""


def legs(
    recognised: Recognised, source: SourceConfig, table: Table, readings: dict[str, Reading], cells: Cells
) -> str | None:
    """A table in; over `typed_rows` and `raw_cells`: `load_id, source_row, day_on, money_rub, account`, out is below 0.

    None for whatever is no statement of an account, or where svodka.yaml says what payments are none of its business.
    """
    name, money, said = source.table, table.money or "", SAYS_WHAT.get(source.table)
    if name not in OTHER_WAY or recognised.profile or said in source.exclude or money not in recognised.columns:
        return None
    others = [header for header in unused(recognised, source) if OTHER_WAY[name].fullmatch(fold(header))]
    has_both = source.signs.get(money) in ("income", "minus") or moves(recognised, source)
    if NOBODY & set(recognised.columns) or not (others or has_both):
        return None
    sign = "" if name == "deals" else "-"
    aside = f"when skipped = '{LEFT_ASIDE[name]}' then {'-' if name == 'deals' else ''}abs(money_rub)"
    amounts = f"case {aside} when skipped is null and not is_refused then {sign}money_rub end"
    for header in others:
        amount = parsed("money", cells.named(header), readings[money]).value
        amounts = f"coalesce(nullif({amounts}, 0), {'-' if name == 'deals' else ''}abs({amount}))"
    account = _account(recognised, source, cells)
    return f"""
    select {LOAD} as load_id, {ROW} as source_row, day_on, money_rub, account from (
        select source_row, day_from_on as day_on, {amounts} as money_rub, {account} as account
        from typed_rows join (select * exclude (skipped) from raw_cells) using (source_row)
        where coalesce(skipped, '') not in ('totals', 'service', 'blank', 'own_transfer')
    ) where day_on is not null and money_rub <> 0"""


def _account(recognised: Recognised, source: SourceConfig, cells: Cells) -> str:
    """The SQL of whose statement a row is of, where one file has several; never the account itself, only its mark."""
    for header in unused(recognised, source):
        texts = sample(header, recognised) if ACCOUNT.fullmatch(fold(header)) else []
        if texts and len(set(texts)) <= min(MOST_ACCOUNTS, (len(texts) + 1) // 2):
            return f"hash({cells.named(header)})::varchar"
    return "null::varchar"
