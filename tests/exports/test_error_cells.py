"""A workbook with failed formulas through a whole run: what is refused, where, why, and with which roubles."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
import openpyxl
import pytest
import yaml

from flows.run.given.request import request
from flows.run.one_client import run_folder
from flows.say import plain

COLUMNS = {"spend_on": "Дата", "channel": "Канал", "spend_rub": "Расход", "clicks": "Клики"}


def spend(folder: Path, *rows: list[object]) -> Path:
    """A client whose spend stands in a workbook of these rows; its warehouse after a run."""
    book = openpyxl.Workbook()
    for row in [list(COLUMNS.values()), *rows]:
        book.active.append(row)
    book.active.title = "Реклама"
    book.save(folder / "ads.xlsx")
    source = {"table": "ad_spend", "files": "ads.xlsx", "columns": COLUMNS}
    client = {"client": "x", "sources": {"ads": source}, "settings": {"loading": {"max_rejected_share": 1}}}
    (folder / "svodka.yaml").write_text(yaml.safe_dump(client), encoding="utf-8")
    assert run_folder(folder, request(as_of="2026-08-31", to=["none"]), plain).exit_code == 0
    return folder / "data" / "svodka.duckdb"


@pytest.mark.slow
def test_failed_formulas_are_refused_by_cell_and_their_money_counted(tmp_path):
    """A day or an amount that nobody knows costs its row, a channel or a count of clicks only itself."""
    path = spend(
        tmp_path,
        [date(2026, 8, 1), "SEO", 10.5, 3],
        ["#N/A", "SEO", 100, 1],
        [date(2026, 8, 2), "#REF!", 7.25, 1],
        [date(2026, 8, 2), "SEO", "#DIV/0!", 1],
        [date(2026, 8, 3), "SEO", 5, "#VALUE!"],
    )
    with duckdb.connect(str(path), read_only=True) as warehouse:
        refused = warehouse.execute(
            "select source_file, source_row, column_name, value, reason from ops.rejects order by source_row"
        ).fetchall()
        assert refused == [
            ("ads.xlsx!Реклама", 3, "spend_on", "#N/A (A3)", "error_cell"),
            ("ads.xlsx!Реклама", 4, "channel", "#REF! (B4)", "error_cell"),
            ("ads.xlsx!Реклама", 5, "spend_rub", "#DIV/0! (C5)", "error_cell"),
            ("ads.xlsx!Реклама", 6, "clicks", "#VALUE! (D6)", "error_cell"),
        ]
        counted = warehouse.execute(
            "select rows_read, rows_staged, rows_rejected, rows_without_amount, money_read_rub::varchar,"
            " money_staged_rub::varchar, money_rejected_rub::varchar from ops.loads"
        ).fetchall()
        assert counted == [(5, 3, 2, 1, "122.75", "22.75", "100.00")]  # 10.50 + 7.25 + 5.00; 100.00 of no known day
