"""Sales that two sources show are named with their roubles; those of two shops are not."""

from __future__ import annotations

import random

import pytest

from tests.field.situation import BOTH_SIZES, Situation, prove, ran, table

AMOUNTS = [150 + 37 * number for number in range(20)]
BANK = {
    "table": "deals",
    "files": "exports/b.csv",
    "columns": {"closed_on": "Дата", "revenue_rub": "Сумма", "product": "Назначение"},
}
TILL = {"table": "deals", "files": "exports/t.csv", "columns": {"closed_on": "Дата", "revenue_rub": "Сумма"}}
BOTH = {"bank": BANK, "till": TILL}
TOGETHER = "select count(distinct source)::varchar from staged.deals"


def till(*sales: tuple[int, int]) -> str:
    """Sales of August: day and roubles."""
    return table("Дата;Сумма", *(f"{day:02}.08.2026;{rub}" for day, rub in sales))


def bank(*paid: tuple[int, object], what: str = "Зачисление по договору 5") -> str:
    """What a bank received in August."""
    return table("Дата;Сумма;Назначение", *(f"{day:02}.08.2026;{rub};{what}" for day, rub in paid))


SOLD = [(day, rub) for day, rub in enumerate(AMOUNTS, 3)]
MONDAYS = {7: 10, 8: 10, 9: 10, 14: 17, 15: 17, 16: 17, 21: 24, 22: 24, 23: 24}
TWICE = "В источниках bank, till повторяется строк: {rows}"
SITUATIONS = (
    Situation(
        "a day later, one by one",
        BOTH,
        {"t.csv": till(*SOLD), "b.csv": bank(*((day + 1, rub) for day, rub in SOLD))},
        TOGETHER,
        "2",
        TWICE.format(rows="20, 10 030 ₽"),
    ),
    Situation(
        "on the next working day",
        BOTH,
        {"t.csv": till(*SOLD), "b.csv": bank(*((MONDAYS.get(day, day + 1), rub) for day, rub in SOLD))},
        TOGETHER,
        "2",
        TWICE.format(rows="20, 10 030 ₽"),
    ),
    Situation(
        "a day's takings less a fee",
        BOTH,
        {
            "t.csv": till(*(sale for day, rub in SOLD for sale in ((day, rub), (day, rub * 3)))),
            "b.csv": bank(*((day + 1, f"{rub * 4 * 0.98:.2f}") for day, rub in SOLD)),
        },
        TOGETHER,
        "2",
        TWICE.format(rows="20, 39 318 ₽"),
    ),
    Situation(
        "what a marketplace pays",
        BOTH,
        {
            "t.csv": till(*SOLD),
            "b.csv": bank((9, 5000), (16, 4100), what="Оплата по реестру ООО Интернет Решения (Ozon)"),
        },
        TOGETHER,
        "2",
        TWICE.format(rows="2, 9 100 ₽"),
    ),
    Situation(
        "cash put into the account",
        {"bank": BANK},
        {
            "b.csv": bank((3, 5000), (4, 800))
            + "05.08.2026;90000;Внесение наличных через банкомат\n06.08.2026;700;Пополнение счёта. Без НДС\n"
        },
        "select sum(revenue_rub)::integer::varchar from staged.deals",
        "96500",
        "bank: деньги, внесённые на счёт, считаются продажами: 2, 90 700 ₽",
    ),
)


@pytest.mark.slow
@BOTH_SIZES
@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda one: one.name)
def test_the_same_sales_are_named(tmp_path, situation, padding):
    """Held in memory or read from disk."""
    prove(tmp_path / "client", situation, padding)


CRM = {"table": "deals", "columns": {
    "deal_id": "Номер", "closed_on": "Дата", "revenue_rub": "Сумма", "phone": "Телефон"}}  # fmt: skip


@pytest.mark.slow
def test_an_order_and_its_payment_on_another_day_are_named(tmp_path):
    """Phone and amount are the same, the day is not."""
    orders = table(
        "Номер;Дата;Сумма;Телефон", *(f"{n};{n:02}.08.2026;{rub};700000000{n:02}" for n, rub in enumerate(AMOUNTS, 1))
    )
    payments = table(
        "Номер;Дата;Сумма;Телефон",
        *(f"p{n};{n + n % 4 + 1:02}.08.2026;{rub};700000000{n:02}" for n, rub in enumerate(AMOUNTS, 1)),
    )
    situation = Situation(
        "",
        {name: {**CRM, "files": f"exports/{name}.csv"} for name in ("crm", "paid")},
        {"crm.csv": orders, "paid.csv": payments},
    )
    told = " ".join(ran(tmp_path / "client", situation, "").notes)
    assert "crm, paid повторяется строк: 20" in told.replace("\u00a0", " ")


@pytest.mark.slow
@pytest.mark.parametrize("prices", [AMOUNTS, range(50, 4000, 10)], ids=["few prices", "many"])
def test_sales_of_two_shops_are_not(tmp_path, prices):
    """Where prices are few many amounts of a day are the same by chance; a day's takings are not."""
    chance = random.Random(5)
    sold = [(n % 28 + 1, chance.choice(prices)) for n in range(300)]
    others = [(n % 28 + 1, chance.choice(prices)) for n in range(300)]
    files = {"t.csv": till(*sold), "b.csv": bank(*others, what="Товар")}
    assert "повторяется" not in " ".join(ran(tmp_path / "client", Situation("", BOTH, files), "").notes)
