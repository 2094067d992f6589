"""A statement of an account with a column for each way that money goes → its headings, and what each feeds."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from config.words import fold

SUM = r"(?:сумма )?(?:по )?"
ROUBLES = r"(?:,? ?(?:руб\.?|₽|rub|rur))?"
OUT = re.compile(rf"{SUM}(?:расход|списани[еюя]|списано|дебету?|ушло|debit|withdrawals?|(?:money|paid) out){ROUBLES}")
IN = re.compile(
    rf"{SUM}(?:приход|доход|поступлени[еюя]|поступило|зачислени[еюя]|зачислено|кредиту?|пришло"
    rf"|credit|deposits?|(?:money|paid) in){ROUBLES}"
)
OTHER_WAY = {"deals": OUT, "costs": IN}
"""Table → headings of what went the other way than its own money."""
OWN_WAY = {"deals": ("closed_on", "product", "revenue_rub", IN), "costs": ("month_on", "item", "amount_rub", OUT)}
"""Table → our columns of the day, of what it was for and of the sum, and the headings of that sum."""
DAY = re.compile(r"дата(?: (?:операции|проводки|документа|платежа|проведения|списания|поступления))?|(?:\w+ )?date")
PURPOSE = re.compile(
    r"(?:назначение|описание|основание|содержание|детали)(?: (?:платежа|операции))?|description|details"
)


def statement_columns(names: Sequence[str]) -> Mapping[str, Mapping[str, str]]:
    """Headings in; for each of our tables that a statement with both ways feeds, our column → heading."""
    found: dict[str, Mapping[str, str]] = {}
    for table, (day, purpose, money, way) in OWN_WAY.items():
        sought = {day: DAY, purpose: PURPOSE, money: way}
        columns = {column: next((n for n in names if sign.fullmatch(fold(n))), "") for column, sign in sought.items()}
        if all(columns.values()):
            found[table] = columns
    return found if found.keys() == OWN_WAY.keys() else {}
