"""Which cells of a file are kept of every row: those that something reads, however wide an export is."""

from __future__ import annotations

import pytest

from config.client import SourceConfig
from tests.transforms.tables import table_of
from transforms.recognise import recognise
from transforms.staging.context import StagingContext
from transforms.staging.stage import stage

READ = {
    "deals": {"closed_on": ["Дата"], "revenue_rub": ["Сумма"], "phone": ["Телефон"]},
    "costs": {"month_on": ["Дата"], "item": ["Телефон"], "amount_rub": ["Сумма"]},
    "calls": {"started_at": ["Дата"], "phone": ["Телефон"], "talk_seconds": ["Сумма"]},
}
ASIDE = [f"Поле {number}" for number in range(40)]


@pytest.mark.parametrize("table", READ)
def test_columns_that_nobody_asks_for_are_not_kept(table):
    """An export of a CRM has seventy of them."""
    rows = [[f"0{row}.08.2026", "1500", f"7000555010{row}", *["0,5"] * len(ASIDE)] for row in range(1, 5)]
    raw = table_of([["Дата", "Сумма", "Телефон", *ASIDE], *rows])
    source = SourceConfig(table=table, files=["*"], columns=READ[table])
    [recognised] = [recognise([raw], table, source, {})]
    draft = stage(recognised, source, StagingContext("Europe/Moscow", {}))
    assert sorted(draft.positions) == [0, 1, 2]
