"""A sum that only moved between two accounts of a client is named where its other leg is seen, whatever it says."""

from __future__ import annotations

import pytest

from tests.field.situation import BOTH_SIZES, Situation, prove, ran, table

INCOME = {"table": "deals", "files": "exports/*.csv", "columns": {
    "closed_on": "Дата", "product": "Назначение", "revenue_rub": "Приход"}}  # fmt: skip
COSTS = {"table": "costs", "files": "exports/*.csv", "columns": {
    "month_on": "Дата", "item": "Назначение", "amount_rub": "Расход"}}  # fmt: skip
SIGNED = {
    **INCOME,
    "columns": {"closed_on": "Дата", "product": "Назначение", "revenue_rub": "Сумма"},
    "signs": {"revenue_rub": "income"},
}
TWO_WAYS = "Дата;Назначение;Приход;Расход"
FIRST = table(
    TWO_WAYS,
    "03.08.2026;Оплата по счёту 5;10000;",
    "06.08.2026;Перевод средств;;4000",
    "07.08.2026;Электричество;;2500",
    "20.08.2026;Оплата по счёту 6;3000;",
)
SECOND = table(TWO_WAYS, "08.08.2026;Поступление;4000;", "09.08.2026;Вода;;300", "19.08.2026;Вода;;700")
BOTH = table(
    "Дата;Счет;Назначение;Сумма",
    "03.08.2026;40702-1;Оплата по счёту 5;10000",
    "06.08.2026;40702-1;Перевод средств;-4000",
    "06.08.2026;40702-2;Перевод средств;4000",
    "07.08.2026;40702-1;Электричество;-2500",
    "08.08.2026;40702-2;Вода;-300",
)
TOLD = "посчитано продажами или расходами, 4 000 ₽"


def price(days: range, what: str) -> list[str]:
    """One sum on each of these days."""
    return [f"{day:02}.08.2026;{what}" for day in days]


SITUATIONS = (
    Situation(
        "two statements, read for sales and for costs",
        {"income": INCOME, "costs": COSTS},
        {"a.csv": FIRST, "b.csv": SECOND},
        right="17000.00",
        says=f"{TOLD}, а те же суммы за три дня до того ушли с другого вашего счёта "
        "(1: exports/a.csv:3 → exports/b.csv:2)",
    ),
    Situation(
        "two statements of which nobody reads what went out",
        {"income": INCOME},
        {"a.csv": FIRST, "b.csv": SECOND},
        right="17000.00",
        says=TOLD,
    ),
    Situation(
        "signed amounts in one file with an account in each row",
        {"income": SIGNED},
        {"b.csv": BOTH},
        right="14000.00",
        says=f"{TOLD}, а те же суммы за три дня до того ушли с другого вашего счёта (1: ",
    ),
)
QUIET = (
    Situation(
        "a price that many pay, and a supplier's too",
        {"one": INCOME | {"files": "exports/a.csv"}, "two": INCOME | {"files": "exports/b.csv"}},
        {
            "a.csv": table(TWO_WAYS, *price(range(1, 29), "Перевод;500;"), *price(range(3, 28, 8), "Перевод;;500")),
            "b.csv": table(TWO_WAYS, *price(range(1, 29), "Перевод;500;"), *price(range(4, 28, 8), "Перевод;;500")),
        },
        right="28000.00",
    ),
    Situation(
        "sums that meet as often the other way round",
        {"income": INCOME},
        {
            "a.csv": table(TWO_WAYS, "01.08.2026;Чай;;900", "12.08.2026;Кофе;;900", "20.08.2026;Продажа;70;"),
            "b.csv": table(TWO_WAYS, "02.08.2026;Продажа;900;", "10.08.2026;Продажа;900;", "19.08.2026;Вода;;60"),
        },
        right="1870.00",
    ),
    Situation(
        "what says that it was paid for something",
        {"income": INCOME, "costs": COSTS},
        {"a.csv": FIRST, "b.csv": SECOND.replace("Поступление", "Оплата по счёту 7")},
        right="17000.00",
    ),
    Situation(
        "months of one account",
        {"income": INCOME},
        {
            "a.csv": table(TWO_WAYS, "03.07.2026;Чай;10000;", "31.07.2026;Перевод;;4000"),
            "b.csv": table(TWO_WAYS, "01.08.2026;Перевод;4000;", "09.08.2026;Вода;;300"),
        },
        right="14000.00",
    ),
    Situation(
        "one account",
        {"income": SIGNED},
        {"b.csv": BOTH.replace("40702-2", "40702-1")},
        right="14000.00",
    ),
    Situation(
        "payments that svodka.yaml says are sales",
        {"income": INCOME | {"exclude": {"product": []}}},
        {"a.csv": FIRST, "b.csv": SECOND},
        right="17000.00",
    ),
)


@pytest.mark.slow
@BOTH_SIZES
@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda one: one.name)
def test_a_sum_that_moved_between_accounts_is_named(tmp_path, situation, padding):
    """Held in memory or read from disk."""
    prove(tmp_path / "client", situation, padding)


@pytest.mark.slow
@BOTH_SIZES
@pytest.mark.parametrize("situation", QUIET, ids=lambda one: one.name)
def test_equal_sums_alone_are_no_transfer(tmp_path, situation, padding):
    """They meet as often before as after, stand for something, or are of one account."""
    prove(tmp_path / "client", situation, padding)
    assert not any("другого вашего счёта" in note for note in ran(tmp_path / "again", situation, padding).notes)


@pytest.mark.slow
def test_steady_transfers_of_one_sum_are_named_though_they_are_near_each_other(tmp_path):
    """A day's takings of always the same sum: each leg has its other one."""
    there = table(TWO_WAYS, *price(range(1, 11), "Перевод;;700"), "05.08.2026;Чай;10000;")
    here = table(TWO_WAYS, *price(range(1, 11), "Перевод;700;"), "06.08.2026;Вода;;300")
    situation = Situation("steady", {"income": INCOME}, {"a.csv": there, "b.csv": here}, right="17000.00")
    assert any("7 000 ₽" in note.replace("\u00a0", " ") for note in ran(tmp_path / "client", situation, "").notes)
