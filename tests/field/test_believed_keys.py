"""A number is believed only as far as the rows bear it out."""

from __future__ import annotations

import pytest

from tests.field.situation import BOTH_SIZES, HEAD, ORDERS, Situation, prove, table

COUNT = "select count(*) || ' ' || sum(revenue_rub)::integer from staged.deals"
SHIPMENTS = {"table": "deals", "columns": {
    "deal_id": "Заказ", "closed_on": "Дата", "product": "Товар", "revenue_rub": "Сумма отправления"}}  # fmt: skip
ARTICLES = {"table": "deals", "columns": {
    "deal_id": "Номер", "closed_on": "Дата", "product": "Товар", "revenue_rub": "Сумма"}}  # fmt: skip
RECEIPTS = {"table": "deals", "columns": {"deal_id": "№ чека", "closed_on": "Дата", "revenue_rub": "Сумма"}}


def lines(number: int, *parts: tuple[str, int]) -> list[str]:
    """An order and its products with their amounts."""
    return [f"{number};{number:02}.08.2026;Оплачен;{what};{amount};700000000{number:02}" for what, amount in parts]


TILLS = [f"{till};{number};03.08.2026;{till}0{number}" for till in (1, 2, 3) for number in (1, 2, 3)]
SITUATIONS = (
    Situation(
        "the order's total on the lines of all orders but one",
        {"orders": ORDERS},
        {
            "o.csv": table(
                HEAD,
                *(line for n in range(1, 7) for line in lines(n, ("Чай", n * 100), ("Мёд", n * 100))),
                *lines(7, ("Чай", 100), ("Мёд", 250)),
            )
        },
        says="amounts: line",
    ),
    Situation(
        "lines that cost what they cost alone",
        {"orders": ORDERS},
        {
            "o.csv": table(
                HEAD,
                *(line for n in (1, 2, 3) for line in lines(n, ("Чай", 500), ("Мёд", 500))),
                *lines(4, ("Чай", 500)),
                *lines(5, ("Мёд", 500)),
            )
        },
        COUNT,
        "5 4000",
    ),
    Situation(
        "a shipment's total on each of its lines, of two shipments in one order",
        {"orders": SHIPMENTS},
        {
            "o.csv": table(
                "Заказ;Дата;Товар;Сумма отправления",
                *(f"{n};0{n}.08.2026;{what};{n}500" for n in (1, 2, 3) for what in ("Чай", "Мёд")),
                *(f"4;04.08.2026;{what};{amount}" for what, amount in (("Чай", 900), ("Мёд", 900), ("Сыр", 70))),
            )
        },
        says="amounts: line",
    ),
    Situation(
        "the total of a shipment, one in each order",
        {"orders": SHIPMENTS},
        {
            "o.csv": table(
                "Заказ;Дата;Товар;Сумма отправления",
                "1;01.08.2026;Чай;2500",
                "1;01.08.2026;Мёд;2500",
                "2;01.08.2026;Чай;700",
            )
        },
        COUNT,
        "2 3200",
        "сумма сделки стоит в каждой её строке",
    ),
    Situation(
        "an article for an order's number, all of one day",
        {"sales": ARTICLES},
        {"s.csv": table("Номер;Дата;Товар;Сумма", *(f"10{n % 3};03.08.2026;Чай {n % 3};{n}50" for n in range(1, 13)))},
        says="номер товара",
    ),
    Situation(
        "orders of two of a kind",
        {"sales": ARTICLES},
        {
            "s.csv": table(
                "Номер;Дата;Товар;Сумма", *(f"10{n};03.08.2026;Чай;{n}{part}0" for n in range(1, 5) for part in (1, 2))
            )
        },
        COUNT,
        "4 2120",
    ),
    Situation(
        "tills that each count from one",
        {"tills": RECEIPTS},
        {"t.csv": table("Касса;№ чека;Дата;Сумма", *TILLS)},
        says="в каждой кассе",
    ),
    Situation(
        "one till whose receipts have lines",
        {"tills": RECEIPTS},
        {
            "t.csv": table(
                "Касса;№ чека;Дата;Сумма",
                *(f"1;{number};03.08.2026;{part}0{number}" for number in (1, 2, 3) for part in (1, 2)),
            )
        },
        COUNT,
        "3 912",
    ),
)


@pytest.mark.slow
@BOTH_SIZES
@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda one: one.name)
def test_a_number_is_believed_or_asked_about(tmp_path, situation, padding):
    """Held in memory or read from disk."""
    prove(tmp_path / "client", situation, padding)
