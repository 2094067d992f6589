"""What a row, a word or a sum stands for: one call or many, an answer or its lack, a day's own amount or all so far."""

from __future__ import annotations

import duckdb
import pytest

from tests.field.situation import BOTH_SIZES, Situation, prove, ran, table

ANSWERS = (
    "select count(*) filter (where is_answered) || ' ' || count(*) filter (where not is_answered) from staged.calls"
)
SPENT = "select sum(spend_rub)::varchar from staged.ad_spend"
DAYS = [f"{day:02d}.08.2026" for day in range(1, 29)]


def calls(heading: str, missed: str, taken: str) -> Situation:
    """Twenty calls, each fifth of them missed."""
    return Situation(
        f"{heading}: {missed} or {taken}",
        {"calls": {"table": "calls", "columns": {"started_at": "Дата", "phone": "Телефон", "is_answered": heading}}},
        {
            "c.csv": table(
                f"Дата;Телефон;{heading}",
                *[f"{day} 10:00:00;700000001{place:02d};{taken if place % 5 else missed}"
                  for place, day in enumerate(DAYS[:20])],
            )
        },
        ANSWERS,
        "16 4",
    )  # fmt: skip


def spend(heading: str, amounts: list[int], says: str) -> Situation:
    """What one campaign cost, day by day."""
    return Situation(
        f"{heading}: {amounts[:3]}",
        {"spend": {"table": "ad_spend", "columns": {"spend_on": "Дата", "campaign": "Кампания", "spend_rub": heading}}},
        {"s.csv": table(f"Дата;Кампания;{heading}",
                        *[f"{day};A;{amount}" for day, amount in zip(DAYS, amounts, strict=True)])},
        SPENT,
        f"{sum(amounts)}.00",
        says,
    )  # fmt: skip


SITUATIONS = (
    calls("Пропущен", "Да", "Нет"),
    calls("Пропущенный звонок?", "Да", ""),
    calls("is_missed", "1", "0"),
    calls("Не отвечен", "+", "-"),
    calls("Пропущен", "Пропущен", "Принят"),
    calls("Отвечен", "Нет", "Да"),
    Situation(
        "who answers in words is not turned about",
        {"calls": {"table": "calls", "columns": {"started_at": "Дата", "is_answered": "Пропущен"},
                   "values": {"is_answered": {"true": ["да"], "false": ["нет"]}}}},
        {"c.csv": table("Дата;Пропущен", *[f"{day} 10:00:00;{'Да' if place % 5 else 'Нет'}"
                                           for place, day in enumerate(DAYS[:20])])},
        ANSWERS,
        "16 4",
    ),
    Situation(
        "a blank answer among others is none",
        {"calls": {"table": "calls", "columns": {"started_at": "Дата", "is_answered": "Отвечен"}}},
        {"c.csv": table("Дата;Отвечен", *[f"{day} 10:00:00;{'Да' if place % 5 else ''}"
                                          for place, day in enumerate(DAYS[:20])])},
        ANSWERS,
        "16 0",
        "не сказано, отвечен ли звонок: 4 из 20",
    ),
    Situation(
        "a row of a day's calls counts as one",
        {"calls": {"table": "calls", "columns": {"started_at": "Дата", "manager": "Менеджер"}}},
        {"c.csv": table("Дата;Менеджер;Количество звонков", *[f"{day};Анна;{place % 4}"
                                                             for place, day in enumerate(DAYS)])},
        "select count(*)::varchar from staged.calls",
        "28",
        "в «Количество звонков» больше единицы, строк: 14",
    ),
    Situation(
        "a row of a day's visits is no enquiry",
        {"leads": {"table": "leads", "columns": {"created_at": "Дата", "channel": "Источник"}}},
        {"l.csv": table("Дата;Источник;Визиты", *[f"{day};Авито;{100 + place}" for place, day in enumerate(DAYS)])},
        "select count(*)::varchar from staged.leads",
        "28",
        "в «Визиты» больше единицы, строк: 28",
    ),
    Situation(
        "a row of a day's orders counts as one",
        {"sales": {"table": "deals", "columns": {"closed_on": "Дата", "revenue_rub": "Сумма"}}},
        {"s.csv": table("Дата;Кол-во заказов;Сумма", *[f"{day};3;3000" for day in DAYS])},
        right="84000.00",
        says="в «Кол-во заказов» больше единицы, строк: 28",
    ),
    Situation(
        "pieces below zero beside a plain amount",
        {"sales": {"table": "deals", "columns": {"closed_on": "Дата", "quantity": "Кол-во", "revenue_rub": "Сумма"}}},
        {"s.csv": table("Дата;Кол-во;Сумма", "01.08.2026;1;300", "02.08.2026;-1;300", "03.08.2026;2;700")},
        right="1300.00",
        says="в «Кол-во» отмечены возвраты: 1, 300 ₽",
    ),
    Situation(
        "a day on which some sales were undone",
        {"sales": {"table": "deals", "columns": {"closed_on": "Дата", "revenue_rub": "Сумма"}}},
        {"s.csv": table("Дата;Сумма;Дата возврата", "01.08.2026;300;", "02.08.2026;500;05.08.2026", "03.08.2026;600;")},
        right="1400.00",
        says="у продаж есть «Дата возврата»: 1, 500 ₽",
    ),
    Situation(
        "sales undone on a day, left out as the notice says",
        {"sales": {"table": "deals", "columns": {"closed_on": "Дата", "revenue_rub": "Сумма"},
                   "where": {"Дата возврата": [""]}}},
        {"s.csv": table("Дата;Сумма;Дата возврата", "01.08.2026;300;", "02.08.2026;500;05.08.2026", "03.08.2026;600;")},
        right="900.00",
    ),
    spend("Расход с начала месяца", [500] * 28, "«Расход с начала месяца» — нарастающий итог или остаток"),
    spend("Расход", [100 * place for place in range(1, 29)], "суммы день ото дня только растут"),
    spend("Расход", [100 + 7 * place % 40 for place in range(28)], ""),
)  # fmt: skip


