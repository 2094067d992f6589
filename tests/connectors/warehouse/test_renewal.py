"""Metric tables are built again only where something changed, and then they are as if everything had been."""

import re
from datetime import timedelta

import duckdb
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from connectors.warehouse.figures.build import Renewal, depending_on, forget_built, note_changed, prepare
from connectors.warehouse.store.made_once import ParsedOnce
from tests.helpers.often import often
from tests.helpers.tables import client_settings, fill
from tests.transforms.metrics.test_restated import PERIODIC, QUICK, worlds
from transforms.metrics import metric_queries, of_today, variables

QUERIES = {
    "base": "select n, random() as made from staged.costs",
    "cut": "-- One row\n-- A view.\nselect n, made from metrics.base where n <= getvariable('as_of')",
    "total": "select sum(n) as total, random() as made from metrics.cut",
    "step": "select count(*) as rows from metrics.base",
    "reader": "select rows, random() as made from metrics.step",
}
"""`made` tells one making of a table from another."""


EMPTY = """create schema staged; create schema ops;
    create table ops.meta (key varchar primary key, value varchar);
    create table staged.costs as select unnest([1, 2]) as n"""


class Listened(ParsedOnce):
    """A connection, and the tables of which it was asked for a checksum."""

    def __init__(self, connection):
        super().__init__(connection)
        self.checksums = []

    def execute(self, sql, parameters=None):
        """As any connection."""
        self.checksums += re.findall(r"bit_xor.* from (\S+) as rows", sql)
        return super().execute(sql, parameters)


@pytest.fixture
def connection():
    """A database with two numbers and the table in which a warehouse remembers."""
    found = duckdb.connect()
    found.execute(EMPTY)
    note_changed(found, ["costs"], "run 1")
    return found


def built(connection, as_of=1, queries=QUERIES):
    """Each table of both days after a run → its rows."""
    renewal = Renewal(connection, queries)
    renewal.build({"as_of": as_of - 1}, "earlier")
    renewal.build({"as_of": as_of})
    renewal.remember()
    places = ["metrics.base", "metrics.total", "earlier.total", "metrics.step", "metrics.reader"]
    return {place: connection.execute(f"select * from {place} order by all").fetchall() for place in places}


def test_a_table_of_all_days_is_built_once_and_one_of_a_day_for_each(connection):
    """What does not depend on the day is not in the earlier schema at all."""
    found = built(connection)
    assert (found["metrics.total"][0][0], found["earlier.total"][0][0]) == (1, None)
    made = connection.execute("select schema_name, table_name from duckdb_tables() where schema_name = 'earlier'")
    assert made.fetchall() == [("earlier", "total")]


def test_nothing_is_built_again_where_nothing_changed(connection):
    """Every table is the very one of the run before."""
    assert built(connection) == built(connection)


def test_another_day_builds_again_what_depends_on_it(connection):
    """And nothing else."""
    first, second = built(connection, 1), built(connection, 2)
    assert [place for place in first if first[place] != second[place]] == ["metrics.total", "earlier.total"]
    assert second["metrics.total"][0][0] == 1 + 2


def test_changed_rows_build_again_what_reads_them(connection):
    """A table that comes out as it was makes nothing else stale: there are still two numbers."""
    first = built(connection)
    connection.execute("update staged.costs set n = 3 where n = 2")
    note_changed(connection, ["costs"], "run 2")
    second = built(connection)
    assert [place for place in first if first[place] != second[place]] == [
        "metrics.base",
        "metrics.total",
        "earlier.total",
    ]


def test_a_table_that_comes_out_as_it_was_says_so_every_time(connection):
    """Its contents are those of the first night, however often it is made anew."""
    found = [built(connection)["metrics.reader"]]
    for run, n in enumerate((3, 4), 2):
        connection.execute("update staged.costs set n = ? where n > 1", [n])
        note_changed(connection, ["costs"], f"run {run}")
        found.append(built(connection)["metrics.reader"])
    assert found[0] == found[1] == found[2]
    connection.execute("insert into staged.costs values (5)")
    note_changed(connection, ["costs"], "run 4")
    assert built(connection)["metrics.reader"][0][0] == 3


