"""What stands below the last row of a file counts the same whether the file is held in memory or stays on disk."""

from __future__ import annotations

import pytest

from tests.connectors.warehouse.loading import Folder
from tests.helpers.words import as_if_long

SPEND = {"table": "ad_spend", "columns": {"spend_on": ["Дата"], "spend_rub": ["Расход"], "campaign": ["Кампания"]},
         "constants": {"channel": "VK"}}  # fmt: skip
BODY = "Дата;Кампания;Расход\n" + "".join(f"{day:02d}.08.2026;Лето {day};{day}00,50\n" for day in range(1, 21))
TOTAL = "Итого;;21010\n"
ENDINGS = {
    "nothing": "",
    "one": ";;\n",
    "two": ";;\n;;\n",
    "as_many_as_are_looked_at": ";;\n" * 10,
    "more_than_are_looked_at": ";;\n" * 40,
    "total": TOTAL,
    "total_and_two": TOTAL + ";;\n;;\n",
    "total_and_many": TOTAL + ";;\n" * 40,
    "blank_before_total": ";;\n" + TOTAL,
    "blank_before_and_after_total": ";;\n" + TOTAL + ";;\n;;\n",
    "blank_lines": "\n\n\n",
    "cells_then_lines": ";;\n;;\n\n\n",
    "spaces": " ; ;\n" * 3,
    "row_count": "Всего строк: 20;;\n;;\n",
    "total_that_is_wrong": "Итого;;21011\n;;\n;;\n",
}
ASKED = {
    "staged": "select spend_on, campaign, spend_rub, source_row from staged.ad_spend order by source_row",
    "rejects": "select source_row, column_name, value, reason from ops.rejects order by all",
    "loads": """select rows_read, rows_staged, rows_rejected, rows_skipped, money_read_rub, money_staged_rub,
        money_skipped_rub from ops.loads""",
    "notices": "select kind, rows, money_rub, detail from ops.notices order by all",
}


def counted(folder: Folder) -> dict[str, list[tuple[object, ...]]]:
    """What the warehouse says of the rows and of what is no row."""
    return {name: folder.rows(sql) for name, sql in ASKED.items()}


@pytest.mark.parametrize("ending", ENDINGS)
def test_an_ending_counts_the_same_in_memory_and_on_disk(tmp_path, ending):
    """The rows above it are all there, under their own numbers."""
    held = Folder(tmp_path / "held" / "data", {"direct": SPEND})
    stays = Folder(tmp_path / "stays" / "data", {"direct": SPEND}, is_on_disk=True)
    for folder in (held, stays):
        folder.run({"direct": {"august.csv": BODY + ENDINGS[ending]}})
    assert len(counted(held)["staged"]) == 20
    assert counted(stays) == counted(held)


@pytest.mark.parametrize("ending", ["", ";\n;\n", ";\n" * 40, "\n\n"])
def test_a_long_file_keeps_all_its_rows(tmp_path, ending):
    """Read by its words and inserted at once, as a file of many thousand rows is."""
    source = {"table": "subscribers", "columns": {"subscriber_id": "id", "subscribed_on": "Создан"}}
    folder = Folder(tmp_path / "data", {"users": source}, is_on_disk=True)
    text = "id;Создан\n" + "".join(f"{number};01.08.2026\n" for number in range(100, 150))
    with as_if_long():
        folder.run({"users": {"users.csv": text + ending}})
    assert folder.rows("select min(source_row), max(source_row), count(*) from staged.subscribers") == [(2, 51, 50)]
    assert folder.rows("select rows_read, rows_rejected, rows_skipped from ops.loads") == [(50, 0, 0)]
