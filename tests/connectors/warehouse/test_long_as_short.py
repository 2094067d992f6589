"""What is no row of a file counts the same whether the file is held in memory or stays on disk."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.connectors.warehouse.loading import Folder
from tests.helpers.words import as_if_long

pytestmark = pytest.mark.slow
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
    "notices": "select kind, rows, money_rub from ops.notices order by all",
}


HEADER = BODY.splitlines()[0]
MIDDLES = {
    "header again": BODY + HEADER + "\n" + BODY.partition("\n")[2].replace(".08.", ".09."),
    "title and a blank line above": "Статистика по кампаниям\n\n" + BODY,
    "wide title above": "Отчёт;за;август;2026\n\n" + BODY,
    "blank lines between": BODY.replace("05.08.2026", "\n\n05.08.2026"),
    "bare delimiters between": BODY.replace("05.08.2026", ";;\n05.08.2026"),
    "subtotal": BODY.replace("05.08.2026", "Итого;;1002\n05.08.2026"),
    "subtotal of a day": BODY.replace("05.08.2026", "Итого за 04.08;;400,50\n05.08.2026"),
    "count of rows": BODY.replace("05.08.2026", "Всего строк: 4;;\n05.08.2026"),
    "an amount that is no number": BODY.replace("500,50", "много"),
    "an amount left out": BODY.replace("500,50", ""),
}
PERIOD = {**SPEND, "columns": {"campaign": ["Кампания"], "spend_rub": ["Расход"]}, "period": "2026-08-01..2026-08-31"}


def counted(folder: Folder) -> dict[str, list[tuple[object, ...]]]:
    """What the warehouse says of the rows and of what is no row."""
    return folder.answers(ASKED)


def both(folder: Path, source: dict[str, Any], text: str) -> list[tuple[str, object, object]]:
    """A text loaded both ways; what is said otherwise of it in memory and on disk."""
    held = Folder(folder / "held" / "data", {"direct": source})
    stays = Folder(folder / "stays" / "data", {"direct": source}, is_on_disk=True)
    for one in (held, stays):
        one.run({"direct": {"august.csv": text}})
    in_memory, on_disk = counted(held), counted(stays)
    return [(name, in_memory[name], on_disk[name]) for name in ASKED if in_memory[name] != on_disk[name]]


@pytest.mark.parametrize("ending", ENDINGS)
def test_an_ending_counts_the_same_in_memory_and_on_disk(tmp_path, ending):
    """The rows above it are all there, under their own numbers."""
    assert both(tmp_path, SPEND, BODY + ENDINGS[ending]) == []
    assert len(counted(Folder(tmp_path / "stays" / "data", {}))["staged"]) == 20


@pytest.mark.parametrize("middle", MIDDLES)
def test_what_is_no_row_is_skipped_wherever_it_stands(tmp_path, middle):
    """A title, the header of a second month, subtotals, gaps: refused and skipped alike, under the same numbers."""
    assert both(tmp_path, SPEND, MIDDLES[middle]) == []


def test_a_subtotal_is_no_spend_where_the_period_gives_the_day(tmp_path):
    """Nothing of the row is missing, so its label alone tells that 30 is the sum of the two above it."""
    text = "Кампания;Расход\nЛето;10\nЗима;20\nИтого;30\nВесна;5\nИтого;35\n"
    assert both(tmp_path, PERIOD, text) == []
    folder = Folder(tmp_path / "stays" / "data", {"direct": PERIOD}, is_on_disk=True)
    assert folder.rows("select sum(spend_rub) from staged.ad_spend") == [(Decimal("35.00"),)]


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
