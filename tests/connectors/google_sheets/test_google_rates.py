"""Rates of a currency kept in a tab: read with the sources, changed with the tab, and missed in words."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from flows.cli import main
from tests.helpers.loaded import Loaded, load
from tests.helpers.reading import reading

ADS = "Дата;Канал;Расход\n02.08.2026;Google Ads;10,50\n03.08.2026;Google Ads;2\n04.08.2026;Google Ads;1,01\n"
SVODKA = """\
client: Школа
sources:
  ads:
    table: ad_spend
    files: exports/ads.csv
    columns: {{spend_on: Дата, channel: Канал, spend_rub: Расход}}
    currency: USD
    rates: {{sheet: {sheet}, tab: {tab}}}
"""
RATES = (("Курсы ЦБ", "", ""), ("Дата", "Валюта", "Курс"), ("01.08.2026", "USD", 80.5), ("03.08.2026", "USD", 90.25))
"""Weekends have no rate of their own: 2 August takes that of the 1st, 4 August that of the 3rd."""


@pytest.fixture
def folder(tmp_path, monkeypatch, server, key_file, owner):
    """A client with spend in dollars and rates in the owner's spreadsheet."""
    monkeypatch.setenv("SVODKA_GOOGLE_API_ROOT", server.url)
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", str(key_file))
    owner.do({"addSheet": {"properties": {"title": "Курсы"}}})
    for row, cells in enumerate(RATES, 1):
        for column, value in zip("ABC", cells, strict=True):
            owner.type("Курсы", f"{column}{row}", value)
    (tmp_path / "exports").mkdir()
    (tmp_path / "exports" / "ads.csv").write_text(ADS, encoding="utf-8")
    return configured(tmp_path, owner.spreadsheet)


def configured(folder: Path, sheet: str, tab: str = "Курсы") -> Path:
    """The client's folder, with its rates in this tab."""
    (folder / "svodka.yaml").write_text(SVODKA.format(sheet=sheet, tab=tab), encoding="utf-8")
    return folder


def run(folder: Path, night: int = 1) -> Loaded:
    """The rows as a run loads them."""
    return load(folder, date(2026, 8, 31), night)


def asked(folder: Path, query: str) -> list[object]:
    """The first column of what the warehouse answers."""
    with reading(folder / "data") as connection:
        return [row[0] for row in connection.execute(query).fetchall()]


def spent(folder: Path) -> list[object]:
    """Roubles of each day."""
    return asked(folder, "select spend_rub from staged.ad_spend order by spend_on")


@pytest.mark.slow
def test_dollars_become_roubles_by_the_tab_and_follow_it(folder, owner):
    """To the kopeck; the same export is computed anew when a rate is changed, and only then."""
    assert run(folder).exit_code == 0
    assert spent(folder) == [Decimal("845.25"), Decimal("180.50"), Decimal("91.15")]  # 1.01 × 90.25 = 91.1525
    assert run(folder, night=2).exit_code == 0
    assert asked(folder, "select is_read from ops.loads order by run_id") == [True, False]
    owner.type("Курсы", "C3", 81)
    assert run(folder, night=3).exit_code == 0
    assert spent(folder) == [Decimal("850.50"), Decimal("180.50"), Decimal("91.15")]


@pytest.mark.slow
def test_rates_that_are_out_of_reach_leave_the_former_roubles(folder, owner, server):
    """The source keeps its last rows and says why; nothing is taken for roubles."""
    assert run(folder).exit_code == 0
    owner.type("Курсы", "C4", "=1/0")
    broken = run(folder, night=2)
    assert broken.exit_code == 4
    assert "Курсы: строка 4: «#DIV/0! (C4)» — не курс" in " ".join(broken.problems)
    configured(folder, server.forbidden_id)
    refused = run(folder, night=3)
    assert refused.exit_code == 3
    assert f"Таблица {server.forbidden_id}: доступа нет" in " ".join(refused.problems)
    assert spent(folder) == [Decimal("845.25"), Decimal("180.50"), Decimal("91.15")]


@pytest.mark.parametrize("language", ["ru", "en"])
def test_check_names_rates_that_cannot_be_read(folder, server, capsys, monkeypatch, language):
    """In the operator's language, with the spreadsheet."""
    monkeypatch.setenv("SVODKA_LANG", language)
    assert main(["check", str(configured(folder, server.forbidden_id))]) == 3
    expected = {"ru": "Таблица {}: доступа нет", "en": "Spreadsheet {}: no access"}[language]
    assert expected.format(server.forbidden_id) in capsys.readouterr().err


def test_check_names_a_tab_of_rates_that_is_not_there(folder, owner, capsys):
    """With what there is."""
    assert main(["check", str(configured(folder, owner.spreadsheet, "Курс"))]) == 3
    told = " ".join(capsys.readouterr().err.split())
    assert "«Курс»" in told
    assert "Курсы" in told


FORMATTED = """\
client: Школа
sources:
  ads:
    table: ad_spend
    sheet: {sheet}
    tab: Реклама
    columns: {{spend_on: Дата, channel: Канал, spend_rub: Расход}}
"""


@pytest.mark.slow
def test_amounts_that_are_shown_in_dollars_ask_for_rates(folder, owner):
    """A bare 10.5 that a person sees as $10.50 is no 10 roubles 50; with rates it is what it is worth."""
    owner.do({"addSheet": {"properties": {"title": "Реклама"}}})
    for cell, value in {
        "A1": "Дата",
        "B1": "Канал",
        "C1": "Расход",
        "A2": "02.08.2026",
        "B2": "SEO",
        "C2": 10.5,
    }.items():
        owner.type("Реклама", cell, value)
    money = {"userEnteredFormat": {"numberFormat": {"type": "CURRENCY", "pattern": "[$$-409]#,##0.00"}}}
    column = owner.range("Реклама", 1, 2, 9)
    owner.do({"repeatCell": {"range": column, "cell": money, "fields": "userEnteredFormat.numberFormat"}})
    written = FORMATTED.format(sheet=owner.spreadsheet)
    (folder / "svodka.yaml").write_text(written, encoding="utf-8")
    asks = run(folder)
    assert asks.exit_code == 4
    assert "суммы не в RUB: «10.5 USD» (таких ячеек: 1)" in " ".join(asks.problems)
    rates = f"    currency: USD\n    rates: {{sheet: {owner.spreadsheet}, tab: Курсы}}\n"
    (folder / "svodka.yaml").write_text(written + rates, encoding="utf-8")
    assert run(folder, night=2).exit_code == 0
    assert spent(folder) == [Decimal("845.25")]


@pytest.mark.slow
def test_rows_that_stand_twice_in_a_tab_are_rows(folder, owner):
    """Nobody exports a tab: what was typed twice was spent twice, and is not asked about."""
    owner.do({"addSheet": {"properties": {"title": "Реклама"}}})
    days = [["02.08.2026", "SEO", 10], ["03.08.2026", "SEO", 20], ["04.08.2026", "SEO", 30], ["05.08.2026", "SEO", 40]]
    for number, row in enumerate([["Дата", "Канал", "Расход"], *days, *days], 1):
        for letter, value in zip("ABC", row, strict=True):
            owner.type("Реклама", f"{letter}{number}", value)
    (folder / "svodka.yaml").write_text(FORMATTED.format(sheet=owner.spreadsheet), encoding="utf-8")
    assert run(folder).exit_code == 0
    assert sum(spent(folder)) == 2 * (10 + 20 + 30 + 40)
