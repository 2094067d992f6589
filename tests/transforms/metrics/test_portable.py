"""Metric SQL keeps to what another engine understands, and the warehouse builds it in the right order.

That the other engine gives the same is tried by running it: tests/connectors/warehouse/engine/test_same_cells.py.
"""

import re

import duckdb

from connectors.warehouse.figures.build import build, in_order, needed
from tests.helpers.tables import warehouse
from transforms.metrics import metric_queries, portable_queries
from transforms.rules import rule_queries

NOT_PORTABLE = re.compile(
    r"\b(asof|unnest|generate_series|range\s*\(|list_\w+|array_\w+|strftime|strptime|arg_max|arg_min|max_by|min_by|"
    r"qualify|pivot|struct_pack|timestamptz|now\s*\(|current_date|today\s*\(|to_days)\b|::",
    re.IGNORECASE,
)
ALL = {**portable_queries(), **{f"rule {name}": sql for name, sql in rule_queries().items()}}


def code(sql: str) -> str:
    """SQL without its comments."""
    return re.sub(r"--.*", "", sql)


def test_metric_sql_uses_nothing_that_does_not_carry_over():
    """What the other engine refused or answered differently when it was tried, and what no cure is worth."""
    assert {name: NOT_PORTABLE.findall(code(sql)) for name, sql in ALL.items() if NOT_PORTABLE.search(code(sql))} == {}


def test_every_division_is_guarded():
    """Zero divides to nothing in one engine and is an error in another: nullif, or a literal, follows every slash."""
    divisors = [(name, part) for name, sql in portable_queries().items()
                for part in re.findall(r"/\s*(\S{1,12})", code(sql))]  # fmt: skip
    assert divisors
    assert [one for one in divisors if not re.match(r"nullif|\(?\d|n\b|\(2", one[1])] == []


def test_metric_sql_opens_with_its_grain():
    """The first line says what one row is."""
    assert [name for name, sql in metric_queries().items() if not sql.startswith("-- One row")] == []


def test_every_metric_builds_on_empty_tables():
    """A client without a single row has empty tables, not an error; and no rule complains."""
    connection = warehouse({})
    for name in metric_queries().keys() - {"asked_grain"}:
        rows = connection.execute(f"select count(*) from metrics.{name}").fetchone()
        assert rows == ((1,) if name in ("known_table", "known_name", "activity_history") else (0,)), name
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
