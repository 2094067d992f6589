"""The same rows in a newer file with quite other sums, or without some of them: asked about, or named with roubles."""

from __future__ import annotations

from pathlib import Path

import pytest

from flows.run.given.request import request
from flows.run.one_client import run_folder
from flows.say import plain
from tests.field.situation import BOTH_SIZES, Situation, prove, ran, table

AMOUNTS = [640 + 173 * number for number in range(12)]
ORDERS = {"table": "deals", "columns": {
    "deal_id": "Номер", "closed_on": "Дата", "revenue_rub": "Сумма", "phone": "Телефон"}}  # fmt: skip
SALES = {"table": "deals", "columns": {"closed_on": "Дата", "revenue_rub": "Сумма", "phone": "Телефон"}}
SPEND = {"table": "ad_spend", "columns": {"spend_on": "Дата", "channel": "Канал", "spend_rub": "Расход"}}
REVENUE = "select sum(revenue_rub)::integer::varchar from staged.deals"
SUM = sum(AMOUNTS)


def orders(*amounts: object) -> str:
    """An order a day."""
    rows = (f"{n};{n:02}.08.2026;{rub};700000000{n:02}" for n, rub in enumerate(amounts, 1))
    return table("Номер;Дата;Сумма;Телефон", *rows)


def of_month(month: int, amounts: list[int]) -> str:
    """Sales of a month, to people of its own."""
    return orders(*amounts).replace(".08.", f".0{month}.").replace(";7000", f";7{month}00")


def spend(*amounts: object) -> str:
    """A day's spend in each row."""
    return table("Дата;Канал;Расход", *(f"{n:02}.08.2026;Директ;{rub}" for n, rub in enumerate(amounts, 1)))


THOUSANDS = [f"{rub / 1000:.3f}".replace(".", ",") for rub in AMOUNTS]
DOLLARS = [f"{rub / (90 + n % 5):.2f}" for n, rub in enumerate(AMOUNTS)]
PUT_RIGHT = [rub + (100 if n % 4 == 0 else 0) for n, rub in enumerate(AMOUNTS)]
SITUATIONS = (
    Situation(
        "orders in thousands",
        {"orders": ORDERS},
        {"o1.csv": orders(*AMOUNTS), "o2.csv": orders(*THOUSANDS, 1)},
        says="раз меньше",
    ),
    Situation(
        "orders in thousands, believed",
        {"orders": {**ORDERS, "units": {"revenue_rub": "one"}}},
        {"o1.csv": orders(*AMOUNTS), "o2.csv": orders(*THOUSANDS, 1)},
        "select count(*)::varchar from staged.deals",
        "13",
    ),
    Situation(
        "sales without a number in thousands",
        {"sales": SALES},
        {"s1.csv": orders(*AMOUNTS), "s2.csv": orders(*THOUSANDS, 1)},
        says="раз меньше",
    ),
    Situation(
        "spend in another currency",
        {"spend": SPEND},
        {"s1.csv": spend(*AMOUNTS), "s2.csv": spend(*DOLLARS, 5)},
        says="раз меньше",
    ),
    Situation(
        "a month in kopecks among others",
        {"sales": SALES},
        {
            "s6.csv": of_month(6, AMOUNTS),
            "s7.csv": of_month(7, [100 * rub for rub in AMOUNTS]),
            "s8.csv": of_month(8, AMOUNTS[::-1]),
        },
        REVENUE,
        str(102 * SUM),
        "суммы в exports/s7.csv в сто или в тысячу раз другие, чем в остальных файлах, строк: 12, 1 909 800 ₽",
    ),
    Situation(
        "a newer month of spend in thousands",
        {"spend": SPEND},
        {"s7.csv": spend(*AMOUNTS).replace(".08.", ".07."), "s8.csv": spend(*THOUSANDS)},
        "select count(*)::varchar from staged.ad_spend",
        "24",
        "суммы в exports/s8.csv в сто или в тысячу раз другие",
    ),
    Situation(
        "a month of ten times as much",
        {"sales": SALES},
        {"s7.csv": of_month(7, AMOUNTS), "s8.csv": of_month(8, [10 * rub for rub in AMOUNTS])},
        "select count(*)::varchar from ops.notices where kind = 'scale_apart'",
        "0",
    ),
    Situation(
        "orders that were put right",
        {"orders": ORDERS},
        {"o1.csv": orders(*AMOUNTS), "o2.csv": orders(*PUT_RIGHT)},
        REVENUE,
        str(SUM + 300),
    ),
    Situation(
        "sales without a number that were put right",
        {"sales": SALES},
        {"s1.csv": orders(*AMOUNTS), "s2.csv": orders(*PUT_RIGHT)},
        REVENUE,
        str(SUM + 300 + AMOUNTS[0] + AMOUNTS[4] + AMOUNTS[8]),
        "выгружен за те же дни ещё раз, а строк, которых в новом файле нет: 2",
    ),
)


@pytest.mark.slow
@BOTH_SIZES
@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda one: one.name)
def test_rows_exported_again_are_compared(tmp_path, situation, padding):
    """Held in memory or read from disk."""
    prove(tmp_path / "client", situation, padding)


def again(folder: Path, text: str) -> str:
    """A client's only file replaced by another of its name; what the next run says."""
    (folder / "exports" / "o1.csv").write_text(text, "utf-8")
    summary = run_folder(folder, request(as_of="2026-08-31", to=["none"]), plain)
    return " ".join([*summary.problems, *summary.doubts, *summary.notes]).replace("\u00a0", " ")


@pytest.mark.slow
def test_a_file_that_came_back_in_thousands_is_named(tmp_path):
    """Under its own name, so that nothing is there to compare its rows with."""
    folder = tmp_path / "client"
    ran(folder, Situation("", {"orders": ORDERS}, {"o1.csv": orders(*AMOUNTS)}), "")
    assert "совсем другие" not in again(folder, orders(*PUT_RIGHT))
    before = f"{SUM + 300:,}".replace(",", " ")
    assert f"рублей было и стало {before} → {SUM / 1000:.0f}" in again(folder, orders(*THOUSANDS))
