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
    """3,100 stated, 3,000 + 100.01 there."""
    folder = Folder(tmp_path / "data", {"s": SOURCE})
    folder.run({"s": {"a.csv": TEXT.replace("3100,01", "3100")}})
    assert folder.rows("select kind, detail from ops.notices") == [("totals_mismatch", "Итого: 3100.00 ≠ 3100.01")]
