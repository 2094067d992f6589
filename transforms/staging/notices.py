"""Typed rows → what the report must say of them beside refused cells: unknown stages, unlike products, currencies."""

from __future__ import annotations

from transforms.staging.rows import GOOD, Filled

SAME_IN_A_DEAL = (
    "created_on", "closed_on", "status", "channel", "manager", "client_id", "phone", "email", "loss_reason",
    "promo_code", "utm_source",
)  # fmt: skip
"""What every product row of one deal is expected to repeat."""


def notices(name: str, filled: Filled, currency: str) -> str | None:
    """A table, what a file fills, and its currency in; the SELECT of `kind, rows, money_rub, detail` out."""
    parts = []
    if filled.has("status") and name in ("deals", "leads"):
        parts.append(_unknown_statuses())
    if name == "deals" and filled.has("deal_id"):
        parts.append(_products_differ(filled))
    if currency != "RUB":
        parts.append(f"select 'currency_converted', count(*), coalesce(sum(money_rub), 0), '{currency}' from ({GOOD})")
    selects = [f"select * from ({part}) as part(kind, rows, money_rub, detail) where rows > 0" for part in parts]
    return " union all ".join(selects) or None


def _unknown_statuses() -> str:
    return """
    select 'unknown_status', count(*), coalesce(sum(money_rub), 0), flaw.value
    from (select money_rub, unnest(flaws) as flaw from flawed_rows where skipped is null and not is_refused)
    where flaw.reason = 'unknown_status' group by flaw.value"""


def _products_differ(filled: Filled) -> str:
    unlike = {
        column: f"count(distinct coalesce(v_{column}::varchar, '')) > 1"
        for column in SAME_IN_A_DEAL
        if filled.has(column)
    }
    if not unlike:
        return "select 'products_differ', 0, 0, ''"
    named = ", ".join(f"case when {condition} then '{column}' end" for column, condition in unlike.items())
    return f"""
    select 'products_differ', sum(rows)::bigint, sum(money_rub), detail from (
        select count(*) as rows, coalesce(sum(money_rub), 0) as money_rub, concat_ws(', ', {named}) as detail
        from ({GOOD}) semi join (
            select v_deal_id from ({GOOD}) where v_deal_id is not null group by v_deal_id having count(*) > 1
        ) as several using (v_deal_id)
        group by v_deal_id having {" or ".join(unlike.values())}
    ) group by detail"""
