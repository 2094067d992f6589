"""SQL that was parsed once is run again as it was written, on whatever database."""

import duckdb
import pytest

from connectors.warehouse.store import made_once
from connectors.warehouse.store.made_once import MOST_KEPT, ParsedOnce


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch):
    """Each test begins as a process does."""
    monkeypatch.setattr(made_once, "_kept_sql", {})


def test_a_statement_answers_of_the_database_and_the_variables_of_now():
    """Types and rows of the second client are its own, though the text is parsed once."""
    one, other = ParsedOnce(duckdb.connect()), ParsedOnce(duckdb.connect())
    one.execute("create table clients (name varchar); insert into clients values ('Роза'); set variable day = 1")
    other.execute("create table clients (name integer); insert into clients values (7); set variable day = 'пн'")
    asked = "select name, getvariable('day'), ? as given from clients"
    assert one.execute(asked, ["a"]).fetchall() == [("Роза", 1, "a")]
    assert other.execute(asked, [2]).fetchall() == [(7, "пн", 2)]
    other.execute("alter table clients add column phone varchar; update clients set name = 8")
    assert other.execute("select * from clients").fetchall() == [(8, None)]
    assert {asked, "select * from clients"} <= made_once._kept_sql.keys()


def test_several_statements_are_run_one_after_the_other():
    """The last of them takes the parameters and answers."""
    connection = ParsedOnce(duckdb.connect())
    several = "create or replace table t as select 1 as a; update t set a = a + 1; select a + ? from t"
    assert [connection.execute(several, [given]).fetchall() for given in (1, 5)] == [[(3,)], [(7,)]]


def test_what_cannot_be_parsed_is_told_as_ever():
    """The error is DuckDB's own, and nothing of it stays."""
    with pytest.raises(duckdb.ParserException):
        ParsedOnce(duckdb.connect()).execute("selekt 1")
    assert made_once._kept_sql == {}


def test_only_so_many_are_kept():
    """A process that runs clients for months does not grow."""
    connection = ParsedOnce(duckdb.connect())
    for number in range(MOST_KEPT + 5):
        connection.execute(f"select {number}")
    assert len(made_once._kept_sql) == MOST_KEPT
    assert "select 4" not in made_once._kept_sql