def test_no_checksum_is_asked_of_a_first_night_nor_of_what_follows_from_another_day():
    """All that reads those tables is made anew whatever they hold."""
    connection = Listened(duckdb.connect())
    connection.execute(EMPTY)
    note_changed(connection, ["costs"], "run 1")
    days = QUERIES | {"cut": QUERIES["cut"].replace("-- A view.\n", "")}
    built(connection, 1, days)
    built(connection, 2, days)
    assert connection.checksums == []
    note_changed(connection, ["costs"], "run 2")
    built(connection, 2, days)
    assert set(connection.checksums) == {"metrics.base", "metrics.cut", "earlier.cut", "metrics.step"}


def test_changed_sql_builds_its_table_again(connection):
    """An update of the program shows in the figures at once."""
    first, second = built(connection), built(connection, queries=QUERIES | {"step": "select 7 as rows"})
    assert (first["metrics.step"], second["metrics.step"]) == ([(2,)], [(7,)])
    assert first["metrics.base"] == second["metrics.base"]


def test_a_table_that_is_gone_is_built_again(connection):
    """Somebody dropped it by hand."""
    first = built(connection)
    connection.execute("drop table metrics.total")
    assert built(connection)["metrics.total"][0][0] == first["metrics.total"][0][0]


def test_what_was_forgotten_is_built_again(connection):
    """After rows were changed behind its back everything is made anew."""
    first = built(connection)
    forget_built(connection)
    second = built(connection)
    assert [place for place in first if first[place] == second[place]] == ["metrics.step"]


def test_a_view_takes_the_place_of_a_table_and_the_other_way_round(connection):
    """A warehouse of an earlier version has a table where there is a view now."""
    connection.execute(
        "create schema metrics; create table metrics.cut (n integer); create view metrics.base as select 1"
    )
    assert built(connection)["metrics.total"][0][0] == 1


def test_a_view_answers_without_the_variables_of_the_run(connection):
    """It keeps their values: whoever opens the file sees the day of the report."""
    built(connection, 1)
    connection.execute("reset variable as_of")
    assert connection.execute("select n from metrics.cut").fetchall() == [(1,)]


def test_what_depends_on_the_day_is_found_through_tables_between():
    """A table depends on a variable if its SELECT reads it, or reads a table that does."""
    assert depending_on(QUERIES, "as_of") == {"cut", "total"}


TABLES = ("ad_spend", "calls", "deals", "leads", "subscribers")
"""Staged tables that a run loads."""


def warehouse_with_memory():
    """An empty warehouse that can remember what it built."""
    found = ParsedOnce(duckdb.connect())
    found.execute("set threads = 1")
    prepare(found)
    found.execute("create table ops.meta (key varchar primary key, value varchar)")
    # every row is a load of its own, and another one if anything of it is
    found.execute("""create schema loaded; create view loaded.calls as
        select *, hash(calls) as load_id, false as is_displaced from staged.calls as calls""")
    return found


def load(connection, world, names, run_id):
    """The rows of a world in some tables, as a run would load them."""
    for name in names:
        connection.execute(f"delete from staged.{name}")
        fill(connection, name, world.staged.get(name, []))
    note_changed(connection, names, run_id)


def figures(connection, world):
    """Every table of the figures, of the world's day and of the day two weeks before, after a run."""
    renewal, days = (
        Renewal(connection, metric_queries()),
        {"earlier": world.as_of - timedelta(14), "metrics": world.as_of},
    )
    for schema, as_of in days.items():
        renewal.build(variables(client_settings(**world.settings), as_of), schema)
    renewal.remember()
    return {
        (schema, name): connection.execute(f"select * from {schema}.{name} order by all").fetchall()
        for schema in days
        for name in PERIODIC
        if schema == "metrics" or name not in of_today()
    }


@pytest.mark.slow
@settings(max_examples=often(1, 20), deadline=None, suppress_health_check=list(HealthCheck), phases=QUICK)
@given(worlds, worlds, st.sets(st.sampled_from(TABLES)), st.booleans())
def test_figures_built_where_rows_changed_are_those_built_from_nothing(before, after, changed, is_another_day):
    """Some tables, perhaps the day and the settings changed since the last run: nobody can tell how it came about."""
    told = after if is_another_day else before
    kept, fresh = warehouse_with_memory(), warehouse_with_memory()
    load(kept, before, list(TABLES), "run 1")
    figures(kept, before)
    load(kept, after, sorted(changed), "run 2")
    load(fresh, before, list(TABLES), "run 1")
    load(fresh, after, sorted(changed), "run 2")
    assert figures(kept, told) == figures(fresh, told)
