"""A key is believed as far as the rows bear it out: repeats, lines of a deal, legs of a call, ids that are none."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from config.errors import ContractError
from tests.connectors.warehouse.loading import Folder

pytestmark = pytest.mark.slow

DEALS = {"table": "deals", "columns": {
    "deal_id": "Номер", "created_on": "Дата", "revenue_rub": "Сумма", "product": "Товар",
    "phone": "Телефон"}}  # fmt: skip
HEAD = "Номер;Дата;Сумма;Товар;Телефон;Склад\n"
CALLS = {"table": "calls", "columns": {
    "call_id": "ID", "started_at": "Начало", "phone": "Телефон", "manager": "Кто", "is_answered": "Итог",
    "talk_seconds": "Разговор"}}  # fmt: skip
CALL_HEAD = "ID;Начало;Телефон;Кто;Итог;Разговор;Ответ через\n"
SPEND = {"table": "ad_spend", "columns": {"spend_on": "Дата", "spend_rub": "Расход", "campaign": "Кампания"}}


@pytest.fixture(params=[False, True], ids=["in memory", "on disk"])
def is_on_disk(request: pytest.FixtureRequest) -> bool:
    """Short files are held in memory, long ones stay on disk; what is one record is the same."""
    return bool(request.param)


def loaded(tmp_path: Path, source: dict[str, Any], text: str, *, is_on_disk: bool = False) -> Folder:
    """One source with one file in it."""
    folder = Folder(tmp_path / "data", {"s": source}, is_on_disk=is_on_disk)
    folder.run({"s": {"f.csv": text}})
    return folder


def asked(tmp_path: Path, source: dict[str, Any], text: str) -> ContractError:
    """What loading one file asks."""
    with pytest.raises(ContractError) as raised:
        loaded(tmp_path, source, text)
    return raised.value


TWICE = HEAD + (
    "1;01.08.2026;100;Чай;70000000001;A\n1;01.08.2026;100;Чай;70000000001;A\n2;02.08.2026;30;Чай;70000000002;A\n"
)
COUNTED = "select rows_read, rows_staged, rows_duplicate, money_read_rub, money_duplicate_rub from ops.loads"


def test_a_row_exported_twice_is_one(tmp_path, is_on_disk):
    """100 ₽ once, and the other 100 ₽ are named."""
    folder = loaded(tmp_path, DEALS, TWICE, is_on_disk=is_on_disk)
    assert folder.rows("select sum(revenue_rub), count(*) from staged.deals") == [(Decimal("130.00"), 2)]
    assert folder.rows(COUNTED) == [(3, 2, 1, Decimal("230.00"), Decimal("100.00"))]
    assert folder.rows("select kind, rows, money_rub from ops.notices where kind = 'repeated_rows'") == [
        ("repeated_rows", 1, Decimal("100.00"))
    ]


def test_repeats_are_kept_where_the_client_says_so(tmp_path, is_on_disk):
    """Two equal lines of one deal: 200 ₽."""
    folder = loaded(tmp_path, {**DEALS, "repeats": "keep"}, TWICE, is_on_disk=is_on_disk)
    assert folder.rows("select sum(revenue_rub), count(*) from staged.deals") == [(Decimal("230.00"), 2)]


def test_a_cell_that_nobody_reads_tells_lines_apart(tmp_path, is_on_disk):
    """Another store: two lines, 200 ₽."""
    text = TWICE.replace("70000000001;A\n2", "70000000001;B\n2")
    folder = loaded(tmp_path, DEALS, text, is_on_disk=is_on_disk)
    assert folder.rows("select sum(revenue_rub), count(*) from staged.deals") == [(Decimal("230.00"), 2)]
    assert folder.rows(COUNTED) == [(3, 3, 0, Decimal("230.00"), Decimal("0.00"))]


def test_a_column_that_numbers_the_rows_tells_nothing(tmp_path, is_on_disk):
    """№ 1, 2, 3: the first two rows are one all the same."""
    lines = TWICE.splitlines()
    text = "\n".join([f"№;{lines[0]}", *(f"{place};{line}" for place, line in enumerate(lines[1:], start=1))])
    folder = loaded(tmp_path, DEALS, text, is_on_disk=is_on_disk)
    assert folder.rows("select sum(revenue_rub) from staged.deals") == [(Decimal("130.00"),)]


def test_sales_without_an_id_stay_apart_however_equal(tmp_path, is_on_disk):
    """Two coffees at one price on one day are two sales."""
    text = HEAD + ";01.08.2026;300;Кофе;;A\n" * 2 + ";02.08.2026;200;Чай;;A\n"
    folder = loaded(tmp_path, DEALS, text, is_on_disk=is_on_disk)
    assert folder.rows("select sum(revenue_rub), count(*) from staged.deals") == [(Decimal("800.00"), 3)]


def test_a_file_most_of_whose_lines_stand_twice_asks(tmp_path):
    """Every day twice: 30 ₽ or 60 ₽ a day nobody can tell but the client."""
    text = "Дата;Расход;Кампания\n" + "".join(f"0{day}.08.2026;3{day};Лето\n" * 2 for day in range(1, 6))
    error = asked(tmp_path / "asked", SPEND, text)
    assert error.key == "warehouse.rows_twice"
    assert "repeats: drop" in str(error)
    once = loaded(tmp_path / "once", {**SPEND, "repeats": "drop"}, text)
    assert once.rows("select sum(spend_rub) from staged.ad_spend") == [(Decimal("165.00"),)]
    assert once.rows(COUNTED) == [(10, 5, 5, Decimal("330.00"), Decimal("165.00"))]
    both = loaded(tmp_path / "both", {**SPEND, "repeats": "keep"}, text)
    assert both.rows("select sum(spend_rub) from staged.ad_spend") == [(Decimal("330.00"),)]


def test_a_few_equal_lines_ask_nothing(tmp_path):
    """One pair among ten lines is a coincidence."""
    text = "Дата;Расход;Кампания\n" + "".join(f"0{day}.08.2026;30;Лето\n" for day in [*range(1, 10), 9])
    folder = loaded(tmp_path, SPEND, text)
    assert folder.rows("select sum(spend_rub) from staged.ad_spend") == [(Decimal("300.00"),)]


LEGS = CALL_HEAD + (
    "7;01.08.2026 10:00:00;70000000001;Анна;Пропущен;0;20\n"
    "7;01.08.2026 10:00:20;70000000001;Игорь;Отвечен;30;5\n"
    "7;01.08.2026 10:01:00;70000000001;Мария;Отвечен;90;5\n"
    "8;02.08.2026 10:00:00;70000000002;Анна;Отвечен;60;5\n"
)


def test_legs_of_a_call_are_one_call(tmp_path, is_on_disk):
    """Begun with the first, answered, 30 + 90 seconds, of the one who talked longest; three rows all the same."""
    folder = loaded(tmp_path, CALLS, LEGS, is_on_disk=is_on_disk)
    found = folder.rows(
        "select call_id, started_at::varchar, manager, is_answered, talk_seconds from staged.calls order by 1"
    )
    assert found == [
        ("7", "2026-08-01 10:00:00", "Мария", True, 30 + 90),
        ("8", "2026-08-02 10:00:00", "Анна", True, 60),
    ]
    assert folder.rows("select rows_read, rows_staged, rows_duplicate from ops.loads") == [(4, 4, 0)]


def test_a_call_that_rang_in_vain_is_missed_once(tmp_path):
    """Nobody talked: the first phone that rang is asked."""
    text = LEGS.replace("Отвечен;30", "Пропущен;0").replace("Отвечен;90", "Пропущен;0")
    folder = loaded(tmp_path, CALLS, text)
    found = folder.rows("select manager, is_answered, talk_seconds from staged.calls where call_id = '7'")
    assert found == [("Анна", False, 0)]


def test_calls_without_an_id_are_one_only_where_every_cell_is_equal(tmp_path, is_on_disk):
    """One second, one phone, but another wait: two phones rang, two calls stay."""
    text = CALL_HEAD + ";01.08.2026 10:00:00;70000000001;Анна;Отвечен;30;5\n" * 2
    text += ";01.08.2026 10:00:00;70000000001;Анна;Отвечен;30;9\n"
    folder = loaded(tmp_path, CALLS, text, is_on_disk=is_on_disk)
    assert folder.rows("select count(*) from staged.calls") == [(2,)]
    assert folder.rows("select rows_read, rows_staged, rows_duplicate from ops.loads") == [(3, 2, 1)]


def test_an_id_of_different_people_is_none(tmp_path):
    """An article for an order: its buyers are two."""
    error = asked(tmp_path, DEALS, TWICE.replace("70000000001;A\n2", "70000000009;A\n2"))
    assert error.key == "warehouse.not_a_deal_id"
    assert "«Номер»" in str(error)
    assert "columns: {deal_id: []}" in str(error)


def test_an_id_of_calls_days_apart_is_none(tmp_path):
    """A line's number for a call's."""
    error = asked(tmp_path, CALLS, LEGS.replace("01.08.2026 10:01:00", "05.08.2026 10:01:00"))
    assert error.key == "warehouse.not_an_id"


def test_a_leg_after_midnight_is_of_the_same_call(tmp_path):
    """23:59 and 00:01 are two minutes apart."""
    text = (
        CALL_HEAD
        + "7;01.08.2026 23:59:00;70000000001;Анна;Отвечен;9;1\n7;02.08.2026 00:01:00;70000000001;Анна;Отвечен;8;1\n"
    )
    assert loaded(tmp_path, CALLS, text).rows("select talk_seconds from staged.calls") == [(17,)]


WHOLE = HEAD + (
    "1;01.08.2026;500;Чай;70000000001;A\n1;01.08.2026;500;Мёд;70000000001;A\n"
    "2;02.08.2026;900;Чай;70000000002;A\n2;02.08.2026;900;Торт;70000000002;A\n3;03.08.2026;70;Чай;70000000003;A\n"
)


def test_one_amount_on_all_lines_of_all_deals_asks_whose_it_is(tmp_path):
    """500 + 500 and 900 + 900 may be 1 400 or 2 800."""
    error = asked(tmp_path / "asked", DEALS, WHOLE)
    assert error.key == "warehouse.whose_amount"
    assert "amounts: line" in str(error)
    lines = loaded(tmp_path / "lines", {**DEALS, "amounts": "line"}, WHOLE)
    assert lines.rows("select sum(revenue_rub) from staged.deals") == [(Decimal("2870.00"),)]


def test_an_amount_of_the_deal_counts_once(tmp_path, is_on_disk):
    """500 + 900 + 70; the other 1 400 ₽ are duplicates in roubles, no row is."""
    folder = loaded(tmp_path, {**DEALS, "amounts": "deal"}, WHOLE, is_on_disk=is_on_disk)
    assert folder.rows("select sum(revenue_rub), count(*) from staged.deals") == [(Decimal("1470.00"), 3)]
    assert folder.rows(COUNTED) == [(5, 5, 0, Decimal("2870.00"), Decimal("1400.00"))]


@pytest.mark.parametrize("heading", ["Сумма заказа", "Стоимость заказа, руб.", "Итого по чеку", "Order total"])
def test_the_heading_may_say_whose_amount_it_is(tmp_path, heading):
    """«Сумма заказа» is the order's."""
    source = {**DEALS, "columns": {**DEALS["columns"], "revenue_rub": heading}}  # type: ignore[dict-item]
    folder = loaded(tmp_path, source, WHOLE.replace("Сумма", heading))
    assert folder.rows("select sum(revenue_rub) from staged.deals") == [(Decimal("1470.00"),)]


