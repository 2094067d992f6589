"""Odd data that read well and gave a wrong figure without a word: each gives the right one, is asked about or named."""

from __future__ import annotations

import pytest

from tests.field.situation import BOTH_SIZES, HEAD, ORDERS, Situation, prove, table

SPEND = {"table": "ad_spend", "columns": {
    "spend_on": "Дата", "channel": "Канал", "campaign": "Кампания", "impressions": "Показы", "clicks": "Клики",
    "spend_rub": "Расход"}}  # fmt: skip
SPEND_HEAD = "Дата;Канал;Кампания;Показы;Клики;Расход"
MONEY = {"table": "deals", "columns": {"closed_on": "Дата", "product": "Назначение", "revenue_rub": "Сумма"}}
TEN = range(1, 11)
SPENT = "select sum(spend_rub)::varchar from staged.ad_spend"


def orders(first: int) -> list[str]:
    """Ten orders of 100 ₽."""
    return [f"{first + n};{n:02}.08.2026;Оплачен;Чай;100;7000000{first + n:04}" for n in TEN]


SITUATIONS = (
    Situation(
        "headings again in another order",
        {"ad": SPEND},
        {
            "a.csv": table(
                SPEND_HEAD,
                *(f"{n:02}.08.2026;VK;Поиск;{900 * n};{n};{75 + n % 3}" for n in TEN),
                "Дата;Канал;Кампания;Расход;Показы;Клики",
                *(f"{n:02}.08.2026;VK;Сети;{75 + n % 3};{900 * n};{n}" for n in TEN),
            )
        },
        says="a.csv:12: посреди таблицы стоят заголовки",
    ),
    Situation(
        "a second file below the first, with the mark of its encoding",
        {"sales": ORDERS},
        {"s.csv": table(HEAD, *orders(0), "\ufeff" + HEAD, *orders(100))},
        right="2000.00",
    ),
    Situation(
        "money that went out beside a number of the document",
        {"money": MONEY},
        {
            "m.csv": table(
                "Дата;Документ;Назначение;Сумма",
                *(f"{n:02}.08.2026;{n};{'Услуги' if n < 6 else 'Закупка'};{1500 if n < 6 else -900}" for n in TEN),
            )
        },
        says="суммы с минусом: 5 из 10",
    ),
    Situation(
        "days of the last opening that nobody reads",
        {"list": {"table": "subscribers", "columns": {"email": "Email", "subscribed_on": "Добавлен"}}},
        {
            "l.csv": table(
                "Email;Добавлен;Дата последнего открытия",
                *(f"u{n}@example.org;{n:02}.01.2026;{n:02}.08.2026" for n in TEN),
            )
        },
        says="впишите last_active_on: Дата последнего открытия",
    ),
    Situation(
        "refunds that their words tell",
        {"money": MONEY},
        {
            "m.csv": table(
                "Дата;Документ;Назначение;Сумма",
                *(f"{n:02}.08.2026;{'Чек' if n < 6 else 'Возврат'};Услуги;{1500 if n < 6 else -900}" for n in TEN),
            )
        },
        right="3000.00",
        says="",
    ),
)


@pytest.mark.slow
@BOTH_SIZES
@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda one: one.name)
def test_nothing_is_wrong_in_silence(tmp_path, situation, padding):
    """Held in memory or read from disk."""
    prove(tmp_path / "client", situation, padding)
