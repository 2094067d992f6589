"""A row of another width than its table's is refused where its values stand under other headings, and only there."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import duckdb
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


def staged(folder: Path, text: bytes) -> tuple[int, int, int]:
    """A file of sales, loaded: rows, their roubles, rows refused."""
    (folder / "exports").mkdir(parents=True)
    (folder / "exports" / "o.csv").write_bytes(text)
    source = {"table": "deals", "files": "exports/o.csv", "columns": COLUMNS}
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
