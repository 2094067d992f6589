"""A row of another width than its table's is refused where its values stand under other headings, and only there."""

from __future__ import annotations

import io
from datetime import date, datetime
from pathlib import Path

import duckdb
import openpyxl
import pytest
import yaml

from tests.helpers.loaded import load

pytestmark = pytest.mark.slow

HEAD = "Примечание;Номер;Дата;Товар;Скидка;Сумма;Остаток;Менеджер;Комментарий"
COLUMNS = {"deal_id": "Номер", "created_on": "Дата", "product": "Товар", "revenue_rub": "Сумма", "manager": "Менеджер"}
ROWS = 40
LONG = "слово " * 5_000
"""In every row, it makes the file too large to be held in memory."""


def orders(remark: str) -> list[list[str]]:
    """Forty sales of 101, 102 and so on, beside other numbers."""
    return [
        ["", str(1000 + n), f"{1 + n % 28:02}.08.2026", "Чай", str(n % 5), str(101 + n), str(5000 + n), "Анна", remark]
        for n in range(ROWS)
    ]


def staged(folder: Path, text: bytes, suffix: str = ".csv") -> tuple[int, int, int]:
    """A file of sales, loaded: rows, their roubles, rows refused."""
    (folder / "exports").mkdir(parents=True)
    (folder / "exports" / f"o{suffix}").write_bytes(text)
    source = {"table": "deals", "files": f"exports/o{suffix}", "columns": COLUMNS}
    (folder / "svodka.yaml").write_text(
        yaml.safe_dump({"client": "Проверка", "sources": {"o": source}}, allow_unicode=True), "utf-8"
    )
    summary = load(folder, date(2026, 8, 31))
    assert summary.exit_code == 0, summary.problems
    with duckdb.connect(str(folder / "data" / "svodka.duckdb"), read_only=True) as connection:
        rows, money = connection.execute("select count(*), sum(revenue_rub)::integer from staged.deals").fetchone()
        [refused] = connection.execute("select count(*) from ops.rejects where not is_row_kept").fetchone()
    return rows, money, refused


def written(rows: list[list[str]], remark: str, end: str = "", head: str = HEAD) -> bytes:
    """Rows below their heading; the first cell of each is the remark."""
    lines = [";".join([remark, *row[1:]]) + end for row in rows]
    return "\n".join([head + end, *lines]).encode()


SUM = sum(range(101, 101 + ROWS))
CUT = SUM - 106
BROKEN = {
    "a delimiter in a name": lambda row: [*row[:3], "Чай", " зелёный", *row[4:]],
    "a delimiter between two names": lambda row: [*row[:7], "Анна", " Петрова", *row[8:]],
    "a delimiter lost": lambda row: [*row[:3], "Чай 2", *row[5:]],
    "broken off": lambda row: row[:5],
}
SOUND = {"nothing written for what is blank at the end": lambda row: row[:8], "all in place": lambda row: row}
LENGTHS = pytest.mark.parametrize("remark", ["-", LONG], ids=["short", "long"])


@LENGTHS
@pytest.mark.parametrize("end", ["", ";"], ids=["as usual", "a delimiter at each end"])
@pytest.mark.parametrize("what", BROKEN)
def test_a_row_pushed_aside_is_refused(tmp_path, what, end, remark):
    """All others are written to their end, so that it has a cell too many or too few."""
    rows = orders("")
    rows[5] = BROKEN[what](rows[5])
    assert staged(tmp_path / "client", written(rows, remark, end)) == (ROWS - 1, CUT, 1)


@LENGTHS
@pytest.mark.parametrize("what", SOUND)
def test_a_row_in_order_is_no_false_alarm(tmp_path, what, remark):
    """Its cells stand under their headings, whatever their number."""
    rows = orders("")
    rows[5] = SOUND[what](rows[5])
    assert staged(tmp_path / "client", written(rows, remark)) == (ROWS, SUM, 0)


@LENGTHS
def test_rows_without_their_blank_ends_are_in_order(tmp_path, remark):
    """A program that writes no delimiter after the last filled cell does so in every row."""
    rows = [row if n % 9 else [*row[:8], "срочно"] for n, row in enumerate(orders(""))]
    rows = [row if row[8] else row[:8] for row in rows]
    assert staged(tmp_path / "client", written(rows, remark)) == (ROWS, SUM, 0)


@LENGTHS
def test_a_lost_delimiter_is_seen_among_lines_inside_quotes(tmp_path, remark):
    """Such a file is written anew before it is read."""
    rows = orders('"две\nстроки; с чертой"')
    rows[5] = BROKEN["a delimiter lost"](rows[5])
    assert staged(tmp_path / "client", written(rows, remark)) == (ROWS - 1, CUT, 1)


@LENGTHS
@pytest.mark.parametrize("what", ["deleted", "inserted"])
def test_a_cell_deleted_or_inserted_is_seen_in_a_text_file_too(tmp_path, what, remark):
    """A blank one at the end, or one less, keeps the row's width: a long file is told of it, a short one refuses it."""
    rows = orders("")
    rows[5] = [*rows[5][:5], *rows[5][6:], ""] if what == "deleted" else [*rows[5][:5], "", *rows[5][5:8]]
    folder = tmp_path / "client"
    found = staged(folder, written(rows, remark))
    with duckdb.connect(str(folder / "data" / "svodka.duckdb"), read_only=True) as connection:
        told = connection.execute("select rows from ops.notices where kind = 'words_away'").fetchall()
    assert found == (ROWS - 1, CUT, 1) or told == [(1,)]


def kept_by_hand(rows: list[list[object]]) -> bytes:
    """A workbook of rows below the heading."""
    book = openpyxl.Workbook()
    book.worksheets[0].append(HEAD.split(";"))
    for row in rows:
        book.worksheets[0].append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def typed() -> list[list[object]]:
    """The same sales as a workbook has them."""
    return [
        [None, int(row[1]), datetime(2026, 8, 1 + n % 28), row[3], int(row[4]), int(row[5]), int(row[6]), row[7], None]
        for n, row in enumerate(orders(""))
    ]


@pytest.mark.parametrize("what", ["deleted", "inserted"])
def test_a_cell_deleted_or_inserted_in_a_workbook_is_seen_by_what_the_others_hold(tmp_path, what):
    """What was left over, 5005, would pass for the sum; or nobody's name for the manager's."""
    rows = typed()
    rows[5] = [*rows[5][:5], *rows[5][6:], None] if what == "deleted" else [*rows[5][:5], None, *rows[5][5:8]]
    assert staged(tmp_path / "client", kept_by_hand(rows), ".xlsx") == (ROWS - 1, CUT, 1)


@pytest.mark.parametrize("cells", [{7: None}, {6: "нет", 7: None}, {6: None}, {8: "срочно"}, {4: "без скидки"}])
def test_an_odd_row_of_a_workbook_is_no_false_alarm(tmp_path, cells):
    """One thing left blank or written otherwise is nobody's shift."""
    rows = typed()
    for place, cell in cells.items():
        rows[5][place] = cell
    assert staged(tmp_path / "client", kept_by_hand(rows), ".xlsx") == (ROWS, SUM, 0)
