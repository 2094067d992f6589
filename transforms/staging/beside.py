"""Columns of money that stand beside a sale's and nothing reads → what to tell of them: refunds, discounts, debts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from config.assumed import Assumed
from config.client import SourceConfig
from config.draft import Aside
from config.words import fold, vocabulary
from transforms.parse import Reading, parsed
from transforms.parse.cells import folded, literal, literals
from transforms.recognise import Recognised
from transforms.staging.cells import Cells
from transforms.staging.clocks import unused
from transforms.staging.records import heading

REFUNDS = re.compile(
    r"(?:сумма )?возврат(?:а|ы|ов)?(?:,? (?:руб\.?|₽|покупател\w+|средств))?|возвращено|refund(?:s|ed)?"
)
DISCOUNTS = re.compile(r"(?:сумма )?скидк[аи](?:,? ?(?:руб\.?|₽))?|discount(?: amount)?")
DEBTS = re.compile(r"долг|не ?оплачено|задолженность|остаток(?: к оплате)?|к доплате|осталось оплатить|unpaid|debt")
"""Headings of what was given back, taken off or is still to be paid of the amount that stands in its own column."""
TEXTS = re.compile(r"комментари[йи]|примечани[ея]|заметк[аи]|comments?|notes?|remark|основание(?: платежа)?")
"""Headings of what people write beside a sale."""
SAYS_REFUND = (
    r"^возврат[^а-я]*(?:$|[0-9]|по |за |от |товар)|(?:оформлен|сделан|полный|частичный) возврат"
    r"|возврат (?:денег|средств|оплаты|денежных|покупател)|деньги вернули|^refund"
)
"""What they write of one that came back."""
YES = ("да", "yes", "true", "истина", "есть", "+", "v", "x", "х")
"""How a refund is marked where its column holds no amounts."""


def asides(recognised: Recognised, source: SourceConfig, cells: Cells) -> Iterator[Aside]:
    """A file of sales that no profile knows in; the columns whose amounts may have to be taken off those of its sales.

    A heading that svodka.yaml names under `refunds`, `where` or `exclude` is told of no more.
    """
    if recognised.profile is not None or source.table != "deals" or "revenue_rub" not in recognised.columns:
        return
    amount = heading(recognised, "revenue_rub")
    for header in recognised.shape.headers:
        if header and TEXTS.fullmatch(fold(header)) and cells.of(amount) and not _is_spoken_of(header, source):
            text = f"coalesce({folded(cells.named(header))}, '')"
            said = f"regexp_matches({text}, {literal(SAYS_REFUND)})"
            said += f" and not regexp_matches({text}, {literal(vocabulary().no_refund_pattern)})"
            sold = parsed("money", cells.named(amount), Reading()).value
            yield Aside("refunds_marked", f"(case when {said} then {sold} end)", header)
    for header in unused(recognised, source):
        if header in source.refunds:
            continue
        money = parsed("money", cells.named(header), Reading()).value if _is_aside(header) else ""
        if REFUNDS.fullmatch(fold(header)):
            yield Aside("refunds_beside", money, header)
            sold = parsed("money", cells.named(amount), Reading()).value if cells.of(amount) else "null"
            is_marked = f"{folded(cells.named(header))} in ({literals(YES)})"
            yield Aside("refunds_marked", f"(case when {is_marked} then {sold} end)", header)
        elif money:
            what = "discount_beside" if DISCOUNTS.fullmatch(fold(header)) else "debt_beside"
            remark = Assumed(what, "revenue_rub", amount, header).remark
            yield Aside(remark.kind, money, remark.detail)


def _is_spoken_of(header: str, source: SourceConfig) -> bool:
    return header in {*source.where, *source.exclude, *source.refunds}


def _is_aside(header: str) -> bool:
    return any(pattern.fullmatch(fold(header)) for pattern in (REFUNDS, DISCOUNTS, DEBTS))
