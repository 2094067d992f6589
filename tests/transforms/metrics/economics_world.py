"""The month of the worked example: 400 callers, 20 new buyers of 25, 30 orders for 600 000."""

from __future__ import annotations

from datetime import date


def month(first: date, new: int = 20, callers: int = 400, prefix: str = "") -> dict[str, list[str]]:
    """Rows of one month: spend 100 000, 30 orders of 20 000 that cost 6 000 each, by 5 old buyers and some new ones.

    Of a month with 20 new buyers, 25 buyers order 30 times.
    """
    name = f"{prefix}{first:%m}"
    calls = [f"{first} 10:00:00 | 7{first:%y%m}{number:06} | SEO" for number in range(callers)]
    buyers = [f"old {number}" for number in range(5)] + [f"new {name} {number}" for number in range(new)]
    orders = buyers + [f"old {number}" for number in range(5)]
    deals = [
        f"{name}-{number} | {first.replace(day=5)} | won | SEO | {buyer} | 20000 | 6000"
        for number, buyer in enumerate(orders)
    ]
    return {"ad_spend": [f"{first} | SEO | 100000"], "calls": calls, "deals": deals}


HEADERS = {
    "ad_spend": "spend_on | channel | spend_rub",
    "calls": "started_at | phone | channel",
    "deals": "deal_id | closed_on | status | channel | client_key | revenue_rub | cogs_rub",
}
OLD = [f"old-{number} | 2020-01-01 | won | SEO | old {number} | 1 | 1" for number in range(5)]
"""Five people who bought long ago."""


def world(*months: dict[str, list[str]]) -> dict[str, str]:
    """Months in; the tables of them all, and of the buyers of long ago, out."""
    rows = {name: [row for one in months for row in one[name]] for name in HEADERS}
    return {name: "\n".join([HEADERS[name], *(OLD if name == "deals" else []), *rows[name]]) for name in HEADERS}
