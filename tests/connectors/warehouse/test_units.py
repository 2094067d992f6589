"""What an amount is measured in: told by the cell, the heading, a column beside it or svodka.yaml, else it asks."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from config.errors import ContractError
from config.notices import Assumed
from tests.connectors.warehouse.loading import Folder
from transforms.staging.units import currency_in, duration_in, unit_in

pytestmark = pytest.mark.slow

RATES = {"rates.csv": [("2026-08-01", "EUR", "100"), ("2026-08-10", "EUR", "110")]}
BOTH = pytest.mark.parametrize("is_on_disk", [False, True], ids=["in memory", "on disk"])
DEALS = {"table": "deals", "columns": {"closed_on": "Дата", "revenue_rub": "Сумма"}}


def loaded(tmp_path: Any, source: dict[str, Any], text: str, **how: Any) -> Folder:
    """A warehouse that has read one text."""
    folder = Folder(tmp_path / "data", {"s": source}, **how)
    folder.run({"s": {"a.csv": text}})
    return folder


def spend(header: str, **more: Any) -> dict[str, Any]:
    """A source of spending whose amounts stand under a heading."""
    return {
        "table": "ad_spend", "columns": {"spend_on": "Дата", "spend_rub": header},
        "constants": {"channel": "SEO"}, **more,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("Расход, тыс. руб.", "thousand"),
        ("Расход (тыс.руб)", "thousand"),
        ("Сумма, тыс. ₽ с НДС", "thousand"),
        ("Выручка, т.р.", "thousand"),
        ("Выручка, т. руб.", "thousand"),
        ("Выручка, к₽", "thousand"),
        ("Сток", None),
        ("Выручка в тысячах", "thousand"),
        ("Продажи, тыс. руб. / Всего", "thousand"),
        ("Выручка, млн", "million"),
        ("Выручка, млн руб.", "million"),
        ("Сумма, коп.", "kopecks"),
        ("Оплачено в копейках", "kopecks"),
        ("Сумма, руб., коп.", None),
        ("Копейка", None),
        ("Сумма, руб.", None),
        ("Цена за тысячу показов", None),
        ("Цена за тыс. показов", None),
        ("Тысячелистник", None),
        ("Итого", None),
    ],
)
def test_a_heading_says_thousands(header, unit):
    """At its end or before the word for money; a price of a thousand views is none."""
    assert unit_in(header) == unit


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("Cost (USD)", "USD"),
        ("Расход, $", "USD"),
        ("Сумма $", "USD"),
        ("Сумма, € с НДС", None),
        ("Сумма, EUR, с НДС", "EUR"),
        ("Сумма, руб.", "RUB"),
        ("Сумма", None),
        ("Доход в евро", "EUR"),
        ("Европа", None),
        ("Сумма, бел. руб.", "BYN"),
        ("Сумма, k$", "USD"),
        ("Сумма, у.е.", "У.Е."),
        ("Сумма USDT", "USDT"),
    ],
)
def test_a_heading_says_its_money(header, code):
    """A whole word at its end, in brackets or between commas."""
    assert currency_in(header) == code


@BOTH
def test_thousands_of_a_heading_are_thousands(tmp_path, is_on_disk):
    """12,5 thousand are 12 500 ₽, and what was taken so is told with how to say otherwise."""
    text = "Дата;Расход, тыс. руб.\n01.08.2026;12,5\n02.08.2026;1 000\n03.08.2026;0,0015\n"
    folder = loaded(tmp_path, spend("Расход, тыс. руб."), text, is_on_disk=is_on_disk)
    assert [row[0] for row in folder.rows("select spend_rub from staged.ad_spend order by spend_on")] == [
        Decimal("12500.00"),
        Decimal("1000000.00"),
        Decimal("1.50"),
    ]
    [(kind, detail)] = folder.rows("select kind, detail from ops.notices")
    assert Assumed.of(kind, detail) == Assumed("unit_thousand", "spend_rub", "Расход, тыс. руб.")


@pytest.mark.parametrize(("unit", "rub"), [("one", "12.50"), ("thousand", "12500.00"), ("million", "12500000.00")])
def test_svodka_yaml_is_stronger_than_the_heading(tmp_path, unit, rub):
    """`units: {spend_rub: one}`; then nothing is assumed."""
    source = spend("Расход, тыс. руб.", units={"spend_rub": unit})
    folder = loaded(tmp_path, source, "Дата;Расход, тыс. руб.\n01.08.2026;12,5\n")
    assert folder.rows("select spend_rub from staged.ad_spend") == [(Decimal(rub),)]
    assert folder.rows("select * from ops.notices") == []


def test_a_cell_that_says_thousands_is_stronger_than_its_column(tmp_path):
    """`12 тыс. руб.` is what it says, in a column of roubles too."""
    text = "Дата;Сумма\n01.08.2026;12 тыс. руб.\n02.08.2026;1,5 млн ₽\n03.08.2026;700 руб.\n04.08.2026;2 тысячи\n"
    folder = loaded(tmp_path, DEALS, text)
    assert folder.rows("select revenue_rub::integer from staged.deals order by closed_on") == [
        (12_000,),
        (1_500_000,),
        (700,),
        (2_000,),
    ]


PAID = "Дата;Сумма;Валюта\n01.08.2026;1000;RUB\n05.08.2026;300;EUR\n12.08.2026;10;евро\n13.08.2026;5;\n"


@BOTH
def test_a_column_of_currencies_beside_the_amount_asks_for_rates(tmp_path, is_on_disk):
    """300 EUR are not 300 ₽, in any table."""
    with pytest.raises(ContractError, match="EUR"):
        loaded(tmp_path, DEALS, PAID, is_on_disk=is_on_disk)


@pytest.mark.parametrize("header", ["Вал.", "Ден. ед.", "currency_code", "Валюта операции"])
def test_a_column_of_currencies_has_many_names(tmp_path, header):
    """An abbreviation, and the name that programs give it."""
    with pytest.raises(ContractError, match="EUR"):
        loaded(tmp_path, DEALS, PAID.replace("Валюта", header))


@BOTH
def test_with_rates_each_row_is_taken_at_its_own(tmp_path, is_on_disk):
    """The rate of the last day before; a blank currency is roubles."""
    source = {**DEALS, "rates": "rates.csv"}
    folder = loaded(tmp_path, source, PAID, is_on_disk=is_on_disk, rates=RATES)
    assert folder.rows("select revenue_rub::integer from staged.deals order by closed_on") == [
        (1000,),
        (300 * 100,),
        (10 * 110,),
        (5,),
    ]


def test_a_column_of_roubles_is_no_question(tmp_path):
    """RUB, ₽ or nothing in every row."""
    folder = loaded(tmp_path, DEALS, "Дата;Сумма;Валюта\n01.08.2026;1000;RUB\n02.08.2026;5;руб.\n03.08.2026;7;\n")
    assert folder.rows("select sum(revenue_rub)::integer from staged.deals") == [(1012,)]
    assert folder.rows("select kind from ops.notices where kind not in ('deals_without_client', 'without_cogs')") == []


def test_svodka_yaml_may_name_the_column(tmp_path):
    """`currency: В чём`, where the heading does not say what it is."""
    with pytest.raises(ContractError, match="EUR"):
        loaded(tmp_path, {**DEALS, "currency": "В чём"}, PAID.replace("Валюта", "В чём"))


def test_a_foreign_heading_asks_for_rates(tmp_path):
    """As `currency: USD` of the source does."""
    with pytest.raises(ContractError, match=r"a.csv: деньги в «Cost \(USD\)» — USD"):
        loaded(tmp_path, spend("Cost (USD)"), "Дата;Cost (USD)\n01.08.2026;12,5\n")


def test_costs_of_a_sale_are_converted_too(tmp_path):
    """Both amounts of a row are in its currency."""
    source = {**DEALS, "columns": {**DEALS["columns"], "cogs_rub": "Себестоимость"}, "rates": "rates.csv"}
    text = "Дата;Сумма;Себестоимость;Валюта\n05.08.2026;300;100;EUR\n"
    folder = loaded(tmp_path, source, text, rates=RATES)
    assert folder.rows("select revenue_rub::integer, cogs_rub::integer from staged.deals") == [(30_000, 10_000)]


@BOTH
def test_thousands_above_the_table_are_of_every_amount_in_it(tmp_path, is_on_disk):
    """Unless the heading itself says roubles."""
    text = "Расходы за август (тыс. руб.)\n\nДата;Сумма\n01.08.2026;12,5\n"
    assert loaded(tmp_path / "1", spend("Сумма"), text, is_on_disk=is_on_disk).rows(
        "select spend_rub from staged.ad_spend"
    ) == [(Decimal("12500.00"),)]
    text = text.replace(";Сумма", ";Сумма (руб.)")
    assert loaded(tmp_path / "2", spend("Сумма (руб.)"), text, is_on_disk=is_on_disk).rows(
        "select spend_rub from staged.ad_spend"
    ) == [(Decimal("12.50"),)]


def test_a_plan_of_thousands_is_of_roubles_alone(tmp_path):
    """300 thousand roubles and 40 calls."""
    source = {
        "table": "plan", "constants": {"grain": "month"},
        "columns": {"period_start": "Месяц", "metric": "Показатель", "planned": "План, тыс. руб."},
    }  # fmt: skip
    text = "Месяц;Показатель;План, тыс. руб.\n01.08.2026;revenue_rub;300\n01.08.2026;calls;40\n"
    folder = loaded(tmp_path, source, text)
    assert folder.rows("select planned from staged.plan order by planned") == [(40.0,), (300_000.0,)]


@BOTH
def test_an_order_of_days_and_a_mark_that_other_cells_tell_are_said(tmp_path, is_on_disk):
    """08/25 cannot be a day and a month, 1,250.50 is no thousandth: what only follows from them is named."""
    text = "Дата;Расход\n08/25/2026;1,250.50\n08/03/2026;1,250\n"
    folder = loaded(tmp_path, spend("Расход"), text, is_on_disk=is_on_disk)
    assert folder.rows("select spend_on::text, spend_rub::text from staged.ad_spend order by spend_on") == [
        ("2026-08-03", "1250.00"),
        ("2026-08-25", "1250.50"),
    ]
    told = {Assumed.of(*row) for row in folder.rows("select kind, detail from ops.notices")}
    assert told == {Assumed("month_first", "spend_on", "Дата"), Assumed("decimal_dot", "spend_rub", "Расход")}


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("Длительность, мин", "minutes"),
        ("Длительность (мин.)", "minutes"),
        ("Разговор в минутах", "minutes"),
        ("Минуты разговора", "minutes"),
        ("Длительность, мин:сек", None),
        ("Длительность, сек", None),
        ("Duration, ms", "milliseconds"),
        ("Длительность, ч", "hours"),
        ("Админ", None),
    ],
)
def test_a_heading_says_what_durations_count(header, unit):
    """At its end, or as its first word."""
    assert duration_in(header) == unit


@BOTH
def test_minutes_of_a_heading_are_minutes(tmp_path, is_on_disk):
    """2 are two minutes, 1,5 a minute and a half, 1:30 says it itself; what was taken so is told."""
    source = {"table": "calls", "columns": {"started_at": "Начало", "talk_seconds": "Разговор, мин"}}
    text = "Начало;Разговор, мин\n01.08.2026 10:00;2\n02.08.2026 10:00;1,5\n03.08.2026 10:00;1:30\n"
    folder = loaded(tmp_path / "1", source, text, is_on_disk=is_on_disk)
    talked = "select talk_seconds from staged.calls order by started_at"
    assert folder.rows(talked) == [(120,), (90,), (90,)]
    told = "select kind from ops.notices where kind like 'assumed_duration%'"
    assert folder.rows(told) == [("assumed_duration_minutes",)]
    source["formats"] = {"talk_seconds": "seconds"}
    folder = loaded(tmp_path / "2", source, text.replace("1,5", "15"), is_on_disk=is_on_disk)
    assert (folder.rows(talked), folder.rows(told)) == ([(2,), (15,), (90,)], [])