def test_lines_of_unlike_amounts_are_summed_without_a_question(tmp_path):
    """One deal of two equal lines proves nothing beside one whose lines differ."""
    text = WHOLE.replace("500;Мёд", "200;Мёд")
    assert loaded(tmp_path, DEALS, text).rows("select sum(revenue_rub) from staged.deals") == [(Decimal("2570.00"),)]


def months(tmp_path: Path, source: dict[str, Any], july: str, august: str) -> Folder:
    """Two files of one source."""
    folder = Folder(tmp_path / "data", {"s": source})
    folder.run({"s": {"july.csv": july, "august.csv": august}})
    return folder


def test_ids_that_begin_anew_in_every_file_are_none(tmp_path):
    """№ 1 of July and № 1 of August are two sales to two people: the older one is no repeat."""
    july = HEAD + "1;01.07.2026;100;Чай;70000000001;A\n2;02.07.2026;30;Чай;70000000002;A\n"
    august = HEAD + "1;01.08.2026;50;Чай;70000000003;A\n2;02.08.2026;70;Чай;70000000004;A\n"
    with pytest.raises(ContractError) as raised:
        months(tmp_path, DEALS, july, august)
    assert raised.value.key == "warehouse.not_a_deal_id"
    assert "july.csv" in str(raised.value)
    free = {**DEALS, "columns": {name: head for name, head in DEALS["columns"].items() if name != "deal_id"}}  # type: ignore[attr-defined]
    found = months(tmp_path / "free", free, july, august).rows("select sum(revenue_rub) from staged.deals")
    assert found == [(Decimal("250.00"),)]


def test_a_sale_that_changed_between_two_exports_is_one(tmp_path):
    """The phone was corrected, the day of birth is the same."""
    july = HEAD + "1;30.07.2026;100;Чай;70000000001;A\n2;31.07.2026;30;Чай;70000000002;A\n"
    august = HEAD + "2;31.07.2026;30;Чай;70000000009;A\n3;02.08.2026;70;Чай;70000000004;A\n"
    assert months(tmp_path, DEALS, july, august).rows("select count(*), sum(revenue_rub) from staged.deals") == [
        (3, Decimal("200.00"))
    ]
