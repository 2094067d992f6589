"""Metric SQL keeps to what another engine understands too, and the warehouse builds it in the right order."""

import re
from datetime import date

import duckdb
import pytest
import sqlglot

from config.client import ClientSettings
from connectors.warehouse.build import build, in_order, needed, prepare, rebuild, set_variables
from tests.helpers.tables import warehouse
from transforms.metrics import metric_queries, portable_queries, variables
from transforms.rules import rule_queries

LITERALS = {
    name: f"date '{value}'" if isinstance(value, date) else f"'{value}'" if isinstance(value, str) else str(value)
    for name, value in variables(ClientSettings(), date(2026, 9, 20)).items()
}
NOT_PORTABLE = re.compile(
    r"\b(asof|unnest|generate_series|range\s*\(|list_\w+|array_\w+|strftime|strptime|arg_max|arg_min|max_by|min_by|"
    r"qualify|pivot|struct_pack|timestamptz|now\s*\(|current_date|today\s*\(|to_days)\b|::",
    re.IGNORECASE,
)
ALL = {**portable_queries(), **{f"rule {name}": sql for name, sql in rule_queries().items()}}


def literal(sql: str) -> str:
    """SQL with each variable replaced by a literal, as another engine gets it."""
    return re.sub(r"getvariable\('(\w+)'\)", lambda found: LITERALS[found[1]], sql)


@pytest.mark.parametrize("name", ALL)
def test_metric_sql_becomes_spark_sql(name):
    """Transpiled without a complaint, understood by the Spark parser, and the same tables are read."""
    read = sqlglot.parse_one(literal(ALL[name]), read="duckdb")
    spark = sqlglot.transpile(
        literal(ALL[name]), read="duckdb", write="spark", unsupported_level=sqlglot.ErrorLevel.RAISE
    )[0]
    again = sqlglot.parse_one(spark, read="spark", error_level=sqlglot.ErrorLevel.RAISE)
    assert not list(again.find_all(sqlglot.exp.Command)), "the parser gave up on a part"
    assert {str(table.this) for table in again.find_all(sqlglot.exp.Table)} == {
        str(table.this) for table in read.find_all(sqlglot.exp.Table)
    }


@pytest.mark.parametrize("name", ALL)
def test_metric_sql_uses_nothing_that_does_not_carry_over(name):
    """What the other engine refused or answered differently when it was tried."""
    code = re.sub(r"--.*", "", ALL[name])
    assert not NOT_PORTABLE.search(code)


@pytest.mark.parametrize("name", portable_queries())
def test_every_division_is_guarded(name):
    """Zero divides to nothing in one engine and is an error in another: nullif, or a literal, follows every slash."""
    code = re.sub(r"--.*", "", portable_queries()[name])
    unguarded = [part for part in re.findall(r"/\s*(\S{1,12})", code) if not re.match(r"nullif|\(?\d|n\b|\(2", part)]
    assert not unguarded


@pytest.mark.parametrize("name", metric_queries())
def test_metric_sql_opens_with_its_grain(name):
    """The first line says what one row is."""
    assert metric_queries()[name].startswith("-- One row")


def test_every_metric_builds_on_empty_tables():
    """A client without a single row has empty tables, not an error; and no rule complains."""
    connection = warehouse({})
    for name in metric_queries():
        rows = connection.execute(f"select count(*) from metrics.{name}").fetchone()
        assert rows == ((1,) if name == "known_table" else (0,)), name
    for name, sql in rule_queries().items():
        assert connection.execute(sql).fetchall() == [], name


def test_tables_are_built_after_those_they_read():
    """`using` a column of a table that is not made yet does not confuse the order."""
    connection = duckdb.connect()
    queries = {
        "third": "select * from metrics.first join metrics.second using (n)",
        "second": "with mine as (select n from metrics.first as f) select n from mine",
        "first": "select 1 as n",
    }
    assert in_order(queries) == ["first", "second", "third"]
    build(connection, queries)
    assert connection.execute("select * from metrics.third").fetchall() == [(1,)]


def test_a_table_needs_what_it_is_made_of_and_no_more():
    """Names in comments and texts are not read; what is read is needed with all that it reads."""
    queries = {
        "third": "select 'metrics.other' from metrics.second -- metrics.other",
        "second": "select * from metrics.first",
        "first": "select 1",
        "other": "select 2",
    }
    assert set(needed(queries, ["third"])) == {"first", "second", "third"}


def test_rebuild_touches_only_what_depends_on_the_variable():
    """A relation of all days stays; what was cut at as_of, and what reads that, is made again."""
    connection = duckdb.connect()
    prepare(connection)
    set_variables(connection, {"as_of": date(2026, 8, 31), "days": 1})
    connection.execute("create table staged.clock (n integer); insert into staged.clock values (1)")
    queries = {
        "stays": "select max(n) as n from staged.clock",
        "cut": "select getvariable('as_of') as as_of, getvariable('days') as days",
        "follows": "select * from metrics.cut",
    }
    build(connection, queries)
    connection.execute("insert into staged.clock values (2)")
    set_variables(connection, {"as_of": date(2026, 9, 30)})
    rebuild(connection, queries, changed="as_of")
    assert connection.execute("select n from metrics.stays").fetchall() == [(1,)]
    assert connection.execute("select * from metrics.follows").fetchall() == [(date(2026, 9, 30), 1)]


def test_a_rebuild_for_another_day_equals_a_build_for_it():
    """Figures of a month ago do not depend on what was built before."""
    given = {
        "calls": "started_at | phone | channel | manager | is_answered\n"
        "2026-08-20 10:00 | 70000000001 | SEO | Ольга | true\n"
        "2026-09-10 10:00 | 70000000001 | VK | Ольга | true",
        "deals": "deal_id | created_on | closed_on | status | phone | client_key | revenue_rub\n"
        "1 | 2026-08-25 | 2026-09-12 | won | 70000000001 | anna | 10",
        "subscribers": "subscriber_id | subscribed_on\na | 2026-08-01\nb | 2026-09-05",
        "activity": "subscriber_id | active_on\na | 2026-08-01\na | 2026-08-25\nb | 2026-09-05",
    }
    once = warehouse(given, as_of=date(2026, 8, 31))
    again = warehouse(given, as_of=date(2026, 9, 30))
    set_variables(again, {"as_of": date(2026, 8, 31)})
    rebuild(again, metric_queries(), changed="as_of")
    for name in ("channel_period", "manager_period", "subscriber_period", "client_period", "chain_period"):
        query = f"select * from metrics.{name} order by all"
        assert again.execute(query).fetchall() == once.execute(query).fetchall(), name
