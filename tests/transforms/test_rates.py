"""A table of rates is read by its headers, wherever they stand; what is no rate is told, never passed over."""

from __future__ import annotations

import pytest

from config.errors import ContractError
from transforms.staging.rates import rate_rows


def test_columns_go_by_their_headers_in_either_language():
    """Titles above, other columns between, another order: the same three cells."""
    rows = [("Курсы ЦБ", ""), ("Курс", "ISO", "Валюта", "Дата"), ("90,25", "840", "USD", "01.08.2026")]
    assert rate_rows(rows, "Курсы") == [("01.08.2026", "USD", "90,25")]
    assert rate_rows([("date", "currency", "rate"), ("2026-08-01", "USD", "80")], "r.csv") == [
        ("2026-08-01", "USD", "80")
    ]


def test_without_known_headers_the_first_three_columns_are_meant():
    """A bare list of rates, or headers of its own, which are no rate."""
    day = ("2026-08-01", "USD", "1 080.5", "заметка")
    assert rate_rows([day], "r.csv") == [("2026-08-01", "USD", "1080.5")]
    assert rate_rows([("d", "c", "r"), day], "r.csv") == [("2026-08-01", "USD", "1080.5")]


def test_a_day_without_a_rate_has_none():
    """Holidays are left blank; the last rate before them stands."""
    rows = [("Дата", "Валюта", "Курс"), ("01.08.2026", "USD", ""), ("", "", ""), ("Источник: ЦБ РФ",)]
    assert rate_rows(rows, "Курсы") == []


@pytest.mark.parametrize("found", ["#N/A", "восемьдесят", "0", "-80", "0.00", "nan", "1e3", "80 руб."])
def test_what_is_no_rate_is_told_with_its_row(found):
    """Passing over it would take an older rate in silence."""
    rows = [("Дата", "Валюта", "Курс"), ("01.08.2026", "USD", "80"), ("02.08.2026", "USD", found)]
    with pytest.raises(ContractError) as raised:
        rate_rows(rows, "Курсы!USD")
    assert raised.value.text("ru") == (
        f"Курсы!USD: строка 3: «{found}» — не курс; ожидается число рублей за единицу — исправьте или очистите ячейку"
    )
    assert raised.value.text("en") == (
        f"Курсы!USD: row 3: “{found}” is no rate; expected roubles for one unit; correct or empty the cell"
    )


def test_a_table_of_two_columns_is_no_table_of_rates():
    """The first row is shown."""
    with pytest.raises(ContractError) as raised:
        rate_rows([("Дата", "Курс"), ("01.08.2026", "80")], "Курсы")
    assert raised.value.text("ru") == (
        "Курсы: в таблице курсов нужны столбцы date, currency и rate; есть: Дата, Курс — исправьте первую строку"
    )
