"""«Что изменилось»: a past figure that differs is named with the file and rows that moved it; time moves nothing."""

from __future__ import annotations

import html

import pytest

from flows.cli import main
from tests.flows.small_client import FILES, SVODKA, small_client
from tests.helpers.reading import reading

ORDERS = FILES["exports/orders.csv"]
CORRECTED = ORDERS.replace("5 000", "5 500")
PAGE = SVODKA + "reports: {html: out/page.html}\n"

pytestmark = pytest.mark.slow


@pytest.fixture
def folder(tmp_path, after_run):
    """The small client after the report of 19 September: August is not closed before the next day."""
    return after_run(tmp_path / "vasilek", {"svodka.yaml": PAGE}, "2026-09-19", "html")


def run(folder, as_of):
    """The report of a day; everything in order."""
    assert main(["run", str(folder), "--as-of", as_of, "--to", "html"]) in (0, 4)


def told(folder):
    """Month, figure, was, is, closed: as the warehouse keeps them."""
    with reading(folder / "data") as warehouse:
        return warehouse.execute(
            "select period_start::varchar, column_name, was, is_now, is_closed from ops.restated order by all"
        ).fetchall()


def page(folder):
    """The words of the page."""
    return html.unescape((folder / "out" / "page.html").read_text(encoding="utf-8")).replace("\N{NO-BREAK SPACE}", " ")


def test_time_itself_moves_nothing(folder):
    """A day later, with a sale of that day, the past is what it was."""
    (folder / "exports" / "orders.csv").write_text(ORDERS + "3;20.09.2026;70005550101;Анна;9 000\n", encoding="utf-8")
    run(folder, "2026-09-20")
    assert told(folder) == []
    assert "Прошлые цифры те же, что в предыдущем отчёте." in page(folder)


def test_the_first_report_has_no_past(folder):
    """There is nothing to compare with, and no page about it."""
    assert "Что изменилось" not in page(folder)


def test_a_closed_month_that_moved_is_told_with_its_row(folder):
    """5 000 of August became 5 500: +500 of revenue, by the second row of orders.csv, on «Сводка» too."""
    (folder / "exports" / "orders.csv").write_text(CORRECTED, encoding="utf-8")
    run(folder, "2026-09-20")
    assert ("2026-08-01", "revenue_rub", 5000 + 7000.5, 5500 + 7000.5, True) in told(folder)
    with reading(folder / "data") as warehouse:
        moved = warehouse.execute(
            "select source_file, rows_come, rows_gone, money_come_rub, money_gone_rub, places from ops.moved"
        )
        assert [tuple(map(str, row)) for row in moved.fetchall()] == [
            ("exports/orders.csv", "1", "1", "5500.00", "5000.00", "2")
        ]
    assert "Август 2026 закрыт, но цифра другая" in page(folder).split('id="restated"')[0]
    assert "exports/orders.csv: +1 строка (5 500 ₽), −1 строка (5 000 ₽), строка файла 2" in page(folder)


def test_a_line_stands_a_week_and_goes_when_the_figure_is_back(folder):
    """The next report of the same day still tells it; the correction taken back leaves nothing to tell."""
    (folder / "exports" / "orders.csv").write_text(CORRECTED, encoding="utf-8")
    run(folder, "2026-09-20")
    run(folder, "2026-09-20")
    assert "Август 2026 закрыт, но цифра другая" in page(folder)
    (folder / "exports" / "orders.csv").write_text(ORDERS, encoding="utf-8")
    run(folder, "2026-09-20")
    assert "Август 2026 закрыт, но цифра другая" not in page(folder)


def test_a_setting_that_moves_the_past_is_no_files_fault(folder):
    """Twenty seconds of talk became a hundred: no file moved a row, and the page says so."""
    text = PAGE + "settings: {subscribers: {active_days: 90}}\n"
    (folder / "svodka.yaml").write_text(text, encoding="utf-8")
    run(folder, "2026-09-20")
    moved = [row for row in told(folder) if row[1] == "active_end"]
    assert moved
    assert "настройки, словари, стёртый из данных человек или новая версия Сводки" in page(folder)


def test_a_file_that_left_is_named(tmp_path):
    """A journal of calls is gone: its call of August is missing, and it is said which file took it."""
    head = FILES["exports/calls.csv"].splitlines()[0]
    second = {"exports/calls-2.csv": f"{head}\n06.08.2026 12:00:00;70005550104;SEO;Борис;90\n"}
    made = small_client(tmp_path / "vasilek", {"svodka.yaml": PAGE, **second})
    run(made, "2026-09-19")
    (made / "exports" / "calls-2.csv").unlink()
    run(made, "2026-09-20")
    assert ("2026-08-01", "calls", 4.0, 3.0, True) in told(made)
    assert "exports/calls-2.csv: −1 строка, строка файла 2" in page(made)
