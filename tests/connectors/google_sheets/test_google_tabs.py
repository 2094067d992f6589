"""Journals kept in a spreadsheet: a tab a month, notes beside them, months across the columns, a tab that lost rows."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tests.helpers.loaded import Loaded, load
from tests.helpers.reading import reading

pytestmark = pytest.mark.slow

VISITS = ("Дата", "Телефон", "Мастер", "Сумма")
JOURNAL = """\
client: Салон
sources:
  visits:
    table: deals
    sheet: {sheet}
    columns: {{closed_on: Дата, phone: Телефон, manager: Мастер, revenue_rub: Сумма}}
"""
SPEND = """\
client: Салон
sources:
  spend: {{table: ad_spend, sheet: {sheet}, columns: {{channel: Канал}}, months_across: spend_rub}}
"""


@pytest.fixture
def folder(tmp_path, monkeypatch, server, key_file):
    """A client that keeps its tables in Google."""
    monkeypatch.setenv("SVODKA_GOOGLE_API_ROOT", server.url)
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(key_file))
    return tmp_path


def fill(owner, title: str, *rows: tuple[object, ...]) -> None:
    """A new tab with these rows."""
    owner.do({"addSheet": {"properties": {"title": title}}})
    for number, row in enumerate(rows, 1):
        for letter, value in zip("ABCDEF", row, strict=False):
            owner.type(title, f"{letter}{number}", value)


def day(number: int, month: int) -> tuple[object, ...]:
    """A visit."""
    return (f"{number:02}.{month:02}.2026", f"7000555{month:02}{number:02}", "Рита", 1000 * month)


def run(folder: Path, config: str, sheet: str, night: int = 1) -> Loaded:
    """The rows as a run loads them."""
    (folder / "svodka.yaml").write_text(config.format(sheet=sheet), encoding="utf-8")
    return load(folder, date(2026, 8, 31), night)


def asked(folder: Path, query: str) -> list[tuple[object, ...]]:
    """What the warehouse answers."""
    with reading(folder / "data") as connection:
        return connection.execute(query).fetchall()


def test_a_tab_for_every_month_is_one_table(folder, owner):
    """The notes keep nothing from being read; a tab that comes later is read too, one that lost rows is named."""
    fill(owner, "Август", VISITS, *(day(number, 8) for number in range(1, 11)))
    fill(owner, "Памятка", ("Скидку записывать в сумму",))
    fill(owner, "Июль", VISITS, day(5, 7), day(6, 7))
    assert run(folder, JOURNAL, owner.spreadsheet).exit_code == 0
    by_month = "select month(closed_on), count(*), sum(revenue_rub)::integer from staged.deals group by 1 order by 1"
    assert asked(folder, by_month) == [(7, 2, 14_000), (8, 10, 80_000)]
    assert asked(folder, "select detail from ops.notices where kind = 'assumed_tabs_left'")[0][0].count("Памятка") == 1
    fill(owner, "Июнь", VISITS, day(7, 6))
    assert run(folder, JOURNAL, owner.spreadsheet, night=2).exit_code == 0
    assert asked(folder, by_month) == [(6, 1, 6_000), (7, 2, 14_000), (8, 10, 80_000)]
    for row in range(6, 12):
        for letter in "ABCD":
            owner.type("Август", f"{letter}{row}", "")
    shorter = run(folder, JOURNAL, owner.spreadsheet, night=3)
    assert shorter.exit_code == 0
    assert "Август стал короче: строк было и стало 10 → 4" in " ".join(" ".join(shorter.notes).split())


def test_a_tab_that_is_nearly_a_month_is_asked_about(folder, owner):
    """«Итого» for «Сумма»: left aside, July would be missing; taken, it might be a summary."""
    fill(owner, "Август", VISITS, day(3, 8))
    fill(owner, "Июль", (*VISITS[:3], "Итого"), day(5, 7))
    asks = run(folder, JOURNAL, owner.spreadsheet)
    assert asks.exit_code == 4
    assert "вкладка «Июль» похожа на «Август», но без «Сумма»" in " ".join(asks.problems)


def test_months_across_the_columns_of_a_tab(folder, owner):
    """The year is that of the tab; an empty month is no zero."""
    fill(owner, "2026", ("Канал", "июн", "июл"), ("SEO", 3000, 3100), ("VK", "", 62), ("Итого", 3000, 3162))
    assert run(folder, SPEND, owner.spreadsheet).exit_code == 0
    by_month = """select channel, month(spend_on), count(*), sum(spend_rub)::integer from staged.ad_spend
        group by all order by 1, 2"""
    assert asked(folder, by_month) == [("SEO", 6, 30, 3000), ("SEO", 7, 31, 3100), ("VK", 7, 31, 62)]
    assert asked(folder, "select detail from ops.notices where kind = 'totals_mismatch'") == []
