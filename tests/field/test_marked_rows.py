"""Rows that a column marks as none, or that people call tries: left out and told, or named; amounts beside likewise."""

from __future__ import annotations

import duckdb
import pytest

from tests.field.situation import BOTH_SIZES, Situation, prove, ran, table

SALES = {"table": "deals", "columns": {"deal_id": "Номер", "closed_on": "Дата", "revenue_rub": "Сумма"}}
HEAD = "Номер;Дата;Сумма"


def marked(heading: str, *marks: str) -> str:
    """Sales of 100, 200, … roubles, each with its mark."""
    rows = (f"{n};0{n}.08.2026;{n}00;{mark}" for n, mark in enumerate(marks, 1))
    return table(f"{HEAD};{heading}", *rows)


SITUATIONS = (
    Situation("deleted", {"sales": SALES}, {"s.csv": marked("Удалена", "Нет", "Да", "Нет")}, right="400.00"),
    Situation(
        "marked for deletion, and never booked",
        {"sales": SALES},
        {"s.csv": marked("Пометка удаления;Проведен", "Нет;Да", "Да;Нет", "Нет;Нет")},
        right="100.00",
    ),
    Situation(
        "cancelled on a day", {"sales": SALES}, {"s.csv": marked("cancelled_at", "", "2026-08-05", "")}, right="400.00"
    ),
    Situation(
        "deleted ones that count",
        {"sales": {**SALES, "exclude": {"Удалена": []}}},
        {"s.csv": marked("Удалена", "Нет", "Да", "Нет")},
        right="600.00",
    ),
    Situation(
        "sales of no day of payment",
        {"sales": {"table": "deals", "columns": {"created_on": "Дата", "revenue_rub": "Сумма"}}},
        {"s.csv": marked("Дата оплаты", "05.08.2026", "", "06.08.2026")},
        right="600.00",
        says="в «Дата оплаты» (exports/s.csv) пусто, а суммы посчитаны продажами, строк: 1, 200 ₽",
    ),
    Situation(
        "days of payment that nobody writes down",
        {"sales": {"table": "deals", "columns": {"created_on": "Дата", "revenue_rub": "Сумма"}}},
        {"s.csv": marked("Дата оплаты", "", "", "")},
        "select count(*)::varchar from ops.notices where kind = 'unpaid_by_day'",
        "0",
    ),
    Situation("not paid", {"sales": SALES}, {"s.csv": marked("Оплачено", "Да", "Нет", "Да")}, right="400.00"),
    Situation(
        "paid down to the rouble", {"sales": SALES}, {"s.csv": marked("Оплачено", "100", "0", "300")}, right="600.00"
    ),
    Situation(
        "refunds by what they are called",
        {"sales": {**SALES, "columns": {**SALES["columns"], "product": "Товар"}}},
        {"s.csv": marked("Товар", "Чай", "Возврат: чай", "Возвратная тара")},
        right="600.00",
        says="в «Товар» отмечены возвраты: 1, 200 ₽",
    ),
    Situation(
        "tries",
        {"sales": SALES},
        {"s.csv": marked("Название", "Окно", "тестовая сделка", "Тест 2", "Тест на прочность")},
        right="1000.00",
        says="в «Название» строки с именем вроде «Тест»: 2, 500 ₽",
    ),
    Situation(
        "tries that are left out as the advice says",
        {"sales": {**SALES, "exclude": {"Название": ["Тест", "Тестовая сделка"]}}},
        {"s.csv": marked("Название", "Окно", "тестовая сделка", "ТЕСТ", "Дверь")},
        right="500.00",
    ),
    Situation(
        "a try by its address",
        {"sales": SALES},
        {"s.csv": marked("E-mail", "a@example.org", "test@test.ru", "testov@example.org")},
        right="600.00",
        says="в «E-mail» строки с именем вроде «Тест»: 1, 200 ₽",
    ),
    Situation(
        "paid with money that came in before",
        {"sales": SALES},
        {"s.csv": marked("Способ оплаты", "Карта", "Сертификат", "Бонусы", "Наличные")},
        right="1000.00",
        says="оплачено строк: 2, 500 ₽",
    ),
    Situation(
        "paid before, left out as the advice says",
        {"sales": {**SALES, "exclude": {"Способ оплаты": ["Сертификат", "Бонусы"]}}},
        {"s.csv": marked("Способ оплаты", "Карта", "Сертификат", "Бонусы", "Наличные")},
        right="500.00",
    ),
    Situation(
        "a stage of the business's own among those that nobody reads",
        {"sales": SALES},
        {"s.csv": marked("Этап", "Оплачен", "Отменен", "Передан в доставку", "Оплачен")},
        says="столбец «Этап» говорит, чем кончилась сделка",
    ),
    Situation(
        "refunds among stages that nobody reads",
        {"sales": SALES},
        {"s.csv": marked("Этап", "Оплачен", "Отменен", "Возврат", "Оплачен")},
        says="столбец «Этап» говорит, чем кончилась сделка",
    ),
)


@pytest.mark.slow
@BOTH_SIZES
@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda one: one.name)
def test_rows_that_are_none_are_left_out_or_named(tmp_path, situation, padding):
    """Held in memory or read from disk."""
    prove(tmp_path / "client", situation, padding)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("beside", "amounts", "kind", "told"),
    [
        ("Оплачено", ("100", "50", "0"), "assumed_debt_beside", (2, 450)),
        ("Оплачено, руб.", ("100", "200", "300"), "assumed_debt_beside", None),
        ("Доставка", ("0", "50", "30"), "assumed_taken_beside", (2, 80)),
        ("НДС", ("20", "40", "60"), "assumed_taken_beside", (3, 120)),
        ("Сумма без НДС", ("80", "160", "240"), "assumed_taken_beside", (3, 480)),
        ("Сумма, $", ("", "20", ""), "assumed_taken_beside", (1, 20)),
        ("Карта", ("10", "20", ""), "assumed_taken_beside", (2, 30)),
        ("Комиссия", ("нет", "", "-"), "assumed_taken_beside", None),
    ],
)  # fmt: skip
def test_other_money_of_a_sale_is_among_what_was_taken(tmp_path, beside, amounts, kind, told):
    """Paid in part, with delivery or VAT in it or not: the amount counts as it stands."""
    files = {"s.csv": marked(beside, *amounts)}
    ran(tmp_path / "client", Situation("", {"sales": SALES}, files), "")
    with duckdb.connect(str(tmp_path / "client" / "data" / "svodka.duckdb"), read_only=True) as connection:
        found = connection.execute("select rows, money_rub::integer from ops.notices where kind = ?", [kind]).fetchone()
    assert found == told
