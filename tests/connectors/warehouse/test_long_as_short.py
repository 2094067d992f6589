"""What is no row of a file counts the same whether the file is held in memory or stays on disk."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from tests.connectors.warehouse.loading import Folder
from tests.helpers.words import as_if_long

pytestmark = pytest.mark.slow
Counted = dict[str, list[tuple[object, ...]]]
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
    "staged": "select source, spend_on, campaign, spend_rub, source_row from staged.ad_spend order by source_row",
    "rejects": "select source, source_row, column_name, value, reason from ops.rejects order by all",
    "loads": """select source, rows_read, rows_staged, rows_rejected, rows_skipped, money_read_rub, money_staged_rub,
        money_skipped_rub from ops.loads order by all""",
    "notices": "select source, kind, rows, money_rub from ops.notices order by all",
}
"""What is asked of each source."""


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


def counted(folder: Folder) -> Counted:
    """What the warehouse says of the rows and of what is no row."""
    return folder.answers(ASKED)


def both(folder: Path, source: dict[str, Any], texts: Mapping[str, str]) -> tuple[Counted, Counted]:
    """Texts, each of a source of its own, loaded both ways; what is said of them in memory and on disk."""
    held, stays = (
        Folder(folder / name / "data", dict.fromkeys(texts, source), is_on_disk=name == "stays")
        for name in ("held", "stays")
    )
    for one in (held, stays):
        one.run({name: {f"{number}.csv": text} for number, (name, text) in enumerate(texts.items())})
    return counted(held), counted(stays)


def of(name: str, found: Counted) -> Counted:
    """What is said of one source."""
    return {asked: [row for row in rows if row[0] == name] for asked, rows in found.items()}


@pytest.fixture(scope="module")
def endings(tmp_path_factory: pytest.TempPathFactory) -> tuple[Counted, Counted]:
    """Every ending, loaded both ways."""
    return both(tmp_path_factory.mktemp("endings"), SPEND, {name: BODY + text for name, text in ENDINGS.items()})


@pytest.fixture(scope="module")
def middles(tmp_path_factory: pytest.TempPathFactory) -> tuple[Counted, Counted]:
    """Everything else that is no row, likewise."""
    return both(tmp_path_factory.mktemp("middles"), SPEND, MIDDLES)


@pytest.mark.parametrize("ending", ENDINGS)
def test_an_ending_counts_the_same_in_memory_and_on_disk(endings, ending):
    """The rows above it are all there, under their own numbers."""
    in_memory, on_disk = (of(ending, found) for found in endings)
    assert in_memory == on_disk
    assert len(on_disk["staged"]) == 20


@pytest.mark.parametrize("middle", MIDDLES)
def test_what_is_no_row_is_skipped_wherever_it_stands(middles, middle):
    """A title, the header of a second month, subtotals, gaps: refused and skipped alike, under the same numbers."""
    in_memory, on_disk = (of(middle, found) for found in middles)
    assert in_memory == on_disk
    assert in_memory["loads"]


def test_a_subtotal_is_no_spend_where_the_period_gives_the_day(tmp_path):
    """Nothing of the row is missing, so its label alone tells that 30 is the sum of the two above it."""
    text = "Кампания;Расход\nЛето;10\nЗима;20\nИтого;30\nВесна;5\nИтого;35\n"
    in_memory, on_disk = both(tmp_path, PERIOD, {"direct": text})
    assert in_memory == on_disk
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