@pytest.mark.slow
@BOTH_SIZES
@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda one: one.name)
def test_a_row_counts_as_what_it_is_or_the_run_says_so(tmp_path, situation, padding):
    """Held in memory or read from disk."""
    prove(tmp_path / "client", situation, padding)


@pytest.mark.slow
@pytest.mark.parametrize(
    "situation",
    [
        spend("Расход", [100 + 7 * place % 40 for place in range(28)], ""),
        Situation(
            "one order a row",
            {"sales": {"table": "deals", "columns": {"closed_on": "Дата", "revenue_rub": "Сумма"}}},
            {"s.csv": table("Дата;Кол-во заказов;Количество;Сумма", *[f"{day};1;4;3000" for day in DAYS])},
        ),
        calls("Отвечен", "Нет", "Да"),
    ],
    ids=lambda one: one.name,
)
def test_what_is_in_order_is_not_doubted(tmp_path, situation):
    """A budget that goes up and down, pieces of an order, plain answers."""
    told = " ".join(ran(tmp_path / "client", situation, "").notes)
    assert not [word for word in ("растёт", "больше единицы", "не сказано", "нарастающий") if word in told], told


@pytest.mark.slow
def test_what_was_left_out_is_not_told_to_count(tmp_path):
    """A day of cancelling leaves a sale out, and that is said among what was taken; nothing is too high then."""
    columns = {"closed_on": "Дата", "revenue_rub": "Сумма"}
    file = table("Дата;Сумма;Дата отмены", "01.08.2026;300;", "02.08.2026;500;05.08.2026", "03.08.2026;600;")
    situation = Situation("", {"sales": {"table": "deals", "columns": columns}}, {"s.csv": file}, right="900.00")
    prove(tmp_path / "client", situation, "")
    with duckdb.connect(str(tmp_path / "client" / "data" / "svodka.duckdb"), read_only=True) as connection:
        found = connection.execute("select distinct kind from ops.notices order by kind").fetchall()
    assert ("assumed_void_left_out",) in found
    assert not {("refunds_dated",), ("refunds_marked",)} & set(found)


@pytest.mark.slow
@pytest.mark.parametrize("headings", ["Сумма;Сумма с НДС", "Сумма, руб.;НДС, руб."])
def test_another_sum_beside_an_expense_is_told_as_taken(tmp_path, headings):
    """Which of them is meant only the owner knows."""
    first, other = headings.split(";")
    costs = {"table": "costs", "columns": {"month_on": "Месяц", "item": "Статья", "amount_rub": first}}
    file = table(f"Месяц;Статья;{headings}", "08.2026;Аренда;100000;120000", "08.2026;Связь;5000;6000")
    situation = Situation("", {"costs": costs}, {"c.csv": file}, "select sum(amount_rub)::varchar from staged.costs",
                          "105000.00")  # fmt: skip
    prove(tmp_path / "client", situation, "")
    with duckdb.connect(str(tmp_path / "client" / "data" / "svodka.duckdb"), read_only=True) as connection:
        found = connection.execute("select detail from ops.notices where kind = 'assumed_taken_beside'").fetchall()
    assert [other in detail for (detail,) in found] == [True]
