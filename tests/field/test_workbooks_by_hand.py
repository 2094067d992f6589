"""What people do to a workbook or write round its table: hidden rows, merged sums, totals by any name, footnotes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pytest
import yaml

from tests.field.situation import BOTH_SIZES, LONG, Situation, prove, table
from tests.helpers.loaded import Loaded, load

SALES = {"table": "deals", "columns": {"deal_id": "Номер", "closed_on": "Дата", "revenue_rub": "Сумма"}}
COSTS = {"table": "costs", "columns": {"month_on": "Месяц", "item": "Статья", "amount_rub": "Сумма"}}
NOTED = "select kind || ' ' || coalesce(detail, '') from ops.notices where kind = ?"


def by_hand(folder: Path, change: Callable[[Any], None], **source: Any) -> Loaded:
    """A workbook of six sales of 100, 200, … roubles, changed by hand, and loaded."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.append(["Номер", "Дата", "Сумма"])
    for number in range(1, 7):
        sheet.append([number, datetime(2026, 8, number), number * 100])
    change(sheet)
    (folder / "exports").mkdir(parents=True)
    book.save(folder / "exports" / "s.xlsx")
    sources = {"sales": {**SALES, "files": "exports/s.xlsx", **source}}
    (folder / "svodka.yaml").write_text(
        yaml.safe_dump({"client": "Проверка", "sources": sources}, allow_unicode=True), "utf-8"
    )
    return load(folder, date(2026, 8, 31))


def told(folder: Path, kind: str) -> list[str]:
    """Notices of a kind, with what they say."""
    with duckdb.connect(str(folder / "data" / "svodka.duckdb"), read_only=True) as connection:
        return [row[0] for row in connection.execute(NOTED, [kind]).fetchall()]


def hide(sheet: Any) -> None:
    """Two rows, and one below the table that holds nothing."""
    for row in (3, 4, 30):
        sheet.row_dimensions[row].hidden = True


def merge(*columns: int) -> Callable[[Any], None]:
    """Rows 2 and 3 of these columns become one cell."""

    def change(sheet: Any) -> None:
        for column in columns:
            sheet.merge_cells(start_row=2, end_row=3, start_column=column, end_column=column)

    return change


def beside(title: str, first: str, *rows: list[object]) -> Callable[[Any], None]:
    """The table's own tab gets a title, and another one stands beside it."""

    def change(sheet: Any) -> None:
        sheet.title = first
        other = sheet.parent.create_sheet(title)
        for row in rows:
            other.append(row)

    return change


HEADING = ["Номер", "Дата", "Сумма"]
JULY = [7, datetime(2026, 7, 3), 700]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("change", "says"),
    [
        (beside("Июль", "Август", JULY), "вкладка «Июль» похожа на «Август», но без «Номер», «Дата», «Сумма»"),
        (beside("2025", "2026", JULY), "вкладка «2025» похожа на «2026»"),
        (beside("План", "Август", HEADING, JULY), "вкладка «План» с той же таблицей называется так"),
        (beside("Июль", "Август"), ""),
        (beside("2026", "Август", ["Месяц", "Выручка"], ["Июль", 700]), ""),
        (beside("Планшеты", "Август", HEADING, JULY), ""),
    ],
    ids=["a month without headings", "a year", "a plan", "nothing in it", "a summary of the year", "a plan by part"],
)
def test_a_tab_of_another_month_is_not_left_aside_nor_a_plan_counted(tmp_path, change, says):
    """What holds another table, or nothing, is nobody's month."""
    loaded = by_hand(tmp_path / "client", change)
    assert (loaded.exit_code, says in " ".join(loaded.problems)) == (4 if says else 0, True), loaded.problems


@pytest.mark.slow
def test_rows_that_a_filter_hides_are_counted_and_told(tmp_path):
    """Nobody sees them, and the figures hold them."""
    assert by_hand(tmp_path / "client", hide).exit_code == 0
    assert told(tmp_path / "client", "assumed_rows_hidden") == ['assumed_rows_hidden {"value": "2"}']
    assert by_hand(tmp_path / "other", lambda sheet: None).exit_code == 0
    assert told(tmp_path / "other", "assumed_rows_hidden") == []


@pytest.mark.slow
def test_a_sum_merged_over_several_sales_is_asked_about(tmp_path):
    """It once counted in each of them; a day that is merged is the day of both."""
    asked = by_hand(tmp_path / "asked", merge(3))
    assert asked.exit_code == 4
    assert "сумма 100 в «Сумма» стоит в ячейке, объединённой над несколькими строками (строки 2–3)" in asked.problems[0]
    assert by_hand(tmp_path / "day", merge(2)).exit_code == 0


@pytest.mark.slow
def test_a_sum_merged_with_its_number_is_that_of_the_order(tmp_path):
    """Whose the amounts are is asked in the words that orders of several lines have, or known."""
    assert by_hand(tmp_path / "client", merge(1, 3), amounts="deal").exit_code == 0
    with duckdb.connect(str(tmp_path / "client" / "data" / "svodka.duckdb"), read_only=True) as connection:
        assert connection.execute("select sum(revenue_rub)::integer from staged.deals").fetchone() == (1900,)


