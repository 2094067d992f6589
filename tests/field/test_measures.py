"""What an amount is measured in is read wherever it is said: in a cell, beside it, in a heading or above the table."""

from __future__ import annotations

import pytest

from tests.field.situation import BOTH_SIZES, Situation, prove, ran, table

COSTS = {"table": "costs", "columns": {"month_on": "Месяц", "item": "Статья", "amount_rub": "Сумма"}}
SPEND = {"table": "ad_spend", "columns": {"spend_on": "Дата", "campaign": "Кампания", "spend_rub": "Расход"}}
SALES = {"table": "deals", "columns": {"closed_on": "Дата", "product": "Товар", "revenue_rub": "Сумма"}}
DAYS = ("Дата;Кампания;Расход", "01.08.2026;A;100", "02.08.2026;A;120")
SITUATIONS = (
    Situation(
        "a unit beside each amount",
        {"costs": COSTS},
        {
            "c.csv": table(
                "Месяц;Статья;Сумма;Ед. изм.",
                "01.08.2026;Аренда;120;тыс. руб.",
                "01.08.2026;Зарплата;300,5;тыс. руб.",
                "01.08.2026;Связь;5000;руб.",
            )
        },
        "select sum(amount_rub)::varchar from staged.costs",
        "425500.00",
    ),
    Situation(
        "a unit of pieces beside an amount",
        {"sales": SALES},
        {
            "s.csv": table(
                "Дата;Товар;Кол-во;Ед. изм.;Сумма", "01.08.2026;Гвозди;2;тыс. шт;5000", "01.08.2026;Чай;1;шт;300"
            )
        },
        right="5300.00",
    ),
)


@pytest.mark.slow
@BOTH_SIZES
@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda one: one.name)
def test_an_amount_counts_in_its_unit(tmp_path, situation, padding):
    """Held in memory or read from disk."""
    prove(tmp_path / "client", situation, padding)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("title", "says"),
    [
        ("Отчёт. Валюта: EUR", "EUR, а курсов нет"),
        ("Расходы по кампаниям, в долларах США", "USD, а курсов нет"),
        ("Расходы в августе, в рублях", ""),
        ("Расходы в Европе", ""),
    ],
)
def test_a_line_above_the_table_tells_its_money(tmp_path, title, says):
    """As a heading would; roubles ask nothing."""
    files = {"s.csv": "\n".join([title, *DAYS]) + "\n"}
    summary = ran(tmp_path / "client", Situation("", {"spend": SPEND}, files), "")
    told = " ".join([*summary.problems, *summary.notes])
    assert summary.exit_code == (4 if says else 0), told
    assert says in told


@pytest.mark.slow
def test_advice_names_the_money_that_the_cells_have(tmp_path):
    """It once said USD whatever stood there."""
    files = {"s.csv": table(DAYS[0], "01.08.2026;A;300 €", "02.08.2026;A;120 €")}
    summary = ran(tmp_path / "client", Situation("", {"spend": SPEND}, files), "")
    assert "(currency: EUR)" in " ".join(summary.problems)
