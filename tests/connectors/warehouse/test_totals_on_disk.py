"""Totals rows in the middle of a file that is typed piece by piece."""

from decimal import Decimal

import duckdb

from config.draft import ROWS_OF_A_LOAD
from connectors.warehouse.loading.questions import AddedUp, tell_added_up


def told_of(*pieces: list[tuple[int, str | None, str | None]]) -> list[tuple[int, Decimal, str]]:
    """Pieces of (row, roubles, why it is no data) in; the rows told of, the difference and the words out."""
    connection = duckdb.connect()
    connection.execute("create schema loaded")
    connection.execute("""create table loaded.notices (load_id bigint, kind varchar, rows bigint,
        money_rub decimal(18,2), detail varchar)""")
    added_up = AddedUp()
    for piece in pieces:
        connection.execute(
            "create or replace table typed_rows (source_row bigint, money_rub decimal(18,2), skipped text)"
        )
        connection.executemany(
            "insert into typed_rows values (?, ?, ?)", [(ROWS_OF_A_LOAD + row, *rest) for row, *rest in piece]
        )
        added_up.look(connection, 1)
    tell_added_up(connection, [added_up], 1)
    return connection.execute("select rows, money_rub, detail from loaded.notices order by rows").fetchall()


def test_a_subtotal_or_a_total_that_is_the_sum_says_nothing():
    """10 + 20 = 30, then 5, then 35 of all; a row that `where` left out is in the vendor's total; «--» is unchecked."""
    first = [(2, "10", None), (3, "20", "where"), (4, "30", "totals"), (5, "5", None)]
    rest = [(6, None, "totals"), (7, None, "blank"), (8, "35", "totals")]
    assert told_of(first + rest) == []
    assert told_of(first, rest) == []
    assert told_of(first[:1], first[1:], rest) == []


def test_a_total_that_is_neither_sum_is_told_of():
    """10 above it, 12 stated; the next total of all, 10 + 5, is right again."""
    rows = [(2, "10", None), (3, "12", "totals"), (4, "5", None), (5, "15", "totals")]
    expected = [(3, Decimal("2.00"), "Итого: 12.00 ≠ 10.00")]
    assert told_of(rows) == expected
    assert told_of(rows[:2], rows[2:]) == expected