SOLD = [f"{n};0{n}.08.2026;{n}00" for n in range(1, 7)]
SITUATIONS = (
    Situation(
        "a total that is called like a month",
        {"sales": {**SALES, "columns": {**SALES["columns"], "product": "Товар"}}},  # type: ignore[dict-item]
        {"s.csv": table("Номер;Дата;Сумма;Товар", *(f"{row};Чай" for row in SOLD), "8;31.08.2026;2100;Август")},
        right="4200.00",
        says="строка 8 файла exports/s.csv равна сумме всех остальных, 2 100 ₽",
    ),
    Situation(
        "a total that stands first",
        {"costs": COSTS},
        {
            "c.csv": table(
                "Месяц;Статья;Сумма",
                "01.08.2026;Наш август;2100",
                *(f"01.0{n}.2026;Статья {n};{n}00" for n in range(1, 7)),
            )
        },
        "select sum(amount_rub)::varchar from staged.costs",
        "4200.00",
        "строка 2 файла exports/c.csv равна сумме всех остальных, 2 100 ₽",
    ),
    Situation(
        "a last sale of the usual sum", {"sales": SALES}, {"s.csv": table("Номер;Дата;Сумма", *SOLD)}, right="2100.00"
    ),
)


@pytest.mark.slow
@BOTH_SIZES
@pytest.mark.parametrize("situation", SITUATIONS, ids=lambda one: one.name)
def test_what_stands_round_a_table_is_read_or_named(tmp_path, situation, padding):
    """Held in memory or read from disk."""
    prove(tmp_path / "client", situation, padding)


@pytest.mark.slow
@pytest.mark.parametrize("remark", ["-", LONG], ids=["short", "long"])
@pytest.mark.parametrize(
    ("line", "right", "says"),
    [
        ("* суммы указаны в тыс. руб.", "2100000.00", ""),
        ("Скидка от 5 тыс. руб.", "2100.00", ""),
        ("Валюта: EUR", "", "EUR, а курсов нет"),
    ],
)
def test_a_line_below_a_table_tells_what_all_amounts_are(tmp_path, remark, line, right, says):
    """As one above it does, if it speaks of all of them."""
    rows = table("Номер;Дата;Сумма;Примечание", *(f"{row};{remark}" for row in SOLD), f"{line};;;")
    prove(tmp_path / "client", Situation("", {"sales": SALES}, {"s.csv": rows}, right=right, says=says), "")


def beside(*rows: list[Any], at: int = 1) -> Callable[[Any], None]:
    """Rows of another table, an empty column to the right of the sales, from some row on."""

    def change(sheet: Any) -> None:
        for place, row in enumerate(rows, at):
            for column, value in enumerate(row, 5):
                sheet.cell(place, column, value)

    return change


DAYS = [datetime(2026, 8, day) for day in range(1, 7)]
BORIS = [[day, 1000] for day in DAYS]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            beside(["День", "Выручка"], *BORIS),
            "(День, Выручка), она не прочитана, строк: 6, 6 000 ₽",
        ),
        (beside(["Борис", None], ["День", "Выручка"], *BORIS, at=4), "(№ 5, № 6), она не прочитана"),
        (beside(["День", "Выручка"], *([day, place * 100] for place, day in enumerate(DAYS, 1))), ""),
        (beside(["Дата оплаты", "Оплачено"], *BORIS), ""),
        (beside(["Менеджер", "Выручка"], ["Анна", 1100], ["Борис", 1000]), ""),
    ],
    ids=["another's sales", "below, without a heading", "sums of the days", "payments of the same", "sums of people"],
)
def test_a_table_beside_a_table_is_told_of(tmp_path, change, says):
    """Unless it adds up, or goes on with, the one that is read."""
    notes = [note for note in by_hand(tmp_path / "client", change).notes if "ещё одна таблица" in note]
    assert [says in note.replace("\u00a0", " ") for note in notes] == ([True] if says else [])


@pytest.mark.slow
def test_the_first_of_two_tables_of_the_same_headings_can_be_chosen(tmp_path):
    """As the question says, though every heading of the table stands twice; the second is told of."""
    columns = {"deal_id": "Номер#1", "closed_on": "Дата#1", "revenue_rub": "Сумма#1"}
    change = beside(["Номер", "Дата", "Сумма"], *([90 + n, *row] for n, row in enumerate(BORIS)))
    loaded = by_hand(tmp_path / "client", change, columns=columns)
    assert loaded.problems == []
    assert any("(Номер, Дата, Сумма), она не прочитана" in note for note in loaded.notes)


def above(*lines: str) -> Callable[[Any], None]:
    """Lines over the table, and one of them below it as well."""

    def change(sheet: Any) -> None:
        sheet.insert_rows(1, len(lines))
        for row, line in enumerate(lines, 1):
            sheet.cell(row, 1, line)

    return change


@pytest.mark.slow
@pytest.mark.parametrize(
    ("change", "says"),
    [
        (
            above("Отчёт", 'Отбор: Организация Равно "Мы" И Менеджер Равно "Анна"'),
            "стоит отбор (Менеджер), и цифры только",
        ),
        (above("Показаны записи 1-6 из 1 350"), "показана часть строк (6 / 1350), остальных в отчёте нет"),
        (lambda sheet: sheet.append(["Страница 1 из 3"]), "показана часть строк (1 / 3), остальных в отчёте нет"),
        (above('Отбор: Организация Равно "Мы"; Проведен Равно "Да"'), ""),
        (above("Показано строк: 6 из 6"), ""),
    ],
    ids=["a filter", "rows of how many", "the first page", "a filter of all", "all rows"],
)
def test_a_line_that_says_that_rows_are_left_out_is_told_of(tmp_path, change, says):
    """Not whom the filter was of: it may be a client."""
    notes = [note for note in by_hand(tmp_path / "client", change).notes if "отбор" in note or "часть строк" in note]
    assert [says in note and "Анна" not in note for note in notes] == ([True] if says else [])
