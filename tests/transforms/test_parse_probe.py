"""What a column's own values settle, and what is asked."""

from __future__ import annotations

import pytest

from config.documents import NUMBER_MARK
from config.errors import ConfigError, ContractError
from tests.helpers.parse import probed
from transforms.parse import Reading, Where, probe, settle, with_format

WHERE = Where("calls.csv", "Дата", "started_at")
OPEN_UNIT = with_format(Reading(), "micros or units")


def settled(kind, cells, reading=None):
    return settle(kind, probed(kind, cells), reading or Reading(), WHERE)


@pytest.mark.parametrize(
    ("cells", "order"),
    [
        (["01/02/2026", "13/02/2026"], "dmy"),
        (["01/02/2026", "02/13/2026 10:00"], "mdy"),
        (["01.02.2026"], None),
        (["2026-01-02"], None),
    ],
)
def test_the_rest_of_the_column_decides_the_order(cells, order):
    """A thirteenth month is a day."""
    assert settled("moment", cells).date_order == order


@pytest.mark.parametrize("cells", [["01/02/2026", "03/04/2026"], ["01/02/2026", "13/02/2026", "02/13/2026"]])
def test_an_undecided_order_is_asked_about(cells):
    """Nothing above twelve, or days on both sides: the error says where and what to write."""
    with pytest.raises(ContractError) as asked:
        settled("moment", cells)
    assert asked.value.text("ru").startswith("calls.csv: колонка «Дата»: дату «01/02/2026» можно прочитать двояко")
    assert "formats: {started_at: dd/mm/yyyy}" in asked.value.text("ru")


@pytest.mark.parametrize(
    ("cells", "mark"),
    [
        (["1.234", "12,50"], ","),
        (["1,234", "12.50"], "."),
        (["1.234", "1.234.567"], ","),
        (["1,234", "1 000,5"], ","),
        (["12,50"], None),
        ([f"{NUMBER_MARK}1.234"], None),
    ],
)
def test_the_rest_of_the_column_decides_the_decimal_mark(cells, mark):
    """Two decimals after a comma make the dot a separator of thousands."""
    assert settled("money", cells).decimal == mark


@pytest.mark.parametrize("cells", [["1.234", "5"], ["1,234", "12,50", "12.50"]])
def test_an_undecided_mark_is_asked_about(cells):
    """No other value, or values on both sides."""
    with pytest.raises(ContractError) as asked:
        settled("money", cells)
    assert 'formats: {decimal: ","}' in asked.value.text("ru")


def test_no_money_has_thousandths_unless_others_of_its_column_do():
    """«1,013» among kopecks after a comma may be a thousand and thirteen; beside «1001,5» it is a price."""
    with pytest.raises(ContractError):
        settled("money", ["1,013", "1 001,50"])
    assert settled("money", ["1,013", "1001,505", "1 001,50"]).decimal == ","
    assert settled("money", ["1.013", "1 001,50"]).decimal == ","
    assert settled("number", ["1,013", "1 001,50"]).decimal == ","


def test_counts_settle_their_thousands():
    """`1,234` can only be thousands, so `1,000` is too."""
    assert settled("count", ["1,000", "1,234"]).decimal == "."


@pytest.mark.parametrize(
    ("cells", "unit"),
    [
        (["4937350000", "0", "--"], "micros"),
        (["4937.35", "12.00"], "units"),
        (["0", "--"], "units"),
        ([f"{NUMBER_MARK}4937350000.0"], "micros"),
        ([f"{NUMBER_MARK}4937.35", f"{NUMBER_MARK}12.0"], "units"),
    ],
)
def test_values_tell_micros_from_roubles(cells, unit):
    """The Reports API writes roubles with two decimals and micros without."""
    found = settled("money", cells, OPEN_UNIT)
    assert (found.unit, found.is_unit_open) == (unit, False)


def test_small_whole_amounts_are_asked_about():
    """Fifteen roubles, or fifteen millionths of one."""
    with pytest.raises(ContractError) as asked:
        settled("money", ["15", "20"], OPEN_UNIT)
    assert "от 15 до 20 без копеек" in asked.value.text("ru")


def test_most_columns_have_nothing_to_settle():
    """A phone has one reading."""
    assert probe("phone") is None


@pytest.mark.parametrize(
    ("written", "order"),
    [
        ("dd.mm.yyyy HH:MM", "dmy"),
        ("d/m/yy", "dmy"),
        ("mm/dd/yyyy", "mdy"),
        ("ДД.ММ.ГГГГ", "dmy"),
        ("yyyy-mm-dd", None),
    ],
)
def test_a_date_format_gives_the_order(written, order):
    """In the letters of either language; dd and d are one."""
    assert with_format(Reading(), written).date_order == order


def test_an_unknown_format_says_what_is_possible():
    """A typing mistake is not silently dropped."""
    with pytest.raises(ConfigError) as wrong:
        with_format(Reading(), "копеечки")
    assert wrong.value.text("ru").startswith("formats: формат «копеечки» непонятен")
