"""Amounts under months → rows of their days, short files and long ones."""

from __future__ import annotations

import pytest

from tests.connectors.warehouse.loading import Folder

pytestmark = pytest.mark.slow

SOURCE = {"table": "ad_spend", "columns": {"channel": "Канал"}, "months_across": "spend_rub"}
TEXT = "Канал;Июнь 2026;Июль 2026;Август 2026\nSEO;3000;3100;\nVK;100,01;—;200\nИтого;3100,01;3100;200\n"
BY_MONTH = """select channel, strftime(spend_on, '%m'), sum(spend_rub)::varchar, count(*) from staged.ad_spend
    group by all order by 1, 2"""


@pytest.mark.parametrize("is_on_disk", [False, True], ids=["in memory", "on disk"])
def test_each_amount_is_spread_over_the_days_of_its_month(tmp_path, is_on_disk):
    """An empty month and a dash are no zero; «Итого» is skipped, and each month of it is the sum above."""
    folder = Folder(tmp_path / "data", {"s": SOURCE}, is_on_disk=is_on_disk)
    folder.run({"s": {"a.csv": TEXT.replace("—", "-") if is_on_disk else TEXT}})
    assert folder.rows(BY_MONTH) == [
        ("SEO", "06", "3000.00", 30),
        ("SEO", "07", "3100.00", 31),
        ("VK", "06", "100.01", 30),
        ("VK", "08", "200.00", 31),
    ]
    loads = "select sum(rows_read), sum(rows_staged), sum(rows_skipped), sum(money_staged_rub)::varchar from ops.loads"
    assert folder.rows(loads) == [(9, 4, 5, "6400.01")]
    assert folder.rows("select kind from ops.notices") == []


def test_a_month_whose_total_is_not_its_sum_is_told(tmp_path):
    """3,090 stated, 3,000 + 100.01 there."""
    folder = Folder(tmp_path / "data", {"s": SOURCE})
    folder.run({"s": {"a.csv": TEXT.replace("3100,01", "3090")}})
    assert folder.rows("select kind, detail from ops.notices") == [("totals_mismatch", "Итого: 3090.00 ≠ 3100.01")]


COSTS = {"table": "costs", "columns": {"item": "Статья"}, "months_across": "amount_rub"}
OF_ITEMS = """select item, strftime(month_on, '%m'), amount_rub::varchar, source_row from staged.costs order by all"""
OF_LOADS = "select rows_read, rows_staged, rows_skipped, rows_rejected, money_staged_rub::varchar from ops.loads"


def test_each_month_of_costs_is_a_load_of_its_own(tmp_path):
    """They are read together; what is wrong in one of them is told of its own row and month alone."""
    folder = Folder(tmp_path / "data", {"s": COSTS}, settings={"loading": {"max_rejected_share": 0.9}})
    folder.run({"s": {"a.csv": "Статья;Июнь 2026;Июль 2026;Август 2026\nАренда;300;310;\nСофт;10;много;30\n"}})
    assert folder.rows(OF_ITEMS) == [
        ("Аренда", "06", "300.00", 2),
        ("Аренда", "07", "310.00", 2),
        ("Софт", "06", "10.00", 3),
        ("Софт", "08", "30.00", 3),
    ]
    assert folder.rows(f"{OF_LOADS} order by load_id") == [
        (2, 2, 0, 0, "310.00"),
        (2, 1, 0, 1, "310.00"),
        (2, 1, 1, 0, "30.00"),
    ]
    assert folder.rows("select value, source_row, reason from ops.rejects") == [("много", 3, "not_money")]


def test_a_month_whose_cells_have_two_readings_is_read_by_its_own_cells(tmp_path):
    """«1,234» beside «2,5» is 1.234 and not a thousand; in another month it is beside «1,234,567»."""
    folder = Folder(tmp_path / "data", {"s": COSTS})
    text = 'Статья;Июнь 2026;Июль 2026;Август 2026\nАренда;"1,234";"1,234";5\nСофт;"2,5";"1,234,567";30\n'
    folder.run({"s": {"a.csv": text}})
    assert folder.rows(OF_ITEMS) == [
        ("Аренда", "06", "1.23", 2),
        ("Аренда", "07", "1234.00", 2),
        ("Аренда", "08", "5.00", 2),
        ("Софт", "06", "2.50", 3),
        ("Софт", "07", "1234567.00", 3),
        ("Софт", "08", "30.00", 3),
    ]
    assert folder.rows("select count(*), sum(rows_read) from ops.loads") == [(3, 6)]
