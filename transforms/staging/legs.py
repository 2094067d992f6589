"""A bank's statement as a table → the SQL of all that came into an account and went out of it.

A sale is what came in and a cost what went out; a transfer between two accounts of one owner is neither, and shows only
where both its legs are seen: what a source leaves aside is kept here beside what it counts.
"""

from __future__ import annotations

from collections.abc import Mapping

from config.draft import LOAD, ROW
from transforms.parse import Reading, parsed
from transforms.recognise.both_ways import OTHER_WAY
from transforms.staging.one_table import OneTable
from transforms.staging.skips import LEFT_ASIDE, SAYS_WHAT, moves

MOST_ACCOUNTS = 10
"""Of as many cells more texts are numbers of invoices."""
NOBODY = ("phone", "email", "manager")
"""A sale of which one of these is known stands in no statement."""


def legs(one: OneTable, readings: Mapping[str, Reading]) -> str | None:
    """A table in; over `typed_rows` and `raw_cells`: `load_id, source_row, day_on, money_rub, account`, out is below 0.

    None for whatever is no statement of an account, or where svodka.yaml says what payments are none of its business.
    """
    name, money, said = one.source.table, one.table.money or "", SAYS_WHAT.get(one.source.table)
    if name not in OTHER_WAY or one.is_vendors or said in one.source.exclude or not one.has_money:
        return None
    others = one.unread_as(OTHER_WAY[name])
    has_both = one.source.signs.get(money) in ("income", "minus") or moves(one)
    if any(map(one.has, NOBODY)) or not (others or has_both):
        return None
    sign, other_sign = ("", "-") if name == "deals" else ("-", "")
    aside = f"when skipped = '{LEFT_ASIDE[name]}' then {other_sign}abs(money_rub)"
    amounts = f"case {aside} when skipped is null and not is_refused then {sign}money_rub end"
    for header in others:
        amount = parsed("money", one.cells.named(header), readings[money]).value
        amounts = f"coalesce(nullif({amounts}, 0), {other_sign}abs({amount}))"
    return f"""
    select {LOAD} as load_id, {ROW} as source_row, day_on, money_rub, account from (
        select source_row, day_from_on as day_on, {amounts} as money_rub, {_account(one)} as account
        from typed_rows join (select * exclude (skipped) from raw_cells) using (source_row)
        where coalesce(skipped, '') not in ('totals', 'service', 'blank', 'own_transfer')
    ) where day_on is not null and money_rub <> 0"""


def _account(one: OneTable) -> str:
    """The SQL of whose statement a row is of, where one file has several; never the account itself, only its mark."""
    for header in one.unread_as("accounts"):
        texts = one.sample(header)
        if texts and len(set(texts)) <= min(MOST_ACCOUNTS, (len(texts) + 1) // 2):
            return f"hash({one.cells.named(header)})::varchar"
    return "null::varchar"
