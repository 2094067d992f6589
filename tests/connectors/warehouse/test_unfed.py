"""Tables and rules that say what feeds them: without it they have no rows, and nobody asks for any."""

from __future__ import annotations

import duckdb
import pytest

from connectors.warehouse.figures.build import Renewal, build, feed_of, make_empty, note_changed
from tests.helpers.tables import warehouse_of
from tests.transforms.metrics.test_restated import FIRST, LongWorlds
from transforms.metrics import metric_queries
from transforms.rules import rule_queries

TABLES = {name: sql for name, sql in metric_queries().items() if feed_of(sql)}
RULES = {name: sql for name, sql in rule_queries().items() if feed_of(sql)}
FEEDS = sorted({str(feed_of(sql)) for sql in TABLES.values()})
SAYING = "-- One row per cost.\n-- No rows without staged.costs.\nselect n from staged.costs"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def world():
    """A year and more in which everything is kept, with a plan and experiments."""
    made = LongWorlds(7)
    return warehouse_of(made.staged() | made.further() | made.asked(), FIRST.replace(year=FIRST.year + 1))


def counted(connection, feed: str) -> dict[str, int]:
    """How many rows each table has that says that this one feeds it."""
    names = [name for name, sql in TABLES.items() if feed_of(sql) == feed]
    return {name: connection.execute(f"select count(*) from metrics.{name}").fetchone()[0] for name in names}


@pytest.mark.parametrize("feed", FEEDS)
def test_a_table_that_says_so_has_no_rows_without_its_feed(world, feed):
    """Its SELECT is asked, whatever it says; with the feed it has some."""
    assert max(counted(world, feed).values()) > 0
    world.begin()
    world.execute(f"delete from {feed}")
    build(world, metric_queries())
    found = counted(world, feed)
    rules = {name: world.execute(sql).fetchall() for name, sql in RULES.items() if feed_of(sql) == feed}
    world.rollback()
    assert found == dict.fromkeys(found, 0)
    assert rules == {name: [] for name in rules}


@pytest.mark.parametrize("name", TABLES)
def test_an_empty_table_has_the_columns_of_its_rows(world, name):
    """The first time and, remembered, ever after."""
    world.execute("create schema if not exists emptied")
    wanted = world.execute(f"describe metrics.{name}").fetchall()
    for _ in range(2):
        make_empty(world, f"emptied.{name}", TABLES[name])
        assert world.execute(f"describe emptied.{name}").fetchall() == wanted
        assert world.execute(f"from emptied.{name}").fetchall() == []


def test_a_table_is_there_as_soon_as_something_feeds_it_and_gone_with_it():
    """Rows that come and go are followed like any others."""
    connection = duckdb.connect()
    connection.execute("""create schema staged; create schema ops; create table staged.costs (n integer);
        create table ops.meta (key varchar primary key, value varchar)""")
    seen = []
    for run, change in enumerate(("", "insert into staged.costs values (1)", "delete from staged.costs")):
        connection.execute(change)
        note_changed(connection, ["costs"], f"run {run}")
        renewal = Renewal(connection, {"of_costs": SAYING, "after": "select count(*) as n from metrics.of_costs"})
        renewal.build({"as_of": 1})
        renewal.remember()
        seen.append(
            connection.execute("select (select list(n) from metrics.of_costs), n from metrics.after").fetchone()
        )
    assert seen == [(None, 0), ([1], 1), (None, 0)]
