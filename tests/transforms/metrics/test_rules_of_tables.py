"""What is declared of every metric table holds, and is checked of a new one without a word."""

import pytest

from config.metrics import metrics
from tests.helpers.tables import broken_rules, warehouse

GIVEN = {
    "calls": """
        started_at          | channel | manager | phone
        2026-06-03 10:00:00 | SEO     | Анна    | 70005550001
        2026-08-03 10:00:00 | Авито   | Игорь   | 70005550002
    """,
    "deals": """
        closed_on  | status | channel | manager | client_key  | revenue_rub
        2026-06-04 | won    | SEO     | Анна    | 70005550001 | 100.00
        2026-08-04 | won    | Авито   | Игорь   | 70005550002 | 50.00
    """,
}


@pytest.fixture(scope="module")
def whole():
    """Two channels, two managers, three months."""
    made = warehouse(GIVEN)
    assert broken_rules(made) == {}
    return made


@pytest.fixture
def connection(whole):
    """The same for a test that spoils it."""
    whole.execute("begin")
    yield whole
    whole.execute("rollback")


def test_a_row_that_is_there_twice_is_named_by_its_key(connection):
    """The key that metrics.yaml gives the table."""
    row = "from metrics.channel_period where grain = 'month' and period_start = '2026-07-01' and channel = 'SEO'"
    connection.execute(f"insert into metrics.channel_period select * {row}")
    assert broken_rules(connection)["keys_are_unique"] == [("channel_period", "month · 2026-07-01 · SEO", 2, 1)]


def test_a_person_who_is_there_twice_is_not_named(connection):
    """The words of a broken rule leave the house."""
    connection.execute("insert into metrics.client_segment select * from metrics.client_segment limit 1")
    assert broken_rules(connection)["keys_are_unique"] == [("client_segment", "", 2, 1)]


@pytest.mark.parametrize("table", ["manager_period", "client_period", "chain_period"])
def test_a_period_that_lacks_rows_is_named(connection, table):
    """July has as many as June and August."""
    each = connection.execute(
        f"select count(*) from metrics.{table} where grain = 'month' and period_start = '2026-08-01'"
    ).fetchone()[0]
    connection.execute(f"delete from metrics.{table} where grain = 'month' and period_start = '2026-07-01'")
    found = [row[:2] + row[3:] for row in broken_rules(connection)["periods_are_whole"] if row[1] == "month"]
    assert found == [(table, "month", 0, each)]


def test_a_plan_may_leave_periods_out():
    """It alone among the tables by period."""
    assert [name for name, table in metrics().tables.items() if table.has_gaps] == ["plan_period"]
