"""Totals without days, several tables in one file: what the error advises is what an operator can write."""

from __future__ import annotations

import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import yaml

from flows.run.given.request import request
from flows.run.one_client import run_folder
from flows.run.told.summary import RunSummary
from flows.say import plain
from tests.helpers.reading import reading

pytestmark = pytest.mark.slow

ROWS = {"июль": ("SEO", 31), "август": ("SEO", 310)}


def archive(folder: Path) -> str:
    """A ZIP with a file of each month."""
    with zipfile.ZipFile(folder / "vk.zip", "w") as made:
        for name, (channel, spend) in ROWS.items():
            made.writestr(f"выгрузка/{name}.csv", f"Канал;Расход\n{channel};{spend}\n")
    return "vk.zip"


def book(folder: Path) -> str:
    """A workbook with a tab of each month."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, row in ROWS.items():
        sheet = made.create_sheet(name)
        sheet.append(["Канал", "Расход"])
        sheet.append(row)
    made.save(folder / "vk.xlsx")
    return "vk.xlsx"


def run(folder: Path, file: str, period: Any) -> RunSummary:
    """A run over one file with what is said of its period."""
    columns = {"channel": "Канал", "spend_rub": "Расход"}
    source = {"table": "ad_spend", "files": file, "columns": columns, "period": period}
    source |= {"tab": "*"} if file.endswith("xlsx") else {}
    (folder / "svodka.yaml").write_text(
        yaml.safe_dump({"client": "x", "sources": {"vk": source}}, allow_unicode=True), encoding="utf-8"
    )
    return run_folder(folder, request(as_of="2026-09-30", to=["none"]), plain)


def by_month(folder: Path) -> list[tuple[Any, ...]]:
    """Roubles of each month."""
    with reading(folder / "data") as warehouse:
        return warehouse.execute(
            "select date_trunc('month', spend_on)::date, sum(spend_rub) from staged.ad_spend group by 1 order by 1"
        ).fetchall()


@pytest.mark.parametrize(
    ("made", "tables", "advised"),
    [
        (
            archive,
            "vk.zip!выгрузка/август.csv, vk.zip!выгрузка/июль.csv",
            '{"*!выгрузка/август.csv": 2026-08-01..2026-08-31, "*!выгрузка/июль.csv": …}',
        ),
        (book, "vk.xlsx!август, vk.xlsx!июль", '{"*!август": 2026-08-01..2026-08-31, "*!июль": …}'),
    ],
)
def test_the_advice_of_one_period_for_several_tables_can_be_followed(tmp_path, made, tables, advised):
    """Its patterns name the members and the tabs; written with a period each, they divide the roubles by month."""
    file = made(tmp_path)
    stopped = run(tmp_path, file, "2026-08-01..2026-08-31")
    assert (stopped.exit_code, list(stopped.problems)) == (
        4,
        [f"vk: один period на несколько файлов ({tables}) — укажите период каждому, например period: {advised}"],
    )
    assert run(tmp_path, file, yaml.safe_load(advised.replace("…", "2026-07-01..2026-07-31"))).exit_code == 0
    assert by_month(tmp_path) == [(date(2026, 7, 1), Decimal("31.00")), (date(2026, 8, 1), Decimal("310.00"))]


def test_a_member_may_go_by_its_bare_name(tmp_path):
    """As a file does; neither the archive nor its folders need be written."""
    own = {"июл*.csv": "2026-07-01..2026-07-31", "август.csv": "2026-08-01..2026-08-31"}
    assert run(tmp_path, archive(tmp_path), own).exit_code == 0
    assert by_month(tmp_path) == [(date(2026, 7, 1), Decimal("31.00")), (date(2026, 8, 1), Decimal("310.00"))]


def test_members_of_one_name_in_two_folders_are_two_files(tmp_path):
    """Services put months into folders; each file counts, and the advice names them by their folders."""
    with zipfile.ZipFile(tmp_path / "vk.zip", "w") as made:
        for name, (channel, spend) in ROWS.items():
            made.writestr(f"{name}/vk.csv", f"Канал;Расход\n{channel};{spend}\n")
    stopped = run(tmp_path, "vk.zip", "2026-08-01..2026-08-31")
    assert stopped.problems[0].endswith('period: {"*!август/vk.csv": 2026-08-01..2026-08-31, "*!июль/vk.csv": …}')
    own = {"*!июль/*": "2026-07-01..2026-07-31", "*!август/*": "2026-08-01..2026-08-31"}
    assert run(tmp_path, "vk.zip", own).exit_code == 0
    assert by_month(tmp_path) == [(date(2026, 7, 1), Decimal("31.00")), (date(2026, 8, 1), Decimal("310.00"))]
