"""Which way money went, whose it is and whether it was told of already: settled by words, asked about or named."""

from __future__ import annotations

import duckdb
import pytest

from tests.field.situation import BOTH_SIZES, Situation, prove, ran, table

COSTS = "select coalesce(sum(amount_rub), 0)::varchar from staged.costs"
JOURNAL = table(
    "Дата;Тип;Статья;Сумма",
    "01.08.2026;Расход;Аренда;120000",
    "02.08.2026;Доход;Продажа;300000",
    "03.08.2026;Расход;Зарплата;90000",
)
STATEMENT = table(
    "Дата проводки;Сумма по дебету;Сумма по кредиту;Назначение платежа",
    "01.08.2026;120000;;Аренда",
    "02.08.2026;;500;Оплата по счёту 5",
    "03.08.2026;0,00;300;Оплата по счёту 6",
    "04.08.2026;90000;0,00;Зарплата",
    "Исходящий остаток;;22115;",
)
SITUATIONS = (
    Situation(
        "what came in, where a bank writes each way in a column of its own",
        {
            "bank": {
                "table": "deals",
                "columns": {
                    "closed_on": "Дата проводки",
                    "product": "Назначение платежа",
                    "revenue_rub": "Сумма по кредиту",
                },
            }
        },
        {"b.csv": STATEMENT},
        "select count(*) || ' ' || sum(revenue_rub) || ' ' || min(rows_rejected) from staged.deals, ops.loads",
        "2 800.00 0",
    ),
    Situation(
        "what went out of it",
        {
            "bank": {
                "table": "costs",
                "columns": {"month_on": "Дата проводки", "item": "Назначение платежа", "amount_rub": "Сумма по дебету"},
            }
        },
        {"b.csv": STATEMENT},
        COSTS,
        "210000.00",
    ),
    Situation(
        "what came in is no expense",
        {"journal": {"table": "costs", "columns": {"month_on": "Дата", "item": "Статья", "amount_rub": "Сумма"}}},
        {"j.csv": JOURNAL},
        COSTS,
        "210000.00",
    ),
    Situation(
        "what went out is no sale",
        {"journal": {"table": "deals", "columns": {"closed_on": "Дата", "product": "Статья", "revenue_rub": "Сумма"}}},
        {"j.csv": JOURNAL},
        right="300000.00",
    ),
    Situation(
        "a bank's own words for both ways",
        {"bank": {"table": "costs", "columns": {"month_on": "Дата", "item": "Назначение", "amount_rub": "Сумма"}}},
        {
            "b.csv": table(
                "Дата;Дебет/Кредит;Назначение;Сумма",
                "01.08.2026;Debit;Аренда;120000",
                "02.08.2026;Credit;Оплата по счёту 5;300000",
            )
        },
        COSTS,
        "120000.00",
    ),
    Situation(
        "goods received are an expense",
        {"goods": {"table": "costs", "columns": {"month_on": "Дата", "item": "Статья", "amount_rub": "Сумма"}}},
        {
            "g.csv": table(
                "Дата;Вид операции;Статья;Сумма",
                "01.08.2026;Поступление товаров;Закупка;120000",
                "03.08.2026;Приходная накладная;Закупка;90000",
            )
        },
        COSTS,
        "210000.00",
    ),
    Situation(
        "a report of the shift is no sale",
        {"till": {"table": "deals", "columns": {"created_on": "Дата", "revenue_rub": "Сумма"}}},
        {
            "t.csv": table(
                "Дата;Тип документа;Признак расчета;Сумма",
                "01.08.2026;Отчет об открытии смены;;",
                "01.08.2026;Кассовый чек;Приход;5000",
                "01.08.2026;Кассовый чек;Приход;3000",
                "01.08.2026;Кассовый чек;Возврат прихода;1000",
                "01.08.2026;Отчет о закрытии смены;;7000",
            )
        },
        right="7000.00",
    ),
    Situation(
        "stages of which only the lost one is known",
        {"visits": {"table": "deals", "columns": {"closed_on": "Дата", "status": "Статус", "revenue_rub": "Сумма"}}},
        {
            "v.csv": table(
                "Дата;Статус;Сумма",
                "01.08.2026;Отгружен;5000",
                "02.08.2026;Отгружен;3000",
                "03.08.2026;Отменен;1000",
                "04.08.2026;Новый;900",
            )
        },
        says="«Отгружен» (2)",
    ),
    Situation(
        "a stage of its own among known ones",
        {"visits": {"table": "deals", "columns": {"closed_on": "Дата", "status": "Статус", "revenue_rub": "Сумма"}}},
        {
            "v.csv": table(
                "Дата;Статус;Сумма",
                "01.08.2026;Замер;5000",
                "02.08.2026;Замер;3000",
                "03.08.2026;Доставлен;1000",
            )
        },
        right="1000.00",
    ),
    Situation(
        "stages that are blank in every row",
        {"visits": {"table": "deals", "columns": {"closed_on": "Дата", "status": "Статус", "revenue_rub": "Сумма"}}},
        {"v.csv": table("Дата;Статус;Сумма", "01.08.2026;;5000", "02.08.2026;;3000")},
        says="«Статус» (status) пуст во всех строках (2)",
    ),
    Situation(
        "some blank stages, which are no sales and are said to be taken so",
        {"visits": {"table": "deals", "columns": {"closed_on": "Дата", "status": "Статус", "revenue_rub": "Сумма"}}},
        {"v.csv": table("Дата;Статус;Сумма", "01.08.2026;;5000", "02.08.2026;;300", "03.08.2026;Оплачен;1000")},
        "select kind || ' ' || rows || ' ' || money_rub from ops.notices where kind = 'assumed_blank_status'",
        "assumed_blank_status 2 5300.00",
    ),
    Situation(
        "refunds in a column of their own",
        {"sales": {"table": "deals", "columns": {"closed_on": "Дата", "revenue_rub": "Сумма"}}},
        {"s.csv": table("Дата;Сумма;Возврат", "01.08.2026;500;", "02.08.2026;600;150", "03.08.2026;300;0")},
        right="1400.00",
        says="в «Возврат» рядом с суммами продаж стоят возвраты: 1, 150 ₽",
    ),
    Situation(
        "sales that are less their refunds already",
        {
            "sales": {
                "table": "deals",
                "refunds": {"Возврат": []},
                "columns": {"closed_on": "Дата", "revenue_rub": "Сумма"},
            }
        },
        {"s.csv": table("Дата;Сумма;Возврат", "01.08.2026;500;", "02.08.2026;600;150", "03.08.2026;300;0")},
        right="1400.00",
    ),
    Situation(
        "sales marked as refunds",
        {"sales": {"table": "deals", "columns": {"closed_on": "Дата", "revenue_rub": "Сумма"}}},
        {"s.csv": table("Дата;Сумма;Возврат", "01.08.2026;500;нет", "02.08.2026;600;да", "03.08.2026;300;нет")},
        right="1400.00",
        says="в «Возврат» отмечены возвраты: 1, 600 ₽",
    ),
    Situation(
        "a refund told in a remark",
        {"sales": {"table": "deals", "columns": {"closed_on": "Дата", "revenue_rub": "Сумма"}}},
        {
            "s.csv": table(
                "Дата;Сумма;Комментарий",
                "01.08.2026;500;без возврата",
                "02.08.2026;600;Возврат денег",
                "03.08.2026;300;возврат клиента в студию",
            )
        },
        right="1400.00",
        says="в «Комментарий» отмечены возвраты: 1, 600 ₽",
    ),
    Situation(
        "expenses of which most, not all, bear a minus",
        {"costs": {"table": "costs", "columns": {"month_on": "Дата", "item": "Статья", "amount_rub": "Сумма"}}},
        {"c.csv": table("Дата;Статья;Сумма", "01.08.2026;Аренда;-1200", "01.08.2026;Связь;-90", "01.08.2026;Вода;50")},
        says="signs: {amount_rub: minus}",
    ),
    Situation(
        "the cost of a piece beside several",
        {
            "sales": {
                "table": "deals",
                "columns": {
                    "closed_on": "Дата",
                    "quantity": "Шт",
                    "revenue_rub": "Сумма",
                    "cogs_rub": "Себестоимость за ед.",
                },
            }
        },
        {"s.csv": table("Дата;Шт;Сумма;Себестоимость за ед.", "01.08.2026;3;900;100", "02.08.2026;1;300;100")},
        right="1200.00",
        says="не вычтено, 200 ₽",
    ),
    Situation(
        "services called like a way of money",
        {"sales": {"table": "deals", "columns": {"closed_on": "Дата", "revenue_rub": "Сумма"}}},
        {
            "s.csv": table(
                "Дата;Вид;Сумма",
                "01.08.2026;Выездная консультация;1200",
                "02.08.2026;Снятие мерок;900",
                "03.08.2026;Внесение изменений в договор;700",
                "04.08.2026;Вывод средств;5000",
            )
        },
        right="2800.00",
    ),
    Situation(
        "expenses called like a way of money",
        {"costs": {"table": "costs", "columns": {"month_on": "Дата", "item": "Статья", "amount_rub": "Сумма"}}},
        {
            "c.csv": table(
                "Дата;Вид;Статья;Сумма",
                "01.08.2026;Продажи;Премии отдела;1200",
                "01.08.2026;Пополнение запасов;Ткань;900",
                "01.08.2026;Доходный дом;Аренда;700",
            )
        },
        COSTS,
        "2800.00",
    ),
)


@pytest.mark.slow
@BOTH_SIZES
@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda one: one.name)
def test_money_is_told_apart_or_named(tmp_path, situation, padding):
    """Held in memory or read from disk."""
    prove(tmp_path / "client", situation, padding)


@pytest.mark.slow
@pytest.mark.parametrize(("beside", "is_told"), [("Скидка", True), ("Долг", True), ("Скидка, %", False)])
def test_what_stands_beside_an_amount_is_among_what_was_taken(tmp_path, beside, is_told):
    """Before the discount or after it, paid or not: the amount counts as it stands."""
    sales = {"table": "deals", "columns": {"closed_on": "Дата", "revenue_rub": "Сумма"}}
    files = {"s.csv": table(f"Дата;Сумма;{beside}", "01.08.2026;500;0", "02.08.2026;600;60")}
    ran(tmp_path / "client", Situation("", {"sales": sales}, files), "")
    with duckdb.connect(str(tmp_path / "client" / "data" / "svodka.duckdb"), read_only=True) as connection:
        found = connection.execute("select rows, money_rub::integer from ops.notices where kind like '%_beside'")
        assert found.fetchall() == ([(1, 60)] if is_told else [])
